"""Sampled saturations: independent and uniform, as ORACLE draws them."""

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.errors import InputError


def sample_saturations(
    n_sets: int, n_terms: int, seed: int, bounds: tuple[float, float] = (0.0, 1.0)
) -> FloatArray:
    """Draw saturations.

    Parameters
    ----------
    n_sets, n_terms : int
        How many sets of how many binding terms.
    seed : int
        The first k sets of a seed are the same for any number of sets.
    bounds : (float, float)
        Of the uniform distribution, within [0, 1].

    Returns
    -------
    numpy.ndarray
        Strictly inside of the bounds, shape (sets, terms).

    Raises
    ------
    InputError
        If the bounds are not 0 <= low < high <= 1.
    """
    low, high = bounds
    if not 0 <= low < high <= 1:
        raise InputError(
            "kinetics.saturation_bounds",
            f"[{low:g}, {high:g}] are no bounds within [0, 1]",
            "give two numbers, the lower first, between 0 and 1",
        )
    # 52 random bits and a half: neither 0 nor 1 can come out
    drawn = np.random.default_rng(seed).integers(0, 1 << 52, size=(n_sets, n_terms))
    return np.asarray(low + (high - low) * ((drawn + 0.5) / (1 << 52)))
