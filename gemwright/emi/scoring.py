"""Scores of a whole proteome against observed metabolites."""

from typing import Literal

import numpy as np
import pandas as pd

from gemwright.embedding.protocol import Embeddings
from gemwright.emi.prediction import EmiModel, predict
from gemwright.errors import InputError

Scorer = Literal["tower", "homologue", "homologue+popularity", "stack", "popularity"]


def score_proteome(
    proteins: Embeddings,
    metabolites: Embeddings,
    hits: pd.DataFrame,
    known: pd.DataFrame,
    model: EmiModel | None,
    scorer: Scorer = "stack",
    min_score: float = 0.0,
) -> pd.DataFrame:
    """Score every protein of an organism against every observed metabolite.

    Parameters
    ----------
    proteins : Embeddings
        Vectors of the proteome, identifiers of proteins.
    metabolites : Embeddings
        Vectors of the observed metabolites (those with a structure).
    hits : pandas.DataFrame
        Search of the proteome against the enzymes of `known`
        (`gemwright.homology.diamond.search`).
    known : pandas.DataFrame
        enzyme, metabolite: all interactions that homologues may vote with.
    model : EmiModel or None
        Needed by ``tower`` and ``stack``.
    scorer : str
        Which predictor gives the score.
    min_score : float
        Pairs below it are left out.

    Returns
    -------
    pandas.DataFrame
        enzyme (protein identifier), metabolite, score (0 to 1; a probability for ``tower`` and
        ``stack``); sorted by metabolite, falling score, enzyme.

    Raises
    ------
    InputError
        If the scorer needs a model, or a stack, that is not there.
    """
    scores = predict(model, proteins, metabolites, hits, known)
    if scorer not in scores:
        raise InputError(
            f"scorer {scorer!r}",
            "is unknown or not part of the model",
            f"choose among {', '.join(scores)}, or train the model with a stack",
        )
    matrix = scores[scorer]
    row, column = np.nonzero(matrix >= min_score)
    # categories in alphabetical order, so that codes sort like names
    protein_rank = pd.Categorical(proteins.ids[row], categories=sorted(proteins.ids))
    metabolite_rank = pd.Categorical(metabolites.ids[column], categories=sorted(metabolites.ids))
    score = matrix[row, column]
    order = np.lexsort((protein_rank.codes, -score, metabolite_rank.codes))
    return pd.DataFrame(
        {
            "enzyme": protein_rank[order],
            "metabolite": metabolite_rank[order],
            "score": score[order].astype(np.float32),
        }
    )
