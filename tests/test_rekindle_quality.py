"""Incidence, spread, coverage and divergence: closed forms."""

import numpy as np
import pytest

from gemwright.kinetics.physiology import ParameterSets
from gemwright.rekindle.quality import coverage, histograms, kl_divergence, quality_row, spread


def _even(n: int = 1000, columns: int = 2) -> np.ndarray:
    """Saturations evenly over (0, 1)."""
    return np.repeat(((np.arange(n) + 0.5) / n)[:, None], columns, axis=1)


def test_spread_is_a_ratio_of_deviations_of_ln_km() -> None:
    reference = _even()
    logits = np.log(reference / (1 - reference))
    narrow = 1 / (1 + np.exp(-logits * [0.5, 0.25] + [0.0, 2.0]))
    np.testing.assert_allclose(spread(narrow, reference), [0.5, 0.25])
    fixed = reference.copy()
    fixed[:, 1] = 0.5
    assert np.isnan(spread(reference, fixed)[1])


def test_coverage_counts_bins() -> None:
    reference = _even()
    half = _even() / 2
    np.testing.assert_allclose(coverage(*histograms(half, reference)), [0.5, 0.5])
    np.testing.assert_allclose(coverage(*histograms(reference, reference)), [1.0, 1.0])
    # one stray set of 1,000 in the last bin is not enough
    stray = np.vstack([half[:-1], [[0.99, 0.99]]])
    np.testing.assert_allclose(coverage(*histograms(stray, reference)), 0.5)


def test_coverage_of_a_parameter_that_does_not_vary() -> None:
    fixed = np.full((10, 1), 0.5)
    assert coverage(*histograms(fixed, fixed)).tolist() == [1.0]
    assert coverage(*histograms(_even(100, 1), fixed)).tolist() == [1.0]


def test_divergence_of_known_histograms() -> None:
    reference = _even()
    half = _even() / 2
    # all in 10 of 20 bins: ln 2
    np.testing.assert_allclose(
        kl_divergence(*histograms(half, reference), 1e-300), np.log(2), rtol=1e-4
    )
    # with pseudo-counts: 101 in ten bins, 1 in ten, of 1,020; even shares of the reference
    p, q = np.array([101, 1]) / 1020, 1 / 20
    np.testing.assert_allclose(
        kl_divergence(*histograms(half, reference), 1.0), 10 * (p * np.log(p / q)).sum(), rtol=1e-4
    )
    np.testing.assert_allclose(
        kl_divergence(*histograms(reference, reference), 1.0), 0.0, atol=1e-15
    )


def test_divergence_and_coverage_are_the_same_for_ln_km() -> None:
    """Bins follow the ranks of the reference, so a monotone map changes nothing."""
    rng = np.random.default_rng(0)
    reference, made = rng.uniform(size=(500, 3)), rng.beta(2, 2, (400, 3))
    squeezed = [1 / (1 + np.exp(-3 * np.log(s / (1 - s)))) for s in (made, reference)]
    squeezed = [np.clip(s, 1e-12, 1 - 1e-12) for s in squeezed]
    np.testing.assert_allclose(
        kl_divergence(*histograms(*squeezed), 1.0), kl_divergence(*histograms(made, reference), 1.0)
    )
    np.testing.assert_allclose(
        coverage(*histograms(*squeezed)), coverage(*histograms(made, reference))
    )


def test_a_row_holds_all_figures() -> None:
    reference = _even(columns=3)
    made = reference.copy()
    made[:, 2] = 0.25 + made[:, 2] / 2
    values = np.repeat([-20.0, -5.0, 5.0, np.nan], 250)
    sets = ParameterSets(made, np.column_stack([values, values]), values < -9)
    row = quality_row(sets, reference)
    assert row["sets"] == 1000
    assert (row["incidence"], row["slow"], row["unstable"]) == (0.25, 0.25, 0.5)
    assert row["spread_median"] == pytest.approx(1.0)
    assert row["spread_min"] == pytest.approx(spread(made, reference)[2])
    assert (row["coverage_min"], row["covered"]) == (0.5, 2)
    assert row["covered_share"] == pytest.approx(2 / 3)
    assert row["kl_max"] == pytest.approx(3 * row["kl_mean"])
