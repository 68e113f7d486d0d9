"""The table of results: every predictor, all kinds of negatives, several class ratios."""

from collections.abc import Mapping, Sequence

import pandas as pd

from gemwright.arrays import SingleArray
from gemwright.emi.metrics import best_threshold, binary_metrics, negative_weights
from gemwright.emi.prediction import pair_positions

RATIOS = (30.0, 2.7)
"""Negatives for each positive: the paper's stated ratio, and the one its figures imply."""

RESULT_COLUMNS = [
    "split",
    "predictor",
    "negatives",
    "ratio",
    "metric",
    "value",
    "n_positive",
    "n_negative",
    "encoder",
    "seed",
]


def evaluate(
    test: Mapping[str, pd.DataFrame],
    validation: Mapping[str, pd.DataFrame],
    test_scores: Mapping[str, SingleArray],
    validation_scores: Mapping[str, SingleArray],
    test_enzymes: pd.Index,
    validation_enzymes: pd.Index,
    metabolites: pd.Index,
    *,
    split: str,
    encoder: str,
    seed: int,
    ratios: Sequence[float] = RATIOS,
) -> pd.DataFrame:
    """Measure predictors on the labelled pairs of the test part.

    Accuracy, F1 and MCC need a threshold: the one with the largest MCC on the validation part
    with the same kind of negatives and class ratio. Ratios are reached by weighting the
    negatives.

    Parameters
    ----------
    test, validation : mapping of str to pandas.DataFrame
        Kind of negatives to labelled pairs (enzyme, metabolite, label).
    test_scores, validation_scores : mapping of str to ndarray of float32
        Predictor to its score matrix, as `gemwright.emi.prediction.predict` gives them.
    test_enzymes, validation_enzymes, metabolites : pandas.Index
        Rows and columns of the matrices.
    split, encoder : str
        Names for the table.
    seed : int
        Seed for the table.
    ratios : sequence of float
        Negatives for each positive.

    Returns
    -------
    pandas.DataFrame
        split, predictor, negatives, ratio, metric, value, n_positive, n_negative (pairs at hand),
        encoder, seed; besides the five metrics the row ``threshold``.

    Raises
    ------
    InputError
        If a part has only one class.
    """
    rows = []
    for kind, labelled in test.items():
        tuning = validation[kind]
        label = labelled["label"].to_numpy()
        tuning_label = tuning["label"].to_numpy()
        at = pair_positions(labelled, test_enzymes, metabolites)
        tuning_at = pair_positions(tuning, validation_enzymes, metabolites)
        positives = int(label.sum())
        for predictor, matrix in test_scores.items():
            score, tuning_score = matrix[at], validation_scores[predictor][tuning_at]
            for ratio in ratios:
                threshold = best_threshold(
                    tuning_label, tuning_score, negative_weights(tuning_label, ratio)
                )
                weight = negative_weights(label, ratio)
                values = binary_metrics(label, score, threshold, weight)
                values["threshold"] = threshold
                about = {
                    "split": split,
                    "predictor": predictor,
                    "negatives": kind,
                    "ratio": ratio,
                    "n_positive": positives,
                    "n_negative": len(label) - positives,
                    "encoder": encoder,
                    "seed": seed,
                }
                rows += [
                    {**about, "metric": metric, "value": value} for metric, value in values.items()
                ]
    return pd.DataFrame(rows, columns=RESULT_COLUMNS)
