"""Essential genes of a model, and the targets that can be coupled to growth at all."""

from typing import TYPE_CHECKING

from gemwright.gem.load import read_model
from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet
from gemwright.strain_design.essential import essential_genes
from gemwright.strain_design.strain import StrainModel, Thresholds
from gemwright.strain_design.targets import feasible_targets

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    thresholds = Thresholds(**snakemake.params.thresholds)
    strain = StrainModel(read_model(snakemake.input[0]), thresholds)
    write_parquet(essential_genes(strain), snakemake.output.essential)
    write_parquet(feasible_targets(strain), snakemake.output.targets)
