"""Tabulate what was found wrong in the sources, and what was done about it."""

from typing import TYPE_CHECKING

import pandas as pd

from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited
from gemwright.io.user_tables import read_delimited

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    tables = {
        name: read_delimited(path, ("item", "count", "treatment"))
        for name, path in zip(snakemake.params.names, snakemake.input, strict=True)
    }
    table = pd.concat(tables, names=["source"]).reset_index(level="source")
    write_delimited(table, snakemake.output[0])
