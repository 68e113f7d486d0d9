"""Tabulate the physiology of all models beside curated ones."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, read_results, write_delimited
from gemwright.report.physiology_tables import (
    overflow_table,
    physiology_table,
    stacked,
    yields_table,
)

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    keys = list(map(tuple, snakemake.params.models))
    given = {
        name: dict(zip(keys, map(read_parquet, snakemake.input[name]), strict=True))
        for name in ("rows", "overflow", "yields", "without_oxygen")
    }
    tables = map(read_results, snakemake.input.forces)
    defaults = [(keys[0][0], name) for name in snakemake.params.organisms]
    forces = dict(zip(defaults, tables, strict=True))
    table = physiology_table(given["rows"], forces, given["overflow"])
    write_delimited(table, snakemake.output.physiology)
    write_delimited(overflow_table(given["overflow"]), snakemake.output.overflow)
    write_delimited(yields_table(given["yields"]), snakemake.output.yields)
    write_delimited(stacked(given["without_oxygen"]), snakemake.output.without_oxygen)
