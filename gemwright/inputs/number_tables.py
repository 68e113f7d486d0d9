"""A user's tables of one number per reaction or species."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from gemwright.errors import InputError
from gemwright.io.tables import read_delimited

_SHOWN = 8


def read_numbers(
    path: str | Path, key: str, columns: Sequence[str], what: str
) -> dict[str, dict[str, float]]:
    """Read the numbers in some columns of a table, by the names in its key column.

    Parameters
    ----------
    path : str or Path
        As for `gemwright.io.tables.read_delimited`.
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
    table = read_delimited(path, [key], what=what)
    if not {*columns} & {*table.columns}:
        raise InputError(
            str(path),
            f"the {what} lacks the column {' or '.join(columns)} (it has:"
            f" {', '.join(table.columns)})",
            f"add {' or '.join(columns)} to the header line",
        )
    twice = table.loc[table[key].duplicated(), key].tolist()
    if twice:
        raise InputError(f"{path}, {key} {twice[0]}", "it stands there twice", "keep one row")
    values: dict[str, dict[str, float]] = {column: {} for column in columns}
    for column in (name for name in columns if name in table):
        for name, text in zip(table[key], table[column], strict=True):
            if text:
                values[column][name] = _number(text, f"{path}, {key} {name}", column)
    return values


def _number(text: str, where: str, column: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise InputError(where, f"{column} is {text!r}", "give a number or leave the cell empty")
    return value


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
