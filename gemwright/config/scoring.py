"""The section ``scoring``: predictors of interactions, and scores of a proteome."""

from dataclasses import field
from typing import Any

from gemwright.config.section import Section, Share


class ScoringSettings(Section):
    """Scores of a proteome against its metabolome."""

    #: Predictor whose scores choose the enzymes of an organism: ``stack``, ``tower``,
    #: ``homologue`` ..., or ``file.py:Class`` of yours.
    scorer: str = "stack"
    #: Predictors of yours, ``file.py:Class``, that are evaluated beside the others, and the options
    #: of each (``{}`` for none).
    predictors: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Pairs scored below it are left out of the score tables.
    min_score: Share = 0.001
