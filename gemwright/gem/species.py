"""Questions about a network's tables: transport, exchange, metabolites of reactions."""

import re
from collections.abc import Iterable

import pandas as pd

from gemwright.gem.currency import CURRENCY_METABOLITES
from gemwright.gem.medium import EXCHANGE

_BIGG = re.compile(r".+_[a-z]{1,3}")
_COMPARTMENT = re.compile(r"(.+)(?:_[A-Za-z]{1,3}\d{0,2}|\[\w{1,3}\]|\(\w{1,3}\))")


def metabolite_of(species: str) -> str:
    """Metabolite of a species: ``succ`` of ``succ_e`` and ``succ[e]``, ``cpd1`` of ``cpd1_c0``.

    An id that tells no compartment, such as ``s_0069``, is that itself.
    """
    found = _COMPARTMENT.fullmatch(species)
    return found[1] if found else species


def compartment_apart(species: str, compartment: str) -> str:
    """`metabolite_of` a species whose compartment is known."""
    for ending in (f"_{compartment}", f"[{compartment}]", f"({compartment})"):
        if compartment and species.endswith(ending) and len(species) > len(ending):
            return species.removesuffix(ending)
    return metabolite_of(species)


def has_bigg_id(species: str) -> bool:
    """Whether a species is called as BiGG's are: compartments there are letters, ``_c``."""
    return _BIGG.fullmatch(species) is not None


def of_foreign_species(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Empty columns where a species has BiGG's id, and drop those in which nothing is left.

    Parameters
    ----------
    table : pandas.DataFrame
        species, and the columns, which hold text.
    columns : iterable of str
        The columns.
    """
    columns = list(columns)
    ours = table["species"].map(has_bigg_id).astype(bool)
    table = table.assign(**{name: table[name].mask(ours, "") for name in columns})
    return table.drop(columns=[name for name in columns if not table[name].any()])


def split_species(species: pd.Series) -> pd.DataFrame:
    """Split ``glc__D_c`` into metabolite ``glc__D`` and compartment ``c``."""
    parts = species.str.rpartition("_")
    return pd.DataFrame({"metabolite": parts[0], "compartment": parts[2]}, index=species.index)


def reaction_metabolites(stoichiometry: pd.DataFrame) -> pd.DataFrame:
    """Pairs of reaction and metabolite without compartments; no currency metabolites.

    Parameters
    ----------
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient.

    Returns
    -------
    pandas.DataFrame
        reaction, metabolite; sorted, distinct.
    """
    table = stoichiometry[["reaction"]].join(split_species(stoichiometry["species"]))
    table = table.loc[~table["metabolite"].isin(CURRENCY_METABOLITES), ["reaction", "metabolite"]]
    return table.drop_duplicates().sort_values(["reaction", "metabolite"], ignore_index=True)


def transported(stoichiometry: pd.DataFrame) -> pd.DataFrame:
    """Reactions across a membrane, and what they carry.

    Parameters
    ----------
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient.

    Returns
    -------
    pandas.DataFrame
        reaction, metabolite: the metabolites on the move, without currency ones unless nothing
        else moves; for group translocation (a metabolite that changes on its way) all
        metabolites but the currency. Sorted.
    """
    table = stoichiometry[["reaction"]].join(split_species(stoichiometry["species"]))
    compartments = table.groupby("reaction")["compartment"].transform("nunique")
    table = table[compartments > 1].drop_duplicates()
    sides = table.groupby(["reaction", "metabolite"])["compartment"].transform("nunique")
    table = table.assign(
        rank=(sides > 1).astype(int)
        - 2 * table["metabolite"].isin(CURRENCY_METABOLITES).astype(int)
    )
    best = table.groupby("reaction")["rank"].transform("max")
    moved = table.loc[table["rank"] == best, ["reaction", "metabolite"]]
    return moved.drop_duplicates().sort_values(["reaction", "metabolite"], ignore_index=True)


def is_exchange(reactions: pd.Series) -> pd.Series:
    """Whether reactions are exchanges with the medium (``EX_``)."""
    return reactions.str.startswith(EXCHANGE)


def restrict(stoichiometry: pd.DataFrame, reactions: pd.Series) -> pd.DataFrame:
    """Stoichiometry of the given reactions only."""
    return stoichiometry[stoichiometry["reaction"].isin(set(reactions))].reset_index(drop=True)


def canonical_reaction(reactions: pd.Series) -> pd.Series:
    """Drop BiGG's ``_copy1``: a reaction that a model lists twice is one reaction."""
    return reactions.str.replace(r"_copy\d+$", "", regex=True)
