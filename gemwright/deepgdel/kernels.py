"""Kernel ridge regression of deletion states on how alike two targets are, in closed form.

A target's states of all genes are predicted at once, by weights on the training targets'
strategies. The error on a left-out group of targets follows from the fit on all of them without
another fit, which makes the choice of hyperparameters inside the training targets cheap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gemwright.arrays import BoolArray, FloatArray, IntArray
from gemwright.deepgdel.controls import structure_similarity
from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.features import MODES, TargetFeatures
from gemwright.deepgdel.metrics import mean_area, row_auc
from gemwright.deepgdel.scored import predetermined_genes, varying_genes
from gemwright.gem.species import metabolite_of

#: Sets of kernels that a method may weigh.
KERNEL_SETS = {
    "structure": ("structure",),
    "flux": ("structure", "product mode", "all modes"),
    "network": ("structure", "network", "metabolite", "compartment"),
    "all": ("structure", "product mode", "all modes", "network", "metabolite", "compartment"),
}
_RIDGES = (0.1, 0.3, 1.0, 3.0, 10.0)
_WEIGHTS = (0.0, 0.3, 1.0, 3.0)
# a constant kernel this large leaves the mean of the training targets nearly unpenalised
_CONSTANT = 10.0
_ROUNDS = 2


@dataclass(frozen=True)
class KernelChoice:
    """Hyperparameters of a kernel ridge regression.

    Attributes
    ----------
    weights : dict of str to float
        Kernel to its weight.
    ridge : float
        The penalty lambda; the larger, the more a prediction shrinks to the training mean.
    auc : float
        Macro AUC on left-out groups of the training targets.
    """

    weights: dict[str, float]
    ridge: float
    auc: float


def target_kernels(data: DeletionData, features: TargetFeatures) -> dict[str, FloatArray]:
    """Compute how alike all pairs of targets are, in several ways; strategies are not looked at.

    Returns
    -------
    dict of str to numpy.ndarray of float, shape (n, n)
        ``structure`` (Tanimoto); ``product mode`` (Jaccard of the reactions that carry flux at
        the largest production); ``all modes`` (its mean over the flux modes); ``network``
        (proximity); ``metabolite`` and ``compartment`` (1 if the same). All are from 0 to 1.
    """
    by_mode = [_jaccard(active) for active in features.active]
    metabolites = np.array([metabolite_of(target) for target in data.targets])
    compartments = np.array([target.rpartition("_")[2] for target in data.targets])
    return {
        "structure": structure_similarity(data),
        "product mode": by_mode[MODES.index("product")],
        "all modes": np.mean(by_mode, axis=0),
        "network": features.proximity,
        "metabolite": (metabolites[:, None] == metabolites).astype(np.float64),
        "compartment": (compartments[:, None] == compartments).astype(np.float64),
    }


def combine(kernels: Mapping[str, FloatArray], weights: Mapping[str, float]) -> FloatArray:
    """Weighted mean of kernels, so that the penalty means the same for any weights."""
    total = sum(weights.values())
    mean: FloatArray = np.sum([kernels[name] * (w / total) for name, w in weights.items()], axis=0)
    return mean


def ridge_predict(
    kernel: FloatArray,
    remains: npt.NDArray[np.int8],
    train: IntArray,
    test: IntArray,
    ridge: float,
) -> FloatArray:
    """Predict the states of test targets.

    Parameters
    ----------
    kernel : numpy.ndarray of float, shape (n, n)
        From `combine`.
    remains : numpy.ndarray of int8, shape (n, m)
        States; those of other rows than `train` are not looked at.
    train, test : numpy.ndarray of int
        Rows.
    ridge : float
        The penalty.

    Returns
    -------
    numpy.ndarray of float, shape (len(test), m)
        Between 0 and 1.
    """
    system = kernel[np.ix_(train, train)] + _CONSTANT + ridge * np.eye(len(train))
    weights = np.linalg.solve(system, remains[train] - 0.5)
    values = (kernel[np.ix_(test, train)] + _CONSTANT) @ weights + 0.5
    return np.clip(values, 0, 1)


def leave_group_out(
    kernel: FloatArray, states: npt.NDArray[np.int8], folds: IntArray, ridge: float
) -> FloatArray:
    """Predict each fold of targets from the others, as `ridge_predict` would, by one inversion.

    With A = (K + lambda I)^-1, the error on a fold F without it in training is A_FF^-1 (A y)_F.

    Parameters
    ----------
    kernel : numpy.ndarray of float, shape (k, k)
        Of the training targets.
    states : numpy.ndarray of int8, shape (k, m)
        Their states.
    folds : numpy.ndarray of int, shape (k,)
        Fold of each.
    ridge : float
        The penalty.

    Returns
    -------
    numpy.ndarray of float, shape (k, m)
        Between 0 and 1.
    """
    inverse = np.linalg.inv(kernel + _CONSTANT + ridge * np.eye(len(kernel)))
    centred = states - 0.5
    weights = inverse @ centred
    values = np.empty_like(centred)
    for fold in np.unique(folds):
        rows = np.flatnonzero(folds == fold)
        error = np.linalg.solve(inverse[np.ix_(rows, rows)], weights[rows])
        values[rows] = centred[rows] - error
    return np.clip(values + 0.5, 0, 1)


def choose_kernel(
    kernels: Mapping[str, FloatArray],
    names: Sequence[str],
    remains: npt.NDArray[np.int8],
    train: IntArray,
    folds: IntArray,
) -> KernelChoice:
    """Choose weights and penalty by the AUC on left-out groups of the training targets.

    One value after another is set to the best of its grid, twice around, from equal weights. The
    genes that count are those whose state is not nearly the same for all targets.

    Parameters
    ----------
    kernels : mapping of str to numpy.ndarray of float, shape (n, n)
        From `target_kernels`.
    names : sequence of str
        Those to weigh.
    remains : numpy.ndarray of int8, shape (n, m)
        States; only `train` is looked at.
    train : numpy.ndarray of int, shape (k,)
        Training rows.
    folds : numpy.ndarray of int, shape (k,)
        Inner fold of each of them; groups of targets must not be split.
    """
    parts = {name: kernels[name][np.ix_(train, train)] for name in names}
    hard = contested_genes(remains[train])
    states = remains[np.ix_(train, np.flatnonzero(hard))]
    done: dict[tuple[float, ...], float] = {}

    def auc(weights: Mapping[str, float], ridge: float) -> float:
        total = sum(weights.values())
        if total == 0:
            return -np.inf
        key = (ridge, *(weights[name] / total for name in names))
        if key not in done:
            predicted = leave_group_out(combine(parts, weights), states, folds, ridge)
            done[key] = mean_area(row_auc(states == 1, predicted))
        return done[key]

    weights, ridge = dict.fromkeys(names, 1.0), 1.0
    for _ in range(_ROUNDS):
        ridge = max(_RIDGES, key=lambda value: auc(weights, value))
        if len(names) > 1:
            for name in names:
                options = [{**weights, name: value} for value in (weights[name], *_WEIGHTS)]
                weights = max(options, key=lambda option: auc(option, ridge))
    return KernelChoice(weights, ridge, auc(weights, ridge))


def contested_genes(remains: npt.NDArray[np.int8]) -> BoolArray:
    """Genes that are not pre-determined; if there are none, genes that vary."""
    contested = ~predetermined_genes(remains)
    return contested if contested.any() else varying_genes(remains)


def _jaccard(active: BoolArray) -> FloatArray:
    values = active.astype(np.float64)
    shared = values @ values.T
    sizes = np.diag(shared)
    union = sizes[:, None] + sizes[None, :] - shared
    quotient: FloatArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return quotient
