"""The one reader of tables that people hand in: delimited text, Excel or Parquet, as text."""

import gzip
import io
import logging
import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.errors import InputError
from gemwright.io.compressed import open_content
from gemwright.io.excel_rows import SAVE_AS_TEXT, excel_rows
from gemwright.io.files import unreadable
from gemwright.io.limits import TABLE_BYTES
from gemwright.io.tables import read_users_parquet, require_columns
from gemwright.io.text_rows import DELIMITERS, EXCEL_ERROR, Row, decode, has_columns, text_rows

logger = logging.getLogger(__name__)

_TEXT_SUFFIXES = (".tsv", ".csv", ".txt", ".tab")
TABLE_SUFFIXES = (
    *_TEXT_SUFFIXES, ".parquet", ".xlsx", ".xlsm", *(f"{suffix}.gz" for suffix in _TEXT_SUFFIXES),
)  # fmt: skip
"""What the names of tables that a user names end in, where a table is known by its name."""
FOREIGN_SUFFIXES = (".xls", ".xlsb", ".ods", ".fods", ".numbers", ".gsheet")
"""Spreadsheets that are refused by name."""

_MAGICS = {
    b"\xd0\xcf\x11\xe0": "is an old or protected Excel file",
    b"BZh": "is packed by bzip2",
    b"\xfd7zXZ": "is packed by xz",
    b"\x28\xb5\x2f\xfd": "is packed by zstd",
    b"7z\xbc\xaf": "is a 7z archive",
    b"Rar!": "is a RAR archive",
    b"%PDF": "is a PDF",
    b"\x89HDF": "is an HDF5 file",
}
_MARKUP = re.compile(rb"[\s\xef\xbb\xbf]*<(!doctype|html|\?xml|table|sbml)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")
# how far below its title a table may begin, to be told so
_TITLE_ROWS = 30
_PLAIN_TEXT = "write it as tab-separated text (UTF-8)"


@dataclass(frozen=True)
class UserTable:
    """A table and where its rows stand.

    Attributes
    ----------
    path : str
        The file.
    frame : pandas.DataFrame
        All columns as stripped strings, empty cells as ``""``.
    places : sequence of str
        For each row its place in the file, such as ``line 3``: blank lines and comments count.
    """

    path: str
    frame: pd.DataFrame
    places: Sequence[str]

    @property
    def numbers(self) -> list[int]:
        """Number of each row's line in the file, or of its row in the sheet, from 1."""
        return [int(place.rpartition(" ")[2]) for place in self.places]

    def where(self, row: int) -> str:
        """File and place of a row (from 0)."""
        return f"{self.path}, {self.places[row]}"


def is_table_name(name: str) -> bool:
    """Whether a name is a table's and not a medium's: by what it ends in, in small or capitals."""
    return name.lower().endswith(TABLE_SUFFIXES + FOREIGN_SUFFIXES)


def read_delimited(
    path: str | Path,
    required: Sequence[str] = (),
    separator: str | None = None,
    what: str = "table",
) -> pd.DataFrame:
    """Read a table as strings and check its columns; see `read_user_table`."""
    return read_user_table(path, required, separator, what).frame


