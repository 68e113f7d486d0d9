"""What growth takes, as a user tells it: a table of species and coefficients."""

import difflib
import math
from collections.abc import Collection

from gemwright.errors import InputError
from gemwright.inputs.number_tables import read_number
from gemwright.inputs.unknown_names import HINTED, Unknown, check_share
from gemwright.io.user_tables import (
    UserTable,
    is_table_name,
    note_unused_columns,
    read_user_table,
)
from gemwright.universe.kinds import KINDS
from gemwright.universe.quinones import POOL

_USED = ("species", "coefficient", "name")


def check_biomass(text: str, where: str) -> None:
    """Check that a kind of biomass is known; a table's rows are read.

    Raises
    ------
    InputError
        If it is neither a kind nor a table, or as `read_biomass`.
    """
    if text in KINDS or not text:
        return
    if is_table_name(text):
        read_biomass(text)
        return
    close = difflib.get_close_matches(text, KINDS, n=1)
    raise InputError(
        where,
        f"biomass: {text!r} is no kind" + (f" (did you mean {close[0]!r}?)" if close else ""),
        f"use one of {', '.join(KINDS)}, or the path of a table of your own",
    )


def read_biomass(
    path: str, known: Collection[str] | None = None, least: float = 1.0
) -> dict[str, float]:
    """Read a growth reaction.

    Parameters
    ----------
    path : str
        Table with ``species`` (BiGG's, such as ``ala__L_c``; also ``metabolite``: without a
        compartment it is the cytosol's) and ``coefficient`` (mmol/gDW, negative for what growth
        takes, positive for what it gives off).
    known : collection of str, optional
        Species that there are; without them names are not looked up.
    least : float
        Share of the rows that has to be known.

    Returns
    -------
    dict of str to float
        Species to coefficient, in the order of the table.

    Raises
    ------
    InputError
        If a row names nothing, something twice or something unknown, a coefficient is no number
        or zero, or growth takes nothing that is known.
    """
    table = read_user_table(path, ("species|metabolite", "coefficient"), what="biomass")
    note_unused_columns(table, _USED, "biomass")
    names = [_species(text, known) for text in table.frame["species"]]
    if known is not None:
        _check_known(table, names, {*known, POOL}, least)
    found: dict[str, float] = {}
    for row, (name, text) in enumerate(zip(names, table.frame["coefficient"], strict=True)):
        where = table.where(row)
        if not name:
            raise InputError(where, "names no species", "fill the cell or take the row out")
        if name in found:
            raise InputError(
                where, f"the biomass names {name} twice", "add the two coefficients up in one row"
            )
        value = read_number(text, where, "coefficient") if text else math.nan
        if not value or math.isnan(value):
            raise InputError(
                where,
                f"the coefficient of {name} is {text or 'missing'}",
                "give mmol/gDW, negative for what growth takes, or take the row out",
            )
        found[name] = value
    if known is not None:
        found = {n: v for n, v in found.items() if n in known or n == POOL}
    if not any(value < 0 for value in found.values()):
        raise InputError(
            path,
            "growth takes nothing: no coefficient is negative",
            "write what growth takes with a minus, what it gives off without",
        )
    return found


def _species(text: str, known: Collection[str] | None) -> str:
    """BiGG's spelling of a species; the cytosol's of a metabolite."""
    plain = text.removeprefix("M_")
    for left, right in (("[", "]"), ("(", ")")):
        if plain.endswith(right) and left in plain:
            plain = "_".join(plain[: -len(right)].rsplit(left, 1))
    inside = f"{plain}_c"
    if known is not None and plain and plain not in known and inside in known:
        return inside
    return plain


def _check_known(table: UserTable, names: list[str], known: Collection[str], least: float) -> None:
    unknown = [(row, name) for row, name in enumerate(names) if name and name not in known]
    told = []
    for place, (row, name) in enumerate(unknown):
        close = difflib.get_close_matches(name, known, n=2) if place < HINTED else []
        hint = f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""
        told.append(Unknown(row, table.frame["species"].iloc[row], hint))
    check_share(
        table, told, least, "known species", "ala__L_c",
        "write species as BiGG does, with the compartment", "inputs.known_metabolites",
    )  # fmt: skip
