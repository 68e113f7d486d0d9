"""Gradient boosting on out-of-fold kernel predictions and what the flux modes say of each gene."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from gemwright.arrays import FloatArray, IntArray, SingleArray
from gemwright.deepgdel.features import MODES, TargetFeatures
from gemwright.deepgdel.kernels import leave_group_out, ridge_predict
from gemwright.deepgdel.scored import varying_genes

_NO_PATH = 99.0


def gene_features(features: TargetFeatures) -> SingleArray:
    """Describe each pair of target and gene by the flux modes and the network.

    Returns
    -------
    numpy.ndarray of float32, shape (n, m, 10)
        For each of `MODES` whether the gene is needed, then for each whether it is usable; the
        largest flux of a reaction that names it, over the production, in the first mode; and the
        steps from the target to its nearest reaction.
    """
    fluxes = np.abs(features.fluxes[MODES.index("product")])
    fluxes = fluxes / np.maximum(features.production, 1e-9)[:, None]
    carried = np.zeros(features.gene_distance.shape, np.float32)
    for column in range(len(features.genes)):
        reactions = np.flatnonzero(features.named[:, column])
        carried[:, column] = fluxes[:, reactions].max(axis=1, initial=0)
    steps = np.minimum(features.gene_distance, _NO_PATH)
    layers = [*features.needed, *features.usable, carried, steps]
    return np.stack([layer.astype(np.float32) for layer in layers], axis=-1)


def stacked_predict(
    kernels: Mapping[str, tuple[FloatArray, float]],
    by_gene: SingleArray,
    compartment: IntArray,
    remains: npt.NDArray[np.int8],
    train: IntArray,
    test: IntArray,
    folds: IntArray,
    seed: int,
) -> FloatArray:
    """Train the boosting on the training targets and predict the test targets.

    What a kernel or the gene's frequency says of a training target comes from the other inner
    folds, so that the boosting learns how far to trust it on new targets.

    Parameters
    ----------
    kernels : mapping of str to (numpy.ndarray of float, shape (n, n), float)
        Name to kernel and penalty.
    by_gene : numpy.ndarray of float32, shape (n, m, k)
        From `gene_features`.
    compartment : numpy.ndarray of int, shape (n,)
        Number of each target's compartment.
    remains : numpy.ndarray of int8, shape (n, m)
        States; only those of `train` are looked at.
    train, test : numpy.ndarray of int
        Rows.
    folds : numpy.ndarray of int, shape (len(train),)
        Inner fold of each training row.
    seed : int
        Seed of the boosting.

    Returns
    -------
    numpy.ndarray of float, shape (len(test), m)
        P(gene remains); the frequency for genes that do not vary in training.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    states = remains[train]
    columns = np.flatnonzero(varying_genes(states))
    own, new = [], []
    for kernel, ridge in kernels.values():
        own.append(leave_group_out(kernel[np.ix_(train, train)], states, folds, ridge))
        new.append(ridge_predict(kernel, remains, train, test, ridge))
    frequency = np.empty(states.shape)
    for fold in np.unique(folds):
        frequency[folds == fold] = states[folds != fold].mean(axis=0)
    own.append(frequency)
    overall = np.tile(states.mean(axis=0), (len(test), 1))
    new.append(overall)
    for rows, layers in ((train, own), (test, new)):
        layers.append(np.repeat(compartment[rows, None].astype(float), states.shape[1], axis=1))

    def table(layers: list[FloatArray], rows: IntArray) -> SingleArray:
        predicted = np.stack([layer[:, columns] for layer in layers], axis=-1).astype(np.float32)
        values: SingleArray = np.concatenate([predicted, by_gene[np.ix_(rows, columns)]], axis=-1)
        return values.reshape(-1, values.shape[-1])

    model = HistGradientBoostingClassifier(
        max_iter=80,
        learning_rate=0.06,
        max_leaf_nodes=8,
        min_samples_leaf=60,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=seed,
    )
    model.fit(table(own, train), states[:, columns].ravel())
    values = overall.copy()
    kept = model.predict_proba(table(new, test))[:, list(model.classes_).index(1)]
    values[:, columns] = kept.reshape(len(test), -1)
    return values
