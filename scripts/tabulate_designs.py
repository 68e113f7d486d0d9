"""Tabulate the designed strains of one model and plot their production envelopes."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, read_results, write_delimited
from gemwright.report.strain_figures import plot_envelopes
from gemwright.report.style import save_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    folder, output = Path(snakemake.input[0]), snakemake.output
    envelopes = read_parquet(folder / "envelopes.parquet")
    panels = {
        target: dict(iter(rows.groupby("strain", sort=False)))
        for target, rows in envelopes.groupby("target", sort=False)
    }
    save_figure(plot_envelopes(panels), output.figure, output.figure_png)
    # lists here, counts in other tables
    lists = ["genes", "reactions"]
    designs = read_results(folder / "designs.csv", texts=lists, integers=["rank"])
    write_delimited(designs, output.table)
