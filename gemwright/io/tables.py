"""The one pair of functions for Parquet, and delimited tables with checked columns.

Every Parquet file is written and read with page checksums: without them a flipped bit is read
back wrong and silently in most cases (measured, see ``docs/design-notes.md``). They leave out the
headers of the pages and the footer, which names the columns and says where their pages are, so a
seal stands between the last page and the footer, where other readers of Parquet do not look: four
bytes ``GWC1``, and the CRC-32 of all other bytes of the file. A table that a user names may be
Parquet by any program (`gemwright.io.user_tables`); what the workflow writes and caches keep
their seal.
"""

import csv
import io
import logging
import struct
import zlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gemwright.errors import MAKE_AGAIN, InputError
from gemwright.io.files import atomic_path, unreadable

logger = logging.getLogger(__name__)

_SEAL = struct.Struct("<4sI")
_SEAL_NAME = b"GWC1"
_TAIL = struct.Struct("<I4s")  # length of the footer
_MAGIC = b"PAR1"
_CHUNK = 1 << 20
_LETTERS = 2000  # of the names in a message


def write_parquet(
    frame: pd.DataFrame | pa.Table, path: str | Path, metadata: Mapping[str, str] | None = None
) -> None:
    """Write a table to Parquet atomically, with page checksums and a seal.

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
        _seal(temporary)


def read_parquet(path: str | Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a Parquet file into a DataFrame, verifying the seal and the page checksums.

    Parameters
    ----------
    path : str or Path
        A file written by `write_parquet`.
    columns : sequence of str, optional
        The columns to read, all by default.

    Raises
    ------
    InputError
        If the file is missing, was not written by `write_parquet`, is damaged, or may not be read.
    """
    frame: pd.DataFrame = read_table(path, columns).to_pandas()
    return frame


def stack_parquet(paths: Sequence[str | Path]) -> pd.DataFrame:
    """Read Parquet files with the same columns into one table, in their order."""
    return pd.concat([read_parquet(path) for path in paths], ignore_index=True)


def read_table(path: str | Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a Parquet file into an Arrow table; as `read_parquet` otherwise."""
    _require_seal(path)
    return _read_pages(path, columns, MAKE_AGAIN)


def _require_seal(path: str | Path) -> None:
    if not _is_sealed(path, MAKE_AGAIN):
        raise InputError(
            str(path),
            "was not written by gemwright, so nothing tells whether it is whole",
            f"{MAKE_AGAIN}; if you have edited it, write it with gemwright.io.tables.write_parquet",
        )


def _read_pages(path: str | Path, columns: Sequence[str] | None, cure: str) -> pa.Table:
    try:
        return pq.read_table(
            path,
            columns=None if columns is None else list(columns),
            page_checksum_verification=True,
        )
    except (OSError, pa.ArrowInvalid, pa.ArrowException) as error:
        raise InputError(str(path), f"cannot be read as Parquet ({error})", cure) from error


def _seal(path: Path) -> None:
    """Put the seal before the footer of a Parquet file."""
    with open(path, "r+b") as handle:
        footer = _footer_start(handle)
        handle.seek(footer)
        rest = handle.read()
        handle.seek(0)
        checksum = zlib.crc32(rest, _crc32(handle, footer))
        handle.seek(footer)
        handle.write(_SEAL.pack(_SEAL_NAME, checksum))
        handle.write(rest)


def _is_sealed(path: str | Path, cure: str) -> bool:
    """Whether a Parquet file has a seal; one whose seal does not fit its bytes is refused."""
    try:
        with open(path, "rb") as handle:
            seal = _footer_start(handle) - _SEAL.size
            checksum = _crc32(handle, max(seal, 0))
            name, expected = _SEAL.unpack(handle.read(_SEAL.size))
            checksum = zlib.crc32(handle.read(), checksum)
    except (FileNotFoundError, ValueError) as error:
        raise InputError(str(path), f"cannot be read as Parquet ({error})", cure) from error
    except OSError as error:
        raise unreadable(error, path) from error
    if seal < 0 or name != _SEAL_NAME:
        return False
    if expected != checksum:
        raise InputError(str(path), "cannot be read as Parquet (it is damaged)", cure)
    return True


def _footer_start(handle: io.BufferedIOBase) -> int:
    """Where the footer starts. Leaves the handle at the start."""
    size = handle.seek(0, io.SEEK_END)
    if size < _TAIL.size:
        raise ValueError("it ends too early")
    handle.seek(-_TAIL.size, io.SEEK_END)
    length, magic = _TAIL.unpack(handle.read(_TAIL.size))
    start = size - _TAIL.size - int(length)
    if magic != _MAGIC or start < len(_MAGIC):
        raise ValueError("its end is damaged or missing")
    handle.seek(0)
    return start


def _crc32(handle: io.BufferedIOBase, size: int) -> int:
    """CRC-32 of the next `size` bytes."""
    checksum = 0
    while size:
        chunk = handle.read(min(size, _CHUNK))
        if not chunk:
            raise ValueError("it ends too early")
        checksum = zlib.crc32(chunk, checksum)
        size -= len(chunk)
    return checksum


def read_metadata(path: str | Path) -> dict[str, str]:
    """Return the facts that `write_parquet` kept in the schema of a file; as `read_table`."""
    _require_seal(path)
    raw = pq.read_schema(path).metadata or {}
    return {key.decode(): value.decode() for key, value in raw.items() if key != b"ARROW:schema"}


def require_columns(
    table: pd.DataFrame, columns: Sequence[str], where: str, what: str = "table"
) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    InputError
        With the columns that are missing, and those that are there.
    """
    missing = [column for column in columns if column not in table]
    if missing:
        raise InputError(
            where,
            f"the {what} lacks the column(s) {', '.join(missing)}"
            f" (it has: {listed(table.columns)})",
            f"give the columns {', '.join(columns)}",
        )


def listed(names: Iterable[object]) -> str:
    """Join names for a message, and break off after as many letters as a person may read."""
    text = ", ".join(map(str, names))
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]} ..."


