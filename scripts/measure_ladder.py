"""Measure the leakage of splits at every threshold, over several seeds."""

from typing import TYPE_CHECKING

from gemwright.emi.leakage import leakage_ladder
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited
from gemwright.report.emi_figures import plot_ladder
from gemwright.report.style import save_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    table = leakage_ladder(
        read_parquet(snakemake.input.clusters),
        read_parquet(snakemake.input.homologies),
        snakemake.params.seeds,
        snakemake.params.test_fraction,
    )
    save_figure(plot_ladder(table), snakemake.output.figure, snakemake.output.figure_png)
    write_delimited(table, snakemake.output.table)
