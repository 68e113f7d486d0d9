"""A logistic regression over the tower, the homologues and the popularity."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gemwright.arrays import IndexArray, SingleArray
from gemwright.errors import InputError
from gemwright.io.files import write_text

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


@dataclass(frozen=True)
class Stack:
    """Coefficients of the stack.

    Attributes
    ----------
    coefficients : tuple of float
        One for each of `FEATURES`.
    intercept : float
        Intercept.
    """

    coefficients: tuple[float, ...]
    intercept: float

    def predict(self, tower: SingleArray, votes: SingleArray, popular: SingleArray) -> SingleArray:
        """Interaction probability of all pairs.

        Parameters
        ----------
        tower : ndarray, shape (n, m)
            Probabilities of the tower.
        votes : ndarray, shape (n, m)
            Votes of homologues.
        popular : ndarray, shape (m,)
            Popularity.

        Returns
        -------
        ndarray of float32, shape (n, m)
        """
        total = np.full(tower.shape, self.intercept, dtype=np.float64)
        for value, feature in zip(self.coefficients, _features(tower, votes, popular), strict=True):
            total += value * feature
        return (1 / (1 + np.exp(-total))).astype(np.float32)

    def write(self, path: str | Path) -> None:
        """Write as JSON, features by name."""
        facts = {
            "intercept": self.intercept,
            "coefficients": dict(zip(FEATURES, self.coefficients, strict=True)),
        }
        write_text(path, json.dumps(facts, indent=2) + "\n")


def read_stack(path: str | Path) -> Stack:
    """Read what `Stack.write` wrote.

    Raises
    ------
    InputError
        If the file is missing or no stack.
    """
    try:
        facts = json.loads(Path(path).read_text(encoding="utf-8"))
        return Stack(
            tuple(float(facts["coefficients"][name]) for name in FEATURES),
            float(facts["intercept"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            str(path), f"is no readable stack ({error})", "train the model again"
        ) from error


def fit_stack(
    row: IndexArray,
    column: IndexArray,
    label: npt.NDArray[np.integer],
    tower: SingleArray,
    votes: SingleArray,
    popular: SingleArray,
) -> Stack:
    """Fit the stack on pairs that the tower has not learned from.

    The pairs are those of the validation part, whose clusters the tower never saw, so that the
    stack learns how far to trust each predictor on new enzymes; the test part stays untouched.

    Parameters
    ----------
    row, column : ndarray of int, shape (p,)
        Position of each labelled pair in the matrices.
    label : ndarray of int, shape (p,)
        1 for an interaction.
    tower, votes : ndarray, shape (n, m)
        Probabilities of the tower; votes of homologues.
    popular : ndarray, shape (m,)
        Popularity.

    Returns
    -------
    Stack
    """
    from sklearn.linear_model import LogisticRegression

    columns = [feature[row, column] for feature in _features(tower, votes, popular)]
    features = np.stack(columns, axis=1)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(features, label)
    return Stack(tuple(float(value) for value in model.coef_[0]), float(model.intercept_[0]))


def _features(
    tower: SingleArray, votes: SingleArray, popular: SingleArray
) -> list[npt.NDArray[Any]]:
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