def read_users_parquet(path: str | Path, what: str) -> pd.DataFrame:
    """Read Parquet by any program as strings; what has no seal gets a warning.

    Raises
    ------
    InputError
        If the file is no Parquet or is damaged.
    """
    cure = "write the table again, or give it as tab-separated text"
    if not _is_sealed(path, cure):
        logger.warning("%s: the %s has no checksum: damage may stay unnoticed", path, what)
    table = _read_pages(path, None, cure)
    return pd.DataFrame(
        {name: map(_text, table.column(name).to_pylist()) for name in table.column_names},
        dtype=str,
    )


def _text(value: object) -> str:
    """Write a cell as a person would: nothing for a missing one, 3 for 3.0."""
    if value is None or value != value:
        return ""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _separator(path: str | Path) -> str:
    return "," if Path(path).suffix == ".csv" else "\t"


_NAMED = (
    "organism", "method", "model", "split", "predictor", "negatives", "item", "physiology",
    "target", "carbon_source", "gene", "gene_names", "reaction_names", "contig", "symbol",
    "old_locus_tag", "protein_id", "product",
)  # fmt: skip


_MOST_COLUMNS = 1_000


def _check_cells(path: str | Path) -> None:
    # of rows longer than the header pandas makes an index, and of thousands of columns it takes
    # seconds: neither is a table of ours
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        size = len(next(rows, []))
        if size > _MOST_COLUMNS:
            raise ValueError(f"{size:,} columns")
        for row in rows:
            if len(row) > size:
                raise ValueError(
                    f"line {rows.line_num} has {len(row):,} cells for {size:,} columns"
                )


def read_results(
    path: str | Path, texts: Sequence[str] = (), integers: Sequence[str] = ()
) -> pd.DataFrame:
    """Read a table of results that `write_delimited` wrote as CSV: names such as NA stay names.

    Only an empty cell is missing, and the columns that hold names of users, and those of `texts`,
    are text (``168``). Those of `integers` stay whole numbers where cells are empty.

    Raises
    ------
    InputError
        If it is no such table.
    """
    kinds: dict[Hashable, Any] = dict.fromkeys((*_NAMED, *texts), str)
    kinds |= dict.fromkeys(integers, "Int64")
    try:
        _check_cells(path)
        return pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""])
    except (ValueError, csv.Error) as error:  # all that is said of rows, letters and numbers
        what = " ".join(str(error).split())
        raise InputError(str(path), f"is damaged ({what})", MAKE_AGAIN) from error


def write_delimited(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table for people: CSV for ``.csv``, else tab-separated; six digits; atomically.

    Tuples are joined by ``;``: such text is for reading, and nothing of ours splits it again.
    """
    frame = frame.copy(deep=False)
    for column in frame.select_dtypes("object"):
        frame[column] = [
            ";".join(cell) if isinstance(cell, tuple) else cell for cell in frame[column]
        ]
    with atomic_path(path) as temporary:
        frame.to_csv(
            temporary, sep=_separator(path), index=False, lineterminator="\n", float_format="%.6g"
        )


def object_column(values: Iterable[object], index: pd.Index | None = None) -> "pd.Series[Any]":
    """Column of Python objects, such as tuples and gene rules, one a row."""
    return pd.Series(list(values), index, dtype=object)
