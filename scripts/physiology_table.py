"""Tabulate the physiology of all models beside curated ones."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, read_results, write_delimited
from gemwright.report.physiology_tables import (
    by_model,
    overflow_table,
    physiology_table,
    stacked,
    yields_table,
)

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organisms = snakemake.params.organisms
    given = {
        name: by_model(dict(zip(organisms, map(read_parquet, snakemake.input[name]), strict=True)))
        for name in ("rows", "overflow", "yields", "without_oxygen")
    }
    keys = [(snakemake.params.default, name) for name in organisms]
    forces = dict(zip(keys, map(read_results, snakemake.input.forces), strict=True))
    table = physiology_table(given["rows"], forces, given["overflow"])
    write_delimited(table, snakemake.output.physiology)
    write_delimited(overflow_table(given["overflow"]), snakemake.output.overflow)
    write_delimited(yields_table(given["yields"]), snakemake.output.yields)
    write_delimited(stacked(given["without_oxygen"]), snakemake.output.without_oxygen)
