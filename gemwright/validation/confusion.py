"""Confusion matrices and the metrics that follow from them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gemwright.arrays import FloatArray

OUTCOMES = ("TP", "FP", "FN", "TN")
METRICS = ("precision", "sensitivity", "specificity", "f1", "accuracy", "mcc")


def outcomes(observed: pd.Series, predicted: pd.Series) -> pd.Series:
    """TP, FP, FN or TN for each row of two boolean columns."""
    observed, predicted = observed.astype(bool), predicted.astype(bool)
    first = np.where(observed == predicted, "T", "F")
    second = np.where(predicted, "P", "N")
    return pd.Series(np.char.add(first, second), index=observed.index, name="outcome")


def matthews_correlation(tp: ArrayLike, fp: ArrayLike, fn: ArrayLike, tn: ArrayLike) -> FloatArray:
    """Matthews correlation coefficient of counts or weights; NaN where a margin is empty."""
    tp, fp, fn, tn = (np.asarray(count, dtype=np.float64) for count in (tp, fp, fn, tn))
    root = np.sqrt(np.maximum((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn), 0))
    value: FloatArray = np.full_like(root, np.nan)
    np.divide(tp * tn - fp * fn, root, out=value, where=root > 0)
    return value


def metrics(tp: int, fp: int, fn: int, tn: int) -> dict[str, float]:
    """Metrics of one confusion matrix; NaN where a denominator is 0.

    Returns
    -------
    dict of str to float
        precision, sensitivity, specificity, f1, accuracy, mcc (Matthews correlation).
    """

    def share(part: float, whole: float) -> float:
        return part / whole if whole else float("nan")

    return {
        "precision": share(tp, tp + fp),
        "sensitivity": share(tp, tp + fn),
        "specificity": share(tn, tn + fp),
        "f1": share(2 * tp, 2 * tp + fp + fn),
        "accuracy": share(tp + tn, tp + fp + fn + tn),
        "mcc": float(matthews_correlation(tp, fp, fn, tn)),
    }


def confusion_table(items: pd.DataFrame, by: Sequence[str] = ("organism",)) -> pd.DataFrame:
    """Confusion matrix and metrics for each group of items.

    Parameters
    ----------
    items : pandas.DataFrame
        `by`, outcome (TP, FP, FN, TN; rows with anything else are not evaluable and left out).
    by : sequence of str
        Columns to group by; may be empty for one line.

    Returns
    -------
    pandas.DataFrame
        `by`, TP, FP, FN, TN, and the `METRICS`; sorted by `by`.
    """
    valid = items[items["outcome"].isin(OUTCOMES)]
    keys = list(by)
    rows = []
    groups = valid.groupby(keys, sort=True) if keys else [((), valid)]
    for key, group in groups:
        counts = group["outcome"].value_counts()
        tp, fp, fn, tn = (int(counts.get(outcome, 0)) for outcome in OUTCOMES)
        values = key if isinstance(key, tuple) else (key,)
        rows.append((*values, tp, fp, fn, tn, *metrics(tp, fp, fn, tn).values()))
    return pd.DataFrame(rows, columns=[*keys, *OUTCOMES, *METRICS])
