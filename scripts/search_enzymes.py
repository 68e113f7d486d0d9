"""Search all enzymes against all."""

from typing import TYPE_CHECKING

from gemwright.homology.components import all_against_all
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    enzymes = read_parquet(snakemake.input.enzymes, ["enzyme", "sequence"])
    sequences = dict(enzymes.itertuples(index=False))
    write_parquet(all_against_all(sequences, snakemake.threads), snakemake.output[0])
