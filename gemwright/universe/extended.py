"""The universe U+: a curated universe with the reactions of named models."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from gemwright.config.universe import UNIVERSE_MODELS
from gemwright.errors import InputError
from gemwright.gem.charging import BACKWARDS, FORWARDS
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import canonical_reaction, restrict
from gemwright.universe.additions import with_tables

_NO_REACTION = r"EX_|DM_|sink_|(?i:biomass)"


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
                f"config: universe.models: {model!r}",
                "is none of the models of the snapshot",
                f"use one of: {', '.join(sorted(known))}",
            )
    opened = open_directions(bounds[bounds["model"].isin(set(models))])
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
    return with_tables(curated, added, stoichiometry, universal)


def open_directions(bounds: pd.DataFrame) -> pd.DataFrame:
    """Model, reaction and whether each direction is open; copies of a reaction are one."""
    table = pd.DataFrame(
        {
            "model": bounds["model"],
            "reaction": canonical_reaction(bounds["reaction"]),
            FORWARDS: bounds["upper_bound"] > 0,
            BACKWARDS: bounds["lower_bound"] < 0,
        }
    )
    return table.groupby(["model", "reaction"], as_index=False)[[FORWARDS, BACKWARDS]].any()
