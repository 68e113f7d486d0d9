"""Rows of an Excel workbook (.xlsx, .xlsm), each cell as the text that a person typed."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from gemwright.errors import InputError
from gemwright.io.limits import ARCHIVE_CELLS, TABLE_BYTES
from gemwright.io.text_rows import Row, has_columns

_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
SAVE_AS_TEXT = "save it in Excel as tab-separated text (.tsv) or as .xlsx"


def excel_rows(raw: bytes, where: str, required: Sequence[str]) -> list[Row]:
    """Read the sheet of a workbook that has the required columns.

    Parameters
    ----------
    raw : bytes
        The file's content.
    where : str
        The file, for messages.
    required : sequence of str
        Columns that the sheet's first filled row must have.

    Returns
    -------
    list of Row
        The header and all rows that are not empty.

    Raises
    ------
    InputError
        If the workbook is damaged or too large, no sheet or several sheets have the columns, or a
        cell of them holds a date or a formula without value.
    """
    _refuse_bomb(raw, where)
    try:
        sheets = list(_sheets(raw))
    except InputError:
        raise
    # the library answers damage with whatever its parsers meet first
    except Exception as error:
        raise InputError(
            where, f"cannot be read as an Excel file ({type(error).__name__}: {error})",
            SAVE_AS_TEXT,
        ) from error  # fmt: skip
    filled = {title: rows for title, rows in sheets if rows}
    fitting = [
        title
        for title, rows in filled.items()
        if has_columns({_text(value) for value, _ in rows[0][1]}, required)
    ]
    if len(fitting) > 1 and required:
        raise InputError(
            where,
            f"{len(fitting)} sheets have the columns: {', '.join(fitting)}",
            "keep one of them in the file",
        )
    title = (fitting or list(filled) or [""])[0]
    place = f"sheet {title!r}, row" if len(sheets) > 1 else "row"
    found = []
    needed = {name for names in required for name in names.split("|")}
    rows = filled.get(title, [])
    header = [_text(value) for value, _ in rows[0][1]] if rows else []
    for number, cells in rows:
        spot = f"{place} {number}"
        for column, (value, kind) in enumerate(cells):
            name = header[column] if column < len(header) else ""
            _refuse_cell(f"{where}, {spot}", name, value, kind, name in needed)
        texts = [_text(value) for value, _ in cells]
        if any(texts):
            found.append(Row(spot, texts))
    return found


def _refuse_bomb(raw: bytes, where: str) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        size = sum(item.file_size for item in archive.infolist())
    if size > TABLE_BYTES:
        raise InputError(
            where,
            f"unpacks to {size} bytes, more than the {TABLE_BYTES} that are read",
            SAVE_AS_TEXT,
        )


_Cells = list[tuple[Any, str]]


def _sheets(raw: bytes) -> Iterator[tuple[str, list[tuple[int, _Cells]]]]:
    """Every sheet's title and filled rows: number, and value and kind of each cell.

    Of cells that are merged one below the other, all have the value of the first.
    """
    from openpyxl import load_workbook  # slow to load

    books = [
        load_workbook(io.BytesIO(raw), read_only=True, data_only=values) for values in (False, True)
    ]
    count = 0
    for title in books[0].sheetnames:
        if not hasattr(books[0][title], "iter_rows"):
            continue  # a sheet that is a chart
        written, known = (book[title] for book in books)
        for sheet in (written, known):
            sheet.reset_dimensions()
        rows: list[tuple[int, _Cells]] = []
        for number, (formulas, values) in enumerate(
            zip(written.iter_rows(), known.iter_rows(), strict=True), start=1
        ):
            count += len(values)
            if count > ARCHIVE_CELLS:
                raise InputError(
                    title, f"the workbook has more than {ARCHIVE_CELLS} cells", SAVE_AS_TEXT
                )
            cells = [
                (value.value, "formula" if formula.data_type == "f" else value.data_type)
                for formula, value in zip(formulas, values, strict=True)
            ]
            while cells and cells[-1][0] is None and cells[-1][1] != "formula":
                cells.pop()
            if cells:
                rows.append((number, cells))
        _fill_merged(rows, written)
        yield title, rows


def _fill_merged(rows: list[tuple[int, _Cells]], sheet: Any) -> None:
    from openpyxl.utils import column_index_from_string

    with sheet._get_source() as handle:
        _, _, behind = handle.read().rpartition(b"sheetData")
    for letters, top, others, bottom in _MERGED.findall(behind):
        if letters != others:
            continue  # a heading over several columns
        column = column_index_from_string(letters.decode()) - 1
        part = [cells for number, cells in rows if int(top) <= number <= int(bottom)]
        for cells in part[1:]:
            cells.extend([(None, "n")] * (column + 1 - len(cells)))
            cells[column] = part[0][column] if column < len(part[0]) else (None, "n")


def _refuse_cell(spot: str, column: str, value: Any, kind: str, required: bool) -> None:
    if kind == "formula" and value is None:
        raise InputError(
            spot,
            f"{column or 'a cell'} is a formula whose value the file does not hold",
            "open the file in Excel, save it, and give it again",
        )
    if not required:
        return
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        raise InputError(
            spot,
            f"{column} is the date {_text(value)}, which Excel has made of a name",
            "format the column as text, type the name again and save the file",
        )


def _text(value: Any) -> str:
    """Write a cell as it was typed: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value).strip(" \t\n\r\u00a0\u200b\ufeff")
