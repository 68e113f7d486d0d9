"""How good generated sets are: incidence, and beside it what incidence alone hides.

All figures compare sets with reference sets, the relevant ones of the training data. They depend
on the saturations only: ln K_M = ln S - logit(sigma), and the concentrations cancel. Generators
and controls are measured alike.
"""

import numpy as np

from gemwright.arrays import FloatArray, IndexArray
from gemwright.kinetics.parameters import ln_km_deviations
from gemwright.kinetics.physiology import ParameterSets
from gemwright.kinetics.sampled_sets import shares_of

_BINS = 20
# added to every bin of both sides of a divergence
_PSEUDO_COUNT = 1.0
# share of a reference bin's density below which generated sets do not count as reaching it
_REACHED = 0.1


def spread(generated: FloatArray, reference: FloatArray) -> FloatArray:
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
    own = ln_km_deviations(reference)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = ln_km_deviations(generated) / own
    return np.where(own > 0, ratio, np.nan)


def histograms(generated: FloatArray, reference: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Count sets in bins with equal shares of the reference sets; the ends are open.

    ln K_M and the saturation give the same counts.

    Parameters
    ----------
    generated, reference : numpy.ndarray
        Saturations, shape (sets, parameters).

    Returns
    -------
    (numpy.ndarray, numpy.ndarray)
        Of generated and of reference sets, each of shape (parameters, bins).
    """
    edges = np.quantile(reference, np.arange(1, _BINS) / _BINS, axis=0)
    return _counts(generated, edges), _counts(reference, edges)


def coverage(theirs: FloatArray, own: FloatArray) -> FloatArray:
    """Share of each parameter's range that generated sets reach.

    A bin is reached if the generated sets have at least a tenth of the reference's density there:
    one stray set among 10,000 covers nothing.

    Parameters
    ----------
    theirs, own : numpy.ndarray
        Counts of generated and of reference sets from `histograms`.

    Returns
    -------
    numpy.ndarray
        Shape (parameters,), between 0 and 1; of the bins that the reference occupies.
    """
    occupied = own > 0
    enough = theirs / theirs[0].sum() >= _REACHED * own / own[0].sum()
    return np.asarray((enough & occupied).sum(axis=1) / occupied.sum(axis=1))


def kl_divergence(p: FloatArray, q: FloatArray, pseudo_count: float = 0.5) -> FloatArray:
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
    # not scipy.special.rel_entr: its last digits would choose another epoch in trainings of before
    return np.asarray((share_p * np.log(share_p / share_q)).sum(axis=-1))


def quality_row(generated: ParameterSets, reference: FloatArray) -> dict[str, float]:
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
    counts = histograms(generated.saturations, reference)
    reach, divergences = coverage(*counts), kl_divergence(*counts, _PSEUDO_COUNT)
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


def _counts(values: FloatArray, edges: FloatArray) -> FloatArray:
    below = np.stack(
        [
            np.searchsorted(column, cuts)
            for column, cuts in zip(np.sort(values, axis=0).T, edges.T, strict=True)
        ]
    )
    ends: IndexArray = np.full(len(below), len(values))
    return np.diff(below, axis=1, prepend=0, append=ends[:, None]).astype(np.float64)
