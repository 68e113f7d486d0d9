"""Which parameters separate relevant from other sets: KL divergences, with their noise beside.

The products of irreversible reactions bind to nothing in the rate laws, so their K_M separate
nothing: the largest divergence among them is noise. As they are few, the divergences of all
parameters under shuffled labels stand beside as a second, stricter floor.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray, FloatArray, IndexArray
from gemwright.errors import InputError
from gemwright.rekindle.quality import kl_divergence

# of the largest divergence under shuffled labels
_CHANCE_QUANTILE = 0.95


def bin_parameters(values: FloatArray, bins: int) -> IndexArray:
    """Put each parameter's values into bins of its own, as many in one as in the other.

    Saturations and ln K_M then give the same divergences.

    Parameters
    ----------
    values : numpy.ndarray, shape (sets, parameters)
        Saturations or ln K_M.
    bins : int
        Bins of each parameter.

    Returns
    -------
    numpy.ndarray of int, shape (sets, parameters)
        Bins from 0.
    """
    ranks = values.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return np.asarray(ranks * bins // max(len(values), 1))


def bin_counts(codes: IndexArray, bins: int) -> FloatArray:
    """Histograms of binned parameters, shape (parameters, bins)."""
    columns = codes.shape[1]
    flat = (codes + np.arange(columns) * bins).ravel()
    return np.bincount(flat, minlength=columns * bins).reshape(columns, bins).astype(np.float64)


def check_parameters(values: Sequence[FloatArray], names: Sequence[str], inert: BoolArray) -> None:
    """Check that sets, names and the mask of inert parameters fit each other."""
    for array in values:
        if array.ndim != 2 or array.shape[1] != len(names) or len(inert) != len(names):
            raise InputError(
                "parameter sets",
                f"an array of shape {array.shape} does not fit {len(names)} names and"
                f" {len(inert)} marks of inert parameters",
                "give one column for each parameter, in the order of the names",
            )
        if len(array) == 0:
            raise InputError(
                "parameter sets",
                "one of the two classes is empty",
                "generate or label sets of both classes",
            )


def rank_parameters(
    relevant: FloatArray,
    other: FloatArray,
    names: Sequence[str],
    inert: BoolArray,
    *,
    bins: int = 20,
    pseudo_count: float = 0.5,
    permutations: int = 20,
    seed: int = 0,
) -> pd.DataFrame:
    """Rank parameters by how far their distributions differ between two classes.

    Parameters
    ----------
    relevant, other : numpy.ndarray, shape (sets, parameters)
        Saturations (or ln K_M) of the two classes.
    names : sequence of str
        Of the parameters.
    inert : numpy.ndarray of bool, shape (parameters,)
        Parameters that no rate depends on.
    bins : int
        Of the histograms.
    pseudo_count : float
        Added to each bin.
    permutations : int
        How often the classes are shuffled for the chance floor.
    seed : int
        Of the shuffling.

    Returns
    -------
    pandas.DataFrame
        rank (from 1), parameter, position (column of the arrays), inert, kl (KL(relevant || other),
        nats), direction (+1 where relevant sets have the larger mean, else -1; of the values given:
        ln K_M runs against the saturation), inert_floor (largest divergence of an inert parameter;
        missing without any), chance_floor (95 % quantile, over shuffles of the classes, of the
        largest divergence of any parameter), above_inert, above_chance.

    Raises
    ------
    InputError
        If the arrays do not fit or a class is empty.
    """
    check_parameters([relevant, other], names, inert)
    pooled = np.concatenate([relevant, other])
    codes = bin_parameters(pooled, bins)
    total = bin_counts(codes, bins)
    size = len(relevant)

    def divergences(members: IndexArray) -> FloatArray:
        first = bin_counts(codes[members], bins)
        return kl_divergence(first, total - first, pseudo_count)

    kl = divergences(np.arange(size))
    rng = np.random.default_rng(seed)
    shuffled = [
        float(divergences(rng.permutation(len(pooled))[:size]).max()) for _ in range(permutations)
    ]
    chance_floor = float(np.quantile(shuffled, _CHANCE_QUANTILE)) if shuffled else float("nan")
    inert_floor = float(kl[inert].max()) if inert.any() else float("nan")
    order = np.argsort(-kl, kind="stable")
    rises = relevant.mean(axis=0) >= other.mean(axis=0)
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(order) + 1),
            "parameter": np.array(names, dtype=object)[order],
            "position": order,
            "inert": inert[order],
            "kl": kl[order],
            "direction": np.where(rises, 1, -1)[order],
            "inert_floor": inert_floor,
            "chance_floor": chance_floor,
            "above_inert": kl[order] > inert_floor,
            "above_chance": kl[order] > chance_floor,
        }
    )
