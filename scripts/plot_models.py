"""Plot the reactions of every model by the reason why they are in it."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_results
from gemwright.report.model_figures import plot_models
from gemwright.report.style import save_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    figure = plot_models(read_results(snakemake.input.reasons))
    save_figure(figure, snakemake.output.models, snakemake.output.models_png)
