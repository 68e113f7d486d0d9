"""Rows of delimited text that a person or a spreadsheet wrote, each with its true line.

Whatever pandas guesses is left out here: a table has as many columns as its header line, every
cell is text (``NA`` and ``null`` are names like others), and a row that does not fit is refused.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from gemwright.errors import InputError

DELIMITERS = ("\t", ",", ";")
_BOMS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
}
#: What Excel puts for what it cannot compute; no comment, though it begins like one.
EXCEL_ERROR = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!)")
# what Excel writes for itself and for others into the first line
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*\n', re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes
    ----------
    place : str
        Where it stands in its file, such as ``line 3``.
    cells : sequence of str
        Stripped.
    """

    place: str
    cells: Sequence[str]


def has_columns(header: Collection[str], required: Sequence[str]) -> bool:
    """Whether a header has columns, of which ``compound|compounds`` is either."""
    return all(any(name in header for name in names.split("|")) for names in required)


def decode(raw: bytes, where: str) -> tuple[str, int | None]:
    r"""Decode text in UTF-8, UTF-16 or UTF-32 or, if it is none of them, the old code page 1252.

    Parameters
    ----------
    raw : bytes
        The file's content.
    where : str
        The file, for messages.

    Returns
    -------
    text : str
        With line ends as ``\n``.
    foreign_line : int or None
        The first line that was no UTF-8, if the code page had to be taken.

    Raises
    ------
    InputError
        If a byte order mark promises what the bytes do not hold, or a line has a NUL.
    """
    encoding = next((name for mark, name in _BOMS.items() if raw.startswith(mark)), None)
    if encoding is None and b"\x00" in raw[:4]:
        # UTF-16 without a mark: the upper bytes of latin letters are zero
        encoding = "utf-16-be" if raw[:1] == b"\x00" else "utf-16-le"
    foreign = None
    try:
        text = raw.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise InputError(
                where, f"is no readable text ({error})", "write it as UTF-8, tab-separated"
            ) from error
        foreign = raw.count(b"\n", 0, error.start) + 1
        text = raw.decode("cp1252", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise InputError(
            f"{where}, line {line}", "is no text: it holds a NUL", "write it as UTF-8 text"
        )
    return text, foreign


def text_rows(
    text: str, where: str, separators: Sequence[str], required: Sequence[str]
) -> list[Row]:
    """Split text into rows, the header first.

    Parameters
    ----------
    text : str
        As `decode` gives it. Lines that begin with ``#`` are comments, empty lines are none; a
        header may stand behind ``#`` too, as the last comment before the rows.
    where : str
        The file, for messages.
    separators : sequence of str
        Delimiters, of which the first is taken that gives the header all `required` columns.
    required : sequence of str
        Columns that must be there.

    Returns
    -------
    list of Row
        The header and all rows that are not empty.

    Raises
    ------
    InputError
        If quotation marks do not close where cells end.
    """
    offset = 0
    hint = _SEPARATOR_LINE.match(text)
    if hint:
        separators, text, offset = [hint[1]], text[hint.end() :], 1
    for separator in separators:
        header = _header(text, where, separator, required, offset)
        if header is not None:
            break
    else:
        separator, header = separators[0], None
    rows = list(_rows(text, where, separator, offset))
    if header is not None and header not in rows[:1]:
        rows.insert(0, header)
    return rows


def _header(
    text: str, where: str, separator: str, required: Sequence[str], offset: int
) -> Row | None:
    """Find the header line, if one has all `required` columns."""
    candidates = [*_leading_comments(text, separator, offset)]
    try:
        first = next(_rows(text, where, separator, offset), None)
    except InputError:
        # quotation marks that only another delimiter explains
        first = None
    for row in ([first] if first else []) + candidates:
        if has_columns(row.cells, required):
            return row
    return None


def _leading_comments(text: str, separator: str, offset: int) -> Iterator[Row]:
    """Comments before the first row, the last one first, read as if they were headers."""
    found = []
    for number, line in enumerate(io.StringIO(text), start=1 + offset):
        if line.startswith("#"):
            cells = [cell.strip().strip('"') for cell in line.lstrip("#").split(separator)]
            found.append(Row(f"line {number}", cells))
        elif line.strip():
            break
    yield from reversed(found)


def _rows(text: str, where: str, separator: str, offset: int) -> Iterator[Row]:
    number, starting, first = offset, True, 0

    def lines() -> Iterator[str]:
        nonlocal number, starting, first
        for line in io.StringIO(text):
            number += 1
            if starting and line.startswith("#") and not EXCEL_ERROR.match(line):
                continue
            if starting:
                first, starting = number, False
            yield line

    reader = csv.reader(lines(), delimiter=separator, strict=True, skipinitialspace=True)
    while True:
        starting = True
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"{where}, line {first}",
                f"a cell is not closed where it ends ({error})",
                "put quotation marks around whole cells and double those inside, or take them out",
            ) from error
        stripped = [cell.strip(" \t\n\r\f\v\u00a0\u200b\ufeff") for cell in cells]
        if any(stripped):
            yield Row(f"line {first}", stripped)
