"""Media: which exchange reactions let compounds in, and how much of them."""

import math
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.errors import InputError
from gemwright.gem.formulas import count_atoms

if TYPE_CHECKING:
    from gemwright.gem.model import MetabolicModel

Medium = list[str] | dict[str, float]
"""Compounds (BiGG metabolite ids); if a medium gives uptake limits, to each its own (mmol/gDW/h),
NaN where it gives none."""
EXCHANGE = "EX_"
# mmol/gDW/h, no limit
OPEN = 1000.0
#: Inorganic carbon, which feeds no cell that does not fix it.
INORGANIC_CARBON = frozenset({"co2", "hco3"})
#: Inorganic compounds of media, some of which models leave without a formula.
INORGANIC = INORGANIC_CARBON | frozenset(
    {"ca2", "cd2", "cl", "cobalt2", "cu2", "fe2", "fe3", "h", "h2o", "k", "mg2", "mn2", "mobd"}
    | {"na1", "nh4", "ni2", "no2", "no3", "o2", "pi", "sel", "slnt", "so4", "tungs", "zn2"}
)
#: Vitamins and cofactors of media, of which cells need traces.
VITAMINS = frozenset(
    {"4abz", "adocbl", "adpcbl", "btn", "cbl1", "fol", "lipoate", "nac", "ncam", "pheme", "pnto__R"}
    | {"pydam", "pydx", "pydxn", "ribflv", "thm"}
)
SULFATE = "so4"


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


def uptake_limits(
    model: "MetabolicModel", compounds: Collection[str], protocol: MediumOptions | None = None
) -> dict[str, float]:
    """Say how much of each compound of a medium may be taken up, by the protocol.

    Carbon sources are compounds with carbon in their formula, but for CO2 and bicarbonate, and
    those whose formula the model does not tell, but for the known inorganic ones.

    Parameters
    ----------
    model : MetabolicModel
        Tells the compounds' formulas.
    compounds : collection of str, or mapping of str to float
        BiGG metabolite ids in the medium. A mapping gives each its largest uptake (mmol/gDW/h), or
        NaN, for which the protocol holds.
    protocol : MediumOptions, optional
        What is limited, and how far.

    Returns
    -------
    dict of str to float
        Compound to its largest uptake (mmol/gDW/h).
    """
    protocol = protocol or MediumOptions()
    own = compounds if isinstance(compounds, Mapping) else {}
    formulas = dict(zip(model.species["species"], model.species["formula"], strict=True))

    def limit(compound: str) -> float:
        if not math.isnan(own.get(compound, math.nan)):
            return float(own[compound])
        if protocol.protocol == "all_limited":
            return protocol.max_uptake
        if compound == SULFATE:
            return protocol.sulfate_uptake
        if compound in VITAMINS:
            return protocol.vitamin_uptake
        feeds = feeds_carbon(compound, formulas.get(f"{compound}_e"))
        return protocol.max_uptake if feeds else OPEN

    return {compound: limit(compound) for compound in compounds}


def feeds_carbon(compound: str, formula: object) -> bool:
    """Whether a compound of a medium is a carbon source; one of unknown formula counts as one."""
    if compound in INORGANIC:
        return False
    return not isinstance(formula, str) or not formula or "C" in count_atoms(formula)


def medium_bounds(
    model: "MetabolicModel", compounds: Collection[str], protocol: MediumOptions | None = None
) -> dict[str, tuple[float, float]]:
    """Bounds of every exchange reaction on a medium: uptake of its compounds, export of all.

    Parameters
    ----------
    model : MetabolicModel
        Its own medium is ignored.
    compounds : collection of str, or mapping of str to float
        BiGG metabolite ids in the medium; those without an exchange reaction do nothing. A mapping
        gives each its largest uptake (mmol/gDW/h), or NaN.
    protocol : MediumOptions, optional
        How much may be taken up of each that has no limit of its own.

    Returns
    -------
    dict of str to (float, float)
        Bounds for `FluxModel.set_bounds`.
    """
    limits = uptake_limits(model, compounds, protocol)
    open_ = {exchange_of(compound): limit for compound, limit in limits.items()}
    return {
        reaction: (-open_[reaction] if reaction in open_ else 0.0, OPEN)
        for reaction in model.reactions["reaction"]
        if reaction.startswith(EXCHANGE)
    }


def without(medium: Collection[str], compounds: Collection[str]) -> Medium:
    """Take compounds out of a medium; the others keep their uptake limits."""
    if isinstance(medium, Mapping):
        return {name: limit for name, limit in medium.items() if name not in compounds}
    return [name for name in medium if name not in compounds]
