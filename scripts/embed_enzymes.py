"""Embed the enzymes' sequences."""

from typing import TYPE_CHECKING

from gemwright.embedding.protocol import embed
from gemwright.embedding.registry import get_encoder
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    enzymes = read_parquet(snakemake.input.enzymes, ["enzyme", "sequence"])
    encoder = get_encoder("enzyme", snakemake.params.encoder, snakemake.params.options)
    sequences = dict(enzymes.itertuples(index=False))
    embed(sequences, encoder, snakemake.params.cache).write(snakemake.output[0])
