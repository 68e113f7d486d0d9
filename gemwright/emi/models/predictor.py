"""What every predictor of interactions offers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gemwright.arrays import SingleArray
from gemwright.emi.question import Question
from gemwright.errors import InputError
from gemwright.io.plugins import make

if TYPE_CHECKING:
    from gemwright.emi.data import EmiData


class Predictor(ABC):
    """Scores pairs of enzymes and metabolites; its options are the keywords of the constructor.

    A predictor that learns nothing has `predict` alone.
    """

    def fit(self, data: "EmiData") -> None:  # noqa: B027
        """Learn from the training part.

        Parameters
        ----------
        data : EmiData
            Without a test part; the validation part may choose when to stop.
        """

    @abstractmethod
    def predict(self, question: Question) -> SingleArray:
        """Score all pairs that are asked about.

        Parameters
        ----------
        question : Question
            n enzymes and m metabolites, and the interactions that may be used.

        Returns
        -------
        ndarray of float32, shape (n, m)
            0 to 1, larger for a likelier interaction.
        """

    def save(self, folder: Path) -> None:  # noqa: B027
        """Write what was learned to a folder that exists."""

    def load(self, folder: Path) -> None:  # noqa: B027
        """Read what `save` wrote."""


def read_predictor(
    place: str, options: Mapping[str, Any] | None = None, folder: str | Path = "."
) -> Predictor:
    """Make a predictor and read what it has learned.

    Parameters
    ----------
    place : str
        ``module:Class`` or ``file.py:Class``, see `gemwright.io.plugins.load`.
    options : mapping, optional
        Keywords of the class.
    folder : str or Path
        Where `Predictor.save` wrote, or a file in that folder.

    Raises
    ------
    InputError
        If the class cannot be loaded, does not take the options, or its files are not readable.
    """
    predictor: Predictor = make(place, options)
    predictor.load(Path(folder) if Path(folder).is_dir() else Path(folder).parent)
    return predictor


def scores_of(predictor: Predictor, question: Question) -> SingleArray:
    """Ask a predictor and make sure that the answer is one.

    Raises
    ------
    InputError
        If it is of another shape, or a score is not from 0 to 1.
    """
    scores = np.asarray(predictor.predict(question), dtype=np.float32)
    shape = len(question.enzymes.ids), len(question.metabolites.ids)
    if scores.shape != shape or not ((scores >= 0) & (scores <= 1)).all():
        raise InputError(
            f"predictor {type(predictor).__name__}",
            f"gave an array {scores.shape} of scores from {scores.min(initial=1)}"
            f" to {scores.max(initial=0)}",
            f"return an array {shape} of scores from 0 to 1",
        )
    return scores
