"""What closing each direction of a universe costs, by how many genera run it."""

import numpy as np
import pandas as pd

from gemwright.gem.charging import BACKWARDS, FORWARDS, Direction
from gemwright.gem.formulas import known_atoms
from gemwright.gem.model import MetabolicModel
from gemwright.universe.extended import open_directions

_UNKNOWN, _UNBALANCED, _NO_GENE = 0.1, 0.3, 0.999


def direction_weights(
    universe: MetabolicModel,
    universal: MetabolicModel,
    bounds: pd.DataFrame,
    organisms: pd.DataFrame,
    gprs: pd.DataFrame,
) -> pd.DataFrame:
    """Say what closing each direction of a universe costs, by how many genera run it.

    Parameters
    ----------
    universe : MetabolicModel
        Whose directions.
    universal : MetabolicModel
        Formulas and charges; those of `universe` where it has none.
    bounds : pandas.DataFrame
        model, reaction, lower_bound, upper_bound.
    organisms : pandas.DataFrame
        model, genus, kingdom; eukaryotes do not count.
    gprs : pandas.DataFrame
        model, gene, complex, reaction.

    Returns
    -------
    pandas.DataFrame
        reaction, direction, weight, genera (n, that have the reaction), running (o, sum over
        genera of the share of their models that open the direction), balanced. The weight is
        .1 + (o / n) log2(1 + o), .1 if no model has the reaction, times .3 if its atoms or
        charges do not balance; a thousandth less if no model has a gene for it, which decides
        between directions that would weigh the same.
    """
    known = bounds.merge(organisms[["model", "genus", "kingdom"]], on="model")
    opened = open_directions(known[known["kingdom"] != "Eukarya"])
    genus = opened["model"].map(organisms.set_index("model")["genus"])
    shares = opened.groupby([opened["reaction"], genus])[[FORWARDS, BACKWARDS]].mean()
    groups = shares.groupby("reaction")
    running, genera = groups.sum(), groups.size()
    names = universe.reactions["reaction"]
    balanced = names.isin(balanced_reactions(universe, universal))
    with_gene = names.isin(set(gprs.loc[gprs["gene"].fillna("") != "", "reaction"]))
    tables = []
    for direction in (FORWARDS, BACKWARDS):
        o = names.map(running[direction]).fillna(0.0)
        n = names.map(genera).fillna(0).astype(int)
        weight = _UNKNOWN + o / n.clip(lower=1) * np.log2(1 + o)
        weight = weight.where(balanced, _UNBALANCED * weight)
        weight = weight.where(with_gene, _NO_GENE * weight)
        tables.append(
            pd.DataFrame(
                {"reaction": names, "direction": direction, "weight": weight, "genera": n,
                 "running": o, "balanced": balanced}
            )
        )  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def as_prices(weights: pd.DataFrame) -> dict[Direction, float]:
    """Direction to weight of a table of `direction_weights`, for `gemwright.gem.sealing.seal`."""
    keys = zip(weights["reaction"], weights["direction"], strict=True)
    return dict(zip(keys, weights["weight"], strict=True))


def balanced_reactions(universe: MetabolicModel, universal: MetabolicModel) -> set[str]:
    """Reactions whose species all have formula and charge, and whose atoms and charges balance."""
    facts = {
        species: (formula, charge)
        for model in (universe, universal)
        for species, formula, charge in zip(
            model.species["species"], model.species["formula"], model.species["charge"], strict=True
        )
        if formula
    }
    sums: dict[str, dict[str, float]] = {}
    unknown = set()
    rows = universe.stoichiometry[["reaction", "species", "coefficient"]]
    for reaction, species, number in rows.itertuples(index=False, name=None):
        formula, charge = facts.get(species, ("", None))
        atoms = known_atoms(formula)
        if atoms is None or pd.isna(charge):
            unknown.add(reaction)
            continue
        total = sums.setdefault(reaction, {})
        for element, count in {**atoms, "charge": int(charge)}.items():
            total[element] = total.get(element, 0.0) + number * count
    return {
        reaction
        for reaction, total in sums.items()
        if reaction not in unknown and all(abs(value) < 1e-6 for value in total.values())
    }
