"""Search an organism's proteome against the enzymes of the BiGG models and of the pairs."""

from typing import TYPE_CHECKING

import pandas as pd

from gemwright.homology.proteome import protein_hits
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    proteome = read_parquet(snakemake.input.proteome, ["protein", "sequence"])
    tables = [read_parquet(path, ["enzyme", "sequence"]) for path in snakemake.input.enzymes]
    enzymes = pd.concat(tables).drop_duplicates("enzyme")
    hits = protein_hits(
        dict(proteome.itertuples(index=False)),
        dict(enzymes.itertuples(index=False)),
        snakemake.threads,
    )
    write_parquet(hits, snakemake.output[0])
