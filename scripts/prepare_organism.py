"""Check an organism's inputs and write them as tables."""

from typing import TYPE_CHECKING

from gemwright.config.inputs import InputOptions
from gemwright.inputs.organism import prepare_organism
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    prepare_organism(
        read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism],
        read_parquet(snakemake.input.species),
        snakemake.output.proteome,
        snakemake.output.metabolome,
        snakemake.output.media,
        snakemake.output.translated,
        InputOptions(**snakemake.params.options),
        snakemake.input.get("called") or None,
        snakemake.output.biomass,
    )
