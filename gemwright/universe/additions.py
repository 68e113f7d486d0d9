"""Reactions that are written into a universe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from gemwright.gem.model import MetabolicModel


@dataclass(frozen=True)
class NewReaction:
    """A reaction that a universe is to get.

    Attributes
    ----------
    identifier, name : str
        Its id, and what it does.
    coefficients : mapping of str to float
        Species to coefficient, negative for substrates.
    lower_bound, upper_bound : float
        mmol/gDW/h.
    """

    identifier: str
    name: str
    coefficients: Mapping[str, float]
    lower_bound: float = 0.0
    upper_bound: float = 1000.0


def add_reactions(
    model: MetabolicModel, added: Sequence[NewReaction], universal: MetabolicModel
) -> MetabolicModel:
    """Copy of a model with reactions after its own.

    Parameters
    ----------
    model : MetabolicModel
        Without any reaction of these ids.
    added : sequence of NewReaction
        In their order.
    universal : MetabolicModel
        Name, formula and charge of the species that the model lacks; one that it does not know
        either has none.

    Raises
    ------
    ValueError
        If the model has a reaction already.
    """
    known = set(model.reactions["reaction"])
    again = [one.identifier for one in added if one.identifier in known]
    if again:
        raise ValueError(f"the model {model.identifier!r} has {again[0]} already")
    rows = [
        (one.identifier, species, float(number))
        for one in added
        for species, number in one.coefficients.items()
    ]
    stoichiometry = pd.DataFrame(rows, columns=["reaction", "species", "coefficient"])
    table = pd.DataFrame(
        [(one.identifier, one.name, one.lower_bound, one.upper_bound) for one in added],
        columns=["reaction", "name", "lower_bound", "upper_bound"],
    )
    return with_tables(model, table, stoichiometry, universal)


def with_tables(
    model: MetabolicModel,
    reactions: pd.DataFrame,
    stoichiometry: pd.DataFrame,
    universal: MetabolicModel,
) -> MetabolicModel:
    """Copy of a model with the rows of further reactions after its own, see `add_reactions`."""
    return replace(
        model,
        species=with_species(model, stoichiometry["species"], universal),
        reactions=_appended(model.reactions, reactions),
        stoichiometry=_appended(model.stoichiometry, stoichiometry),
    )


def with_species(
    model: MetabolicModel, wanted: Sequence[str] | pd.Series, universal: MetabolicModel
) -> pd.DataFrame:
    """Species of a model, and after them those of some that it lacks, see `add_reactions`."""
    own = set(model.species["species"])
    new = [name for name in dict.fromkeys(wanted) if name not in own]
    found = universal.species[universal.species["species"].isin(new)]
    rest = [name for name in new if name not in set(found["species"])]
    bare = pd.DataFrame(
        [(name, *name.rpartition("_")[::2], name) for name in rest],
        columns=["species", "metabolite", "compartment", "name"],
    )
    return _appended(_appended(model.species, found), bare)


def _appended(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows after those of a table, as of its columns and types; text that is missing is empty."""
    if rows.empty:
        return table
    filled = rows.reindex(columns=table.columns)
    for name, kind in table.dtypes.items():
        text = pd.api.types.is_object_dtype(kind)
        filled[name] = (filled[name].fillna("") if text else filled[name]).astype(kind)
    return pd.concat([table, filled], ignore_index=True)
