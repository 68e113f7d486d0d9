"""Reactions that are equal but for protons: one of them stays, with the genes of all.

In BiGG many conversions have several ids. Each is a bypass of the others where a model has them by
different genes, and two that differ in protons make protons of nothing.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gemwright.gem.charging import BACKWARDS, FORWARDS, boundary_species, equation
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import canonical_reaction, restrict, split_species
from gemwright.universe.weights import direction_weights

_PROTON = "h"
_MOST = 0.5


@dataclass(frozen=True)
class Merging:
    """A universe in which no two reactions are equal but for protons.

    Attributes
    ----------
    model : MetabolicModel
        The universe, sorted.
    merged : pandas.DataFrame
        reaction (that is gone), kept (that stands for it), turned (whether the two are written in
        opposite directions), genera and kept_genera (that have either), equation and
        kept_equation; sorted by reaction.
    """

    model: MetabolicModel
    merged: pd.DataFrame


def no_merging() -> pd.DataFrame:
    """Make the table reaction, kept, turned of no reactions."""
    return pd.DataFrame({"reaction": [], "kept": [], "turned": []}).astype(
        {"reaction": str, "kept": str, "turned": bool}
    )


def merge_equal(
    universe: MetabolicModel,
    universal: MetabolicModel,
    bounds: pd.DataFrame,
    organisms: pd.DataFrame,
    gprs: pd.DataFrame,
    maintenance: str = "ATPM",
) -> Merging:
    """Leave one of all reactions that are equal but for protons.

    Protons count as a difference where a reaction has species of several compartments: there
    they may be transported. The id of most genera stays (then one that balances, then the first by
    name) and keeps the directions it has. A direction that only the others have is opened if most
    of the genera that have any of the ids run it: all of the others' would turn one-way enzymes
    round by the id of one model (glycine cleavage), none of them would close what is known (the
    debranching of glycogen).

    Parameters
    ----------
    universe : MetabolicModel
        Boundary reactions, the objective and `maintenance` stay as they are.
    universal, bounds, organisms, gprs
        As for `direction_weights`.
    maintenance : str
        The ATP hydrolysis reaction.
    """
    facts = direction_weights(universe, universal, bounds, organisms, gprs)
    facts = facts[facts["direction"] == FORWARDS].set_index("reaction")
    genera, balanced = facts["genera"].to_dict(), facts["balanced"].to_dict()
    rows: list[tuple[str, str, bool]] = []
    for group in _equal(universe, {universe.objective, maintenance}):
        ordered = sorted(group, key=lambda name: (-genera[name], not balanced[name], name))
        kept = ordered[0]
        rows.extend((name, kept, group[name] != group[kept]) for name in ordered[1:])
    merged = pd.DataFrame(rows, columns=["reaction", "kept", "turned"])
    merged = merged.astype({"turned": bool}).sort_values("reaction", ignore_index=True)
    table = _widened(
        universe.reactions,
        merged,
        direction_weights(
            universe, universal, pool_bounds(bounds, merged), organisms, pool_genes(gprs, merged)
        ),
    )
    gone = set(merged["reaction"])
    model = replace(universe, reactions=table).part(
        universe.identifier, set(table["reaction"]) - gone
    )
    part = restrict(universe.stoichiometry, pd.concat([merged["reaction"], merged["kept"]]))
    written = {
        str(name): equation(rows, (str(name), FORWARDS)) for name, rows in part.groupby("reaction")
    }
    for column, names in (("", merged["reaction"]), ("kept_", merged["kept"])):
        merged[f"{column}genera"] = names.map(genera)
        merged[f"{column}equation"] = names.map(written)
    columns = ["genera", "kept_genera", "equation", "kept_equation"]
    return Merging(model, merged[["reaction", "kept", "turned", *columns]])


def pool_genes(gprs: pd.DataFrame, merged: pd.DataFrame) -> pd.DataFrame:
    """Give the complexes of reactions that are gone to those that were kept.

    Parameters
    ----------
    gprs : pandas.DataFrame
        model, gene, complex, reaction.
    merged : pandas.DataFrame
        reaction, kept.
    """
    names = canonical_reaction(gprs["reaction"])
    kept = names.map(dict(zip(merged["reaction"], merged["kept"], strict=True)))
    return gprs.assign(reaction=kept.fillna(gprs["reaction"])).drop_duplicates(ignore_index=True)


def pool_bounds(bounds: pd.DataFrame, merged: pd.DataFrame) -> pd.DataFrame:
    """Write the bounds of reactions that are gone as those of the reactions that were kept.

    Parameters
    ----------
    bounds : pandas.DataFrame
        model, reaction, lower_bound, upper_bound.
    merged : pandas.DataFrame
        reaction, kept, turned.
    """
    names = canonical_reaction(bounds["reaction"])
    kept = names.map(dict(zip(merged["reaction"], merged["kept"], strict=True)))
    turned = names.isin(set(merged.loc[merged["turned"], "reaction"]))
    return bounds.assign(
        reaction=kept.fillna(bounds["reaction"]),
        lower_bound=bounds["lower_bound"].where(~turned, -bounds["upper_bound"]),
        upper_bound=bounds["upper_bound"].where(~turned, -bounds["lower_bound"]),
    )


def _equal(universe: MetabolicModel, aside: Collection[str]) -> list[dict[str, int]]:
    """Find groups of equal reactions, each with the sign of the way in which it is written."""
    net = universe.stoichiometry.groupby(["reaction", "species"])["coefficient"].sum()
    rows = net.reset_index()
    rows = rows[rows["coefficient"] != 0].join(split_species(rows["species"]))
    several = rows.groupby("reaction")["compartment"].transform("nunique") > 1
    rows = rows[(rows["metabolite"] != _PROTON) | several]
    apart = {*boundary_species(universe.stoichiometry), *aside}
    sides: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for reaction, species, number in rows[["reaction", "species", "coefficient"]].itertuples(
        index=False, name=None
    ):
        if reaction not in apart:
            sides[reaction].append((species, round(number, 6)))
    groups: dict[tuple[tuple[str, float], ...], dict[str, int]] = defaultdict(dict)
    for reaction, terms in sides.items():
        sign = 1 if min(terms)[1] > 0 else -1
        key = tuple(sorted((species, sign * number) for species, number in terms))
        groups[key][reaction] = sign
    return [group for group in groups.values() if len(group) > 1]


def _widened(reactions: pd.DataFrame, merged: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Bounds of the kept reactions with the others' directions that most genera run."""
    others = merged.merge(reactions[["reaction", "lower_bound", "upper_bound"]], on="reaction")
    groups = pool_bounds(others, merged).groupby("kept")
    lower, upper = groups["lower_bound"].min(), groups["upper_bound"].max()
    most = weights[weights["running"] > _MOST * weights["genera"]]
    named = reactions["reaction"]
    table = reactions.copy()
    for direction, column, found, least in (
        (BACKWARDS, "lower_bound", lower, np.minimum),
        (FORWARDS, "upper_bound", upper, np.maximum),
    ):
        run = named.isin(set(most.loc[most["direction"] == direction, "reaction"]))
        limits = named.map(found)
        wider = run & limits.notna()
        table.loc[wider, column] = least(table.loc[wider, column], limits[wider])
    return table
