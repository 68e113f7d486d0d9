"""The control that transfers substrates of homologues, and knows the metabolite where none is."""

import numpy as np

from gemwright.arrays import SingleArray
from gemwright.emi.models.predictor import Predictor
from gemwright.emi.question import Question


class HomologueOrPopularity(Predictor):
    """Votes of homologues; popularity for enzymes that have no homologue.

    Half of one plus the vote where there is a vote; half the popularity, relative to the most
    popular metabolite, for an enzyme without any vote; else 0. A vote thus always outranks
    popularity.
    """

    def predict(self, question: Question) -> SingleArray:
        """Score all pairs, see `Predictor.predict`."""
        votes, popular = question.votes().toarray(), question.popularity
        relative = popular / max(float(popular.max(initial=0)), 1e-12)
        has_votes = votes.max(axis=1, keepdims=True, initial=0) > 0
        fallback = np.where(has_votes, 0, 0.5 * relative)
        return np.where(votes > 0, 0.5 + 0.5 * votes, fallback).astype(np.float32)
