"""Generated and training sets side by side: projections, and how separable the two are.

That two clouds look disjoint in a picture may be the picture's doing, so it is measured as well,
against the only fair zero: one half of the training sets against the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray, IntArray
from gemwright.errors import InputError

_FOLDS = 5


@dataclass(frozen=True)
class Projection:
    """Sets in two dimensions.

    Parameters
    ----------
    points : pandas.DataFrame
        source, x, y; sources in the order given, sets in theirs.
    explained : numpy.ndarray, shape (2,)
        Shares of variance of the two components; not a number for UMAP.
    """

    points: pd.DataFrame
    explained: FloatArray


def _pooled(sources: Mapping[str, FloatArray]) -> FloatArray:
    """All sets, standardised together; parameters that do not vary become 0."""
    values = np.concatenate(list(sources.values()))
    deviation = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0))


def project(
    sources: Mapping[str, FloatArray],
    method: Literal["pca", "umap"] = "pca",
    *,
    columns: Sequence[int] | None = None,
    seed: int = 0,
    neighbours: int = 15,
    min_distance: float = 0.1,
) -> Projection:
    """Project sets of several sources together into two dimensions.

    Parameters
    ----------
    sources : mapping of str to numpy.ndarray, shape (sets, parameters)
        For example training and generated sets, as ln K_M or saturations.
    method : str
        ``pca``, or ``umap`` (needs umap-learn; on one thread, seeded).
    columns : sequence of int, optional
        Parameters to use, for example the top five; all by default.
    seed : int
        Of UMAP.
    neighbours, min_distance : int, float
        Of UMAP.

    Returns
    -------
    Projection
    """
    chosen = {
        name: values if columns is None else values[:, list(columns)]
        for name, values in sources.items()
    }
    values = _pooled(chosen)
    explained = np.full(2, np.nan)
    if method == "pca":
        from sklearn.decomposition import PCA

        model = PCA(2, svd_solver="full")
        points = model.fit_transform(values)
        explained = model.explained_variance_ratio_
    else:
        from umap import UMAP  # type: ignore[import-untyped,unused-ignore]

        points = UMAP(
            n_components=2,
            n_neighbors=neighbours,
            min_dist=min_distance,
            random_state=seed,
            n_jobs=1,
        ).fit_transform(values)
    labels = np.repeat(list(chosen), [len(each) for each in chosen.values()])
    table = pd.DataFrame({"source": labels, "x": points[:, 0], "y": points[:, 1]})
    return Projection(table.astype({"x": float, "y": float}), np.asarray(explained, dtype=float))


def two_sample_scores(left: FloatArray, right: FloatArray, seed: int = 0) -> dict[str, float]:
    """How separable two samples are.

    Parameters
    ----------
    left, right : numpy.ndarray, shape (sets, parameters)
        The larger one is cut to the size of the smaller one.
    seed : int
        Of the choice and of the folds.

    Returns
    -------
    dict of str to float
        neighbour_accuracy: share of sets whose nearest other set (standardised, Euclidean) is of
        their own sample, the mean over the two samples; 0.5 where they are alike, 1 where they are
        disjoint; neighbour_left and neighbour_right: that of each (a narrow sample within a wide
        one has about 0 left and 1 right). auc: cross-validated area under the ROC curve of a
        logistic regression of the values, which sees shifts; auc_squares: of the values and their
        squares, which sees a difference in spread too.

    Raises
    ------
    InputError
        If there are fewer than ten sets in a sample.
    """
    from sklearn.neighbors import NearestNeighbors

    size = min(len(left), len(right))
    if size < 2 * _FOLDS:
        raise InputError(
            "two samples to compare",
            f"one has {size} sets",
            f"give at least {2 * _FOLDS} of each",
        )
    rng = np.random.default_rng(seed)
    halves = {
        str(number): part[np.sort(rng.choice(len(part), size, replace=False))]
        for number, part in enumerate((left, right))
    }
    values = _pooled(halves)
    label = np.repeat([0, 1], size)
    nearest = NearestNeighbors(n_neighbors=2, n_jobs=1).fit(values).kneighbors(values)[1]
    # a set is its own nearest one, or, among equal sets, the second
    own = nearest[:, 0] == np.arange(len(values))
    same = label[np.where(own, nearest[:, 1], nearest[:, 0])] == label
    return {
        "neighbour_accuracy": float(same.mean()),
        "neighbour_left": float(same[:size].mean()),
        "neighbour_right": float(same[size:].mean()),
        "auc": _auc(values, label, seed),
        "auc_squares": _auc(np.hstack([values, values**2]), label, seed),
    }


def _auc(values: FloatArray, label: IntArray, seed: int) -> float:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    scores = cross_val_predict(model, values, label, cv=folds, method="decision_function", n_jobs=1)
    return float(roc_auc_score(label, scores))


def disjointness(
    training: FloatArray,
    sources: Mapping[str, FloatArray],
    subsets: Mapping[str, Sequence[int]],
    seed: int = 0,
    at_most: int = 2_000,
) -> pd.DataFrame:
    """Separability of each source's sets from the training sets, for several choices of parameters.

    Parameters
    ----------
    training : numpy.ndarray, shape (sets, parameters)
        Training sets of the class that is generated.
    sources : mapping of str to numpy.ndarray, shape (sets, parameters)
        Generators and controls.
    subsets : mapping of str to sequence of int
        Name to the parameters that are looked at, for example ``all`` and ``top 5``.
    seed : int
        Of the halves and folds.
    at_most : int
        Sets of each sample.

    Returns
    -------
    pandas.DataFrame
        parameters, source, sets and the scores of `two_sample_scores` (left: training). The first
        row of each choice, ``training (other half)``, is the zero.
    """
    order = np.random.default_rng(seed).permutation(len(training))
    half = min(len(training) // 2, at_most)
    first, second = training[order[:half]], training[order[half : 2 * half]]
    rows = []
    for name, columns in subsets.items():
        picked = list(columns)
        for source, values in {"training (other half)": second, **sources}.items():
            size = min(half, len(values))
            scores = two_sample_scores(first[:size, picked], values[:size, picked], seed)
            rows.append({"parameters": name, "source": source, "sets": size, **scores})
    return pd.DataFrame(rows)
