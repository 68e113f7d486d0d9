"""Plot generators, their controls and kinetic models of one physiology."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.report.rekindle_figures import rekindle_figures
from gemwright.report.style import save_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    name, output = snakemake.wildcards.physiology, snakemake.output
    figures = rekindle_figures(dict(snakemake.input.items()), name, snakemake.params.presets)
    for what, figure in figures.items():
        save_figure(figure, output[what], output[f"{what}_png"])
