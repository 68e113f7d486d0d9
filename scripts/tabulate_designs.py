"""Put the designs of all models into one table."""

from typing import TYPE_CHECKING

import pandas as pd

from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    tables = [pd.read_csv(f"{folder}/designs.csv") for folder in snakemake.input]
    designs = dict(zip(snakemake.params.models, tables, strict=True))
    table = pd.concat(designs, names=["model"]).reset_index(level="model")
    write_delimited(table, snakemake.output[0])
