"""The control that transfers the known substrates of homologues."""

from gemwright.arrays import SingleArray
from gemwright.emi.models.predictor import Predictor
from gemwright.emi.question import Question


class Homologue(Predictor):
    """Votes of homologues, see `gemwright.emi.homologues.homologue_votes`."""

    def predict(self, question: Question) -> SingleArray:
        """Score all pairs, see `Predictor.predict`."""
        votes: SingleArray = question.votes().toarray()
        return votes
