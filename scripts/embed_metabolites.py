"""Embed the metabolites' structures; the fingerprints that pick negatives are made as well."""

from typing import TYPE_CHECKING

from gemwright.embedding.metabolite_encoders import metabolite_encoder
from gemwright.embedding.protocol import embed
from gemwright.io.logs import logged
from gemwright.run_settings import run_settings
from gemwright.sources.structures import read_structures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    table = read_structures(snakemake.input.structures)
    smiles = dict(zip(table["bigg_id"], table["smiles"], strict=True))
    encoder = metabolite_encoder(snakemake.params.encoder, snakemake.params.options)
    cache = run_settings().cache
    vectors = embed(smiles, encoder, cache)
    fingerprints = embed(smiles, metabolite_encoder("morgan"), cache)
    fingerprints.write(snakemake.output.fingerprints)
    vectors.write(snakemake.output.vectors)
