"""Large tab-separated files of the public databases, read strictly and by their header.

Unlike `gemwright.io.user_tables.read_delimited`, which reads what a person wrote, this reads
millions of lines fast, tells the line of a broken row, and knows headerless files, leading comment
lines and quoted cells that run over several lines.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from gemwright.arrays import BoolArray
from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.io.compressed import reading

#: Bytes read at a time; a row with a drawn molecule must fit in.
_BLOCK = 1 << 24


@dataclass(frozen=True)
class TextTable:
    """A table of strings and where it came from.

    Attributes
    ----------
    path : str
        The file.
    table : pyarrow.Table
        All columns as strings, empty cells as ``""``; those of `matches` as bool.
    header_lines : int
        Lines before the first row.
    quoted : bool
        Whether a cell may run over several lines.
    """

    path: str
    table: pa.Table
    header_lines: int
    quoted: bool

    def frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the table, or some of its columns, as a DataFrame of stripped strings."""
        names = self.table.column_names if columns is None else list(columns)
        # column by column: a copy of the whole table would double the memory
        return pd.DataFrame({name: self.strings(name) for name in names})

    def strings(self, column: str) -> pd.Series:
        """Return one column as stripped strings."""
        series: pd.Series = pc.utf8_trim_whitespace(self.table.column(column)).to_pandas()
        return series.rename(column)

    def refuse(self, bad: pd.Series, what: str, cure: str = FETCH_AGAIN) -> None:
        """Raise an `InputError` that names the line of the first row marked in `bad`, if any."""
        if bad.any():
            row = int(np.flatnonzero(bad.to_numpy(dtype=bool))[0])
            spot = _spot_of_row(self.path, row, self.header_lines, self.quoted)
            raise InputError(f"{self.path}, {spot}", what, cure)

    def integers(self, column: str, prefix: str = "") -> pd.Series:
        """Read a column of unsigned whole numbers that may carry a prefix (``RHEA:``).

        Raises
        ------
        InputError
            At the first cell that is none.
        """
        texts = self.strings(column).str.removeprefix(prefix)
        bad = ~texts.str.fullmatch(r"[0-9]{1,18}")
        if bad.any():
            self.refuse(
                bad, f"the column {column} holds {texts[bad].iloc[0]!r} instead of a number"
            )
        return texts.astype("int64")


def _spot_of_row(path: str, row: int, header_lines: int, quoted: bool) -> str:
    """Tell the line of a row (from 0); empty lines are no rows."""
    if quoted:
        return f"row {row + 1}"
    with reading(path) as handle:
        filled = (
            number
            for number, line in enumerate(handle, start=1)
            if number > header_lines and line.strip("\r\n")
        )
        return f"line {next(islice(filled, row, None))}"


def read_header(path: str | Path, comment: str = "") -> tuple[list[str], int]:
    """Read the column names of a file.

    Parameters
    ----------
    path : str or Path
        The file, gzipped or not.
    comment : str
        Mark of comment lines (``#``): the names then stand on the last of the leading comment
        lines, after the mark. By default they stand on the first line.

    Returns
    -------
    names : list of str
    lines : int
        Lines before the first row.

    Raises
    ------
    InputError
        If the file is missing, empty, no text or has no header.
    """
    with reading(path) as handle:
        line = handle.readline()
        if not line:
            raise InputError(str(path), "is empty", FETCH_AGAIN)
        lines = 1
        if comment:
            if not line.startswith(comment):
                raise InputError(
                    str(path), f"does not start with a {comment!r} header line", FETCH_AGAIN
                )
            for following in handle:
                if not following.startswith(comment):
                    break
                line = following
                lines += 1
        return [
            name.strip() for name in line.removeprefix(comment).rstrip("\r\n").split("\t")
        ], lines


