"""Predictions of deletion states, kept in one table for one fold."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.io.tables import read_parquet, write_parquet


def write_predictions(
    path: str | Path,
    scores: Mapping[str, FloatArray],
    targets: Sequence[str],
    genes: Sequence[str],
) -> None:
    """Write the predictions of several methods for the test targets of one fold.

    Parameters
    ----------
    path : str or Path
        Parquet to write: method, target, and one column (float32) for each gene.
    scores : mapping of str to numpy.ndarray of float, shape (n_targets, n_genes)
        Method to P(gene remains).
    targets, genes : sequence of str
        What rows and columns stand for.
    """
    frames = []
    for method, values in scores.items():
        head = pd.DataFrame({"method": method, "target": list(targets)})
        states = pd.DataFrame(values.astype(np.float32), columns=list(genes))
        frames.append(pd.concat([head, states], axis=1))
    write_parquet(pd.concat(frames, ignore_index=True), path)


def read_predictions(
    path: str | Path, targets: Sequence[str], genes: Sequence[str]
) -> dict[str, FloatArray]:
    """Read what `write_predictions` wrote.

    Parameters
    ----------
    path : str or Path
        The table.
    targets, genes : sequence of str
        Order of rows and columns to give.

    Raises
    ------
    InputError
        If the file is damaged.
    KeyError
        If a target or a gene is not in the table.
    """
    table = read_parquet(path)
    scores: dict[str, FloatArray] = {}
    for method, rows in table.groupby("method", sort=False):
        values = rows.set_index("target").loc[list(targets), list(genes)]
        scores[str(method)] = values.to_numpy(np.float64)
    return scores
