"""Build MetaGEM-DB from the tables of the live sources, by one route."""

from typing import TYPE_CHECKING

from gemwright.config.metagem_db import PairOptions
from gemwright.io.logs import logged
from gemwright.metagem_db.inputs import read_source_tables, write_database
from gemwright.metagem_db.routes import build_database

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]) as logger:
    sources = read_source_tables(dict(snakemake.input.items()))
    options = PairOptions(**snakemake.params.options)
    database = build_database(snakemake.wildcards.live_route, sources, options)
    logger.info("funnel:\n%s", database.funnel.to_string())
    write_database(database, dict(snakemake.output.items()))
