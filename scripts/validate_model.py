"""Compare a model with phenotype microarrays and with observed essentiality."""

from typing import TYPE_CHECKING

from gemwright.config.medium import MediumOptions
from gemwright.config.validation import ValidationSettings
from gemwright.inputs.organism import media_of
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.validation.biolog import run_biolog
from gemwright.validation.essentiality import run_essentiality
from gemwright.validation.evidence import read_judged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    given, output = snakemake.input, snakemake.output
    rest = organism.id, MediumOptions(**snakemake.params.medium)
    settings = ValidationSettings(**snakemake.params.options)
    model, released, evidence = read_judged(organism.peer, dict(given.items()))
    on = organism.biolog_medium, organism.essentiality_medium
    media = media_of(read_parquet(given.media), on)
    tables = read_parquet(given.phenotypes), read_parquet(given.essentiality)
    grown = run_biolog(model, tables[0], media[on[0]], *rest, released, settings)
    write_parquet(grown, output.phenotypes)
    lost = run_essentiality(model, tables[1], media[on[1]], *rest, evidence, settings)
    write_parquet(lost, output.essentiality)
