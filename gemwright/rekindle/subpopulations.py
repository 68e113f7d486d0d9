"""Sub-populations: how dynamics change along a parameter, and parameters along the dynamics."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray, FloatArray
from gemwright.errors import InputError
from gemwright.kinetics.labelling import RELEVANT_BELOW
from gemwright.rekindle.quality import kl_divergence
from gemwright.rekindle.ranking import bin_counts, bin_parameters, check_parameters

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def subpopulations(
    values: FloatArray,
    eigenvalues: FloatArray,
    names: Sequence[str],
    parameters: Sequence[str],
    *,
    parts: int = 10,
    relevant_below: float = RELEVANT_BELOW,
) -> pd.DataFrame:
    """Eigenvalues of the tenths of a population along single parameters (Fig. 3d).

    Parameters
    ----------
    values : numpy.ndarray, shape (sets, parameters)
        Saturations or ln K_M.
    eigenvalues : numpy.ndarray, shape (sets,)
        Largest eigenvalues, 1/h.
    names : sequence of str
        Of the columns of `values`.
    parameters : sequence of str
        Those to split by.
    parts : int
        Sub-populations of each, of equal size but for rounding.
    relevant_below : float
        1/h.

    Returns
    -------
    pandas.DataFrame
        parameter, part (from 1, smallest values first), sets, value_min, value_max, mean, q05, q25,
        q50, q75, q95 (of the eigenvalues), relevant (share).

    Raises
    ------
    InputError
        If a parameter is unknown or there are fewer sets than parts.
    """
    if len(values) < parts:
        raise InputError(
            "sub-populations",
            f"{len(values)} sets cannot be split into {parts} parts",
            "generate more sets, or ask for fewer parts",
        )
    unknown = [name for name in parameters if name not in names]
    if unknown:
        raise InputError(
            "sub-populations",
            f"there is no parameter {', '.join(map(repr, unknown))}",
            "name parameters of the model",
        )
    rows = []
    for name in parameters:
        column = names.index(name)
        order = np.argsort(values[:, column], kind="stable")
        for number, members in enumerate(np.array_split(order, parts), start=1):
            inside, part = values[members, column], eigenvalues[members]
            quantiles = np.quantile(part, _QUANTILES)
            rows.append(
                {
                    "parameter": name,
                    "part": number,
                    "sets": len(members),
                    "value_min": inside[0],
                    "value_max": inside[-1],
                    "mean": part.mean(),
                    **{f"q{100 * q:02.0f}": v for q, v in zip(_QUANTILES, quantiles, strict=True)},
                    "relevant": float(np.mean(part < relevant_below)),
                }
            )
    return pd.DataFrame(rows)


def boundary_subpopulations(
    values: FloatArray,
    eigenvalues: FloatArray,
    names: Sequence[str],
    inert: BoolArray,
    *,
    boundary: float = RELEVANT_BELOW,
    reach: float = 8.0,
    parts: int = 16,
    fewest: int = 50,
    bins: int = 20,
    pseudo_count: float = 0.5,
) -> pd.DataFrame:
    """Divergences of every parameter between slices of the dynamics near the class boundary.

    The slices have equal width in the eigenvalue, half of them on each side of the boundary
    (Supplementary Figs. 12 and 13); each is compared with all other slices together.

    Parameters
    ----------
    values : numpy.ndarray, shape (sets, parameters)
        Saturations or ln K_M.
    eigenvalues : numpy.ndarray, shape (sets,)
        Largest eigenvalues, 1/h.
    names : sequence of str
        Of the parameters.
    inert : numpy.ndarray of bool, shape (parameters,)
        Parameters that no rate depends on.
    boundary, reach : float
        The slices reach from boundary - reach to boundary + reach, 1/h.
    parts : int
        Slices.
    fewest : int
        Slices with fewer sets have no divergences: they would be noise.
    bins, pseudo_count : int, float
        Of the histograms, which have equal frequencies.

    Returns
    -------
    pandas.DataFrame
        part (from 1), eigenvalue_from, eigenvalue_to, sets, parameter, inert, kl (nats),
        kl_normalised (from 0 to 1 within the part), inert_floor (largest of the part's inert ones).
    """
    check_parameters([values], names, inert)
    edges = np.linspace(boundary - reach, boundary + reach, parts + 1)
    near = (eigenvalues >= edges[0]) & (eigenvalues < edges[-1])
    if not near.any():
        raise InputError(
            "slices near the class boundary",
            f"no set has its largest eigenvalue between {edges[0]:g} and {edges[-1]:g} 1/h",
            "raise kinetics.sets, or change kinetics.slowest",
        )
    codes = bin_parameters(values[near], bins)
    slices = np.searchsorted(edges, eigenvalues[near], side="right") - 1
    total = bin_counts(codes, bins)
    tables = []
    for number in range(parts):
        members = np.flatnonzero(slices == number)
        inside = bin_counts(codes[members], bins)
        enough = fewest <= len(members) < len(codes)
        kl = (
            kl_divergence(inside, total - inside, pseudo_count)
            if enough
            else np.full(len(names), np.nan)
        )
        low, high = kl.min(), kl.max()
        tables.append(
            pd.DataFrame(
                {
                    "part": number + 1,
                    "eigenvalue_from": edges[number],
                    "eigenvalue_to": edges[number + 1],
                    "sets": len(members),
                    "parameter": list(names),
                    "inert": inert,
                    "kl": kl,
                    "kl_normalised": (kl - low) / (high - low) if high > low else 0.0 * kl,
                    "inert_floor": kl[inert].max() if inert.any() else np.nan,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
