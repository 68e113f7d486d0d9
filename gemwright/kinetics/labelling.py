"""Labelled kinetic parameter sets: eigenvalues from saturations, without symbolic code.

A set is relevant if its slowest mode is fast enough: max Re(lambda) < -9 /h, so that three time
constants pass within 20 minutes (Choudhury et al., Methods).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numba import njit

from gemwright.arrays import BoolArray, FloatArray, IntArray
from gemwright.errors import InputError
from gemwright.kinetics.bindings import IRREVERSIBLE, PAIRED
from gemwright.kinetics.eigenvalues import (
    balancing,
    extreme_real_parts,
    hessenberg_extremes,
    to_hessenberg,
)
from gemwright.kinetics.jacobian import JacobianMap, jacobian_map
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.parameters import clipped
from gemwright.kinetics.state import KineticState

RELEVANT_BELOW = -9.0  # 1/h
Kernel = Literal["compiled", "numpy"]
Progress = Callable[[int], object]
_CHUNK = 2000  # sets at a time: a chunk's Jacobians stay within tens of MB


@dataclass(frozen=True)
class TimeWindow:
    """What dynamics count as relevant.

    Parameters
    ----------
    slowest : float
        Every eigenvalue's real part has to lie below this, 1/h.
    fastest : float or None
        Every real part has to lie above this, 1/h (the paper's 1 us would be -3.6e9; its code
        does not ask for it), or no such bound.
    """

    slowest: float = RELEVANT_BELOW
    fastest: float | None = None

    def admits(self, extremes: FloatArray) -> BoolArray:
        """Which sets are relevant, given (sets, 2): largest and smallest real part, 1/h."""
        inside = extremes[:, 0] < self.slowest
        if self.fastest is not None:
            inside &= extremes[:, 1] > self.fastest
        return np.asarray(inside)


def time_constants(eigenvalues: FloatArray) -> FloatArray:
    """Dominant time constants in minutes, -60 / lambda; infinite where not stable."""
    with np.errstate(divide="ignore"):
        return np.where(eigenvalues < 0, -60.0 / np.where(eigenvalues < 0, eigenvalues, -1), np.inf)


def time_constant_between(low: float, high: float) -> Callable[[FloatArray], BoolArray]:
    """Criterion of a stable set with low <= tau < high, tau = -60 / eigenvalue in minutes.

    Returns
    -------
    callable
        From largest eigenvalues (sets,), 1/h, to a mask of the same shape.

    Raises
    ------
    InputError
        If that is no window.
    """
    if not 0 <= low < high:
        raise InputError(
            "time window",
            f"from {low:g} to {high:g} min is no window",
            "give two times from zero on, the shorter one first",
        )

    def inside(eigenvalues: FloatArray) -> BoolArray:
        tau = time_constants(eigenvalues)
        return np.asarray((tau >= low) & (tau < high))

    return inside


class Labeller:
    """Finds the extreme eigenvalues of parameter sets of one model around one state.

    Parameters
    ----------
    model, state : KineticModel, KineticState
        The network and its checked reference state.
    kernel : str
        ``compiled`` (Numba) or ``numpy`` (LAPACK); the same results but for rounding.
    threads : int
        Threads of the compiled kernel; the results do not depend on it.
    """

    def __init__(
        self,
        model: KineticModel,
        state: KineticState,
        kernel: Kernel = "compiled",
        threads: int = 1,
    ) -> None:
        self.map = jacobian_map(model, state)
        self.kernel = kernel
        self.threads = threads
        self._scaled = _scaled(self.map)

    def extremes(self, saturations: FloatArray, progress: Progress | None = None) -> FloatArray:
        """Largest and smallest real part of each set's eigenvalues.

        Parameters
        ----------
        saturations : numpy.ndarray
            Shape (sets, terms).
        progress : callable, optional
            Called with the number of sets after each chunk.

        Returns
        -------
        numpy.ndarray
            1/h, shape (sets, 2).
        """
        chunks = [saturations[at : at + _CHUNK] for at in range(0, len(saturations), _CHUNK)]
        find = self._compiled if self.kernel == "compiled" else self._lapack
        found = []
        with ThreadPoolExecutor(self.threads) as pool:
            for part in pool.map(find, chunks):
                found.append(part)
                if progress:
                    progress(len(part))
        return np.concatenate(found) if found else np.empty((0, 2))

    def largest_eigenvalues(self, saturations: FloatArray) -> FloatArray:
        """Largest real part of each set's eigenvalues, 1/h, shape (sets,)."""
        return self.extremes(saturations)[:, 0]

    def _lapack(self, saturations: FloatArray) -> FloatArray:
        return extreme_real_parts(self.map.jacobians(saturations))

    def _compiled(self, saturations: FloatArray) -> FloatArray:
        found = np.asarray(self._scaled(clipped(saturations)))
        lost = np.isnan(found[:, 0])
        if lost.any():  # the QR steps did not converge: LAPACK has more kinds of shifts
            found[lost] = self._lapack(saturations[lost])
        return found


