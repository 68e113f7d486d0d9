"""Scores of predictions, without scikit-learn: importing it takes longer than short trainings."""

import numpy as np

from gemwright.arrays import BoolArray, FloatArray


def area_under_curve(true: BoolArray, scores: FloatArray) -> float:
    """Area under the ROC curve; a tie counts as half.

    Parameters
    ----------
    true : numpy.ndarray of bool, shape (n,)
        Positives; there have to be both classes.
    scores : numpy.ndarray of float, shape (n,)
        Larger for a likelier positive.
    """
    order = np.argsort(scores, kind="stable")[::-1]
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    hits = np.cumsum(true[order])[ends]
    misses = ends + 1 - hits
    # corners only: the sum is rounded as scikit-learn's is
    bends = np.diff(hits, 2).astype(bool) | np.diff(misses, 2).astype(bool)
    corners = np.r_[True, bends, True] if len(ends) > 2 else np.full(len(ends), True)
    hit, missed = (np.r_[0, counts[corners]] / counts[-1] for counts in (hits, misses))
    return float(np.trapezoid(hit, missed))


def explained_variance(true: FloatArray, told: FloatArray) -> float:
    """Share of the variance of values, which are not all the same, that is told: r2."""
    left, whole = ((true - told) ** 2).sum(), ((true - true.mean()) ** 2).sum()
    return float(1 - left / whole)