def read_tsv(
    path: str | Path,
    required: Sequence[str] = (),
    names: Sequence[str] | None = None,
    comment: str = "",
    quoted: bool = False,
    optional: Sequence[str] | None = None,
    matches: Mapping[str, str] | None = None,
) -> TextTable:
    """Read a tab-separated file as strings.

    Parameters
    ----------
    path : str or Path
        The file, gzipped or not.
    required : sequence of str
        Columns that must be there.
    names : sequence of str, optional
        Column names of a file without a header.
    comment : str
        As for `read_header`.
    quoted : bool
        Whether cells may be quoted (``"``), with line ends and doubled quotes inside.
    optional : sequence of str, optional
        Columns read besides `required` if they are there; all by default.
    matches : mapping of str to str, optional
        Columns, read if they are there, of which only counts whether a cell is this text.

    Returns
    -------
    TextTable

    Raises
    ------
    InputError
        If the file is missing, empty, cut off, no text, has no row, lacks a column or has one
        twice, or a row has more or fewer cells than the header.
    """
    where = str(path)
    header, header_lines = (list(names), 0) if names is not None else read_header(path, comment)
    missing = [name for name in required if name not in header]
    if missing:
        raise InputError(
            where,
            f"lacks the column(s) {', '.join(missing)} (it has: {', '.join(header)[:200]})",
            f"{FETCH_AGAIN}; if that does not help, the host has changed the file's layout",
        )
    twice = sorted(name for name, count in Counter(header).items() if count > 1)
    if twice:
        raise InputError(where, f"has two columns called {', '.join(twice)}", FETCH_AGAIN)
    wanted = header
    flags = {name: text for name, text in (matches or {}).items() if name in header}
    if optional is not None:
        wanted = [n for n in header if n in required or n in optional or n in flags]
    broken: list[Any] = []

    def note(row: Any) -> str:
        broken.append(row)
        return "error"

    try:
        with reading(path) as handle:
            reader = pa_csv.open_csv(
                handle.buffer,
                # one thread: rows keep their numbers, and other jobs keep their cores
                pa_csv.ReadOptions(
                    use_threads=False,
                    block_size=_BLOCK,
                    column_names=header,
                    skip_rows=header_lines,
                ),
                pa_csv.ParseOptions(
                    delimiter="\t",
                    quote_char='"' if quoted else False,
                    newlines_in_values=quoted,
                    invalid_row_handler=note,
                ),
                pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(header, pa.string()),
                    strings_can_be_null=False,
                    include_columns=wanted,
                ),
            )
            table = pa.Table.from_batches(
                [_flagged(batch, flags) for batch in reader], _flagged_schema(reader.schema, flags)
            )
    except pa.ArrowInvalid as error:
        if broken:
            row = broken[0]
            spot = _spot_of_row(where, row.number - header_lines - 1, header_lines, quoted)
            raise InputError(
                f"{where}, {spot}",
                f"has {row.actual_columns} cells instead of {row.expected_columns}:"
                f" {row.text[:60]!r}",
                FETCH_AGAIN,
            ) from error
        # a header without a line end cannot be skipped
        if "Empty CSV" in str(error) or "Could not skip" in str(error):
            raise InputError(where, "has no rows", FETCH_AGAIN) from error
        raise InputError(where, f"is no readable table ({error})", FETCH_AGAIN) from error
    if not table.num_rows:
        raise InputError(where, "has no rows", FETCH_AGAIN)
    return TextTable(where, table, header_lines, quoted)


def _flagged(batch: pa.RecordBatch, flags: Mapping[str, str]) -> pa.RecordBatch:
    columns = {
        name: pc.equal(batch.column(name), flags[name]) if name in flags else batch.column(name)
        for name in batch.schema.names
    }
    return pa.RecordBatch.from_pydict(columns)


def _flagged_schema(schema: pa.Schema, flags: Mapping[str, str]) -> pa.Schema:
    return pa.schema(
        [(name, pa.bool_() if name in flags else pa.string()) for name in schema.names]
    )


def missing_as_none(column: pd.Series) -> pd.Series:
    """Return a column of strings with ``None`` where it is empty."""
    return column.astype(object).mask(column.eq(""), None)


def nullable_integers(column: pd.Series) -> tuple[pd.Series, BoolArray]:
    """Read whole numbers such as ``-4`` or ``-4.0``, missing where there is none.

    Returns
    -------
    values : pandas.Series of Int64
    unreadable : array of bool
        Cells that hold something else than a whole number.
    """
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    whole = np.isfinite(values) & (values == np.round(values))
    numbers = pd.Series(np.where(whole, values, 0.0).astype("int64"), index=column.index)
    return numbers.astype("Int64").mask(~whole), column.ne("").to_numpy() & ~whole
