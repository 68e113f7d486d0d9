"""Plot the production envelopes of the designed strains."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.report.strain_figures import plot_envelopes
from gemwright.report.style import save_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    panels = {}
    for model, folder in zip(snakemake.params.models, snakemake.input, strict=True):
        table = read_parquet(f"{folder}/envelopes.parquet")
        for target, rows in table.groupby("target", sort=False):
            panels[f"{model}: {target}"] = dict(iter(rows.groupby("strain", sort=False)))
    figure, png = snakemake.output.figure, snakemake.output.figure_png
    save_figure(plot_envelopes(panels), figure, png)
