"""Cluster the enzymes by CD-HIT, or by the components of the all-against-all search."""

from typing import TYPE_CHECKING

from gemwright.homology.clusters import CdHitOptions, cluster_cdhit
from gemwright.homology.components import ComponentOptions, cluster_components
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    enzymes = read_parquet(snakemake.input.enzymes, ["enzyme", "sequence"])
    identity = snakemake.params.identity
    if snakemake.params.method == "cdhit":
        options = CdHitOptions(identity, threads=snakemake.threads)
        clusters = cluster_cdhit(dict(enzymes.itertuples(index=False)), options)
    else:
        homologies = read_parquet(snakemake.input.homologies)
        clusters = cluster_components(enzymes["enzyme"], homologies, ComponentOptions(identity))
    write_parquet(clusters, snakemake.output[0])