def read_user_table(
    path: str | Path,
    required: Sequence[str] = (),
    separator: str | None = None,
    what: str = "table",
    labelled: bool = False,
) -> UserTable:
    """Read a table that a person wrote as strings, and check its columns.

    Parameters
    ----------
    path : str or Path
        Delimited text (also gzipped), an Excel workbook, or Parquet: that may be another
        program's; what gemwright has not written has no checksum of the whole file, and a warning
        says so. What a file is, its content tells.
    required : sequence of str
        Columns that must be there; ``compound|compounds`` is either, and called by the first.
    separator : str
        The delimiter of text; by default a comma if the name ends in ``.csv``, else a tab, or that
        of tab, comma and semicolon with which the header has the required columns.
    what : str
        What the table is, for messages.
    labelled : bool
        Whether the first column labels the rows, whatever it is called: it is left out.

    Returns
    -------
    UserTable

    Raises
    ------
    InputError
        If the file is missing, empty, damaged, of a foreign kind, lacks a column or names it
        twice, or a row does not fit the header; the message names the line.
    """
    where = str(path)
    if os.path.isdir(path):
        raise InputError(where, f"is a folder where the {what} should be", "give a file")
    if not os.path.isfile(path):
        raise InputError(where, f"the {what} does not exist", "check the path in the config")
    if Path(path).suffix.lower() == ".parquet":
        frame = read_users_parquet(path, what)
        rows = [Row("header", [str(name).strip() for name in frame.columns])]
        rows += [
            Row(f"row {number}", [cell.strip() for cell in cells])
            for number, cells in enumerate(frame.itertuples(index=False, name=None), start=1)
        ]
    else:
        raw = _content(path, what)
        if raw.startswith(b"PAR1"):
            raise InputError(where, "is Parquet under another name", "let its name end in .parquet")
        if raw.startswith(b"PK\x03\x04"):
            _refuse_other_zip(raw, where)
            rows = excel_rows(raw, where, required)
        else:
            rows = _rows_of_text(raw, path, separator, required, what)
    if labelled:
        rows = [Row(row.place, row.cells[1:]) for row in rows]
    return _table(rows, where, required, what)


def note_unused_columns(table: UserTable, used: Sequence[str], what: str) -> None:
    """Tell columns that nothing reads; refuse those that carry meaning or are misspelt.

    Raises
    ------
    InputError
        If a column has nearly the name of one that is used and missing, or holds units.
    """
    unused = [str(name) for name in table.frame if name not in used]
    for name in unused:
        if name.lower() in ("unit", "units"):
            raise InputError(
                table.path,
                f"the {what} has a column {name!r}, which is not read",
                "write the numbers in the units of docs/inputs.md and take the column out",
            )
    absent = [name for name in used if name not in table.frame]
    for name in unused:
        plain = {re.sub(r"[\W_]", "", column).lower(): column for column in absent}
        close = get_close_matches(re.sub(r"[\W_]", "", name).lower(), plain, n=1, cutoff=0.8)
        if close:
            raise InputError(
                table.path,
                f"the {what} has an unknown column {name!r}",
                f"did you mean {plain[close[0]]!r}? Rename it, or take it out",
            )
    if unused:
        logger.info("%s: columns that are not used: %s", table.path, ", ".join(unused))


