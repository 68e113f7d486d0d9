"""Whether two models are the same."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gemwright.gem.annotation import BIGG, one_line, reaction_annotations, species_annotations
from gemwright.gem.gpr import format_gpr
from gemwright.gem.identifiers import sbml_id
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import compartment_apart

#: Formulas that SBML's fbc can hold.
FORMULA = re.compile(r"(?:[A-Z][a-z]*\d*)+")

# libSBML writes fifteen digits
_RELATIVE = 1e-12


def difference(model: MetabolicModel, other: MetabolicModel) -> str:
    """Tell the first thing in which a model differs from another, ``""`` if nothing does.

    Species that no reaction uses do not count; formulas only if SBML can hold them. A name that
    lacks is the id, and that a species is called in BiGG as it is here needs not be said.

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
        "name of reaction": (_names(model.reactions), _names(other.reactions)),
        "name of species": (_names(_used(model)), _names(_used(other))),
        "name of gene": (_gene_names(model), _gene_names(other)),
        "annotation of reaction": (_of_reactions(model), _of_reactions(other)),
        "annotation of species": (_of_species(model), _of_species(other)),
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
    table = _used(model)
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


def _used(model: MetabolicModel) -> pd.DataFrame:
    return model.species[model.species["species"].isin(set(model.stoichiometry["species"]))]


def _names(table: pd.DataFrame) -> dict[str, str]:
    ids = table["species" if "species" in table else "reaction"]
    return {key: one_line(name or key) for key, name in zip(ids, table["name"], strict=True)}


def _gene_names(model: MetabolicModel) -> dict[str, str]:
    names = {gene: one_line(model.gene_names.get(gene, "")) for gene in model.genes}
    return {
        gene: gene if name in ("", sbml_id("G_", gene)) else name for gene, name in names.items()
    }


def _of_reactions(model: MetabolicModel) -> dict[str, dict[str, set[str]]]:
    return {
        row["reaction"]: _sets(reaction_annotations(row))
        for row in model.reactions.to_dict("records")
    }


def _of_species(model: MetabolicModel) -> dict[str, dict[str, set[str]]]:
    found = {}
    for row in _used(model).to_dict("records"):
        told = _sets(species_annotations(row))
        own = compartment_apart(row["species"], row["compartment"])
        if told.get(BIGG) == {own}:
            del told[BIGG]
        found[row["species"]] = told
    return found


def _sets(annotations: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    # readers leave out NaN, which the COBRA Toolbox writes for nothing
    sets = {key: {*map(one_line, entries)} - {"NaN"} for key, entries in annotations.items()}
    return {key: entries for key, entries in sets.items() if entries}
