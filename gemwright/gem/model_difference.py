"""Whether two models are the same."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from gemwright.gem.gpr import format_gpr
from gemwright.gem.model import MetabolicModel

#: Formulas that SBML's fbc can hold.
FORMULA = re.compile(r"(?:[A-Z][a-z]*\d*)+")

# libSBML writes fifteen digits
_RELATIVE = 1e-12


def difference(model: MetabolicModel, other: MetabolicModel) -> str:
    """Tell the first thing in which a model differs from another, ``""`` if nothing does.

    Names, annotations, and species that no reaction uses do not count; formulas only if SBML
    can hold them.

    Parameters
    ----------
    model, other : MetabolicModel
        The model that was written, and the one that was read.
    """
    if model.identifier != other.identifier:
        return f"its id is {other.identifier!r}"
    tables: dict[str, tuple[Mapping[Any, Any], Mapping[Any, Any]]] = {
        "reaction": (_bounds(model), _bounds(other)),
        "coefficient": (_coefficients(model), _coefficients(other)),
        "objective": (_objective(model), _objective(other)),
        "species": (_species(model), _species(other)),
        "gene rule": (_rules(model), _rules(other)),
    }
    for what, (left, right) in tables.items():
        if left.keys() != right.keys():
            key = min(left.keys() ^ right.keys(), key=str)
            return f"{what} {key!r} is in one of them only"
        for key, value in left.items():
            if value != right[key] and not _close(value, right[key]):
                return f"{what} {key!r} is {right[key]!r} instead of {value!r}"
    if model.minimise != other.minimise:
        return "the objective has another direction"
    return ""


def _close(left: object, right: object) -> bool:
    if not isinstance(left, float | tuple) or not isinstance(right, float | tuple):
        return False
    try:
        return bool(np.allclose(left, right, rtol=_RELATIVE, atol=0.0))
    except TypeError:
        return False


def _bounds(model: MetabolicModel) -> dict[str, tuple[float, float]]:
    table = model.reactions
    bounds = zip(
        table["lower_bound"].astype(float), table["upper_bound"].astype(float), strict=True
    )
    return dict(zip(table["reaction"], bounds, strict=True))


def _coefficients(model: MetabolicModel) -> dict[tuple[str, str], float]:
    table = model.stoichiometry[
        model.stoichiometry["reaction"].isin(set(model.reactions["reaction"]))
    ]
    sides = table.assign(out=table["coefficient"] < 0)
    sums = sides.groupby(["reaction", "species", "out"])["coefficient"].sum()
    return {key: float(value) for key, value in sums.items()}  # type: ignore[misc]


def _objective(model: MetabolicModel) -> dict[str, float]:
    return dict(model.objective_terms) or ({model.objective: 1.0} if model.objective else {})


def _species(model: MetabolicModel) -> dict[str, tuple[str, str, int | None]]:
    used = set(model.stoichiometry["species"])
    table = model.species[model.species["species"].isin(used)]
    return {
        name: (
            compartment,
            formula if FORMULA.fullmatch(formula) else "",
            None if pd.isna(charge) else int(charge),
        )
        for name, compartment, formula, charge in table[
            ["species", "compartment", "formula", "charge"]
        ].itertuples(index=False, name=None)
    }


def _rules(model: MetabolicModel) -> dict[str, str]:
    known = set(model.reactions["reaction"])
    return {name: format_gpr(rule) for name, rule in model.rules.items() if name in known}
