"""The control that knows the metabolite only."""

import numpy as np

from gemwright.arrays import SingleArray
from gemwright.emi.models.predictor import Predictor
from gemwright.emi.question import Question


class Popularity(Predictor):
    """Share of known enzymes that act on each metabolite, whatever the enzyme."""

    def predict(self, question: Question) -> SingleArray:
        """Score all pairs, see `Predictor.predict`."""
        shape = len(question.enzymes.ids), len(question.metabolites.ids)
        return np.broadcast_to(question.popularity, shape)
