"""The methods without a neural network, by name."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from tqdm import tqdm

from gemwright.arrays import FloatArray, IntArray, SingleArray
from gemwright.deepgdel.controls import gene_frequency, nearest_target, proportion_threshold
from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.features import TargetFeatures
from gemwright.deepgdel.folds import group_folds, target_groups
from gemwright.deepgdel.kernels import (
    KERNEL_SETS,
    KernelChoice,
    choose_kernel,
    combine,
    contested_genes,
    ridge_predict,
    target_kernels,
)
from gemwright.deepgdel.metrics import mean_area, row_auc
from gemwright.deepgdel.scored import varying_genes
from gemwright.deepgdel.stacking import gene_features, stacked_predict
from gemwright.errors import InputError, require_known

#: Among which `best` chooses.
CANDIDATES = (
    "kernel_structure",
    "kernel_flux",
    "kernel_network",
    "kernel_all",
    "stacked",
    "blend",
)
_CHOICE_FOLDS = 5
_INNER_FOLDS = 10


class Material:
    """What does not depend on strategies, computed once for all methods and folds.

    Parameters
    ----------
    data : DeletionData
        The targets.
    features : TargetFeatures
        Their features; its targets and genes must be those of `data`.

    Raises
    ------
    InputError
        If targets or genes are others.
    """

    def __init__(self, data: DeletionData, features: TargetFeatures) -> None:
        if features.targets != data.targets or features.genes != data.genes:
            raise InputError(
                f"features of {features.model!r}",
                "are of other targets or genes than the strategies",
                "compute the features for these strategies",
            )
        self.features = features
        self.kernels = target_kernels(data, features)
        compartments = [target.rpartition("_")[2] for target in data.targets]
        self.compartment: IntArray = np.unique(compartments, return_inverse=True)[1]

    @cached_property
    def by_gene(self) -> SingleArray:
        """As `stacking.gene_features`."""
        return gene_features(self.features)


class Task:
    """One fold to predict. Strategies of other rows than `train` are not kept.

    Parameters
    ----------
    data : DeletionData
        The strategies.
    material : Material
        Of the same targets.
    train, test : numpy.ndarray of int
        Rows.
    seed : int
        Seed of inner folds and boosting.
    """

    def __init__(
        self, data: DeletionData, material: Material, train: IntArray, test: IntArray, seed: int
    ) -> None:
        remains = np.zeros_like(data.remains)
        remains[train] = data.remains[train]
        self.data = replace(data, remains=remains)
        self.material, self.train, self.test, self.seed = material, train, test, seed
        self._choices: dict[str, KernelChoice] = {}
        self._predicted: dict[str, FloatArray] = {}

    @cached_property
    def groups(self) -> IntArray:
        """Groups of the training targets, see `folds.target_groups`."""
        return target_groups(self.data, self.train)

    @cached_property
    def inner_folds(self) -> IntArray:
        """Inner fold of each training row; groups are not split."""
        count = min(_INNER_FOLDS, len(np.unique(self.groups)))
        return group_folds(self.groups, self.seed, count)

    def choice(self, name: str) -> KernelChoice:
        """Hyperparameters of a set of kernels, chosen inside the training rows."""
        if name not in self._choices:
            self._choices[name] = choose_kernel(
                self.material.kernels,
                KERNEL_SETS[name],
                self.data.remains,
                self.train,
                self.inner_folds,
            )
        return self._choices[name]

    def predict(self, method: str) -> FloatArray:
        """P(gene remains) by a method, shape (len(test), m).

        Genes that do not vary in training get their constant state.
        """
        if method not in self._predicted:
            states = self.data.remains[self.train]
            constant = ~varying_genes(states)
            values: FloatArray = np.zeros((len(self.test), states.shape[1]))
            if not constant.all():
                values = METHODS[method](self)
            values[:, constant] = states[0, constant]
            self._predicted[method] = values
        return self._predicted[method]

    @cached_property
    def best_method(self) -> str:
        """The one of `CANDIDATES` with the largest macro AUC in inner folds of training targets."""
        count = min(_CHOICE_FOLDS, len(np.unique(self.groups)))
        number = group_folds(self.groups, self.seed, count)
        areas: dict[str, list[FloatArray]] = {name: [] for name in CANDIDATES}
        for fold in range(count):
            train, test = self.train[number != fold], self.train[number == fold]
            inner = Task(self.data, self.material, train, test, self.seed)
            hard = contested_genes(self.data.remains[train])
            states = self.data.remains[np.ix_(test, np.flatnonzero(hard))] == 1
            for name, found in areas.items():
                found.append(row_auc(states, inner.predict(name)[:, hard]))
        return max(areas, key=lambda name: mean_area(np.concatenate(areas[name])))


def _kernel_method(name: str) -> Callable[[Task], FloatArray]:
    def predict(task: Task) -> FloatArray:
        choice = task.choice(name)
        kernel = combine(task.material.kernels, choice.weights)
        return ridge_predict(kernel, task.data.remains, task.train, task.test, choice.ridge)

    return predict


def _prior(task: Task) -> FloatArray:
    return gene_frequency(task.data.remains, task.train, task.test)


def _bpm(task: Task) -> FloatArray:
    return proportion_threshold(task.data.remains, task.train, task.test)


def _nearest_structure(task: Task) -> FloatArray:
    keys = (-task.material.kernels["structure"], task.material.features.distance)
    return nearest_target(task.data.remains, task.train, task.test, *keys)


def _nearest_network(task: Task) -> FloatArray:
    keys = (task.material.features.distance, -task.material.kernels["structure"])
    return nearest_target(task.data.remains, task.train, task.test, *keys)


def _stacked(task: Task) -> FloatArray:
    choices = {name: task.choice(name) for name in KERNEL_SETS}
    return stacked_predict(
        {
            name: (combine(task.material.kernels, choice.weights), choice.ridge)
            for name, choice in choices.items()
        },
        task.material.by_gene,
        task.material.compartment,
        task.data.remains,
        task.train,
        task.test,
        task.inner_folds,
        task.seed,
    )


def _blend(task: Task) -> FloatArray:
    return (task.predict("kernel_all") + task.predict("stacked")) / 2


def _best(task: Task) -> FloatArray:
    return task.predict(task.best_method).copy()


#: Name to method. ``kernel_*``: kernel ridge on the kernels of `kernels.KERNEL_SETS`; ``blend``:
#: mean of ``kernel_all`` and ``stacked``; ``best``: the best of `CANDIDATES`, chosen inside the
#: training targets.
METHODS: dict[str, Callable[[Task], FloatArray]] = {
    "prior": _prior,
    "bpm": _bpm,
    "nearest_structure": _nearest_structure,
    "nearest_network": _nearest_network,
    **{f"kernel_{name}": _kernel_method(name) for name in KERNEL_SETS},
    "stacked": _stacked,
    "blend": _blend,
    "best": _best,
}


def predict_methods(
    data: DeletionData,
    features: TargetFeatures,
    train: IntArray,
    test: IntArray,
    seed: int,
    names: Sequence[str] = tuple(METHODS),
) -> dict[str, FloatArray]:
    """Predict the strategies of the test targets by several methods.

    Parameters
    ----------
    data : DeletionData
        The strategies; those of other rows than `train` are not looked at.
    features : TargetFeatures
        Of the same targets and genes.
    train, test : numpy.ndarray of int
        Rows of training and test targets.
    seed : int
        Seed of inner folds and boosting.
    names : sequence of str
        Some of `METHODS`.

    Returns
    -------
    dict of str to numpy.ndarray of float, shape (len(test), m)
        P(gene remains) for every gene; genes that do not vary in training get their constant
        state.

    Raises
    ------
    InputError
        If a method is not known, features and strategies do not fit, or there are too few
        training targets.
    """
    for name in names:
        require_known("method", name, METHODS)
    if len(train) < 2:
        raise InputError(
            f"strategies of {data.model!r}",
            f"there are {len(train)} targets to learn from",
            "give strategies of more targets",
        )
    import sklearn.ensemble  # noqa: F401  # the limit holds for libraries that are loaded
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    task = Task(data, Material(data, features), train, test, seed)
    # sums, and with them the splits of trees, would differ with the number of threads
    with threadpool_limits(1):
        return {name: task.predict(name) for name in tqdm(names, desc="methods", disable=None)}
