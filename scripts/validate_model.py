"""Compare a model with phenotype microarrays and with observed essentiality."""

from typing import TYPE_CHECKING

from gemwright.config.medium import MediumOptions
from gemwright.gem.load import read_model
from gemwright.inputs.organism import media_of
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.validation.biolog import run_biolog
from gemwright.validation.essentiality import run_essentiality
from gemwright.validation.peer import peer_model

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    given, output = snakemake.input, snakemake.output
    protocol = MediumOptions(**snakemake.params.medium)
    path = given.get("model")
    model = read_model(path) if path else peer_model(organism.peer)
    on = organism.biolog_medium, organism.essentiality_medium
    media = media_of(read_parquet(given.media), on)
    rest = organism.id, snakemake.params.options["growth_threshold"], protocol
    tables = read_parquet(given.phenotypes), read_parquet(given.essentiality)
    write_parquet(run_biolog(model, tables[0], media[on[0]], *rest), output.phenotypes)
    write_parquet(run_essentiality(model, tables[1], media[on[1]], *rest), output.essentiality)
