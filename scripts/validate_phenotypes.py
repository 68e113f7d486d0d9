"""Compare a model's growth on single nutrient sources with phenotype microarrays."""

from typing import TYPE_CHECKING

from gemwright.gem.load import read_model
from gemwright.inputs.organism import media_of
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.sources.registry import resolve
from gemwright.validation.biolog import read_biolog, run_biolog
from gemwright.validation.peer import peer_model

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    path = snakemake.input.get("model")
    model = read_model(path) if path else peer_model(organism.peer)
    media = media_of(read_parquet(snakemake.input.media), (organism.biolog_medium,))
    items = run_biolog(
        model,
        read_biolog({element: resolve(path) for element, path in organism.biolog.items()}),
        media[organism.biolog_medium],
        organism.id,
        snakemake.params.options["max_uptake"],
        snakemake.params.options["growth_threshold"],
    )
    write_parquet(items, snakemake.output[0])
