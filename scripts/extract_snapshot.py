"""Write the tables of the embedded BiGG snapshot."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.sources.snapshot_tables import write_snapshot_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    write_snapshot_tables(Path(snakemake.output.enzymes).parent)
