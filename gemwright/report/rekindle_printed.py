"""Figures that REKINDLE prints, and ours beside them."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.io.user_tables import read_delimited

NOT_PRINTED = "not printed"


_PRINTED_COLUMNS = ("place", "item", "physiology", "value", "upper", "unit", "note")


_CONTRADICTION_COLUMNS = ("topic", "one_place", "other_place", "what_we_do")


def read_printed_figures(path: str | Path) -> pd.DataFrame:
    """Read the figures that the paper prints.

    Parameters
    ----------
    path : str or Path
        ``gemwright/resources/paper_rekindle_tables.tsv``.

    Returns
    -------
    pandas.DataFrame
        place, item, physiology (``""`` for all), value (missing where not printed), upper (of a
        range), unit, note, printed (bool).

    Raises
    ------
    InputError
        If a column is missing, a value is no number, or an item stands there twice.
    """
    table = read_delimited(path, _PRINTED_COLUMNS, what="table of printed figures")
    table["printed"] = table["value"] != NOT_PRINTED
    for column in ("value", "upper"):
        asked = table[column].where(table["printed"] & (table[column] != ""))
        numbers = pd.to_numeric(asked, errors="coerce")
        wrong = table[asked.notna() & numbers.isna()]
        if len(wrong):
            raise InputError(
                f"{path}, {wrong['item'].iloc[0]}",
                f"{wrong[column].iloc[0]!r} is no number",
                f"write a number, or {NOT_PRINTED!r} as the value",
            )
        table[column] = numbers
    double = table[table.duplicated(["item", "physiology"])]
    if len(double):
        raise InputError(
            str(path),
            f"{double['item'].iloc[0]!r} stands there twice for the same physiology",
            "keep one row",
        )
    return table


def printed_text(value: float, upper: float, printed: bool = True) -> str:
    """Write a printed figure as text: ``0.39 to 0.45``, ``0.977`` or ``not printed``."""
    if not printed or pd.isna(value):
        return NOT_PRINTED
    return f"{value:g}" if pd.isna(upper) else f"{value:g} to {upper:g}"


def figure_text(printed: pd.DataFrame, item: str, physiology: str = "") -> str:
    """Text of an item: of the physiology, or of all."""
    rows = printed[(printed["item"] == item) & printed["physiology"].isin((physiology, ""))]
    if rows.empty:
        return NOT_PRINTED
    row = rows.sort_values("physiology").iloc[-1]
    return printed_text(row["value"], row["upper"], row["printed"])


def compare_with_printed(
    ours: pd.DataFrame | Iterable[tuple[str, str, float]], printed: pd.DataFrame
) -> pd.DataFrame:
    """Set our values of single items beside the printed ones.

    Parameters
    ----------
    ours : pandas.DataFrame or iterable of (str, str, float)
        item, physiology (number in the paper, or ``""``), value.
    printed : pandas.DataFrame
        From `read_printed_figures`.

    Returns
    -------
    pandas.DataFrame
        place, item, physiology, unit, paper (text), ours (missing where we have none), agrees
        (within the printed range, or within 5 % of the printed value; missing without either),
        note.

    Raises
    ------
    InputError
        If an item of ours is not one of the paper's.
    """
    values = pd.DataFrame(ours, columns=["item", "physiology", "value"])
    unknown = sorted(set(values["item"]) - set(printed["item"]))
    if unknown:
        raise InputError(
            "our figures",
            f"{unknown[0]!r} is no item of the paper",
            "use the printed table's items",
        )
    values = values.rename(columns={"value": "ours"})
    table = printed.merge(values, on=["item", "physiology"], how="left", validate="one_to_one")
    table["paper"] = [
        printed_text(value, upper, known)
        for value, upper, known in zip(
            table["value"], table["upper"], table["printed"], strict=True
        )
    ]
    near = (table["ours"] - table["value"]).abs() <= 0.05 * table["value"].abs()
    inside = (table["ours"] >= table["value"]) & (table["ours"] <= table["upper"])
    agrees = inside.where(table["upper"].notna(), near).astype("boolean")
    table["agrees"] = agrees.mask(table["ours"].isna() | table["value"].isna())
    return table[["place", "item", "physiology", "unit", "paper", "ours", "agrees", "note"]]


def read_contradictions(path: str | Path) -> pd.DataFrame:
    """Read where the paper says two things, and what we do (topic, one_place, other_place, ...).

    Parameters
    ----------
    path : str or Path
        ``gemwright/resources/rekindle_contradictions.tsv``.

    Returns
    -------
    pandas.DataFrame
        topic, one_place, other_place, what_we_do.
    """
    table = read_delimited(path, _CONTRADICTION_COLUMNS, what="list of contradictions")
    return table[list(_CONTRADICTION_COLUMNS)]
