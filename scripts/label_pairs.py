"""Put hard, popularity-matched and random negatives beside the positive pairs."""

from typing import TYPE_CHECKING

from gemwright.config.negatives import NegativeOptions
from gemwright.embedding.protocol import read_embeddings
from gemwright.emi.labelling import label_parts
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited, write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    interactions = read_parquet(snakemake.input.interactions, ["enzyme", "metabolite"])
    pool = sorted(interactions["metabolite"].unique())
    labelled, report = label_parts(
        interactions,
        read_parquet(snakemake.input.split),
        read_embeddings(snakemake.input.fingerprints).select(pool),
        NegativeOptions(**snakemake.params.options, seed=snakemake.params.seed),
    )
    write_delimited(report, snakemake.output.report)
    write_parquet(labelled, snakemake.output.pairs)
