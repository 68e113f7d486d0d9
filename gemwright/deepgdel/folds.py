"""Folds of cross-validation over target metabolites, as printed and without leaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.arrays import IntArray
from gemwright.deepgdel.dataset import DeletionData
from gemwright.errors import InputError, require_known

#: ``paper``: targets are dealt to the folds, stratified by the number of deleted genes.
#: ``grouped``: so are groups of targets with one structure or one strategy, kept whole.
PROTOCOLS = ("paper", "grouped")


@dataclass(frozen=True)
class Fold:
    """One division of the targets.

    Attributes
    ----------
    train, test : numpy.ndarray of int
        Sorted rows of `DeletionData`; together all of them, each once.
    """

    train: IntArray
    test: IntArray


def make_folds(data: DeletionData, protocol: str, seed: int, folds: int = 10) -> list[Fold]:
    """Divide the targets into training and test rows, once for each fold.

    Parameters
    ----------
    data : DeletionData
        The strategies.
    protocol : str
        One of `PROTOCOLS`. The paper (III-C) says "10-fold stratified", not by what: here strata
        are runs of `folds` targets in the order of their number of deleted genes (targets with
        the same number in random order), and each stratum gives one target to each fold.
    seed : int
        Seed of the division.
    folds : int
        How many.

    Returns
    -------
    list of Fold

    Raises
    ------
    InputError
        If the protocol is not known, or there are fewer targets (groups of targets) than folds.
    """
    require_known("protocol", protocol, PROTOCOLS)
    if protocol == "paper":
        number = stratified_folds((data.remains == 0).sum(axis=1), seed, folds)
    else:
        number = group_folds(target_groups(data), seed, folds)
    return [
        Fold(np.flatnonzero(number != fold), np.flatnonzero(number == fold))
        for fold in range(folds)
    ]


def fold_table(data: DeletionData, protocol: str, seeds: Sequence[int], folds: int) -> pd.DataFrame:
    """Tabulate which fold tests each target, for every seed.

    Returns
    -------
    pandas.DataFrame
        seed, fold (from 0), target.
    """
    rows = [
        (seed, number, data.targets[row])
        for seed in seeds
        for number, fold in enumerate(make_folds(data, protocol, seed, folds))
        for row in fold.test
    ]
    return pd.DataFrame(rows, columns=["seed", "fold", "target"])


def read_fold(table: pd.DataFrame, data: DeletionData, seed: int, fold: int) -> Fold:
    """Rows of one fold, out of `fold_table`."""
    chosen = table[(table["seed"] == seed) & (table["fold"] == fold)]
    test = np.flatnonzero(np.isin(data.targets, chosen["target"]))
    return Fold(np.setdiff1d(np.arange(len(data.targets)), test), test)


def stratified_folds(sizes: npt.NDArray[np.integer], seed: int, folds: int) -> IntArray:
    """Fold of each row, stratified by a number; fold sizes differ by at most one.

    Raises
    ------
    InputError
        If there are fewer rows than folds.
    """
    _check_count("targets", len(sizes), folds)
    generator = np.random.default_rng(seed)
    order = np.lexsort((generator.permutation(len(sizes)), sizes))
    number = np.empty(len(sizes), np.int64)
    for start in range(0, len(sizes), folds):
        stratum = order[start : start + folds]
        number[stratum] = generator.permutation(folds)[: len(stratum)]
    return number


def group_folds(groups: IntArray, seed: int, folds: int) -> IntArray:
    """Fold of each row; rows of one group share a fold.

    Groups go, the largest first and those of one size in random order, to the fold that is
    smallest so far.

    Raises
    ------
    InputError
        If there are fewer groups than folds.
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    _check_count("groups of targets", len(sizes), folds)
    generator = np.random.default_rng(seed)
    order = np.lexsort((generator.permutation(len(sizes)), -sizes))
    filled = np.zeros(folds, np.int64)
    fold_of_group = np.empty(len(sizes), np.int64)
    for item in order:
        fold = int(np.argmin(filled))
        fold_of_group[item] = fold
        filled[fold] += sizes[item]
    return fold_of_group[group]


def target_groups(data: DeletionData, rows: IntArray | None = None) -> IntArray:
    """Group of each target: chains of targets with one structure or one strategy.

    Targets have one structure if their canonical SMILES are equal or if they are one metabolite
    in several compartments, which shows it where the structure is a dummy; dummies of different
    metabolites are not equal. Targets have one strategy if the same genes remain.

    Parameters
    ----------
    data : DeletionData
        The strategies.
    rows : numpy.ndarray of int, optional
        The targets to group, all by default; the others join nothing.

    Returns
    -------
    numpy.ndarray of int, shape (n,) or that of `rows`
        Numbers from 0 in the order of the first member.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    from gemwright.gem.species import metabolite_of

    chosen = range(len(data.targets)) if rows is None else rows.tolist()
    n = len(chosen)
    ends, first = [], []
    for keys in (
        [
            _canonical(data.smiles[row]) if data.known_smiles[row] else f"unknown structure {row}"
            for row in chosen
        ],
        [metabolite_of(data.targets[row]) for row in chosen],
        [data.remains[row].tobytes() for row in chosen],
    ):
        _, start, inverse = np.unique(
            np.array(keys, dtype=object), return_index=True, return_inverse=True
        )
        ends.append(np.arange(n))
        first.append(start[inverse])
    pairs = np.concatenate(ends), np.concatenate(first)
    graph = coo_array((np.ones(3 * n, dtype=bool), pairs), shape=(n, n))
    _, component = connected_components(graph, directed=False)
    _, start, inverse = np.unique(component, return_index=True, return_inverse=True)
    rank: IntArray = np.argsort(np.argsort(start))
    return rank[inverse]


@cache
def _canonical(smiles: str) -> str:
    from gemwright.sources.structures import canonical_smiles

    return canonical_smiles(smiles)


def _check_count(what: str, count: int, folds: int) -> None:
    if not 2 <= folds <= count:
        raise InputError(
            "cross-validation",
            f"{count} {what} cannot be dealt to {folds} folds",
            f"ask for 2 to {count} folds" if count >= 2 else "give strategies of more targets",
        )
