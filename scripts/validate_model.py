"""Compare a model with phenotype microarrays and with observed essentiality."""

from typing import TYPE_CHECKING

from gemwright.gem.load import read_model
from gemwright.inputs.organism import media_of
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.sources.registry import resolve
from gemwright.validation.biolog import read_biolog, run_biolog
from gemwright.validation.essentiality import NO_GENES, read_essentiality, run_essentiality
from gemwright.validation.peer import peer_model

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    path, output = snakemake.input.get("model"), snakemake.output
    limits = snakemake.params.options
    model = read_model(path) if path else peer_model(organism.peer)
    on = organism.biolog_medium, organism.essentiality_medium
    media = media_of(read_parquet(snakemake.input.media), on)
    rest = organism.id, limits["max_uptake"], limits["growth_threshold"]
    sources = read_biolog({element: resolve(path) for element, path in organism.biolog.items()})
    write_parquet(run_biolog(model, sources, media[on[0]], *rest), output.phenotypes)
    table = organism.essentiality
    genes = read_essentiality(resolve(table)) if table else NO_GENES
    write_parquet(run_essentiality(model, genes, media[on[1]], *rest), output.essentiality)
