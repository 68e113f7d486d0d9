"""Record the versions of datasets and packages, and the main settings."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited
from gemwright.report.versions import version_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    settings = {key: str(value) for key, value in snakemake.params.settings.items()}
    write_delimited(version_table(settings, snakemake.input.lock), snakemake.output.versions)
