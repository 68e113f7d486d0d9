"""How good generated sets are: incidence, and beside it what incidence alone hides.

All figures compare sets with reference sets, the relevant ones of the training data. They depend
on the saturations only: ln K_M = ln S - logit(sigma), and the concentrations cancel. Generators
and controls are measured alike.
"""

import numpy as np
import numpy.typing as npt
import scipy.special

from gemwright.errors import InputError
from gemwright.kinetics.network import Array
from gemwright.kinetics.parameters import check_saturations, clipped, ln_km_deviations
from gemwright.kinetics.physiology import ParameterSets
from gemwright.kinetics.sampled_sets import shares_of

BINS = 20
# share of a reference bin's density below which generated sets do not count as reaching it
REACHED = 0.1


def spread(generated: Array, reference: Array) -> Array:
    """Divide the standard deviation of ln K_M by that of reference sets.

    Parameters
    ----------
    generated, reference : numpy.ndarray
        Saturations, shape (sets, parameters).

    Returns
    -------
    numpy.ndarray
        Shape (parameters,); NaN where the reference does not vary.
    """
    _check(generated, reference)
    own = ln_km_deviations(clipped(reference))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = ln_km_deviations(clipped(generated)) / own
    return np.where(own > 0, ratio, np.nan)


def coverage(
    generated: Array, reference: Array, bins: int = BINS, reached: float = REACHED
) -> Array:
    """Share of each parameter's range that generated sets reach.

    The range is cut into bins with equal shares of the reference sets. A bin is reached if the
    generated sets have at least `reached` times the reference's density there: one stray set among
    10,000 covers nothing.

    Parameters
    ----------
    generated, reference : numpy.ndarray
        Saturations, shape (sets, parameters).
    bins : int
        Number of bins.
    reached : float
        See above.

    Returns
    -------
    numpy.ndarray
        Shape (parameters,), between 0 and 1; of the bins that the reference occupies.
    """
    _check(generated, reference)
    theirs, own = _histograms(generated, reference, bins)
    occupied = own > 0
    enough = theirs / len(generated) >= reached * own / len(reference)
    return np.asarray((enough & occupied & (theirs > 0)).sum(axis=1) / occupied.sum(axis=1))


def kl_divergence(p: Array, q: Array, pseudo_count: float = 0.5) -> Array:
    """Kullback-Leibler divergence KL(P || Q) of histograms, nats.

    Parameters
    ----------
    p, q : numpy.ndarray, shape (..., bins)
        Counts.
    pseudo_count : float
        Added to each count, so that empty bins do not make it infinite.

    Returns
    -------
    numpy.ndarray, shape (...)
    """
    raised_p, raised_q = p + pseudo_count, q + pseudo_count
    share_p = raised_p / raised_p.sum(axis=-1, keepdims=True)
    share_q = raised_q / raised_q.sum(axis=-1, keepdims=True)
    return np.asarray(scipy.special.rel_entr(share_p, share_q).sum(axis=-1))


def kl_divergences(
    generated: Array, reference: Array, bins: int = BINS, pseudo_count: float = 1.0
) -> Array:
    """Kullback-Leibler divergence of each parameter's distribution from the reference's, in nats.

    KL(generated || reference) of histograms over bins with equal shares of the reference sets, in
    which ln K_M and the saturation give the same. `pseudo_count` is added to every bin of both.

    Returns
    -------
    numpy.ndarray
        Shape (parameters,).
    """
    _check(generated, reference)
    return kl_divergence(*_histograms(generated, reference, bins), pseudo_count)


def quality_row(generated: ParameterSets, reference: Array) -> dict[str, float]:
    """All figures of labelled sets, for one row of a table.

    Parameters
    ----------
    generated : ParameterSets
        Sets of a generator or a control.
    reference : numpy.ndarray
        Saturations of relevant sets that no generator saw, shape (sets, parameters).

    Returns
    -------
    dict of str to float
        sets, incidence, slow, unstable (by the labels, see `shares_of`); spread_median, spread_min
        (ratios of std(ln K_M)); coverage_mean, coverage_min (shares of a parameter's bins),
        covered (number of parameters with every bin reached), covered_share; kl_mean, kl_max
        (nats); relevant, spread and coverage (incidence and the first of each by other names).
    """
    ratios = spread(generated.saturations, reference)
    reach = coverage(generated.saturations, reference)
    divergences = kl_divergences(generated.saturations, reference)
    shares = shares_of(generated.largest, generated.relevant)
    median, mean = float(np.nanmedian(ratios)), float(reach.mean())
    return {
        "sets": shares["sets"],
        "incidence": shares["relevant"],
        "slow": shares["slow"],
        "unstable": shares["unstable"],
        "spread_median": median,
        "spread_min": float(np.nanmin(ratios)),
        "coverage_mean": mean,
        "coverage_min": float(reach.min()),
        "covered": float((reach == 1.0).sum()),
        "covered_share": float((reach == 1.0).mean()),
        "kl_mean": float(divergences.mean()),
        "kl_max": float(divergences.max()),
        "relevant": shares["relevant"],
        "spread": median,
        "coverage": mean,
    }


def _histograms(generated: Array, reference: Array, bins: int) -> tuple[Array, Array]:
    """Count sets in the reference's quantile bins, (parameters, bins) each; ends are open."""
    edges = np.quantile(reference, np.arange(1, bins) / bins, axis=0)
    return _counts(generated, edges), _counts(reference, edges)


def _counts(values: Array, edges: Array) -> Array:
    below = np.stack(
        [
            np.searchsorted(column, cuts)
            for column, cuts in zip(np.sort(values, axis=0).T, edges.T, strict=True)
        ]
    )
    ends: npt.NDArray[np.intp] = np.full(len(below), len(values))
    return np.diff(below, axis=1, prepend=0, append=ends[:, None]).astype(np.float64)


def _check(generated: Array, reference: Array) -> None:
    for sets, source in ((generated, "generated sets"), (reference, "reference sets")):
        if sets.ndim != 2 or len(sets) == 0:
            raise InputError(source, "there are none", "give at least one set")
        check_saturations(sets, source)
    if generated.shape[1] != reference.shape[1]:
        raise InputError(
            "generated sets",
            f"they have {generated.shape[1]} parameters, and the reference sets"
            f" {reference.shape[1]}",
            "compare sets of the same model",
        )
