"""Divide the targets into folds, for every seed."""

from typing import TYPE_CHECKING

from gemwright.deepgdel.dataset import read_deletion_data
from gemwright.deepgdel.folds import fold_table
from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    params = snakemake.params
    data = read_deletion_data(snakemake.input[0])
    table = fold_table(data, snakemake.wildcards.protocol, params.seeds, params.folds)
    write_parquet(table, snakemake.output[0])
