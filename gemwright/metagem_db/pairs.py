"""The positive pairs: proteins of reactions, participants on the consumed sides, one row a pair."""

import numpy as np
import pandas as pd

from gemwright.config.metagem_db import PairOptions
from gemwright.errors import InputError
from gemwright.gem.currency import CURRENCY_METABOLITES
from gemwright.metagem_db.funnel import Funnel

EVIDENCE = ("experimental", "inferred", "unknown")
"""Tiers, best first; ``unknown`` where the source tells nothing."""

PAIR_COLUMNS = [
    "enzyme", "metabolite", "structure", "n_reactions", "reactions", "n_proteins", "side",
    "evidence", "currency", "r_group",
]  # fmt: skip


def positive_pairs(
    associations: pd.DataFrame,
    reactions: pd.DataFrame,
    participants: pd.DataFrame,
    proteins: pd.DataFrame,
    metabolites: pd.DataFrame,
    funnel: Funnel,
    options: PairOptions | None = None,
) -> pd.DataFrame:
    """Pair every enzyme with what its reactions consume.

    The left side of a reaction is consumed; of a reversible one both sides are (section 4.1 of
    the paper). The direction is that of the annotation; see `PairOptions` for reactions without.

    Parameters
    ----------
    associations : pandas.DataFrame
        accession, rhea, direction (``LR``, ``RL``, ``BI`` or ``UN``).
    reactions : pandas.DataFrame
        rhea, balanced (nullable).
    participants : pandas.DataFrame
        rhea, side (``left`` or ``right``), participant, kind (``chebi``, ``generic``,
        ``polymer``).
    proteins : pandas.DataFrame
        accession, enzyme (SHA-256 of the sequence), evidence.
    metabolites : pandas.DataFrame
        From `gemwright.metagem_db.structures.name_metabolites`.
    funnel : Funnel
        Receives the steps.
    options : PairOptions, optional
        What counts.

    Returns
    -------
    pandas.DataFrame
        enzyme, metabolite, structure, n_reactions, reactions (Rhea's masters, joined by ``;``),
        n_proteins (accessions with this sequence), side (``substrate``, ``reversible`` or
        ``both``: see `gemwright.emi.interactions.build_interactions`), evidence (the best of the
        proteins'), currency, r_group; one row for a sequence and a structure, sorted.

    Raises
    ------
    InputError
        If no pair is left.
    """
    options = options or PairOptions()
    found = associations.merge(reactions[["rhea", "balanced"]], on="rhea")
    funnel.add(
        "of reactions with an equation", "associations", len(found),
        "the release lists the reaction without its equation",
    )  # fmt: skip
    if not options.unbalanced:
        found = found[found["balanced"].astype("boolean").fillna(True).astype(bool)]
        funnel.add(
            "of reactions that balance", "associations", len(found),
            "heavy atoms of the two sides differ (reactions without SMILES are not judged)",
        )  # fmt: skip
    found = found.merge(proteins[["accession", "enzyme", "evidence"]], on="accession")
    funnel.add(
        "of proteins with a sequence", "associations", len(found),
        "not among the sequences: another release, not reviewed, or illegal residues",
    )  # fmt: skip
    found = found.merge(participants[["rhea", "side", "participant", "kind"]], on="rhea")
    funnel.add("participants of these reactions", "participants", len(found))
    permitted = np.select(
        [found["direction"] == "LR", found["direction"] == "RL", found["direction"] == "BI"],
        [found["side"] == "left", found["side"] == "right", True],
        default=(found["side"] == "left") | (options.undirected == "both"),
    )
    found = found[permitted.astype(bool)]
    funnel.add(
        "on a consumed side", "participants", len(found),
        f"produced in the annotated direction (no direction counts as {options.undirected})",
    )  # fmt: skip
    for kind, why in (
        ("generic", "a class with a reactive part (GENERIC), no structure"),
        ("polymer", "a polymer, no structure"),
    ):
        found = found[found["kind"] != kind]
        funnel.add(f"not {kind}", "participants", len(found), why)
    entries = metabolites[["metabolite", "structure", "r_group", "chebi", "bigg_id"]]
    entries = entries.assign(participant=entries["chebi"].str.split(";")).explode("participant")
    found = found.merge(entries.drop(columns="chebi"), on="participant")
    funnel.add(
        "with a structure", "participants", len(found),
        "ChEBI has no structure for it: classes, proteins, acceptors",
    )  # fmt: skip
    if found.empty:
        raise InputError(
            "MetaGEM-DB", "no enzyme-metabolite pair is left", "look at the funnel in the log"
        )
    both_sides = ["BI", "UN"] if options.undirected == "both" else ["BI"]
    pairs = _collapse(found.assign(reversible=found["direction"].isin(both_sides)))
    funnel.add("distinct sequence and structure", "pairs", len(pairs))
    return pairs


def _collapse(found: pd.DataFrame) -> pd.DataFrame:
    keys = ["enzyme", "structure"]
    tier = pd.Categorical(found["evidence"], categories=EVIDENCE, ordered=True).codes
    found = found.assign(tier=tier)
    grouped = found.groupby(keys, sort=True)
    rows = grouped.agg(
        metabolite=("metabolite", "first"),
        bigg_id=("bigg_id", "first"),
        r_group=("r_group", "first"),
        tier=("tier", "min"),
        n_proteins=("accession", "nunique"),
        any_reversible=("reversible", "any"),
        all_reversible=("reversible", "all"),
    )
    distinct = found[[*keys, "rhea"]].drop_duplicates().sort_values([*keys, "rhea"])
    named = distinct.assign(rhea=distinct["rhea"].astype(str)).groupby(keys, sort=True)["rhea"]
    rows["reactions"] = named.agg(";".join)
    rows["n_reactions"] = named.size()
    rows["side"] = np.select(
        [rows["all_reversible"], rows["any_reversible"]],
        ["reversible", "both"],
        default="substrate",
    )
    rows["evidence"] = rows["tier"].map(dict(enumerate(EVIDENCE)))
    rows["currency"] = rows["bigg_id"].isin(CURRENCY_METABOLITES)
    table = rows.reset_index()[PAIR_COLUMNS]
    return table.sort_values(["enzyme", "metabolite"], ignore_index=True)
