"""Choose the pairs of MetaGEM-DB that predictors are trained and measured on."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited, write_parquet
from gemwright.metagem_db.benchmark import benchmark_interactions
from gemwright.metagem_db.inputs import read_database
from gemwright.sources.structures import read_structures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    database = read_database(dict(snakemake.input.items()))
    shipped = read_structures(snakemake.input.structures)
    interactions, structures, funnel = benchmark_interactions(
        database, shipped, snakemake.params.currency, snakemake.params.r_groups
    )
    used = database.enzymes["enzyme"].isin(set(interactions["enzyme"]))
    write_delimited(funnel, snakemake.output.funnel)
    write_delimited(structures, snakemake.output.structures)
    write_parquet(database.enzymes[used].reset_index(drop=True), snakemake.output.enzymes)
    write_parquet(interactions, snakemake.output.interactions)
