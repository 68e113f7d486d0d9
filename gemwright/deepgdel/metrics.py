"""Overall accuracy and the macro-averaged metrics of DeepGDel (paper IV-E).

Every metabolite has two classes, genes that remain (1) and deleted ones (0). Precision, recall and
F1 are averaged over both classes of a metabolite, then over metabolites. Where a class is never
predicted its precision is 0 / 0, where a metabolite has no gene of a class the recall is: both
count as 0, as scikit-learn has it with ``zero_division=0``, and are counted in the table. AUC is
averaged over the metabolites that have both classes; which class is called positive makes no
difference to any macro average. The paper's accuracy adds TP + TN over both classes, which counts
every gene twice; here each counts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.arrays import BoolArray, FloatArray
from gemwright.errors import InputError

#: A gene remains if its probability exceeds this.
THRESHOLD = 0.5
METRICS = ("accuracy", "precision", "recall", "f1", "auc")
ALL_GENES = "accuracy, all genes"
COLUMNS = ("model", "protocol", "seed", "fold", "method", "metric", "value", "n")


@dataclass(frozen=True)
class Evaluation:
    """Metrics of each metabolite; the attributes named in `METRICS` have shape (t,).

    Attributes
    ----------
    accuracy : numpy.ndarray of float
        Share of the scored genes whose state is right.
    precision, recall, f1 : numpy.ndarray of float
        Mean of the two classes; an undefined one counts as 0.
    auc : numpy.ndarray of float
        NaN for a metabolite whose scored genes have one class only.
    all_genes : numpy.ndarray of float
        Accuracy over all genes.
    undefined_precision, undefined_recall : int
        Pairs of metabolite and class, out of 2 t, whose precision or recall is 0 / 0.
    scored : int
        Genes that are scored.
    genes : int
        All genes.
    """

    accuracy: FloatArray
    precision: FloatArray
    recall: FloatArray
    f1: FloatArray
    auc: FloatArray
    all_genes: FloatArray
    undefined_precision: int
    undefined_recall: int
    scored: int
    genes: int


def evaluate(
    remains: npt.NDArray[np.int8],
    scores: FloatArray,
    scored: BoolArray,
    threshold: float = THRESHOLD,
) -> Evaluation:
    """Compare predictions with the true states.

    Parameters
    ----------
    remains : numpy.ndarray of int8, shape (t, m)
        True states of the test targets.
    scores : numpy.ndarray of float, shape (t, m)
        P(gene remains).
    scored : numpy.ndarray of bool, shape (m,)
        Genes that count, see `scored.scored_genes`.
    threshold : float
        A gene is said to remain if its score exceeds it.

    Raises
    ------
    InputError
        If there is no target or no scored gene, or a score is not a number.
    """
    if remains.shape != scores.shape or scored.shape != remains.shape[1:]:
        raise ValueError("remains, scores and scored do not fit")
    if len(remains) == 0 or not scored.any():
        raise InputError(
            "evaluation", "there is no target or no gene to score", "give a larger test part"
        )
    if not np.isfinite(scores).all():
        raise InputError("evaluation", "a score is not a number", "check the method")
    true = remains == 1
    right = (scores > threshold) == true
    states, called = true[:, scored], scores[:, scored] > threshold
    precision, recall, f1 = [], [], []
    for of_class, as_class in ((states, called), (~states, ~called)):
        hits = (of_class & as_class).sum(axis=1)
        precision.append(_ratio(hits, as_class.sum(axis=1)))
        recall.append(_ratio(hits, of_class.sum(axis=1)))
        f1.append(_ratio(2 * hits, as_class.sum(axis=1) + of_class.sum(axis=1)))
    return Evaluation(
        right[:, scored].mean(axis=1),
        np.mean(np.nan_to_num(precision), axis=0),
        np.mean(np.nan_to_num(recall), axis=0),
        np.mean(np.nan_to_num(f1), axis=0),
        row_auc(states, scores[:, scored]),
        right.mean(axis=1),
        int(np.isnan(precision).sum()),
        int(np.isnan(recall).sum()),
        int(scored.sum()),
        len(scored),
    )


def row_auc(true: BoolArray, scores: FloatArray) -> FloatArray:
    """Area under the ROC curve of each row; a tie counts as half.

    Parameters
    ----------
    true : numpy.ndarray of bool, shape (t, k)
        Positives.
    scores : numpy.ndarray of float, shape (t, k)
        Larger for a likelier positive.

    Returns
    -------
    numpy.ndarray of float, shape (t,)
        NaN where a row has one class only.
    """
    from scipy.stats import rankdata

    positives = true.sum(axis=1)
    negatives = true.shape[1] - positives
    ranks = np.where(true, rankdata(scores, axis=1), 0).sum(axis=1)
    return _ratio(ranks - positives * (positives + 1) / 2, positives * negatives)


def mean_area(areas: FloatArray) -> float:
    """Mean of the areas of `row_auc` that are defined; a half, as by chance, if there is none."""
    known = areas[~np.isnan(areas)]
    return float(known.mean()) if len(known) else 0.5


def metric_rows(
    evaluations: Mapping[str, Evaluation], model: str, protocol: str, seed: int, fold: int
) -> pd.DataFrame:
    """Metrics of several methods in one fold, one row each.

    Parameters
    ----------
    evaluations : mapping of str to Evaluation
        Method to its evaluation.
    model, protocol : str
        Which data and folds.
    seed, fold : int
        Which fold.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`; metric is one of `METRICS` (n: metabolites averaged over), `ALL_GENES` (n:
        metabolites), ``undefined precision`` and ``undefined recall`` (value: how many count as 0;
        n: twice the metabolites) or ``scored genes`` (n: all genes). The value of an average over
        nothing is NaN.
    """
    rows: list[tuple[str, str, float, int]] = []
    for method, result in evaluations.items():
        for metric in METRICS:
            values = getattr(result, metric)
            values = values[~np.isnan(values)]
            mean = float(values.mean()) if len(values) else float("nan")
            rows.append((method, metric, mean, len(values)))
        count = len(result.accuracy)
        rows.append((method, ALL_GENES, float(result.all_genes.mean()), count))
        rows.append((method, "undefined precision", result.undefined_precision, 2 * count))
        rows.append((method, "undefined recall", result.undefined_recall, 2 * count))
        rows.append((method, "scored genes", result.scored, result.genes))
    table = pd.DataFrame(rows, columns=["method", "metric", "value", "n"])
    table = table.assign(model=model, protocol=protocol, seed=seed, fold=fold)
    return table.astype({"value": "float64"})[list(COLUMNS)]


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    """Means and deviations over folds and seeds.

    Parameters
    ----------
    rows : pandas.DataFrame
        Tables of `metric_rows`, concatenated.

    Returns
    -------
    pandas.DataFrame
        model, protocol, method, metric, mean (over all folds of all seeds), deviation_folds (over
        the folds of all seeds), deviation_seeds (over the means of the seeds), folds, seeds. The
        deviations are those of a sample (divided by one less), NaN for one value; folds whose
        value is NaN are left out. Methods and metrics keep the order of their first row.
    """
    keys = ["model", "protocol", "method", "metric"]
    groups = rows.groupby(keys, sort=False)["value"]
    by_seed = rows.groupby([*keys, "seed"], sort=False)["value"].mean()
    over_seeds = by_seed.groupby(keys, sort=False)
    table = pd.DataFrame(
        {
            "mean": groups.mean(),
            "deviation_folds": groups.std(),
            "deviation_seeds": over_seeds.std(),
            "folds": groups.count(),
            "seeds": over_seeds.count(),
        }
    )
    return table.reset_index()


def _ratio(numerator: npt.NDArray[Any], denominator: npt.NDArray[Any]) -> FloatArray:
    """Quotient, NaN where the denominator is 0."""
    quotient: FloatArray = np.divide(
        numerator, denominator, out=np.full(np.shape(numerator), np.nan), where=denominator > 0
    )
    return quotient
