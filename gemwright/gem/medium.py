"""Media: which exchange reactions let compounds in."""

import math
from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from gemwright.errors import InputError

Medium = list[str] | dict[str, float]
"""Compounds (BiGG metabolite ids); if a medium gives uptake limits, to each its own (mmol/gDW/h),
NaN where it gives none."""
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
    compounds : collection of str, or mapping of str to float
        BiGG metabolite ids in the medium; those without an exchange reaction do nothing. A mapping
        gives each its largest uptake (mmol/gDW/h), or NaN.
    max_uptake : float
        Largest uptake of each compound that has none of its own (mmol/gDW/h).

    Returns
    -------
    dict of str to (float, float)
        Bounds for `FluxModel.set_bounds`.
    """
    limits = compounds if isinstance(compounds, Mapping) else {}
    open_ = {exchange_of(compound): limits.get(compound, max_uptake) for compound in compounds}
    open_ = {key: max_uptake if math.isnan(limit) else limit for key, limit in open_.items()}
    return {
        reaction: (-open_[reaction] if reaction in open_ else 0.0, 1000.0)
        for reaction in reactions
        if reaction.startswith(EXCHANGE)
    }


def without(medium: Collection[str], compounds: Collection[str]) -> Medium:
    """Take compounds out of a medium; the others keep their uptake limits."""
    if isinstance(medium, Mapping):
        return {name: limit for name, limit in medium.items() if name not in compounds}
    return [name for name in medium if name not in compounds]
