"""Build a universe that models are made of, and seal it."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.config.universe import UniverseOptions
from gemwright.io.logs import logged
from gemwright.universe.build import build_universe
from gemwright.universe.files import write_universe
from gemwright.universe.snapshot import Snapshot

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    universe = build_universe(
        snakemake.wildcards.universe,
        UniverseOptions(**snakemake.params.options),
        Snapshot.of_tables(Path(snakemake.input.species).parent),
    )
    write_universe(universe, **dict(snakemake.output.items()))
