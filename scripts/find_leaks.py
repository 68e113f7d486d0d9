"""Test which energy carriers a model charges from nothing."""

from typing import TYPE_CHECKING

from gemwright.gem.leaks import find_leaks, warn_of_leaks
from gemwright.gem.load import read_model
from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    leaks = find_leaks(read_model(snakemake.input[0]))
    warn_of_leaks(leaks, snakemake.wildcards.gem)
    write_delimited(leaks, snakemake.output[0])
