"""Metrics of DeepGDel (IV-E), against scikit-learn and by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import accuracy_score, precision_recall_fscore_support, roc_auc_score

from gemwright.deepgdel.metrics import (
    ALL_GENES,
    COLUMNS,
    METRICS,
    evaluate,
    metric_rows,
    row_auc,
    summarise,
)
from gemwright.errors import InputError


@st.composite
def predictions(draw):
    shape = draw(st.tuples(st.integers(1, 4), st.integers(1, 8)))
    remains = draw(hnp.arrays(np.int8, shape, elements=st.integers(0, 1)))
    # few levels, so that ties and the threshold itself occur
    scores = draw(hnp.arrays(np.float64, shape, elements=st.sampled_from([0, 0.3, 0.5, 0.7, 1])))
    return remains, scores


@given(predictions())
@settings(max_examples=150)
def test_metrics_equal_those_of_sklearn(case):
    remains, scores = case
    result = evaluate(remains, scores, np.ones(remains.shape[1], bool))
    for row, (true, score) in enumerate(zip(remains, scores, strict=True)):
        called = score > 0.5
        macro = precision_recall_fscore_support(
            true, called, labels=[0, 1], average="macro", zero_division=0
        )
        assert result.accuracy[row] == pytest.approx(accuracy_score(true, called))
        assert result.precision[row] == pytest.approx(macro[0])
        assert result.recall[row] == pytest.approx(macro[1])
        assert result.f1[row] == pytest.approx(macro[2])
        if 0 < true.sum() < len(true):
            assert result.auc[row] == pytest.approx(roc_auc_score(true, score))
        else:
            assert np.isnan(result.auc[row])
    assert np.array_equal(result.accuracy, result.all_genes)


@given(predictions())
@settings(max_examples=50)
def test_auc_does_not_depend_on_which_class_is_positive(case):
    remains, scores = case
    swapped = row_auc(remains == 0, -scores)
    assert np.allclose(row_auc(remains == 1, scores), swapped, equal_nan=True)


def test_printed_definition_of_auc():
    # sum over pairs of I(s_p > s_n) + I(s_p = s_n) / 2
    true = np.array([[True, True, False, False]])
    assert row_auc(true, np.array([[0.9, 0.5, 0.5, 0.1]])) == pytest.approx((1 + 1 + 1 + 0.5) / 4)


def test_only_scored_genes_count_and_undefined_cases_are_counted():
    remains = np.array([[1, 0, 0], [1, 1, 0]], np.int8)
    scores = np.array([[0.9, 0.8, 0.7], [0.9, 0.9, 0.1]])
    result = evaluate(remains, scores, np.array([True, True, False]))
    assert result.accuracy.tolist() == [0.5, 1.0]
    assert np.allclose(result.all_genes, [1 / 3, 1])
    # nothing called deleted in both rows; no deleted gene in the second
    assert (result.undefined_precision, result.undefined_recall) == (2, 1)
    assert result.precision.tolist() == [0.25, 0.5]
    assert result.recall.tolist() == [0.5, 0.5]
    rows = metric_rows({"x": result}, "m", "paper", 3, 2)
    assert tuple(rows.columns) == COLUMNS
    values = rows.set_index("metric")
    assert values.loc["auc", ["value", "n"]].tolist() == [1.0, 1]
    assert values.loc["accuracy", ["value", "n"]].tolist() == [0.75, 2]
    assert values.loc["undefined precision", ["value", "n"]].tolist() == [2, 4]
    assert values.loc["undefined recall", ["value", "n"]].tolist() == [1, 4]
    assert values.loc["scored genes", ["value", "n"]].tolist() == [2, 3]
    assert values.loc[ALL_GENES, "value"] == pytest.approx(2 / 3)
    assert set(METRICS) < set(values.index)


def test_deviations_over_folds_and_over_means_of_seeds():
    rows = pd.DataFrame(
        [(0, 0, 1.0), (0, 1, 3.0), (1, 0, 5.0), (1, 1, 7.0), (1, 2, np.nan)],
        columns=["seed", "fold", "value"],
    ).assign(model="m", protocol="paper", method="x", metric="auc", n=1)
    line = summarise(rows).iloc[0]
    assert (line["mean"], line["folds"], line["seeds"]) == (4.0, 4, 2)
    assert line["deviation_folds"] == pytest.approx(np.std([1, 3, 5, 7], ddof=1))
    assert line["deviation_seeds"] == pytest.approx(np.std([2, 6], ddof=1))


def test_bad_predictions_are_told():
    remains, scored = np.zeros((1, 2), np.int8), np.ones(2, bool)
    with pytest.raises(InputError, match="not a number"):
        evaluate(remains, np.array([[np.nan, 1]]), scored)
    with pytest.raises(InputError, match="no gene to score"):
        evaluate(remains, np.zeros((1, 2)), ~scored)
    with pytest.raises(ValueError, match="do not fit"):
        evaluate(remains, np.zeros((1, 3)), scored)
