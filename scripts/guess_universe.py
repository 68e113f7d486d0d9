"""Guess an organism's universe from the models that hold its homologues."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited, write_parquet
from gemwright.reconstruction.universe_guess import guess_universe
from gemwright.sources.bigg_snapshot import read_model_organisms

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    guess = guess_universe(
        snakemake.wildcards.organism,
        read_parquet(snakemake.input.homologues, ["protein", "enzyme", "bitscore"]),
        read_parquet(snakemake.input.proteins, ["model", "enzyme"]),
        read_model_organisms(),
    )
    write_delimited(guess, snakemake.output.universe_csv)
    write_parquet(guess, snakemake.output.universe)
