"""The section ``scoring``: scores of a proteome against its metabolome."""

from typing import Literal

from gemwright.config.section import Section, Share, section


@section
class ScoringSettings(Section):
    """Scores of a proteome against its metabolome.

    Attributes
    ----------
    scorer
        Predictor whose scores choose the enzymes of an organism.
    min_score
        Pairs scored below it are left out of the score tables.
    """

    scorer: Literal["tower", "homologue", "homologue+popularity", "stack", "popularity"] = "stack"
    min_score: Share = 0.001
