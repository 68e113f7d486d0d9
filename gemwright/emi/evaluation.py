"""The table of results: every predictor, all kinds of negatives, several class ratios."""

from collections.abc import Mapping, Sequence

import pandas as pd

from gemwright.emi.data import EmiData
from gemwright.emi.metrics import best_threshold, binary_metrics, negative_weights
from gemwright.emi.models.predictor import Predictor, scores_of
from gemwright.emi.negatives import KINDS

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
    predictors: Mapping[str, Predictor],
    data: EmiData,
    split: str,
    seed: int = 0,
    ratios: Sequence[float] = RATIOS,
) -> pd.DataFrame:
    """Measure predictors on the labelled pairs of the test part.

    Interactions that may be used are those of the training part for validation enzymes, and those
    of the training and validation parts for test enzymes. Accuracy, F1 and MCC need a threshold:
    the one with the largest MCC on the validation part with the same kind of negatives and class
    ratio. Ratios are reached by weighting the negatives.

    Parameters
    ----------
    predictors : mapping of str to Predictor
        Fitted on `data`, by name.
    data : EmiData
        With a test part.
    split : str
        Name of the split for the table.
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
        If a part has only one class, or a predictor gives no scores from 0 to 1.
    """
    questions = [data.question("validation", "train"), data.question("test", "train", "validation")]
    scores = {
        name: [scores_of(predictor, question) for question in questions]
        for name, predictor in predictors.items()
    }
    rows = []
    for kind in KINDS:
        pairs = [data.pairs(part, kind) for part in ("validation", "test")]
        tuning_label, label = (labelled["label"].to_numpy() for labelled in pairs)
        at = [
            question.positions(labelled)
            for question, labelled in zip(questions, pairs, strict=True)
        ]
        positives = int(label.sum())
        for name, matrices in scores.items():
            tuning_score, score = (
                matrix[place] for matrix, place in zip(matrices, at, strict=True)
            )
            for ratio in ratios:
                threshold = best_threshold(
                    tuning_label, tuning_score, negative_weights(tuning_label, ratio)
                )
                weight = negative_weights(label, ratio)
                values = binary_metrics(label, score, threshold, weight)
                values["threshold"] = threshold
                about = {
                    "split": split,
                    "predictor": name,
                    "negatives": kind,
                    "ratio": ratio,
                    "n_positive": positives,
                    "n_negative": len(label) - positives,
                    "encoder": f"{data.enzymes.encoder} x {data.metabolites.encoder}",
                    "seed": seed,
                }
                rows += [
                    {**about, "metric": metric, "value": value} for metric, value in values.items()
                ]
    return pd.DataFrame(rows, columns=RESULT_COLUMNS)
