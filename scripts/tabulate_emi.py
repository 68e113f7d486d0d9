"""Tabulate the interaction predictors beside the paper's printed rows."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited
from gemwright.io.user_tables import read_delimited
from gemwright.report.emi_tables import class_ratio_table, emi_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    printed = read_delimited(snakemake.input.printed, ("table", "row", "metric", "value"))
    metrics = [read_parquet(path) for path in snakemake.input.metrics]
    write_delimited(class_ratio_table(printed), snakemake.output.class_ratio)
    write_delimited(emi_table(metrics, printed), snakemake.output.emi)
