"""Embed sequences: the enzymes of the interactions, or an organism's proteome."""

from typing import TYPE_CHECKING

from gemwright.embedding.enzyme_encoders import enzyme_encoder
from gemwright.embedding.protocol import embed
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.run_settings import run_settings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    table = read_parquet(snakemake.input.sequences, [snakemake.params.key, "sequence"])
    encoder = enzyme_encoder(snakemake.params.encoder, snakemake.params.options)
    sequences = dict(table.itertuples(index=False))
    embed(sequences, encoder, run_settings().cache).write(snakemake.output[0])
