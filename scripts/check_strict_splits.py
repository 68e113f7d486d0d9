"""Fail if a split by components has a homologue on both sides."""

from typing import TYPE_CHECKING

import pandas as pd

from gemwright.emi.leakage import check_strict
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    homologies = read_parquet(snakemake.input.homologies)
    rows = [
        (name, identity, check_strict(read_parquet(path), homologies, identity, f"split {name}"))
        for (name, identity), path in zip(
            snakemake.params.identities.items(), snakemake.input.splits, strict=True
        )
    ]
    table = pd.DataFrame(rows, columns=["split", "identity", "n_test_checked"])
    write_delimited(table, snakemake.output[0])
