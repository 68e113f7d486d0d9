"""Why each reaction is in the model."""

import logging
from collections.abc import Mapping

import numpy as np
import pandas as pd

from gemwright.gem.gpr import genes_of
from gemwright.io.tables import object_column

logger = logging.getLogger(__name__)


def provenance_table(
    reasons: pd.DataFrame,
    support: pd.DataFrame,
    complexes: pd.DataFrame,
    mapping: pd.DataFrame,
    selected: pd.DataFrame,
    added: pd.DataFrame,
    unblocks: Mapping[str, str],
) -> pd.DataFrame:
    """Say of every reaction why it is in the model.

    Parameters
    ----------
    reasons : pandas.DataFrame
        reaction, reason, rule of the whole model.
    support : pandas.DataFrame
        The table of `support.reaction_support`.
    complexes : pandas.DataFrame
        The table of `mapping.rule_complexes`.
    mapping : pandas.DataFrame
        The table of `mapping.map_proteome`.
    selected : pandas.DataFrame
        The table of `selection.select_enzymes`.
    added : pandas.DataFrame
        reaction, medium, alpha from gap-filling.
    unblocks : mapping of str to str
        Gap-filled reaction to the biomass precursors that need it.

    Returns
    -------
    pandas.DataFrame
        reaction, reason, rule, enzymes (tuple of the selected ones that put it there),
        metabolite and score (of the surest selection among them), partners (tuple of the
        rule's genes that were not selected), bigg_model and bigg_genes (whose rule was taken),
        identity, confidence, probability, alpha, pair_protein, pair_metabolite and pair_score (the
        scored pair behind the probability, also of reactions that nothing selected), medium,
        unblocks; sorted by reaction. The pipeline adds method, by which the model was made in
        fact: homology, where no scores were to be had.
    """
    table = reasons.sort_values("reaction", ignore_index=True)
    picked = selected.sort_values(
        ["protein", "score", "metabolite"], ascending=[True, False, True]
    ).drop_duplicates("protein")
    pick = picked.set_index("protein")[["metabolite", "score"]].to_dict("index")

    enzymes, metabolites, scores, partners = [], [], [], []
    for rule in table["rule"]:
        genes = sorted(genes_of(rule))
        chosen = sorted(
            (gene for gene in genes if gene in pick), key=lambda g: (-pick[g]["score"], g)
        )
        enzymes.append(tuple(chosen))
        metabolites.append(pick[chosen[0]]["metabolite"] if chosen else "")
        scores.append(pick[chosen[0]]["score"] if chosen else np.nan)
        partners.append(tuple(gene for gene in genes if gene not in pick) if chosen else ())
    table = table.assign(
        enzymes=object_column(enzymes),
        metabolite=metabolites,
        score=scores,
        partners=object_column(partners),
    )

    best = complexes.sort_values(
        ["reaction", "confidence", "model", "complex"], ascending=[True, False, True, True]
    ).drop_duplicates("reaction")
    origin = best[["reaction", "model", "complex"]].rename(
        columns={"model": "bigg_model", "complex": "bigg_genes"}
    )
    pair = {"protein": "pair_protein", "metabolite": "pair_metabolite", "score": "pair_score"}
    facts = support.drop(columns="genes").rename(columns=pair)
    table = table.merge(origin, on="reaction", how="left").merge(facts, on="reaction", how="left")
    texts = ["bigg_model", "bigg_genes", "pair_protein", "pair_metabolite"]
    table[texts] = table[texts].fillna("")
    gaps = added.set_index("reaction")
    table["medium"] = table["reaction"].map(gaps["medium"]).fillna("")
    table["alpha"] = table["alpha"].fillna(table["reaction"].map(gaps["alpha"]))
    table["unblocks"] = table["reaction"].map(dict(unblocks)).fillna("")
    return table


def with_evidence(
    provenance: pd.DataFrame, evidence: pd.DataFrame, *, calibrated: bool
) -> pd.DataFrame:
    """Add what speaks for each reaction, genes aside.

    Parameters
    ----------
    provenance : pandas.DataFrame
        The table of `provenance_table`.
    evidence : pandas.DataFrame
        The table of `evidence.reaction_evidence`, and probability.
    calibrated : bool
        Whether its probability takes the place of that of `support.reaction_support`: then
        reactions without a gene have one as well.
    """
    rest = evidence.drop(columns=["confidence", "probability"])
    table = provenance.merge(rest, on="reaction", how="left")
    if calibrated:
        known = evidence.set_index("reaction")["probability"]
        table["probability"] = table["reaction"].map(known)
    return table
