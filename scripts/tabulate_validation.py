"""Tabulate phenotypes and essentiality of every method beside the peer's shipped results."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.config.validation import ValidationSettings
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited
from gemwright.report.validation_tables import validation_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    peers, settings = snakemake.params.peers, ValidationSettings(**snakemake.params.options)
    items = {
        # .../<method>/<organism>/<kind>.parquet
        kind: {Path(path).parts[-3:-1]: read_parquet(path) for path in snakemake.input[kind]}
        for kind in ("phenotypes", "essentiality")
    }
    sources = validation_table(items["phenotypes"], "phenotypes", peers, ["source"], settings)
    write_delimited(sources, snakemake.output.sources)
    for kind, tables in items.items():
        write_delimited(
            validation_table(tables, kind, peers, settings=settings), snakemake.output[kind]
        )
