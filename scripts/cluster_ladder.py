"""Cluster the enzymes at every threshold, by CD-HIT and by components."""

from typing import TYPE_CHECKING

from gemwright.homology.ladder import cluster_ladder
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    enzymes = read_parquet(snakemake.input.enzymes, ["enzyme", "sequence"])
    clusters = cluster_ladder(
        dict(enzymes.itertuples(index=False)),
        read_parquet(snakemake.input.homologies),
        snakemake.params.identities,
        snakemake.threads,
    )
    write_parquet(clusters, snakemake.output[0])
