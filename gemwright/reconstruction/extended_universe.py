"""The universe U+: a curated universe with reactions of named models; weights of its directions."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.charging import BACKWARDS, FORWARDS, Direction
from gemwright.gem.formulas import known_atoms
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import restrict

#: Models whose reactions are added, unless others are named.
UNIVERSE_MODELS = ("iML1515", "iYO844")
_NO_REACTION = r"EX_|DM_|sink_|(?i:biomass)"
_UNKNOWN, _UNBALANCED, _NO_GENE = 0.1, 0.3, 0.999


def extend_universe(
    curated: MetabolicModel,
    universal: MetabolicModel,
    bounds: pd.DataFrame,
    models: Collection[str] = UNIVERSE_MODELS,
) -> MetabolicModel:
    """Add the reactions of named models to a curated universe.

    Parameters
    ----------
    curated : MetabolicModel
        The universe; its own reactions stay as they are.
    universal : MetabolicModel
        Stoichiometry, species and names of every reaction of BiGG.
    bounds : pandas.DataFrame
        model, reaction, lower_bound, upper_bound, see `bigg_snapshot.read_model_bounds`.
    models : collection of str
        Whose reactions to add. A direction is open only if every one of them that has the
        reaction opens it. Exchanges, demands, sinks and biomass are not added.

    Raises
    ------
    InputError
        If a model is not known.
    """
    known = set(bounds["model"])
    for model in models:
        if model not in known:
            raise InputError(
                f"universe_models, model {model!r}",
                "is not in the snapshot",
                f"use one of: {', '.join(sorted(known))}",
            )
    opened = _opened(bounds[bounds["model"].isin(set(models))])
    every = opened.groupby("reaction")[[FORWARDS, BACKWARDS]].all()
    names = universal.reactions["reaction"]
    wanted = set(every.index) - set(curated.reactions["reaction"])
    added = universal.reactions[names.isin(wanted) & ~names.str.match(_NO_REACTION)]
    found = every.loc[added["reaction"]]
    added = added.assign(
        lower_bound=np.where(found[BACKWARDS], -1000.0, 0.0),
        upper_bound=np.where(found[FORWARDS], 1000.0, 0.0),
    ).sort_values("reaction")
    stoichiometry = restrict(universal.stoichiometry, added["reaction"])
    new = set(stoichiometry["species"]) - set(curated.species["species"])
    species = universal.species[universal.species["species"].isin(new)]
    return replace(
        curated,
        species=pd.concat([curated.species, species], ignore_index=True),
        reactions=pd.concat([curated.reactions, added], ignore_index=True),
        stoichiometry=pd.concat([curated.stoichiometry, stoichiometry], ignore_index=True),
    )


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
    opened = _opened(known[known["kingdom"] != "Eukarya"])
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


def _opened(bounds: pd.DataFrame) -> pd.DataFrame:
    """Model, reaction and whether each direction is open; copies of a reaction are one."""
    table = pd.DataFrame(
        {
            "model": bounds["model"],
            "reaction": bounds["reaction"].str.replace(r"_copy\d+$", "", regex=True),
            FORWARDS: bounds["upper_bound"] > 0,
            BACKWARDS: bounds["lower_bound"] < 0,
        }
    )
    return table.groupby(["model", "reaction"], as_index=False)[[FORWARDS, BACKWARDS]].any()
