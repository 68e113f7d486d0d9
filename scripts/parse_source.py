"""Read the fetched files of one source into tables."""

from typing import TYPE_CHECKING

from gemwright.download.parsing import parse_collection, write_tables
from gemwright.download.records import open_downloads
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.run_settings import run_settings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files = open_downloads(snakemake.input.manifest, run_settings().downloads["folder"])
    genes = snakemake.input.get("genes")
    asked = read_parquet(f"{genes}/genes.parquet", ["model", "gene"]) if genes else None
    tables = parse_collection(snakemake.wildcards.source, files, asked)
    write_tables(tables, snakemake.output.tables, snakemake.output.findings)
