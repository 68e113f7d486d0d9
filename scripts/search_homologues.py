"""Search an organism's proteome against the enzymes of the BiGG models."""

from typing import TYPE_CHECKING

from gemwright.homology.diamond import search
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    proteome = read_parquet(snakemake.input.proteome, ["protein", "sequence"])
    enzymes = read_parquet(snakemake.input.enzymes, ["enzyme", "sequence"])
    hits = search(
        dict(proteome.itertuples(index=False)),
        dict(enzymes.itertuples(index=False)),
        threads=snakemake.threads,
        max_targets=None,
    )
    write_parquet(hits, snakemake.output[0])
