"""The section ``scoring``: scores of a proteome against its metabolome."""

from typing import Literal

from gemwright.config.section import Section, Share

Scorer = Literal["tower", "homologue", "homologue+popularity", "stack", "popularity"]


class ScoringSettings(Section):
    """Scores of a proteome against its metabolome."""

    #: Predictor whose scores choose the enzymes of an organism.
    scorer: Scorer = "stack"
    #: Pairs scored below it are left out of the score tables.
    min_score: Share = 0.001
