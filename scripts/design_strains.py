"""Design strains for the targets of the configuration."""

from typing import TYPE_CHECKING

from gemwright.deepgdel.proposals import read_proposer
from gemwright.gem.load import read_model
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.strain_design.designing import design_strains
from gemwright.strain_design.strain import StrainModel, Thresholds
from gemwright.strain_design.targets import check_target

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, params = snakemake.input, snakemake.params
    model = read_model(files.model)
    strain = StrainModel(model, Thresholds(**params.thresholds))
    for target in params.targets:
        check_target(strain, target)
    known = files.get("data"), files.get("features"), files.get("structures")
    propose = read_proposer(model, *known, params.targets, params.seed) if known[0] else None
    names = read_parquet(files.genes).set_index("gene")["name"].to_dict()
    design_strains(strain, params.targets, propose, names, snakemake.output[0])
