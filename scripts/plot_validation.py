"""Plot the validation: metrics of every method, and every tested nutrient source."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, read_results
from gemwright.report.style import save_figure
from gemwright.report.validation_figures import plot_phenotypes, plot_validation
from gemwright.report.validation_tables import own_lines

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    output = snakemake.output
    for kind in ("phenotypes", "essentiality"):
        figure = plot_validation(own_lines(read_results(snakemake.input[kind])), kind)
        save_figure(figure, output[kind], output[f"{kind}_png"])
    items = [read_parquet(path) for path in snakemake.input.growth]
    tiles = plot_phenotypes(dict(zip(snakemake.params.organisms, items, strict=True)))
    save_figure(tiles, output.tiles, output.tiles_png)
