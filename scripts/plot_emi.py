"""Plot the interaction predictors, the training and the splits' leakage."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_results
from gemwright.report.emi_figures import plot_emi, plot_leakage, plot_training
from gemwright.report.style import save_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    output = snakemake.output
    histories = [read_results(path) for path in snakemake.input.histories]
    training = plot_training(dict(zip(snakemake.params.splits, histories, strict=True)))
    save_figure(training, output.training, output.training_png)
    leakage = plot_leakage(read_results(snakemake.input.leakage))
    save_figure(leakage, output.leakage, output.leakage_png)
    save_figure(plot_emi(read_results(snakemake.input.emi)), output.emi, output.emi_png)
