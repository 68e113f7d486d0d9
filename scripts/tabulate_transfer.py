"""Tabulate and plot transfer learning between physiologies."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import stack_parquet, write_delimited
from gemwright.rekindle.transfer_tables import transfer_gain
from gemwright.report.rekindle_printed import read_printed_figures
from gemwright.report.style import save_figure
from gemwright.report.transfer_figures import plot_transfer
from gemwright.report.transfer_tables import transfer_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, output, params = snakemake.input, snakemake.output, snakemake.params
    runs = stack_parquet(files.runs)
    # the untuned generator of a pair is measured in every repeat
    runs = runs.drop_duplicates(["mode", "source", "target", "n_sets", "repeat"])
    printed = read_printed_figures(files.printed)
    save_figure(plot_transfer(runs), output.figure, output.figure_png)
    write_delimited(transfer_gain(runs), output.gain)
    write_delimited(transfer_table(runs, printed, params.numbers, params.repeats), output.table)
