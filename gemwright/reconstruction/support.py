"""How well genes and scores support every reaction, and the penalties of eq. (12)."""

import pandas as pd

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.gem.species import reaction_metabolites


def best_scores(
    complexes: pd.DataFrame, scores: pd.DataFrame, stoichiometry: pd.DataFrame
) -> pd.DataFrame:
    """Best score of any enzyme of a reaction with any of the reaction's metabolites.

    Parameters
    ----------
    complexes : pandas.DataFrame
        reaction, genes (tuple), confidence.
    scores : pandas.DataFrame
        protein, metabolite, score.
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient.

    Returns
    -------
    pandas.DataFrame
        reaction, genes, protein, metabolite, score; the best row for each reaction and complex.
    """
    members = complexes[["reaction", "genes"]].drop_duplicates()
    members = members.assign(protein=members["genes"]).explode("protein")
    pairs = members.merge(reaction_metabolites(stoichiometry), on="reaction")
    found = pairs.merge(scores, on=["protein", "metabolite"])
    found = found.sort_values(
        ["reaction", "genes", "score", "protein", "metabolite"],
        ascending=[True, True, False, True, True],
    )
    return found.drop_duplicates(["reaction", "genes"], ignore_index=True)


def reaction_support(
    complexes: pd.DataFrame,
    scores: pd.DataFrame,
    stoichiometry: pd.DataFrame,
    options: ReconstructionOptions | None = None,
) -> pd.DataFrame:
    """P(reaction | E_pred, M_obs) and the penalty alpha = 1 - P of eq. (12).

    The paper does not say how P of a reaction follows from scores of pairs. Here, for the best
    complex of the reaction: P = h (p + (1 - p) s) with the homology confidence h, the best score
    s of its proteins with the reaction's metabolites, and p = `evidence_prior`; s = 0 if no such
    pair was scored. Without any scores, and unless the method is ``emi``, P = h. A reaction that is
    not in the result has no gene in the proteome: its P is 0 and its alpha 1.

    Parameters
    ----------
    complexes : pandas.DataFrame
        The table of `mapping.rule_complexes`.
    scores : pandas.DataFrame
        protein, metabolite, score; may be empty.
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient of the universe.
    options : ReconstructionOptions, optional
        `method`, `evidence_prior`, `min_alpha`.

    Returns
    -------
    pandas.DataFrame
        reaction, probability, alpha, genes, confidence, identity, protein, metabolite, score
        (the last three empty or NaN where nothing was scored); one row for each reaction with
        genes (or spontaneous), sorted.
    """
    options = options or ReconstructionOptions()
    columns = ["reaction", "genes", "confidence", "identity"]
    table = complexes[columns].merge(
        best_scores(complexes, scores, stoichiometry), on=["reaction", "genes"], how="left"
    )
    if scores.empty or options.method != "emi":
        table["probability"] = table["confidence"]
    else:
        prior = options.evidence_prior
        table["probability"] = table["confidence"] * (
            prior + (1 - prior) * table["score"].fillna(0.0).clip(0.0, 1.0)
        )
    table = table.sort_values(
        ["reaction", "probability", "genes"], ascending=[True, False, True]
    ).drop_duplicates("reaction")
    table["alpha"] = (1 - table["probability"]).clip(options.min_alpha, 1.0)
    table[["protein", "metabolite"]] = table[["protein", "metabolite"]].fillna("")
    return table[
        ["reaction", "probability", "alpha", *columns[1:], "protein", "metabolite", "score"]
    ].reset_index(drop=True)
