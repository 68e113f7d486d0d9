"""Metrics, their thresholds, and the class ratio that printed metrics imply."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as reference

from gemwright.emi.metrics import (
    best_threshold,
    binary_metrics,
    implied_class_ratio,
    implied_ratio_table,
    negative_weights,
)
from gemwright.errors import InputError
from gemwright.io.user_tables import read_delimited
from gemwright.validation.confusion import matthews_correlation

PAPER = Path(__file__).parents[1] / "gemwright/resources" / "paper_metagem_tables.tsv"


def _example(seed: int = 0, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    label = (rng.random(n) < 0.2).astype(int)
    return label, np.round(rng.normal(size=n) + label, 1)


def test_metrics_equal_scikit_learn() -> None:
    label, score = _example()
    called = score >= 0.5
    assert binary_metrics(label, score, 0.5) == pytest.approx(
        {
            "accuracy": reference.accuracy_score(label, called),
            "aupr": reference.average_precision_score(label, score),
            "auroc": reference.roc_auc_score(label, score),
            "f1": reference.f1_score(label, called),
            "mcc": reference.matthews_corrcoef(label, called),
        }
    )


def test_weighting_negatives_equals_repeating_them() -> None:
    label, score = _example(1, 100)
    repeated = np.concatenate(
        [np.flatnonzero(label == 1), np.repeat(np.flatnonzero(label == 0), 3)]
    )
    ratio = 3 * (label == 0).sum() / label.sum()
    weighted = binary_metrics(label, score, 0.7, negative_weights(label, ratio))
    plain = binary_metrics(label[repeated], score[repeated], 0.7)
    assert weighted == pytest.approx(plain)
    with pytest.raises(InputError, match="0 positives"):
        negative_weights(np.zeros(3, int), 30)


def test_always_no_at_one_to_thirty_is_already_accurate() -> None:
    label = np.array([1] + [0] * 30)
    values = binary_metrics(label, np.zeros(31), 1.0)
    assert values["accuracy"] == pytest.approx(30 / 31)
    assert (values["f1"], values["mcc"], values["auroc"]) == (0, 0, 0.5)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40))
def test_best_threshold_beats_every_other_one(rows: list[tuple[bool, int]]) -> None:
    label = np.array([int(one) for one, _ in rows])
    score = np.array([float(value) for _, value in rows])
    assume(0 < label.sum() < len(label))
    weight = negative_weights(label, 5)
    best = binary_metrics(label, score, best_threshold(label, score, weight), weight)["mcc"]
    for threshold in np.arange(-0.5, 7):
        assert best >= binary_metrics(label, score, threshold, weight)["mcc"] - 1e-9


@given(st.floats(0.02, 0.9), st.floats(0.05, 0.95), st.floats(0.01, 0.9))
def test_implied_ratio_recovers_the_confusion_table(
    prevalence: float, recall: float, fall_out: float
) -> None:
    tp, fn = prevalence * recall, prevalence * (1 - recall)
    fp = (1 - prevalence) * fall_out
    tn = 1 - prevalence - fp
    f1 = 2 * tp / (2 * tp + fp + fn)
    mcc = (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    assume(abs(mcc) > 1e-3)
    found = implied_class_ratio(tp + tn, f1, mcc)
    wanted = ((1 - prevalence) / prevalence, tp / (tp + fp), recall)
    distances = [
        max(
            abs(one.negatives_per_positive / wanted[0] - 1),
            abs(one.precision - wanted[1]),
            abs(one.recall - wanted[2]),
        )
        for one in found
    ]
    assert min(distances) < 1e-4
    # whatever else is found has the same three metrics
    for one in found:
        share = 1 / (1 + one.negatives_per_positive)
        hit = share * one.recall
        missed, false = share - hit, hit / one.precision - hit
        assert 2 * hit / (2 * hit + missed + false) == pytest.approx(f1, abs=1e-6)
        assert 1 - missed - false == pytest.approx(tp + tn, abs=1e-6)


def test_the_papers_rows_are_never_one_to_thirty() -> None:
    table = implied_ratio_table(read_delimited(PAPER, ["table", "row", "metric", "value"]))
    assert len(table[["table", "row"]].drop_duplicates()) == 9
    assert table["negatives_per_positive"].between(2.5, 4.2).all()
    row = table[table["row"] == "30%"].iloc[0]
    assert row["negatives_per_positive"] == pytest.approx(2.6, abs=0.05)
    assert row["precision"] == pytest.approx(0.958, abs=0.002)


def test_no_classifier_of_that_accuracy_reaches_omniesis_mcc() -> None:
    positives, error = 1 / 31, 1 - 0.845  # at 1:30
    missed = np.linspace(0, positives, 10_001)
    false = error - missed
    reached = matthews_correlation(positives - missed, false, missed, 1 - positives - false)
    assert np.nanmax(reached) == pytest.approx(0.38, abs=0.005)


@pytest.mark.parametrize("values", [(1.0, 0.5, 0.5), (0.5, 0.0, 0.5), (0.5, 0.5, 1.0)])
def test_implied_ratio_refuses_the_limits(values: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="between"):
        implied_class_ratio(*values)


def test_contradictory_metrics_have_no_ratio() -> None:
    assert implied_class_ratio(0.3, 0.95, 0.5) == []
