"""The part of MetaGEM-DB that predictors are trained and measured on."""

import pandas as pd

from gemwright.errors import InputError
from gemwright.metagem_db.funnel import Funnel
from gemwright.metagem_db.pairs import EVIDENCE
from gemwright.metagem_db.routes import Database


def benchmark_interactions(
    database: Database,
    bigg_structures: pd.DataFrame,
    include_currency: bool = False,
    include_r_groups: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Pairs without currency metabolites, named so that an organism's observed metabolites fit.

    A metabolite that BiGG knows takes BiGG's identifier, because observed metabolomes and models
    use it; two structures of one BiGG metabolite (forms of it that differ in protons) become one.

    Parameters
    ----------
    database : Database
        MetaGEM-DB by one route.
    bigg_structures : pandas.DataFrame
        bigg_id, smiles: the structures that observed metabolites have.
    include_currency : bool
        Keep currency metabolites.
    include_r_groups : bool
        Keep structures with a residue: classes such as "an alcohol" are the commonest of them.

    Returns
    -------
    interactions : pandas.DataFrame
        enzyme, metabolite, n_reactions, reactions, evidence, side; sorted, one row for a pair.
    structures : pandas.DataFrame
        bigg_id (BiGG's or, without one, ChEBI's identifier), smiles: the pool and all of
        `bigg_structures`; sorted.
    funnel : pandas.DataFrame
        step, unit, records, lost, why.

    Raises
    ------
    InputError
        If no pair is left.
    """
    funnel = Funnel()
    found = database.pairs
    funnel.add("MetaGEM-DB", "pairs", len(found))
    if not include_currency:
        found = found[~found["currency"]]
        funnel.add("without currency metabolites", "pairs", len(found), "they name no specificity")
    if not include_r_groups:
        found = found[~found["r_group"]]
        funnel.add("without R groups", "pairs", len(found), "the structure is that of a class")
    if found.empty:
        raise InputError("interactions", "no pair is left", "use another route or more models")
    names = database.metabolites.set_index("structure")
    name = names["bigg_id"].where(names["bigg_id"] != "", names["metabolite"])
    found = found.assign(metabolite=found["structure"].map(name))
    interactions = _merge_forms(found)
    funnel.add(
        "one row for a BiGG metabolite", "pairs", len(interactions),
        "forms of one metabolite that differ in protons",
    )  # fmt: skip
    own = pd.DataFrame({"bigg_id": name, "smiles": names["smiles"]}).reset_index(drop=True)
    structures = pd.concat([bigg_structures[["bigg_id", "smiles"]], own]).drop_duplicates("bigg_id")
    columns = ["enzyme", "metabolite", "n_reactions", "reactions", "evidence", "side"]
    return (
        interactions[columns],
        structures.sort_values("bigg_id", ignore_index=True),
        funnel.frame(),
    )


def _merge_forms(found: pd.DataFrame) -> pd.DataFrame:
    """Merge the pairs of an enzyme with several forms of one metabolite."""
    keys = ["enzyme", "metabolite"]
    several = found.duplicated(keys, keep=False)
    merged = [found[~several]]
    for _, forms in found[several].groupby(keys, sort=True):
        row = forms.head(1).copy()
        reactions = sorted({int(name) for name in ";".join(forms["reactions"]).split(";")})
        row["reactions"] = ";".join(map(str, reactions))
        row["n_reactions"] = len(reactions)
        row["side"] = forms["side"].iloc[0] if forms["side"].nunique() == 1 else "both"
        row["evidence"] = min(forms["evidence"], key=EVIDENCE.index)
        merged.append(row)
    return pd.concat(merged).sort_values(keys, ignore_index=True)
