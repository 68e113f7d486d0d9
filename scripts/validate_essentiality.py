"""Compare a model's single-gene knock-outs with observed essentiality."""

from typing import TYPE_CHECKING

from gemwright.gem.load import read_model
from gemwright.inputs.organism import media_of
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.sources.registry import resolve
from gemwright.validation.essentiality import read_essentiality, run_essentiality
from gemwright.validation.peer import peer_model

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    path = snakemake.input.get("model")
    model = read_model(path) if path else peer_model(organism.peer)
    media = media_of(read_parquet(snakemake.input.media), (organism.essentiality_medium,))
    items = run_essentiality(
        model,
        read_essentiality(resolve(organism.essentiality)),
        media[organism.essentiality_medium],
        organism.id,
        snakemake.params.options["max_uptake"],
        snakemake.params.options["growth_threshold"],
    )
    write_parquet(items, snakemake.output[0])
