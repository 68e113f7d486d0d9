"""Record everything that was fetched in one lock table."""

from typing import TYPE_CHECKING

from gemwright.download.records import merge_records
from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    write_delimited(merge_records(snakemake.input), snakemake.output[0])
