"""Classification metrics at a chosen class ratio, and what printed metrics say about the ratio."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.errors import InputError
from gemwright.validation.confusion import matthews_correlation

METRICS = ("accuracy", "aupr", "auroc", "f1", "mcc")
FloatVector = npt.NDArray[np.floating]
IntVector = npt.NDArray[np.integer]


def negative_weights(label: IntVector, ratio: float) -> FloatVector:
    """Weights that turn the negatives at hand into `ratio` negatives for each positive.

    Weighting gives the expected metrics at another class ratio without drawing a subset.

    Parameters
    ----------
    label : ndarray of int, shape (n,)
        1 for a positive, 0 for a negative.
    ratio : float
        Wanted negatives for each positive.

    Returns
    -------
    ndarray of float, shape (n,)
        1 for positives, one constant for negatives.

    Raises
    ------
    InputError
        If either class is empty.
    """
    positives = int(label.sum())
    negatives = len(label) - positives
    if positives == 0 or negatives == 0:
        raise InputError(
            "evaluation",
            f"there are {positives} positives and {negatives} negatives",
            "evaluate on a larger test part",
        )
    return np.where(label == 1, 1.0, ratio * positives / negatives)


def best_threshold(label: IntVector, score: FloatVector, weight: FloatVector) -> float:
    """Score threshold with the largest MCC; a score at or above it counts as positive.

    Parameters
    ----------
    label, score, weight : ndarray, shape (n,)
        Labels, scores and weights of the validation part.

    Returns
    -------
    float
        Midway between two scores, or below the smallest one.
    """
    order = np.argsort(-score, kind="stable")
    sorted_score = score[order]
    true_positive = np.cumsum(weight[order] * (label[order] == 1))
    false_positive = np.cumsum(weight[order] * (label[order] == 0))
    last = np.append(sorted_score[1:] != sorted_score[:-1], True)
    positives, negatives = true_positive[-1], false_positive[-1]
    tp, fp = true_positive[last], false_positive[last]
    values = np.nan_to_num(matthews_correlation(tp, fp, positives - tp, negatives - fp))
    levels = sorted_score[last]
    best = int(np.argmax(values))
    below = levels[best + 1] if best + 1 < len(levels) else levels[best] - 1
    return float((levels[best] + below) / 2)


def binary_metrics(
    label: IntVector, score: FloatVector, threshold: float, weight: FloatVector | None = None
) -> dict[str, float]:
    """Accuracy, AUPR (average precision), AUROC, F1 and MCC.

    Parameters
    ----------
    label : ndarray of int, shape (n,)
        1 for a positive, 0 for a negative.
    score : ndarray of float, shape (n,)
        Larger for a likelier interaction.
    threshold : float
        Scores at or above it count as positive, for accuracy, F1 and MCC.
    weight : ndarray of float, shape (n,), optional
        From `negative_weights`; 1 by default.

    Returns
    -------
    dict of str to float
        One value for each of `METRICS`.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    weight = np.ones(len(label)) if weight is None else weight
    called = score >= threshold
    true = label == 1
    tp = float(weight[called & true].sum())
    fp = float(weight[called & ~true].sum())
    fn = float(weight[~called & true].sum())
    tn = float(weight[~called & ~true].sum())
    return {
        "accuracy": (tp + tn) / (tp + fp + fn + tn),
        "aupr": float(average_precision_score(label, score, sample_weight=weight)),
        "auroc": float(roc_auc_score(label, score)),
        "f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn > 0 else 0.0,
        "mcc": float(np.nan_to_num(matthews_correlation(tp, fp, fn, tn))),
    }


@dataclass(frozen=True)
class ClassRatio:
    """A confusion table, as shares, that has the given accuracy, F1 and MCC.

    Attributes
    ----------
    negatives_per_positive : float
        Class ratio of the test set.
    precision, recall : float
        Of the classifier.
    """

    negatives_per_positive: float
    precision: float
    recall: float


def implied_class_ratio(accuracy: float, f1: float, mcc: float) -> list[ClassRatio]:
    """Class ratios of a test set on which a classifier can have these three metrics.

    With all counts as shares of the test set and e = 1 - accuracy = FP + FN, F1 gives
    TP = F1 e / (2 (1 - F1)) and TN = accuracy - TP. MCC depends on FP and FN by x = FP FN only:
    MCC^2 (TP^2 + TP e + x)(TN^2 + TN e + x) = (TP TN - x)^2, a quadratic in x, and FP and FN are
    the roots of z^2 - e z + x = 0, either way round. Hence at most two ratios for each x.

    Parameters
    ----------
    accuracy, f1, mcc : float
        Accuracy and F1 strictly between 0 and 1, MCC between -1 and 1.

    Returns
    -------
    list of ClassRatio
        By rising ratio; empty if no confusion table has the three metrics.
    """
    if not (0 < accuracy < 1 and 0 < f1 < 1 and -1 < mcc < 1):
        raise ValueError("accuracy and F1 have to lie between 0 and 1, MCC between -1 and 1")
    error = 1 - accuracy
    tp = f1 * error / (2 * (1 - f1))
    tn = accuracy - tp
    if tn < 0:
        return []
    a, b, square = tp * (tp + error), tn * (tn + error), mcc**2
    coefficients = [1 - square, -(2 * tp * tn + square * (a + b)), (tp * tn) ** 2 - square * a * b]
    found = []
    for root in np.roots(coefficients):
        x = float(root.real)
        product = tp * tn - x
        # the sign of MCC is lost by squaring; x is the product of two shares with sum `error`
        if abs(root.imag) > 1e-9 or x < -1e-12 or x > error**2 / 4 + 1e-12 or product * mcc < 0:
            continue
        half = np.sqrt(max(error**2 / 4 - x, 0.0))
        for fn in {error / 2 - half, error / 2 + half}:
            positives = tp + fn
            fp = error - fn
            found.append(
                ClassRatio(
                    float((1 - positives) / positives),
                    float(tp / (tp + fp)),
                    float(tp / positives),
                )
            )
    return sorted(found, key=lambda ratio: ratio.negatives_per_positive)


def implied_ratio_table(printed: pd.DataFrame) -> pd.DataFrame:
    """Class ratios that the paper's printed rows imply.

    Parameters
    ----------
    printed : pandas.DataFrame
        table, row, metric, value (``gemwright/resources/paper_metagem_tables.tsv``).

    Returns
    -------
    pandas.DataFrame
        table, row, accuracy, f1, mcc, negatives_per_positive, precision, recall; two lines for a
        row of the paper whose three metrics fit two confusion tables, none where a metric is not
        printed.
    """
    values = printed.assign(value=printed["value"].astype(float))
    wide = values.pivot(index=["table", "row"], columns="metric", values="value")
    complete = wide.dropna(subset=["accuracy", "f1", "mcc"])
    lines = []
    for table, row, accuracy, f1, mcc in complete.reset_index()[
        ["table", "row", "accuracy", "f1", "mcc"]
    ].itertuples(index=False, name=None):
        for found in implied_class_ratio(accuracy, f1, mcc):
            lines.append(
                {"table": table, "row": row, "accuracy": accuracy, "f1": f1, "mcc": mcc}
                | {
                    "negatives_per_positive": found.negatives_per_positive,
                    "precision": found.precision,
                    "recall": found.recall,
                }
            )
    return pd.DataFrame(lines)
