"""Scores of a whole proteome against observed metabolites."""

import numpy as np
import pandas as pd

from gemwright.emi.models.predictor import Predictor, scores_of
from gemwright.emi.question import Question


def score_proteome(
    predictor: Predictor, question: Question, min_score: float = 0.0
) -> pd.DataFrame:
    """Score every protein of an organism against every observed metabolite.

    Parameters
    ----------
    predictor : Predictor
        Fitted.
    question : Question
        Its enzymes are the proteome, by identifiers of proteins; its metabolites the observed ones
        that have a structure; `known` all interactions.
    min_score : float
        Pairs below it are left out.

    Returns
    -------
    pandas.DataFrame
        protein, metabolite, score (0 to 1); sorted by metabolite, falling score, protein.

    Raises
    ------
    InputError
        If the predictor gives no scores from 0 to 1.
    """
    matrix = scores_of(predictor, question)
    proteins, metabolites = question.enzymes.ids, question.metabolites.ids
    row, column = np.nonzero(matrix >= min_score)
    # categories in alphabetical order, so that codes sort like names
    protein_rank = pd.Categorical(proteins[row], categories=sorted(proteins))
    metabolite_rank = pd.Categorical(metabolites[column], categories=sorted(metabolites))
    score = matrix[row, column]
    order = np.lexsort((protein_rank.codes, -score, metabolite_rank.codes))
    return pd.DataFrame(
        {
            "protein": protein_rank[order],
            "metabolite": metabolite_rank[order],
            "score": score[order].astype(np.float32),
        }
    )
