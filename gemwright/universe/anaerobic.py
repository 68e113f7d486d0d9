"""Growth without oxygen: what takes its place in the syntheses of cofactors.

With the rows of `universe_anaerobic.tsv` no precursor of growth needs O2 in a universe, nor any
reaction with it. Models need it all the same: most steps without O2 have no gene in BiGG's models,
and homology finds none of them. So they take the gene rules of their counterparts with O2: such a
step is in a model if its counterpart is, and a knock-out does with O2 what it did.
"""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.model import MetabolicModel
from gemwright.io.user_tables import read_delimited
from gemwright.universe.additions import NewReaction, add_reactions

TABLE = Path(__file__).parents[1] / "resources" / "universe_anaerobic.tsv"


def anaerobic_table() -> pd.DataFrame:
    """Read the steps: reaction, genes_of (reactions, joined by blanks; empty: no gene), reason."""
    return read_delimited(TABLE, ("reaction", "genes_of", "reason"))


def live_without_oxygen(
    model: MetabolicModel, universal: MetabolicModel
) -> tuple[MetabolicModel, pd.DataFrame]:
    """Give a universe the steps that need no O2.

    Parameters
    ----------
    model : MetabolicModel
        A universe with BiGG identifiers.
    universal : MetabolicModel
        The reactions that it lacks; they are added forwards only.

    Returns
    -------
    model : MetabolicModel
        To be sealed after it.
    changes : pandas.DataFrame
        reaction, change, reason.

    Raises
    ------
    InputError
        If the universal model lacks a reaction that is to be added.
    """
    table = anaerobic_table()
    table = table[~table["reaction"].isin(set(model.reactions["reaction"]))]
    added = [_copied(universal, name) for name in table["reaction"]]
    changes = table[["reaction", "reason"]].reset_index(drop=True)
    changes.insert(1, "change", "added")
    return add_reactions(model, added, universal), changes


def with_stand_ins(complexes: pd.DataFrame, reactions: Collection[str]) -> pd.DataFrame:
    """Give steps without O2 the complexes of their counterparts with O2.

    Parameters
    ----------
    complexes : pandas.DataFrame
        The table of `reconstruction.mapping.rule_complexes`: reaction, model, complex, genes
        and more.
    reactions : collection of str
        Those of the universe.

    Returns
    -------
    pandas.DataFrame
        With rows for the steps that are in the universe and have no complex of their own, made of
        the first counterpart that has some; sorted as before.
    """
    table = anaerobic_table()
    table = table[table["reaction"].isin(set(reactions))]
    own = set(complexes["reaction"])
    more = [complexes]
    for name, counterparts in zip(table["reaction"], table["genes_of"], strict=True):
        found = [one for one in counterparts.split() if one in own]
        if found and name not in own:
            more.append(complexes[complexes["reaction"] == found[0]].assign(reaction=name))
    order = ["reaction", "model", "complex", "genes"]
    return pd.concat(more, ignore_index=True).sort_values(order, ignore_index=True)


def _copied(universal: MetabolicModel, name: str) -> NewReaction:
    rows = universal.stoichiometry[universal.stoichiometry["reaction"] == name]
    if rows.empty:
        raise InputError(
            f"universe.anaerobic, reaction {name!r}",
            "is not in the universal model of BiGG",
            "use another snapshot, or set universe.anaerobic: false",
        )
    title = str(universal.reactions.set_index("reaction").loc[name, "name"])
    return NewReaction(name, title, dict(zip(rows["species"], rows["coefficient"], strict=True)))
