"""Embed the metabolites' structures; the fingerprints that pick negatives are made as well."""

from typing import TYPE_CHECKING

from gemwright.embedding.metabolite_encoders import metabolite_encoder
from gemwright.embedding.protocol import embed, embed_and_tell
from gemwright.embedding.structure_findings import structure_findings
from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited
from gemwright.run_settings import run_settings
from gemwright.sources.structures import read_structures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    table = read_structures(snakemake.input.structures)
    smiles = dict(zip(table["bigg_id"], table["smiles"], strict=True))
    encoder = metabolite_encoder(snakemake.params.encoder, snakemake.params.options)
    cache = run_settings().cache
    vectors, told = embed_and_tell(smiles, encoder, cache)
    fingerprints = embed(smiles, metabolite_encoder("morgan"), cache)
    write_delimited(structure_findings(told, smiles), snakemake.output.findings)
    fingerprints.write(snakemake.output.fingerprints)
    vectors.write(snakemake.output.vectors)
