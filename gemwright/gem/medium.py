"""Media: which exchange reactions let compounds in."""

from collections.abc import Collection, Iterable

import pandas as pd

from gemwright.errors import InputError

EXCHANGE = "EX_"
# mmol/gDW/h, the paper's section 4.4.2
MAX_UPTAKE = 10.0


def exchange_of(compound: str) -> str:
    """Exchange reaction of a compound: ``glc__D`` gives ``EX_glc__D_e``."""
    return f"{EXCHANGE}{compound}_e"


def medium_compounds(media: pd.DataFrame, name: str) -> list[str]:
    """Compounds of one medium, sorted.

    Parameters
    ----------
    media : pandas.DataFrame
        medium, compound (BiGG metabolite id).
    name : str
        The medium.

    Raises
    ------
    InputError
        If there is no such medium.
    """
    found = sorted(set(media.loc[media["medium"] == name, "compound"]))
    if not found:
        known = ", ".join(sorted(set(media["medium"])))
        raise InputError(f"medium {name!r}", "there is no such medium", f"use one of: {known}")
    return found


def medium_bounds(
    reactions: Iterable[str], compounds: Collection[str], max_uptake: float = MAX_UPTAKE
) -> dict[str, tuple[float, float]]:
    """Bounds of every exchange reaction on a medium: uptake of its compounds, export of all.

    Parameters
    ----------
    reactions : iterable of str
        Reactions of the model.
    compounds : collection of str
        BiGG metabolite ids in the medium; those without an exchange reaction do nothing.
    max_uptake : float
        Largest uptake of each compound (mmol/gDW/h).

    Returns
    -------
    dict of str to (float, float)
        Bounds for `FluxModel.set_bounds`.
    """
    open_ = {exchange_of(compound) for compound in compounds}
    return {
        reaction: (-max_uptake if reaction in open_ else 0.0, 1000.0)
        for reaction in reactions
        if reaction.startswith(EXCHANGE)
    }
