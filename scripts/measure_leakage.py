"""Tabulate the share of test enzymes with a training homologue, for every split."""

from typing import TYPE_CHECKING

import pandas as pd

from gemwright.emi.leakage import leakage
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    homologies = read_parquet(snakemake.input.homologies)
    tables = {
        name: leakage(read_parquet(path), homologies)
        for name, path in zip(snakemake.params.names, snakemake.input.splits, strict=True)
    }
    table = pd.concat(tables, names=["split"]).reset_index(level="split")
    write_delimited(table, snakemake.output[0])
