"""Check the user's own strategies for a model that is still to be reconstructed."""

from typing import TYPE_CHECKING

from gemwright.config.inputs import InputOptions
from gemwright.inputs.unknown_names import write_translations
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.strain_design.strategy_checks import check_strategies

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    translated = check_strategies(
        snakemake.input.strategies,
        snakemake.params.universe,
        read_parquet(snakemake.input.species),
        read_parquet(snakemake.input.proteome, ["protein"])["protein"],
        InputOptions(**snakemake.params.options),
        snakemake.input.get("called") or None,
    )
    write_translations(translated, snakemake.output[0])
