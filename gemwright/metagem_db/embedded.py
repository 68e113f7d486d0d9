"""The embedded route: pairs of the BiGG snapshot's gene rules, in the form of MetaGEM-DB."""

import pandas as pd

from gemwright.config.interactions import InteractionOptions
from gemwright.emi.interactions import build_interactions
from gemwright.gem.currency import CURRENCY_METABOLITES
from gemwright.io.files import sha256_text
from gemwright.metagem_db.funnel import Funnel
from gemwright.metagem_db.pairs import PAIR_COLUMNS
from gemwright.metagem_db.routes import Database
from gemwright.sources.structures import canonical_smiles


def embedded_database(
    gprs: pd.DataFrame,
    proteins: pd.DataFrame,
    stoichiometry: pd.DataFrame,
    species: pd.DataFrame,
    model_bounds: pd.DataFrame,
    enzymes: pd.DataFrame,
    structures: pd.DataFrame,
) -> Database:
    """Pairs of all models with transport and currency, one row for a sequence and a structure.

    Parameters
    ----------
    gprs, proteins, stoichiometry, species, model_bounds : pandas.DataFrame
        See `gemwright.emi.interactions.build_interactions`.
    enzymes : pandas.DataFrame
        enzyme, sequence.
    structures : pandas.DataFrame
        bigg_id, smiles.

    Returns
    -------
    Database
        Its pairs have a column transport (whether no other reaction than transport stands behind
        the pair), and the evidence ``unknown``: a model does not tell. A metabolite's name is
        BiGG's identifier.
    """
    tables = (gprs, proteins, stoichiometry, species, model_bounds, structures)
    found, steps = build_interactions(
        *tables, InteractionOptions(models=None, include_currency=True, include_transport=True)
    )
    chemical, _ = build_interactions(
        *tables, InteractionOptions(models=None, include_currency=True)
    )
    funnel = Funnel()
    for step, count in zip(steps["step"], steps["pairs"], strict=True):
        funnel.add(step, "pairs", count)
    metabolites = _metabolites(structures)
    by_name = metabolites.assign(name=metabolites["bigg_id"].str.split(";")).explode("name")
    keyed = found.merge(
        by_name[["name", "metabolite", "structure", "r_group"]],
        left_on="metabolite", right_on="name", suffixes=("_own", ""),
    )  # fmt: skip
    keyed["currency"] = keyed["metabolite_own"].isin(CURRENCY_METABOLITES)
    pairs = _merge_names(keyed)
    pairs["n_reactions"] = pairs["reactions"].str.count(";") + 1
    genes = proteins.drop_duplicates(["model", "gene"]).groupby("enzyme").size()
    pairs["n_proteins"] = pairs["enzyme"].map(genes)
    pairs["evidence"] = "unknown"
    without = chemical.merge(by_name[["name", "structure"]], left_on="metabolite", right_on="name")
    converted = pd.MultiIndex.from_frame(without[["enzyme", "structure"]].drop_duplicates())
    pairs["transport"] = ~pd.MultiIndex.from_frame(pairs[["enzyme", "structure"]]).isin(converted)
    funnel.add("distinct sequence and structure", "pairs", len(pairs), "one structure, two names")
    pairs = pairs[[*PAIR_COLUMNS, "transport"]].sort_values(["enzyme", "metabolite"])
    return Database.of(pairs, enzymes, metabolites, funnel)


def _merge_names(keyed: pd.DataFrame) -> pd.DataFrame:
    """Merge the pairs of an enzyme with several names of one structure."""
    keys = ["enzyme", "structure"]
    columns = [*keys, "metabolite", "r_group", "reactions", "side", "currency"]
    several = keyed.duplicated(keys, keep=False)
    merged = [keyed.loc[~several, columns]]
    for _, names in keyed.loc[several, columns].groupby(keys, sort=True):
        row = names.head(1).copy()
        row["reactions"] = ";".join(sorted(set(";".join(names["reactions"]).split(";"))))
        row["side"] = names["side"].iloc[0] if names["side"].nunique() == 1 else "both"
        row["currency"] = bool(names["currency"].all())
        merged.append(row)
    return pd.concat(merged, ignore_index=True)


def _metabolites(structures: pd.DataFrame) -> pd.DataFrame:
    known = structures.assign(
        canonical=structures["smiles"].map(canonical_smiles), length=structures["bigg_id"].str.len()
    ).sort_values(["length", "bigg_id"])
    grouped = known.groupby("canonical", sort=True)
    table = grouped.agg(metabolite=("bigg_id", "first"), bigg_id=("bigg_id", ";".join))
    table = table.reset_index(names="smiles")
    keys = known.drop_duplicates("canonical").set_index("canonical")
    table["inchikey"] = table["smiles"].map(keys["inchikey"]) if "inchikey" in keys else ""
    table["structure"] = table["smiles"].map(sha256_text)
    table["r_group"] = table["smiles"].str.contains("*", regex=False)
    table["chebi"] = ""
    columns = ["metabolite", "structure", "smiles", "inchikey", "r_group", "chebi", "bigg_id"]
    return table[columns].sort_values("metabolite", ignore_index=True)