def _scaled(jacobian: JacobianMap) -> Callable[[FloatArray], FloatArray]:
    """Bind the compiled kernel to one model, whose Jacobians it sees in even scale."""
    size = jacobian.size
    middle = jacobian.jacobians(np.full((1, len(jacobian.bindings.reaction)), 0.5))[0]
    scales = balancing(np.abs(middle))
    factors = np.tile(scales, size) / np.repeat(scales, size)
    bindings = jacobian.bindings
    slopes = jacobian.slopes
    return partial(
        _kernel,
        size,
        jacobian.constant * factors,
        slopes.indptr.astype(np.int64),
        slopes.indices.astype(np.int64),
        slopes.data * factors[slopes.indices],
        bindings.reaction,
        bindings.side,
        bindings.count,
        bindings.partner,
        bindings.inert,
        bindings.form,
    )


@njit(cache=True, nogil=True)
def _kernel(
    size: int,
    constant: FloatArray,
    starts: IntArray,
    places: IntArray,
    values: FloatArray,
    reaction: IntArray,
    side: IntArray,
    count: IntArray,
    partner: IntArray,
    inert: BoolArray,
    form: IntArray,
    saturations: FloatArray,
) -> FloatArray:
    n_sets, n_terms = saturations.shape
    found = np.empty((n_sets, 2))
    flat = np.empty(size * size)
    matrix = flat.reshape((size, size))
    hessenberg = np.empty((size, size))
    products = np.empty((2, len(form)))
    slopes = np.empty(n_terms)
    for row in range(n_sets):
        products[:] = 1.0
        for term in range(n_terms):
            if inert[term]:
                continue
            sigma = saturations[row, term]
            level = sigma / (1.0 - sigma)
            total = 1.0 + level
            slope = level
            power = level
            for degree in range(2, count[term] + 1):
                power *= level
                total += power
                slope += degree * power
            slopes[term] = slope / total
            products[(side[term] + 1) // 2, reaction[term]] *= total
        flat[:] = constant
        for term in range(n_terms):
            if starts[term] == starts[term + 1]:
                continue
            own = reaction[term]
            if form[own] == PAIRED:
                sigma = saturations[row, term]
                other = saturations[row, partner[term]]
                slope = sigma * (1.0 - other) / (1.0 - sigma * other)
            elif form[own] == IRREVERSIBLE:
                slope = slopes[term]
            else:
                whole = products[0, own] + products[1, own] - 1.0
                slope = slopes[term] * products[(side[term] + 1) // 2, own] / whole
            for place in range(starts[term], starts[term + 1]):
                flat[places[place]] -= slope * values[place]
        usable = True
        for place in range(flat.shape[0]):
            if not np.isfinite(flat[place]):
                usable = False
        if usable:
            to_hessenberg(matrix, hessenberg)
            found[row, 0], found[row, 1] = hessenberg_extremes(hessenberg)
        else:
            found[row] = np.nan
    return found
