"""Tabulate generators of kinetic models and their controls beside REKINDLE's figures."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited
from gemwright.report.rekindle_tables import rekindle_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, params = dict(snakemake.input.items()), snakemake.params
    printed, contradictions = files.pop("printed"), files.pop("contradictions")
    files["monitors"] = [f"{folder}/monitor.parquet" for folder in files.pop("runs")]
    tables = rekindle_tables(files, params.physiologies, params.numbers, printed, contradictions)
    for name, table in tables.items():
        write_delimited(table, snakemake.output[name])
