"""What a generator is conditioned on: a label, a shuffled label, or the time constant."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.kinetics.labelling import time_constant_between
from gemwright.kinetics.physiology import ParameterSets

Condition = Literal["label", "shuffled", "time_constant"]
RELEVANT, OTHER = -1.0, 1.0


@dataclass(frozen=True)
class Conditioning:
    """Conditions of training sets, and what to ask for.

    Parameters
    ----------
    values : numpy.ndarray
        Of the training sets, within [-1, 1], shape (sets,).
    asked : numpy.ndarray
        Conditions that stand for what is wanted, to be drawn from.
    """

    values: FloatArray
    asked: FloatArray

    def rows(self, n_sets: int, seed: int) -> FloatArray:
        """Conditions to generate wanted sets with, shape (n_sets, 1)."""
        drawn = np.random.default_rng(seed).integers(0, len(self.asked), n_sets)
        return self.asked[drawn][:, None]


def conditioning(
    sets: ParameterSets, condition: Condition, window: tuple[float, float], seed: int
) -> Conditioning:
    """Conditions of labelled sets.

    Parameters
    ----------
    sets : ParameterSets
        Training sets.
    condition : str
        ``label``: -1 relevant, +1 not; ``shuffled``: the same, at random; ``time_constant``: the
        rank of the largest eigenvalue, from -1 (fastest) to +1.
    window : (float, float)
        Time constants (minutes) that are wanted under ``time_constant``. Where no training set
        has one, the fastest is asked for.
    seed : int
        Of the shuffling.

    Raises
    ------
    InputError
        If all sets have one label, or the window is none.
    """
    if sets.relevant.all() or not sets.relevant.any():
        raise InputError(
            "training sets",
            f"all {len(sets.relevant)} are {'' if sets.relevant.all() else 'not '}relevant",
            "sample more sets, or change kinetics.slowest",
        )
    if condition == "time_constant":
        order = np.argsort(sets.largest, kind="stable")
        ranks = np.empty(len(order))
        ranks[order] = np.linspace(-1.0, 1.0, len(order))
        inside = time_constant_between(*window)(sets.largest)
        return Conditioning(ranks, ranks[inside] if inside.any() else np.array([-1.0]))
    labels = sets.relevant
    if condition == "shuffled":
        labels = np.random.default_rng(seed).permutation(labels)
    return Conditioning(np.where(labels, RELEVANT, OTHER), np.array([RELEVANT]))
