"""Tabulate MetaGEM-DB by every route beside the paper's counts, with what each step lost."""

from typing import TYPE_CHECKING

import pandas as pd

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited
from gemwright.io.user_tables import read_delimited
from gemwright.metagem_db.datasheet import data_versions, datasheet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    routes = snakemake.params.routes
    lock = snakemake.input.get("lock")
    printed = read_delimited(snakemake.input.printed, ("table", "row", "metric", "value"))
    pairs = dict(zip(routes, map(read_parquet, snakemake.input.pairs), strict=True))
    versions = data_versions(routes, read_delimited(lock) if lock else None)
    funnels = [read_delimited(path) for path in snakemake.input.funnels]
    funnel = pd.concat(dict(zip(routes, funnels, strict=True)), names=["route"])
    write_delimited(funnel.reset_index(level="route"), snakemake.output.funnel)
    write_delimited(datasheet(pairs, printed, versions), snakemake.output.datasheet)
