"""The table of a user's own strategies: its rows, the genes in a cell, and all that is wrong."""

import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from gemwright.errors import InputError
from gemwright.io.user_tables import UserTable, read_user_table

_SEPARATORS = re.compile(r"([;,\s]+)")


def read_strategy_table(path: str | Path) -> UserTable:
    """Read a user's strategies as they are written.

    Parameters
    ----------
    path : str or Path
        Tab-separated, with columns ``target`` (a species such as ``succ_e``) and ``deleted``
        (genes separated by ``;``, ``,`` or spaces, which ids of the model may also hold); further
        columns are ignored.

    Raises
    ------
    InputError
        If it cannot be read, lacks a column, or has no row.
    """
    table = read_user_table(path, ("target", "deleted"), what="table of strategies")
    if table.frame.empty:
        raise InputError(str(path), "has no strategy", "write one below the header line")
    return table


def gene_splitter(known: Collection[str]) -> Callable[[str], list[str]]:
    """Make what splits a cell into genes.

    It splits where a separator stands, but not within a gene that is known; the longest counts.
    """
    most = max((len(_SEPARATORS.split(gene)) for gene in known), default=1)

    def split(text: str) -> list[str]:
        pieces = _SEPARATORS.split(text.strip())
        words, start = [], 0
        while start < len(pieces):
            ends = range(min(len(pieces), start + most), start + 1, -1)
            whole = (end for end in ends if "".join(pieces[start:end]) in known)
            end = next(whole, start + 1)
            words.append("".join(pieces[start:end]))
            start = end + 1
        return [word for word in words if word]

    return split


def tell_all(wrong: Sequence[InputError], path: str) -> None:
    """Raise what is wrong: one thing as it is, several as one message."""
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        told = [
            f"{error.where.removeprefix(path).lstrip(', ')} {error.what}".strip() for error in wrong
        ]
        cures = dict.fromkeys(error.cure for error in wrong)
        raise InputError(
            path,
            f"{len(wrong)} things are wrong in the strategies: {'; '.join(told)}",
            "; ".join(cures),
        )