def _content(path: str | Path, what: str) -> bytes:
    """Bytes of a file, unpacked if they are gzipped; foreign files are refused by name."""
    where = str(path)
    try:
        with open_content(path) as handle:
            raw: bytes = handle.read(TABLE_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(where, f"is damaged ({error})", "pack it again with gzip") from error
    except OSError as error:
        raise unreadable(error, path) from error
    if len(raw) > TABLE_BYTES:
        raise InputError(
            where,
            f"has more than the {TABLE_BYTES} bytes that are read of a table",
            "split it, or check that it is the right file",
        )
    for magic, kind in _MAGICS.items():
        if raw.startswith(magic):
            raise InputError(where, f"{kind}, and no readable {what}", SAVE_AS_TEXT)
    if Path(path).suffix.lower() in FOREIGN_SUFFIXES and not raw.startswith(b"PK\x03\x04"):
        raise InputError(where, f"files that end in {Path(path).suffix} are not read", SAVE_AS_TEXT)
    if _MARKUP.match(raw):
        raise InputError(where, f"is HTML or XML, and no readable {what}", SAVE_AS_TEXT)
    return raw


def _refuse_other_zip(raw: bytes, where: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(where, f"is damaged ({error})", SAVE_AS_TEXT) from error
    if "xl/workbook.xml" in names:
        return
    kind = "a zip archive"
    if "mimetype" in names:
        kind = "an OpenDocument file"
    elif "xl/workbook.bin" in names:
        kind = "a binary Excel file"
    raise InputError(where, f"is {kind}, which is not read", SAVE_AS_TEXT)


def _rows_of_text(
    raw: bytes, path: str | Path, separator: str | None, required: Sequence[str], what: str
) -> list[Row]:
    where = str(path)
    text, foreign = decode(raw, where)
    if foreign is not None:
        logger.warning(
            "%s, line %d: the %s is no UTF-8 and was read in code page 1252", path, foreign, what
        )
    if separator is None:
        comma = ".csv" in (suffix.lower() for suffix in Path(path).suffixes[-2:])
        first = "," if comma else "\t"
        separators = [first, *(other for other in DELIMITERS if other != first)]
        if not required:
            separators = [first]
    else:
        separators = [separator]
    return text_rows(text, where, separators, required)


def _table(rows: list[Row], where: str, required: Sequence[str], what: str) -> UserTable:
    if not rows:
        raise InputError(where, f"is no readable {what} (it is empty)", _PLAIN_TEXT)
    header, body = list(rows[0].cells), rows[1:]
    for name, *others in (names.split("|") for names in required):
        if name not in header:
            header = [name if cell in others else cell for cell in header]
    _refuse_other_header(header, body, required, where, what)
    required = [names.split("|")[0] for names in required]
    while header and not header[-1]:
        header.pop()
    for row in body:
        if any(row.cells[len(header) :]):
            filled = max(i for i, cell in enumerate(row.cells) if cell) + 1
            raise InputError(
                f"{where}, {row.place}",
                f"has {filled} cells, and the header has {len(header)} columns",
                "take the extra cell out, or put quotation marks around a cell that holds the"
                " delimiter",
            )
    kept = [i for i, name in enumerate(header) if name or not _is_index(i, body, where)]
    names = [header[i] for i in kept]
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise InputError(where, f"the {what} has two columns {twice[0]!r}", "keep one of them")
    cells: dict[str, list[str]] = {}
    for name, i in zip(names, kept, strict=True):
        for row in body:
            if name in required and len(row.cells) <= i:
                raise InputError(
                    f"{where}, {row.place}",
                    f"has {len(row.cells)} cells and none for {name!r}",
                    "fill the row, or leave the cell empty between delimiters",
                )
        cells[name] = [row.cells[i] if len(row.cells) > i else "" for row in body]
        for row, cell in zip(body, cells[name], strict=True):
            if name in required and EXCEL_ERROR.fullmatch(cell):
                raise InputError(
                    f"{where}, {row.place}",
                    f"{name} is Excel's error {cell}",
                    "format the column as text, type the cell again and save the file",
                )
            if _CONTROL.search(cell):
                raise InputError(
                    f"{where}, {row.place}",
                    f"{name} is {cell!r}, which holds a control character",
                    "take it out",
                )
    return UserTable(where, _frame(cells, len(body)), [row.place for row in body])


def _frame(cells: Mapping[str, Sequence[str]], rows: int) -> pd.DataFrame:
    """Lay columns side by side; a mapping of 100,000 of them takes pandas seconds."""
    block = np.empty((len(cells), rows), dtype=object)
    for place, column in enumerate(cells.values()):
        block[place] = column
    return pd.DataFrame(block.T, columns=list(cells), dtype=object)


def _refuse_other_header(
    header: Sequence[str], body: Sequence[Row], required: Sequence[str], where: str, what: str
) -> None:
    """Refuse a table without its columns before its rows are, which may well fit none."""
    names = [name.split("|")[0] for name in required]
    if {*names} <= {*header}:
        return
    for row in body[:_TITLE_ROWS]:
        if has_columns(row.cells, required):
            raise InputError(
                f"{where}, {row.place}",
                f"is the header of the {what}, and other rows stand above it",
                "take out what stands above the header",
            )
    given = _frame({name: () for name in header if name}, 0)
    require_columns(given, names, where, what)


def _is_index(column: int, body: Sequence[Row], where: str) -> bool:
    """Whether a column without a name may be left out: empty, or a program's numbering of rows."""
    cells = [row.cells[column] if len(row.cells) > column else "" for row in body]
    numbers = [str(number) for number in range(len(cells) + 1)]
    if not any(cells) or (column == 0 and cells in (numbers[:-1], numbers[1:])):
        return True
    first = next(i for i, cell in enumerate(cells) if cell)
    raise InputError(
        f"{where}, {body[first].place}",
        f"{cells[first]!r} stands in column {column + 1}, which has no name",
        "name the column in the header, or take it out",
    )
