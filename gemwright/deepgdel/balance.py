"""Which pairs of target and gene are trained on: the paper's balancing (III-C-2)."""

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from gemwright.arrays import BoolArray, IntArray
from gemwright.errors import InputError, require_known

#: ``paper``: by gene, then by class; ``classes``: by class only; ``none``: all pairs.
Balance = Literal["paper", "classes", "none"]


def balanced_pairs(remains: npt.NDArray[np.int8], seed: int, balance: Balance) -> BoolArray:
    """Draw the pairs to train on.

    Parameters
    ----------
    remains : numpy.ndarray of int8, shape (n, m)
        States of the training targets.
    seed : int
        Seed of the draw.
    balance : {'paper', 'classes', 'none'}
        ``paper``: of a gene with both states, as many pairs of each are drawn as the rarer has;
        of other genes all pairs are kept. Then pairs of the state that is in the majority overall
        are dropped by chance until both states are equally frequent. ``classes`` does the second
        step only. Table VII's "balanced" counts are those of ``none``.

    Returns
    -------
    numpy.ndarray of bool, shape (n, m)
        The pairs drawn; all of them if they have one state only.

    Raises
    ------
    InputError
        If the way of balancing is unknown.
    """
    require_known("balance", balance, get_args(Balance))
    kept = remains == 1
    chosen = np.ones(kept.shape, dtype=bool)
    if balance == "none":
        return chosen
    if not kept.any() or kept.all():
        return chosen
    generator = np.random.default_rng([seed, 1])
    if balance == "paper":
        counts = kept.sum(axis=0)
        rarer = np.minimum(counts, len(kept) - counts)
        most = np.where(rarer > 0, rarer, len(kept))
        for state in (kept, ~kept):
            chosen &= ~state | (_random_rank(state, generator) < most)
    for state, other in ((kept, ~kept), (~kept, kept)):
        rows, columns = np.nonzero(chosen & state)
        surplus = len(rows) - int((chosen & other).sum())
        if surplus > 0:
            dropped = generator.choice(len(rows), surplus, replace=False)
            chosen[rows[dropped], columns[dropped]] = False
            break
    return chosen


def split_validation(rows: IntArray, share: float, seed: int) -> tuple[IntArray, IntArray]:
    """Divide training targets by chance into those to fit and those to validate on.

    Parameters
    ----------
    rows : numpy.ndarray of int
        Training targets.
    share : float
        Share to validate on, rounded, at least one target; 0 for none.
    seed : int
        Seed of the draw.

    Returns
    -------
    fit, validation : numpy.ndarray of int
        Sorted.

    Raises
    ------
    InputError
        If nothing would be left to fit.
    """
    if share == 0:
        return np.sort(rows), rows[:0]
    count = max(1, round(share * len(rows)))
    if not 0 < share < 1 or count >= len(rows):
        raise InputError(
            "training",
            f"{len(rows)} targets are too few to validate on a share of {share}",
            "give more targets or a smaller share",
        )
    order = np.random.default_rng([seed, 2]).permutation(np.sort(rows))
    return np.sort(order[count:]), np.sort(order[:count])


def _random_rank(state: BoolArray, generator: np.random.Generator) -> IntArray:
    """Random rank, from 0, of each True entry among those of its column."""
    keys = np.where(state, generator.random(state.shape), 2.0)
    rank: IntArray = np.argsort(np.argsort(keys, axis=0), axis=0)
    return rank
