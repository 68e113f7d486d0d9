"""Extreme real parts of the eigenvalues of many small matrices: LAPACK, or a compiled kernel.

The kernel reduces a matrix to Hessenberg form by elimination with pivoting and finds its
eigenvalues by shifted QR steps (Francis' double shift; the algorithms ELMHES and HQR of Wilkinson
and Reinsch, Handbook for Automatic Computation II), without vectors. Jacobians of metabolism are
graded over ten orders of magnitude: give them scaled (`balancing`).
"""

import numpy as np
from numba import njit

from gemwright.arrays import FloatArray

_SMALL = 1e-12  # subdiagonal elements that are taken for zero, relative to their neighbours
_STEPS = 60  # QR steps for an eigenvalue before it is given up
_SWEEPS = 200


def extreme_real_parts(matrices: FloatArray) -> FloatArray:
    """Largest and smallest real part of the eigenvalues of each matrix, by LAPACK.

    Parameters
    ----------
    matrices : numpy.ndarray
        Shape (sets, n, n).

    Returns
    -------
    numpy.ndarray
        Shape (sets, 2).
    """
    parts = np.linalg.eigvals(matrices).real
    return np.stack([parts.max(axis=-1), parts.min(axis=-1)], axis=-1)


def balancing(magnitudes: FloatArray) -> FloatArray:
    """Powers of two that make rows and columns of a matrix alike in size.

    Parameters
    ----------
    magnitudes : numpy.ndarray
        Sizes of the elements, not negative, shape (n, n).

    Returns
    -------
    numpy.ndarray
        Scales s, shape (n,): the matrix with elements a_ij s_j / s_i has the same eigenvalues,
        and no rounding is done in scaling it.
    """
    scales = np.ones(len(magnitudes))
    outside = np.where(np.eye(len(magnitudes), dtype=bool), 0.0, magnitudes)
    for _ in range(_SWEEPS):
        scaled = outside * scales / scales[:, None]
        rows, columns = scaled.sum(axis=1), scaled.sum(axis=0)
        linked = (rows > 0) & (columns > 0)
        scales[linked] *= (rows[linked] / columns[linked]) ** 0.25
    return np.asarray(2.0 ** np.round(np.log2(scales)))


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc", "nsz"})
def to_hessenberg(b: FloatArray, a: FloatArray) -> None:
    """Hessenberg form `a` of the transpose of `b`, which is destroyed.

    On the transpose both halves of an elimination run along rows in memory.
    """
    n = b.shape[0]
    factors = np.zeros(n)
    for m in range(1, n - 1):
        pivot = m
        for i in range(m + 1, n):
            if abs(b[m - 1, i]) > abs(b[m - 1, pivot]):
                pivot = i
        largest = b[m - 1, pivot]
        if largest == 0.0:
            continue
        if pivot != m:
            for j in range(m - 1, n):
                held = b[j, pivot]
                b[j, pivot] = b[j, m]
                b[j, m] = held
            for i in range(n):
                held = b[pivot, i]
                b[pivot, i] = b[m, i]
                b[m, i] = held
        for i in range(m + 1, n):
            factors[i] = b[m - 1, i] / largest
            b[m - 1, i] = 0.0
        later = factors[m + 1 :]
        for j in range(m, n):
            own = b[j, m]
            if own != 0.0:
                row = b[j, m + 1 :]
                for i in range(row.shape[0]):
                    row[i] -= own * later[i]
        row = b[m]
        for i in range(later.shape[0]):
            factor = later[i]
            if factor != 0.0:
                other = b[m + 1 + i]
                for j in range(n):
                    row[j] += factor * other[j]
    for i in range(n):
        for j in range(n):
            a[i, j] = b[j, i]


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _double_step(
    a: FloatArray, low: int, start: int, high: int, p: float, q: float, r: float
) -> None:
    """One sweep of Francis' step on the active block `low`..`high`, begun at row `start`."""
    for k in range(start, high):
        last = k == high - 1
        if k != start:
            p = a[k, k - 1]
            q = a[k + 1, k - 1]
            r = 0.0 if last else a[k + 2, k - 1]
        s = np.sqrt(p * p + q * q + r * r)
        if p < 0.0:
            s = -s
        if s == 0.0:
            continue
        if k == start:
            if low != start:
                a[k, k - 1] = -a[k, k - 1]
        else:
            a[k, k - 1] = -s
            a[k + 1, k - 1] = 0.0
            if not last:
                a[k + 2, k - 1] = 0.0
        p += s
        z = 1.0 / s
        x = p * z
        y = q * z
        z = r * z
        p = 1.0 / p
        q *= p
        r *= p
        if last:
            one, two = a[k, k : high + 1], a[k + 1, k : high + 1]
            for j in range(one.shape[0]):
                f = one[j] + q * two[j]
                one[j] -= f * x
                two[j] -= f * y
            block = a[low : high + 1, k : k + 2]
            for i in range(block.shape[0]):
                f = x * block[i, 0] + y * block[i, 1]
                block[i, 0] -= f
                block[i, 1] -= f * q
        else:
            one, two, three = a[k, k : high + 1], a[k + 1, k : high + 1], a[k + 2, k : high + 1]
            for j in range(one.shape[0]):
                f = one[j] + q * two[j] + r * three[j]
                one[j] -= f * x
                two[j] -= f * y
                three[j] -= f * z
            block = a[low : min(high, k + 3) + 1, k : k + 3]
            for i in range(block.shape[0]):
                f = x * block[i, 0] + y * block[i, 1] + z * block[i, 2]
                block[i, 0] -= f
                block[i, 1] -= f * q
                block[i, 2] -= f * r


