"""Plot the deletion predictors, what flux balance analysis says of them, and the trainings."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, read_results
from gemwright.report.deletion_figures import plot_deletion_methods, plot_deletion_training
from gemwright.report.strain_figures import plot_solved
from gemwright.report.style import save_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, output = snakemake.input, snakemake.output
    histories = [read_parquet(path) for path in files.histories]
    trained = plot_deletion_training(dict(zip(snakemake.params.models, histories, strict=True)))
    save_figure(trained, output.training, output.training_png)
    solved = plot_solved(read_results(files.verified))
    save_figure(solved, output.verified, output.verified_png)
    compared = plot_deletion_methods(read_results(files.methods))
    save_figure(compared, output.methods, output.methods_png)
