"""What the workflow's rules do with deletion data: files in, files out."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.folds import Fold, make_folds
from gemwright.deepgdel.metrics import evaluate, metric_rows
from gemwright.deepgdel.predictions import FloatArray, read_predictions
from gemwright.deepgdel.scored import scored_genes
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.verification import verify_predictions


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


def evaluate_runs(
    data: DeletionData,
    protocol: str,
    folds: pd.DataFrame,
    runs: Iterable[tuple[int, int, str | Path]],
) -> pd.DataFrame:
    """Compare all predictions of all seeds and folds with the known strategies.

    Parameters
    ----------
    data : DeletionData
        The known strategies.
    protocol : str
        Decides which genes are scored.
    folds : pandas.DataFrame
        From `fold_table`.
    runs : iterable of (int, int, path)
        Seed, fold and file of predictions; a fold may have several files.

    Returns
    -------
    pandas.DataFrame
        As `metrics.metric_rows`.
    """
    tables = []
    for seed, number, path in runs:
        fold = read_fold(folds, data, seed, number)
        scored = scored_genes(data, fold.train, protocol)
        names = [data.targets[row] for row in fold.test]
        evaluations = {
            method: evaluate(data.remains[fold.test], values, scored)
            for method, values in read_predictions(path, names, data.genes).items()
        }
        tables.append(metric_rows(evaluations, data.model, protocol, seed, number))
    return pd.concat(tables, ignore_index=True)


def held_out_predictions(
    data: DeletionData, folds: pd.DataFrame, runs: Iterable[tuple[int, int, str | Path]]
) -> dict[str, tuple[list[str], FloatArray]]:
    """Gather what each method predicts for the targets that it was not trained on.

    Parameters
    ----------
    data : DeletionData
        The known strategies.
    folds : pandas.DataFrame
        From `fold_table`.
    runs : iterable of (int, int, path)
        Seed (the same for all), fold and file of predictions.

    Returns
    -------
    dict of str to (list of str, numpy.ndarray of float, shape (n, n_genes))
        Method to targets and P(gene remains). A method that ran on some folds only has fewer.
    """
    gathered: dict[str, tuple[list[str], list[FloatArray]]] = {}
    for seed, number, path in runs:
        names = [data.targets[row] for row in read_fold(folds, data, seed, number).test]
        for method, values in read_predictions(path, names, data.genes).items():
            targets, blocks = gathered.setdefault(method, ([], []))
            targets.extend(names)
            blocks.append(values)
    return {name: (targets, np.vstack(blocks)) for name, (targets, blocks) in gathered.items()}


def verify_methods(
    strain: StrainModel,
    data: DeletionData,
    held_out: Mapping[str, tuple[Sequence[str], FloatArray]],
    most: int,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge and repair what every method predicts for the same sample of held-out targets.

    Parameters
    ----------
    strain : StrainModel
        The model.
    data : DeletionData
        The known strategies, which name genes and targets.
    held_out : mapping of str to (sequence of str, numpy.ndarray of float)
        From `held_out_predictions`.
    most : int
        Targets at most.
    seed : int
        Seed of the sample.

    Returns
    -------
    verified : pandas.DataFrame
        As `strain_design.verification.verify_predictions`, of all methods, without CPU times.
    seconds : pandas.DataFrame
        method, target, cpu_seconds (of judging and repair).
    """
    generator = np.random.default_rng(seed)
    sample = set(generator.permutation(np.array(data.targets, dtype=object))[:most])
    tables = []
    for method, (targets, values) in held_out.items():
        rows = [number for number, target in enumerate(targets) if target in sample]
        names = [targets[row] for row in rows]
        tables.append(verify_predictions(strain, data, values[rows], names, method=method))
    table = pd.concat(tables, ignore_index=True)
    return table.drop(columns="cpu_seconds"), table[["method", "target", "cpu_seconds"]]