@njit(cache=True, nogil=True)
def hessenberg_extremes(a: FloatArray) -> tuple[float, float]:
    """Largest and smallest real part of a Hessenberg matrix, which is destroyed; NaN if none."""
    high = a.shape[0] - 1
    norm = 0.0
    for i in range(high + 1):
        for j in range(max(i - 1, 0), high + 1):
            norm += abs(a[i, j])
    most = -np.inf
    least = np.inf
    shifted = 0.0
    steps = 0
    while high >= 0:
        low = high
        while low > 0:
            s = abs(a[low - 1, low - 1]) + abs(a[low, low])
            if s == 0.0:
                s = norm
            if abs(a[low, low - 1]) <= _SMALL * s:
                a[low, low - 1] = 0.0
                break
            low -= 1
        x = a[high, high]
        if low == high:
            most = max(most, x + shifted)
            least = min(least, x + shifted)
            high -= 1
            steps = 0
            continue
        y = a[high - 1, high - 1]
        w = a[high, high - 1] * a[high - 1, high]
        if low == high - 1:
            p = 0.5 * (y - x)
            q = p * p + w
            x += shifted
            if q >= 0.0:
                z = p + (np.sqrt(q) if p >= 0.0 else -np.sqrt(q))
                one = x + z
                two = x - w / z if z != 0.0 else one
            else:
                one = x + p
                two = one
            most = max(most, one, two)
            least = min(least, one, two)
            high -= 2
            steps = 0
            continue
        if steps == _STEPS:
            return np.nan, np.nan
        if steps % 10 == 9:
            shifted += x
            for i in range(high + 1):
                a[i, i] -= x
            s = abs(a[high, high - 1]) + abs(a[high - 1, high - 2])
            x = 0.75 * s
            y = x
            w = -0.4375 * s * s
        steps += 1
        start = high - 2
        while True:
            z = a[start, start]
            r = x - z
            s = y - z
            p = (r * s - w) / a[start + 1, start] + a[start, start + 1]
            q = a[start + 1, start + 1] - z - r - s
            r = a[start + 2, start + 1]
            s = abs(p) + abs(q) + abs(r)
            p /= s
            q /= s
            r /= s
            if start == low:
                break
            u = abs(a[start, start - 1]) * (abs(q) + abs(r))
            v = abs(p) * (abs(a[start - 1, start - 1]) + abs(z) + abs(a[start + 1, start + 1]))
            if u + v == v:
                break
            start -= 1
        _double_step(a, low, start, high, p, q, r)
    return most, least
