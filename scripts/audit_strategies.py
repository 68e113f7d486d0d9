"""Check the known strategies by flux balance analysis."""

from typing import TYPE_CHECKING

from gemwright.deepgdel.dataset import read_deletion_data
from gemwright.gem.load import read_model
from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet
from gemwright.strain_design.audit import audit_labels
from gemwright.strain_design.strain import StrainModel, Thresholds

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    thresholds = Thresholds(**snakemake.params.thresholds)
    strain = StrainModel(read_model(snakemake.input.model), thresholds)
    data = read_deletion_data(snakemake.input.data)
    table = audit_labels(strain, data.targets, data.genes, data.remains)
    write_parquet(table, snakemake.output[0])
