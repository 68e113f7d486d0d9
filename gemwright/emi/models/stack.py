"""A logistic regression over the tower, the homologues and the popularity."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gemwright.arrays import SingleArray
from gemwright.emi.models.predictor import Predictor
from gemwright.emi.models.tower import Tower
from gemwright.emi.question import Question
from gemwright.errors import InputError
from gemwright.io.files import write_text

if TYPE_CHECKING:
    from gemwright.emi.data import EmiData

FEATURES = (
    "tower logit",
    "tower logit, no homologue",
    "vote",
    "has the vote",
    "no homologue",
    "log popularity",
    "log popularity, no homologue",
)
_LEAST_POPULARITY = 1e-4


class Stack(Predictor):
    """Weighs what the tower, the homologues and the popularity say.

    Parameters
    ----------
    tower : Tower, optional
        Fitted; `load` reads it from the same folder.

    Attributes
    ----------
    coefficients : tuple of float
        One for each of `FEATURES`, once it is fitted or loaded.
    intercept : float
        Intercept.
    """

    coefficients: tuple[float, ...]
    intercept: float

    def __init__(self, tower: Tower | None = None) -> None:
        self.tower = tower or Tower()

    def fit(self, data: "EmiData") -> None:
        """Fit on the validation part, whose clusters the tower has not learned from.

        The stack thus learns how far to trust each predictor on new enzymes.
        """
        from sklearn.linear_model import LogisticRegression

        question, pairs = data.question("validation", "train"), data.pairs("validation")
        at = question.positions(pairs)
        features = np.stack([feature[at] for feature in self._features(question)], axis=1)
        model = LogisticRegression(C=1.0, max_iter=1000).fit(features, pairs["label"].to_numpy())
        self.coefficients = tuple(float(value) for value in model.coef_[0])
        self.intercept = float(model.intercept_[0])

    def predict(self, question: Question) -> SingleArray:
        """Interaction probability of all pairs, see `Predictor.predict`."""
        features = self._features(question)
        total = np.full(features[0].shape, self.intercept, dtype=np.float64)
        for value, feature in zip(self.coefficients, features, strict=True):
            total += value * feature
        return (1 / (1 + np.exp(-total))).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write ``stack.json``, features by name."""
        facts = {
            "intercept": self.intercept,
            "coefficients": dict(zip(FEATURES, self.coefficients, strict=True)),
        }
        write_text(folder / "stack.json", json.dumps(facts, indent=2) + "\n")

    def load(self, folder: Path) -> None:
        """Read what `save` and that of the tower wrote.

        Raises
        ------
        InputError
            If a file is missing or damaged.
        """
        self.tower.load(folder)
        path = folder / "stack.json"
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            self.coefficients = tuple(float(facts["coefficients"][name]) for name in FEATURES)
            self.intercept = float(facts["intercept"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                str(path), f"is no readable stack ({error})", "train the model again"
            ) from error

    def _features(self, question: Question) -> list[npt.NDArray[Any]]:
        """Arrays of shape (n, m), one for each of `FEATURES`."""
        votes, popular = question.votes().toarray(), question.popularity
        tower = self.tower.predict(question)
        clipped = np.clip(tower.astype(np.float64), 1e-7, 1 - 1e-7)
        logit = np.log(clipped) - np.log1p(-clipped)
        alone = np.broadcast_to(votes.max(axis=1, keepdims=True, initial=0) <= 0, tower.shape)
        log_popularity = np.log(np.maximum(popular, _LEAST_POPULARITY) / _LEAST_POPULARITY)
        log_popularity = np.broadcast_to(log_popularity[None, :], tower.shape)
        return [
            logit,
            logit * alone,
            votes,
            (votes > 0).astype(np.float64),
            alone.astype(np.float64),
            log_popularity,
            log_popularity * alone,
        ]
