"""Draw the core metabolism of a model, with oxygen beside without."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.report.physiology_figures import plot_flux_map
from gemwright.report.style import save_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    fluxes, rows = read_parquet(snakemake.input.core), read_parquet(snakemake.input.rows)
    figure = plot_flux_map(fluxes, rows, snakemake.params.name)
    save_figure(figure, snakemake.output.flux_map, snakemake.output.flux_map_png)
