"""The one pair of functions for Parquet, and delimited tables with checked columns.

Every Parquet file is written and read with page checksums: without them a flipped bit is read
back wrong and silently in most cases (measured, see ``docs/design-notes.md``).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gemwright.errors import InputError
from gemwright.io.files import atomic_path


def write_parquet(
    frame: pd.DataFrame | pa.Table, path: str | Path, metadata: Mapping[str, str] | None = None
) -> None:
    """Write a table to Parquet atomically, with page checksums.

    Parameters
    ----------
    frame : pandas.DataFrame or pyarrow.Table
        The table; a DataFrame's index is dropped.
    path : str or Path
        The file to write.
    metadata : mapping of str to str, optional
        Facts about the table (seed, data version, encoder) kept in the file's schema.
    """
    if isinstance(frame, pd.DataFrame):
        table = pa.Table.from_pandas(frame, preserve_index=False)
        # pandas' own metadata names library versions: it would make bytes depend on them
        table = table.replace_schema_metadata(None)
    else:
        table = frame
    if metadata:
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), **metadata})
    with atomic_path(path) as temporary:
        pq.write_table(table, temporary, write_page_checksum=True, compression="zstd")


def read_parquet(path: str | Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a Parquet file into a DataFrame, verifying the page checksums.

    Parameters
    ----------
    path : str or Path
        A file written by `write_parquet`.
    columns : sequence of str, optional
        The columns to read, all by default.

    Raises
    ------
    InputError
        If the file is missing, is no Parquet file, or a page fails its checksum.
    """
    frame: pd.DataFrame = read_table(path, columns).to_pandas()
    return frame


def read_table(path: str | Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a Parquet file into an Arrow table; as `read_parquet` otherwise."""
    try:
        return pq.read_table(
            path,
            columns=None if columns is None else list(columns),
            page_checksum_verification=True,
        )
    except (OSError, pa.ArrowInvalid, pa.ArrowException) as error:
        raise InputError(
            str(path),
            f"cannot be read as Parquet ({error})",
            "Delete the file and run again: it will be made anew",
        ) from error


def read_metadata(path: str | Path) -> dict[str, str]:
    """Return the facts that `write_parquet` kept in the schema of a file."""
    raw = pq.read_schema(path).metadata or {}
    return {key.decode(): value.decode() for key, value in raw.items() if key != b"ARROW:schema"}


def read_delimited(
    path: str | Path,
    required: Sequence[str] = (),
    separator: str = "\t",
    what: str = "table",
) -> pd.DataFrame:
    """Read a delimited text table as strings and check its columns.

    Parameters
    ----------
    path : str or Path
        The file; ``.gz`` is understood.
    required : sequence of str
        Columns that must be there.
    separator : str
        The delimiter.
    what : str
        What the table is, for the error message.

    Returns
    -------
    pandas.DataFrame
        All columns as stripped strings, empty cells as ``""``.

    Raises
    ------
    InputError
        If the file is missing, empty, not delimited text, or lacks a column.
    """
    where = str(path)
    if not Path(path).is_file():
        raise InputError(where, f"the {what} does not exist", "Check the path in the config")
    try:
        frame = pd.read_csv(
            path, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError(
            where, f"is no readable {what} ({error})", "Write it as UTF-8, tab-separated"
        ) from error
    frame.columns = [str(column).strip() for column in frame.columns]
    missing = [column for column in required if column not in frame.columns]
    if missing:
        raise InputError(
            where,
            f"the {what} lacks the column(s) {', '.join(missing)}"
            f" (it has: {', '.join(frame.columns)})",
            "Add them to the header line; columns are separated by tabs",
        )
    for column in frame:
        frame[column] = frame[column].str.strip()
    return frame


def write_delimited(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table for people: CSV for ``.csv``, else tab-separated; six digits; atomically."""
    separator = "," if Path(path).suffix == ".csv" else "\t"
    with atomic_path(path) as temporary:
        frame.to_csv(
            temporary, sep=separator, index=False, lineterminator="\n", float_format="%.6g"
        )
