"""Check the tables that an organism's models are compared with, and write them as they are used."""

from typing import TYPE_CHECKING

from gemwright.config.inputs import InputOptions
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.validation.tables import prepare_validation

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    prepare_validation(
        read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism],
        snakemake.output.phenotypes,
        snakemake.output.essentiality,
        snakemake.output.translated,
        read_parquet(snakemake.input.species),
        read_parquet(snakemake.input.proteome, ["protein"])["protein"],
        InputOptions(**snakemake.params.options),
        snakemake.input.get("called") or None,
    )
