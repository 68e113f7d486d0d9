"""The control that spreads as widely as a generator: a box of saturations."""

import numpy as np
import scipy.optimize
import scipy.special

from gemwright.arrays import FloatArray
from gemwright.errors import InputError

_NARROWEST = 1e-3


def box_deviation(half_width: float) -> float:
    """Return the deviation of ln K_M where sigma ~ U(0.5 - w, 0.5 + w), in closed form.

    At w = 1/2 it is that of the logistic distribution, pi / sqrt(3).

    Parameters
    ----------
    half_width : float
        w, in (0, 0.5].
    """
    if half_width >= 0.5:
        return float(np.pi / np.sqrt(3))
    if half_width < _NARROWEST:
        return float(4 * half_width / np.sqrt(3))
    # logit(sigma) is a logistic variable cut off at +-edge
    edge = 2 * float(np.arctanh(2 * half_width))
    tail = float(scipy.special.expit(-edge))
    # integral of x / (1 + exp(x)) from 0 to edge; spence(z) is the dilogarithm of 1 - z
    integral = (
        scipy.special.spence(1 + np.exp(-edge)) + np.pi**2 / 12 - edge * np.log1p(np.exp(-edge))
    )
    return float(np.sqrt((2 * integral - edge**2 * tail) / half_width))


def matched_box(
    spread: float, training_deviations: FloatArray
) -> tuple[tuple[float, float], float]:
    """Find the box of saturations that spreads as a generator does (bisection).

    The saturations of every term are uniform in (0.5 - w, 0.5 + w).

    Parameters
    ----------
    spread : float
        The generator's median ratio of std(ln K_M) to the training sets'.
    training_deviations : numpy.ndarray, shape (terms,)
        Standard deviations of ln K_M in the training sets; see `ln_km_deviations`.

    Returns
    -------
    bounds : (float, float)
        Lower and upper saturation; 0 and 1 where the generator spreads wider than that.
    spread : float
        Median ratio of std(ln K_M) in the box to that of the training sets.

    Raises
    ------
    InputError
        If the spread is not positive, or a parameter is constant in the training sets.
    """
    if not (np.isfinite(spread) and spread > 0):
        raise InputError(
            "box of matched spread",
            f"the generator's spread is {spread:g}",
            "match a generator whose sets differ from each other",
        )
    if not np.all(training_deviations > 0):
        raise InputError(
            "box of matched spread",
            "a parameter does not vary in the training sets",
            "give training sets in which every parameter varies",
        )
    scale = float(np.median(1 / training_deviations))
    widest = box_deviation(0.5) * scale
    if spread >= widest:
        return (0.0, 1.0), widest
    half_width = float(
        scipy.optimize.bisect(
            lambda w: box_deviation(w) * scale - spread, 0.0, 0.5, xtol=1e-12, maxiter=200
        )
    )
    return (0.5 - half_width, 0.5 + half_width), box_deviation(half_width) * scale
