"""Deal clusters of enzymes to training, validation and test."""

from typing import TYPE_CHECKING

from gemwright.config.splits import SplitOptions
from gemwright.emi.splits import split_by_cluster
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    params = snakemake.params
    options = SplitOptions(
        test_fraction=params.test_fraction,
        validation_fraction=params.validation_fraction,
        seed=params.seed,
    )
    clusters = read_parquet(snakemake.input.clusters)
    write_parquet(split_by_cluster(clusters, options), snakemake.output[0])
