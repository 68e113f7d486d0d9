"""Draw the core metabolism of each organism's model, with oxygen beside without."""

from functools import partial
from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.physiology.methods import read_measured
from gemwright.report.physiology_figures import plot_flux_map
from gemwright.report.style import save_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    of_default = partial(read_measured, method=snakemake.params.default)
    tables = [map(of_default, paths) for paths in (snakemake.input.core, snakemake.input.rows)]
    figures = zip(snakemake.output.flux_maps, snakemake.output.flux_maps_png, strict=True)
    for core, rows, name, files in zip(*tables, snakemake.params.names, figures, strict=True):
        save_figure(plot_flux_map(core, rows, name), *files)
