"""Embed the metabolites' structures; the fingerprints that pick negatives are made as well."""

from typing import TYPE_CHECKING

from gemwright.embedding.protocol import embed
from gemwright.embedding.registry import get_encoder
from gemwright.io.logs import logged
from gemwright.io.tables import read_delimited

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    table = read_delimited(snakemake.input.structures, ("bigg_id", "smiles"))
    smiles = dict(zip(table["bigg_id"], table["smiles"], strict=True))
    encoder = get_encoder("metabolite", snakemake.params.encoder, snakemake.params.options)
    vectors = embed(smiles, encoder, snakemake.params.cache)
    fingerprints = embed(smiles, get_encoder("metabolite", "morgan"), snakemake.params.cache)
    fingerprints.write(snakemake.output.fingerprints)
    vectors.write(snakemake.output.vectors)
