"""Names in a user's table that nobody has: all told at once, or left out and told."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from gemwright.errors import InputError
from gemwright.io.tables import read_results, write_delimited
from gemwright.io.user_tables import UserTable

logger = logging.getLogger(__name__)

_LETTERS = 4000  # of a message
HINTED = 20


class Translation(NamedTuple):
    """What was translated: table, place in it, text, what it is, what is meant, and who says so."""

    table: str
    place: str
    given: str
    kind: str
    meant: str
    source: str


def write_translations(translations: Sequence[Translation], path: str | Path) -> None:
    """Write what was translated as a table for people."""
    frame = pd.DataFrame(translations, columns=Translation._fields)
    write_delimited(frame.drop_duplicates(), path)


def read_translations(path: str | Path) -> dict[str, str]:
    """Read from such a table what each text means."""
    table = read_results(path, ("given", "meant"))
    return dict(zip(table["given"], table["meant"], strict=True))


@dataclass(frozen=True)
class Unknown:
    """A name that nobody has.

    Attributes
    ----------
    row : int
        Its row in the table, from 0.
    name : str
        As it is written there.
    hint : str
        What may be meant, as the end of a sentence; may be empty.
    """

    row: int
    name: str
    hint: str = ""


def check_share(
    table: UserTable,
    unknown: Sequence[Unknown],
    least: float,
    what: str,
    example: str,
    cure: str,
    key: str,
) -> None:
    """Stop if too few of a table's names are known; else warn of those that are not.

    Parameters
    ----------
    table : UserTable
        The table.
    unknown : sequence of Unknown
        Its names that are not known, in its order.
    least : float
        Share of the rows that have to be known.
    what : str
        What the names are, such as ``genes of the proteome``.
    example : str
        A known name, for comparison; may be empty.
    cure : str
        What to do about them.
    key : str
        Key of the configuration that sets `least`.

    Raises
    ------
    InputError
        With every unknown name and its line.
    """
    if not unknown:
        return
    total = len(table.frame)
    found = total - len(unknown)
    told = f"{found} of {total} are {what}"
    known = f", such as {example!r}" if example else ""
    names = _listed(table, unknown)
    if found >= least * total:
        logger.warning(
            "%s: %s%s; %d are not and count for nothing: %s",
            *(table.path, told, known, len(unknown), names),
        )
        return
    if len(unknown) == 1:
        item = unknown[0]
        raise InputError(
            table.where(item.row), f"{item.name!r} is not known{item.hint} ({told}{known})", cure
        )
    share = "" if least == 1 else f"; {least:.0%} have to be ({key})"
    raise InputError(table.path, f"{told}{known}{share}; unknown: {names}", cure)


def _listed(table: UserTable, unknown: Iterable[Unknown]) -> str:
    parts: list[str] = []
    length = left = 0
    for number, item in enumerate(unknown):
        hint = item.hint if number < HINTED else ""
        part = f"{table.places[item.row]} {item.name!r}{hint}"
        length += len(part) + 2
        if length > _LETTERS and parts:
            left += 1
        else:
            parts.append(part)
    return ", ".join(parts) + (f" and {left} others" if left else "")
