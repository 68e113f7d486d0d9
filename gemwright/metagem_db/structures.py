"""Structures of metabolites, made comparable: one hash a structure, one name a metabolite."""

import pandas as pd

from gemwright.io.files import sha256_text
from gemwright.sources.structures import canonical_smiles, inchikey

# skeleton and stereo, without the last letter: the number of protons
_KEY_WITHOUT_PROTONS = 25


def hash_structures(entries: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Canonical structure and hash of database entries.

    Parameters
    ----------
    entries : pandas.DataFrame
        chebi, smiles; the first of an entry counts.

    Returns
    -------
    structures : pandas.DataFrame
        chebi, structure (SHA-256 of the canonical isomeric SMILES), smiles (canonical), r_group
        (whether a residue ``*`` stands in it); sorted by chebi.
    refused : list of str
        Entries whose SMILES cannot be read.
    """
    first = entries[["chebi", "smiles"]].drop_duplicates("chebi").sort_values("chebi")
    canonical: dict[str, str] = {}
    for smiles in first["smiles"].unique():
        try:
            canonical[smiles] = canonical_smiles(smiles)
        except ValueError:
            continue
    known = first["smiles"].isin(list(canonical))
    kept = first[known].reset_index(drop=True)
    smiles = kept["smiles"].map(canonical)
    structures = pd.DataFrame(
        {
            "chebi": kept["chebi"],
            "structure": smiles.map({text: sha256_text(text) for text in set(smiles)}),
            "smiles": smiles,
            "r_group": smiles.str.contains("*", regex=False),
        }
    )
    return structures, first.loc[~known, "chebi"].tolist()


def name_metabolites(structures: pd.DataFrame, bigg: pd.DataFrame) -> pd.DataFrame:
    """One row for each structure, with its names in ChEBI and BiGG.

    A structure is BiGG's metabolite if the canonical SMILES are equal, else if the InChIKeys
    agree but for the protonation. Of several BiGG identifiers the shortest is taken, then the
    first in alphabetical order.

    Parameters
    ----------
    structures : pandas.DataFrame
        From `hash_structures`.
    bigg : pandas.DataFrame
        bigg_id, smiles.

    Returns
    -------
    pandas.DataFrame
        metabolite (the entry with the smallest number), structure, smiles, inchikey (empty with
        a residue), r_group, chebi (all entries, joined by ``;``), bigg_id (empty if BiGG's table
        has no such structure); sorted by metabolite.
    """
    number = structures["chebi"].str.removeprefix("CHEBI:").astype(int)
    ordered = structures.assign(number=number).sort_values("number")
    grouped = ordered.groupby("structure", sort=False)
    table = grouped.agg(
        metabolite=("chebi", "first"),
        smiles=("smiles", "first"),
        r_group=("r_group", "first"),
        chebi=("chebi", ";".join),
    ).reset_index()
    table["inchikey"] = table["smiles"].map(inchikey)
    table["bigg_id"] = _bigg_ids(table, bigg)
    columns = ["metabolite", "structure", "smiles", "inchikey", "r_group", "chebi", "bigg_id"]
    return table[columns].sort_values("metabolite", ignore_index=True)


def _bigg_ids(table: pd.DataFrame, bigg: pd.DataFrame) -> "pd.Series[str]":
    known = bigg[["bigg_id", "smiles"]].copy()
    known["smiles"] = known["smiles"].map(canonical_smiles)
    known["inchikey"] = known["smiles"].map(inchikey)
    known = known.assign(length=known["bigg_id"].str.len()).sort_values(["length", "bigg_id"])
    by_smiles = known.drop_duplicates("smiles").set_index("smiles")["bigg_id"]
    keyed = known[known["inchikey"] != ""]
    key = keyed["inchikey"].str[:_KEY_WITHOUT_PROTONS]
    by_key = keyed.assign(key=key).drop_duplicates("key").set_index("key")["bigg_id"]
    exact = table["smiles"].map(by_smiles)
    similar = table["inchikey"].str[:_KEY_WITHOUT_PROTONS].map(by_key)
    return exact.fillna(similar).fillna("")
