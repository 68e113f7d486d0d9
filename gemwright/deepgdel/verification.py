"""What all methods predict for held-out targets, judged on the model."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.folds import read_fold
from gemwright.deepgdel.predictions import read_predictions
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.verification import verify_predictions


def held_out_predictions(
    data: DeletionData, folds: pd.DataFrame, runs: Iterable[tuple[int, int, str | Path]]
) -> dict[str, tuple[list[str], FloatArray]]:
    """Gather what each method predicts for the targets that it was not trained on.

    Parameters
    ----------
    data : DeletionData
        The known strategies.
    folds : pandas.DataFrame
        From `folds.fold_table`.
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

    A method that ran on some folds only is judged on those targets of the sample that it predicted.

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
