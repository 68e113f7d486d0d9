"""Tables of an organism's models under each other, with a column method."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from gemwright.io.tables import read_parquet, write_parquet

#: Method of the peer's shipped models.
PEER_METHOD = "carveme"
_METHOD = "method"


def write_methods(tables: Mapping[str, pd.DataFrame], path: str | Path) -> None:
    """Write tables of the same columns, by method, into one Parquet file."""
    # without any row a table has no types, which those with rows would lose beside it
    parts = {method: table for method, table in tables.items() if len(table)} or tables
    stacked = pd.concat(parts, names=[_METHOD]).reset_index(level=_METHOD)
    write_parquet(stacked, path)


def read_measured(path: str | Path, method: str) -> pd.DataFrame:
    """Read what such a file says of the model by a method, without the column method."""
    table = read_parquet(path)
    return table[table[_METHOD] == method].drop(columns=_METHOD).reset_index(drop=True)
