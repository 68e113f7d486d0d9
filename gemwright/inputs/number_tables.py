"""A user's tables of one number per reaction or species."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from gemwright.errors import InputError
from gemwright.io.tables import listed
from gemwright.io.user_tables import note_unused_columns, read_user_table

_SHOWN = 8
# a comma that may part thousands as well
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def read_numbers(
    path: str | Path, key: str, columns: Sequence[str], what: str
) -> dict[str, dict[str, float]]:
    """Read the numbers in some columns of a table, by the names in its key column.

    Parameters
    ----------
    path : str or Path
        As for `gemwright.io.user_tables.read_user_table`.
    key : str
        The column of names, such as ``reaction``.
    columns : sequence of str
        Columns of numbers, of which at least one must be there.
    what : str
        What the table is, for messages.

    Returns
    -------
    dict of str to dict of str to float
        For each column, name to number; empty cells are left out.

    Raises
    ------
    InputError
        If the file cannot be read, lacks the columns, names something twice, or a cell holds no
        finite number.
    """
    given = read_user_table(path, [key], what=what)
    table = given.frame
    if not {*columns} & {*table.columns}:
        raise InputError(
            str(path),
            f"the {what} lacks the column {' or '.join(columns)} (it has: {listed(table.columns)})",
            f"add {' or '.join(columns)} to the header line",
        )
    for row, (name, again) in enumerate(zip(table[key], table[key].duplicated(), strict=True)):
        if again:
            raise InputError(
                f"{given.where(row)}, {key} {name}", "it stands there twice", "keep one row"
            )
    note_unused_columns(given, [key, *columns], what)
    for row, name in enumerate(table[key]):
        if not name:
            raise InputError(given.where(row), f"names no {key}", "name it or take the row out")
    values: dict[str, dict[str, float]] = {column: {} for column in columns}
    for column in (name for name in columns if name in table):
        for row, (name, text) in enumerate(zip(table[key], table[column], strict=True)):
            if text:
                where = f"{given.where(row)}, {key} {name}"
                values[column][name] = read_number(text, where, column)
    return values


def read_number(text: str, where: str, column: str) -> float:
    """Read a finite number as people write it: no underscores, no foreign digits.

    Raises
    ------
    InputError
        If it is none; a comma in place of the point is told as such.
    """
    value = float(text) if _NUMBER.fullmatch(text) else np.nan
    if not np.isfinite(value):
        raise InputError(where, f"{column} is {text!r}", _cure(text))
    return value


def _cure(text: str) -> str:
    point = text.replace(",", ".")
    point = f"{point}, with a point" if "," in text and _NUMBER.fullmatch(point) else ""
    if _THOUSANDS.fullmatch(text):
        return f"write {text.replace(',', '')}" + (f" or {point}, as it is meant" if point else "")
    return f"write {point}" if point else "give a number or leave the cell empty"


def refuse_missing(path: str | Path, missing: Iterable[str], what: str) -> None:
    """Refuse a table that lacks something.

    Parameters
    ----------
    path : str or Path
        The table.
    missing : iterable of str
        Names that it lacks.
    what : str
        What they are, in the plural.

    Raises
    ------
    InputError
        If `missing` is not empty.
    """
    names = list(missing)
    if names:
        shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
        raise InputError(str(path), f"{len(names)} {what} are missing ({shown})", "add their rows")


def refuse_unknown(path: str | Path, names: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse a table with names that the model does not have; see `refuse_missing`."""
    unknown = sorted({*names} - {*known})
    if unknown:
        shown = ", ".join(unknown[:_SHOWN]) + (", ..." if len(unknown) > _SHOWN else "")
        raise InputError(
            str(path),
            f"the model has no such {what}: {shown}",
            "take these rows out, or write the names as the model does",
        )
