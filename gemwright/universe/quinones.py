"""The pool of quinones: growth takes a quinone, whichever the organism makes."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from gemwright.gem.model import MetabolicModel
from gemwright.io.user_tables import read_delimited
from gemwright.universe.additions import NewReaction, add_reactions

QUINONES = Path(__file__).parents[1] / "resources" / "universe_quinones.tsv"
POOL = "quinone_c"
#: What growth takes of the pool, mmol/gDW: as of the one menaquinone of the curated universes.
AMOUNT = 0.0001
_PREFIX = "QUINONE_"


def pool_reactions() -> tuple[str, ...]:
    """Ids of the reactions, which the sealing may not close and a draft has without a gene."""
    return tuple(_PREFIX + metabolite for metabolite in _quinones()["metabolite"])


def pool_quinones(
    model: MetabolicModel, universal: MetabolicModel
) -> tuple[MetabolicModel, pd.DataFrame]:
    """Let growth take a quinone of a pool instead of the one menaquinone.

    Parameters
    ----------
    model : MetabolicModel
        A universe with BiGG identifiers.
    universal : MetabolicModel
        Name and formula of the quinones that it lacks.

    Returns
    -------
    model : MetabolicModel
        With the species ``quinone_c``, a reaction ``QUINONE_<metabolite>`` that makes it of each
        quinone, and `AMOUNT` of it in the growth reaction instead of any of them.
    changes : pandas.DataFrame
        reaction, change, reason.
    """
    table = _quinones()
    added = [
        NewReaction(f"{_PREFIX}{name}", f"{name} counts as a quinone", {f"{name}_c": -1, POOL: 1})
        for name in table["metabolite"]
    ]
    pooled = add_reactions(model, added, universal)
    rows = pooled.stoichiometry
    single = rows["species"].isin(set(table["metabolite"] + "_c"))
    rows = rows[~(single & (rows["reaction"] == model.objective))]
    taken = pd.DataFrame([(model.objective, POOL, -AMOUNT)], columns=rows.columns)
    changes = pd.DataFrame(
        {
            "reaction": [*(one.identifier for one in added), model.objective],
            "change": [*("added" for _ in added), f"takes {AMOUNT:g} {POOL}, not one quinone"],
            "reason": [*table["reason"], "organisms differ in their quinones"],
        }
    )
    return replace(pooled, stoichiometry=pd.concat([rows, taken], ignore_index=True)), changes


def _quinones() -> pd.DataFrame:
    return read_delimited(QUINONES, ("metabolite", "reason"))
