"""Build MetaGEM-DB from the embedded gene rules of the BiGG models."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.metagem_db.embedded import embedded_database
from gemwright.metagem_db.inputs import write_database
from gemwright.sources.structures import read_structures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

TABLES = ("gprs", "proteins", "stoichiometry", "species", "model_bounds")

with logged(snakemake.log[0]):
    database = embedded_database(
        *(read_parquet(snakemake.input[name]) for name in TABLES),
        read_parquet(snakemake.input.enzymes),
        read_structures(snakemake.input.structures),
    )
    write_database(database, dict(snakemake.output.items()))
