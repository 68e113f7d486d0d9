"""Media: those of the snapshot, and libraries of the user's own, of which one medium is chosen."""

import math
import re
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.medium import Medium, medium_compounds
from gemwright.inputs.number_tables import read_number
from gemwright.io.user_tables import (
    FOREIGN_SUFFIXES,
    TABLE_SUFFIXES,
    UserTable,
    is_table_name,
    note_unused_columns,
    read_user_table,
)
from gemwright.sources.bigg_snapshot import read_media

_SUFFIXES = "|".join(map(re.escape, (*TABLE_SUFFIXES, *FOREIGN_SUFFIXES)))
_CHOICE = re.compile(rf"(?P<path>.+(?:{_SUFFIXES}))\[(?P<name>.+)\]", re.IGNORECASE)
_UPTAKE = ("uptake", "max_uptake", "maxFlux")
_USED = ("compound", "uptake", "medium", "description", "name")
# what media of other programs say of amounts and bounds, and uptake limits do not tell
_NO_PLACE = re.compile(
    r"conc|flux|bound|uptake|limit|amount|mmol|mg/|g/l|^(min|max|lb|ub|value)$", re.IGNORECASE
)
# what may say which rows count
_CHOOSES = re.compile(
    r"medi(um|a)|present|absent|inclu|exclu|^(use|used|in|on|open)$", re.IGNORECASE
)
Translate = Callable[[UserTable], list[str]]


def table_of(medium: str) -> tuple[str, str]:
    """Split what the organism sheet says of a medium of one's own.

    Parameters
    ----------
    medium : str
        ``media.tsv``, or ``media.tsv[M9]`` for one medium of a library.

    Returns
    -------
    path, name : str
        The table, ``""`` if `medium` is the name of one of the snapshot's; and the chosen medium,
        ``""`` if none is chosen.
    """
    found = _CHOICE.fullmatch(medium)
    if found:
        return found["path"], found["name"]
    return (medium, "") if is_table_name(medium) else ("", "")


def read_medium(medium: str, translate: Translate | None = None) -> Medium:
    """Compounds of a medium and the uptake limits that it gives.

    Parameters
    ----------
    medium : str
        Name of one of the snapshot's media, or a table as `table_of` takes it: a column
        ``compound`` (or gapseq's ``compounds``), and, if wanted, ``medium`` (several in one table,
        as in CarveMe's library) and ``uptake``, ``max_uptake`` or gapseq's ``maxFlux``
        (mmol/gDW/h).
    translate : callable, optional
        Given the rows of the medium, returns the BiGG metabolite ids of its column ``compound``,
        ``""`` for what is left out; by default the cells are these.

    Returns
    -------
    list of str or dict of str to float
        Sorted BiGG metabolite ids; if the table gives limits, to each its largest uptake
        (mmol/gDW/h), NaN where the cell is empty.

    Raises
    ------
    InputError
        If there is no such medium, the table holds several and none is chosen, a column carries
        meaning that is not used, or a limit is no number.
    """
    path, name = table_of(medium)
    if not path:
        return medium_compounds(read_media(), medium)
    table = _one_medium(_read(path), name)
    compounds = list(table.frame["compound"])
    for row, compound in enumerate(compounds):
        if not compound:
            raise InputError(
                table.where(row), "names no compound", "fill the cell or take the row out"
            )
    if translate is not None:
        compounds = translate(table)
    limits: dict[str, float] = {}
    for row, compound in enumerate(compounds):
        if not compound:
            continue
        limit = _limit(table, row)
        known = limits.setdefault(compound, limit)
        if known != limit and not (math.isnan(known) and math.isnan(limit)):
            raise InputError(
                table.where(row),
                f"{compound} stands there twice with other uptakes ({known:g} and {limit:g})",
                "keep one row",
            )
    if all(math.isnan(limit) for limit in limits.values()):
        return sorted(limits)
    return dict(sorted(limits.items()))


def _read(path: str) -> UserTable:
    """Read a table of media, its uptake limits in a column ``uptake``."""
    table = read_user_table(path, ("compound|compounds",), what="medium")
    told = [name for name in table.frame if name in _UPTAKE]
    if len(told) > 1:
        raise InputError(
            path, f"has uptake limits in {len(told)} columns: {', '.join(told)}", "keep one of them"
        )
    frame = table.frame.rename(columns=dict.fromkeys(told, "uptake"))
    table = UserTable(table.path, frame, table.places)
    for name in map(str, frame):
        if name not in _USED and _NO_PLACE.search(name):
            raise InputError(
                path,
                f"the medium has a column {name!r}, which is not used",
                "give uptake limits (mmol/gDW/h) in a column 'uptake', and take it out",
            )
        if name not in _USED and _CHOOSES.search(name):
            raise InputError(
                path,
                f"the medium has a column {name!r}, which may say which rows count and is not read",
                "call it 'medium' if it names the media of a library, or take it out with the rows"
                " that do not count",
            )
    note_unused_columns(table, _USED, "medium")
    return table


def _one_medium(table: UserTable, name: str) -> UserTable:
    """Rows of the chosen medium; those of the only one if none is chosen."""
    path = table.path
    if "medium" not in table.frame:
        if name:
            raise InputError(
                path,
                f"has no column 'medium' to choose {name!r} by",
                f"write {path} without brackets, or add the column",
            )
        rows = range(len(table.frame))
        return _part(table, rows)
    media = list(dict.fromkeys(table.frame["medium"]))
    if "" in media and len(media) > 1:
        raise InputError(
            table.where(list(table.frame["medium"]).index("")),
            "names no medium, and others do",
            "fill the cell in each row (of merged cells, only the first is kept in text)",
        )
    choices = ", ".join(f"{path}[{medium}]" for medium in media[:8] if medium)
    if not name and len(media) > 1:
        raise InputError(
            path, f"holds {len(media)} media", f"choose one in the organism sheet: {choices}"
        )
    if name and name not in media:
        raise InputError(
            path, f"has no medium {name!r}", f"choose one in the organism sheet: {choices}"
        )
    chosen = name or (media[0] if media else "")
    return _part(table, [i for i, value in enumerate(table.frame["medium"]) if value == chosen])


def _part(table: UserTable, rows: Sequence[int]) -> UserTable:
    frame = table.frame.iloc[list(rows)].reset_index(drop=True)
    return UserTable(table.path, frame, [table.places[row] for row in rows])


def _limit(table: UserTable, row: int) -> float:
    text = table.frame["uptake"].iloc[row] if "uptake" in table.frame else ""
    if not text:
        return math.nan
    value = read_number(text, table.where(row), "the uptake")
    if value < 0:
        raise InputError(
            table.where(row), f"the uptake is {text}", "give a number that is not negative"
        )
    return value


def media_table(media: Mapping[str, Medium]) -> pd.DataFrame:
    """Lay media out as rows: medium, compound and, if one gives limits, uptake (mmol/gDW/h)."""
    rows: list[dict[str, str | float]] = []
    for name, medium in media.items():
        limits = medium if isinstance(medium, dict) else {}
        for compound in medium:
            row: dict[str, str | float] = {"medium": name, "compound": compound}
            rows.append({**row, "uptake": limits[compound]} if limits else row)
    return pd.DataFrame(rows, columns=list(dict.fromkeys(key for row in rows for key in row)))
