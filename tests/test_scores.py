"""Scores of predictions, against scikit-learn's."""

import numpy as np
import pytest

from gemwright.learning.scores import area_under_curve, explained_variance


@pytest.mark.parametrize("digits", [1, 2, 15])
@pytest.mark.parametrize("size", [2, 3, 10, 500])
def test_areas_and_shares_are_scikit_learns_to_the_bit(size, digits):
    from sklearn.metrics import r2_score, roc_auc_score

    draw = np.random.default_rng(size)
    for _ in range(20):
        true = draw.random(size) < 0.4
        true[:2] = True, False
        told = np.round(true * 0.3 + draw.random(size), digits)
        assert area_under_curve(true, told) == roc_auc_score(true, told)
        right = told + draw.random(size)
        assert explained_variance(right, told) == r2_score(right, told)


def test_ties_count_as_half():
    assert area_under_curve(np.array([True, False]), np.zeros(2)) == 0.5
    assert area_under_curve(np.array([True, False]), np.array([1.0, 0.0])) == 1.0
