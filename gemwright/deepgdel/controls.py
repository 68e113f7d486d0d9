"""Predictors without learning, which every table of results carries.

Each gives P(gene remains) for the test targets and all genes, from the strategies of the training
targets.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gemwright.arrays import FloatArray, IntArray
from gemwright.deepgdel.dataset import DeletionData


def gene_frequency(remains: npt.NDArray[np.int8], train: IntArray, test: IntArray) -> FloatArray:
    """Share of the training targets that keep each gene, alike for all test targets.

    Parameters
    ----------
    remains : numpy.ndarray of int8, shape (n, m)
        States of the genes.
    train, test : numpy.ndarray of int
        Rows.

    Returns
    -------
    numpy.ndarray of float, shape (len(test), m)
    """
    return np.tile(remains[train].mean(axis=0), (len(test), 1))


def proportion_threshold(
    remains: npt.NDArray[np.int8], train: IntArray, test: IntArray, tau: float = 0.5
) -> FloatArray:
    """BPM (paper IV-C): a gene remains if its share q1 exceeds tau.

    The scores are the states themselves, 0 or 1, since BPM gives no others; with its shares as
    scores it would be `gene_frequency`. The shares are over the training strategies as they are,
    as in the paper's example. "Balanced by deletion statuses" gene by gene, as III-C has it, would
    put every share at a half, which leaves nothing to predict from.
    """
    return (gene_frequency(remains, train, test) > tau).astype(np.float64)


def nearest_target(
    remains: npt.NDArray[np.int8], train: IntArray, test: IntArray, *keys: FloatArray
) -> FloatArray:
    """Copy the strategy of the nearest training target.

    Parameters
    ----------
    remains : numpy.ndarray of int8, shape (n, m)
        States of the genes.
    train, test : numpy.ndarray of int
        Rows.
    *keys : numpy.ndarray of float, shape (n, n)
        Distances between targets; a later one decides where the earlier ones are equal, and the
        order of the targets in the end.

    Returns
    -------
    numpy.ndarray of float, shape (len(test), m)
        0 and 1: the copy is a real strategy of another target.
    """
    chosen = [
        train[np.lexsort([key[row, train] for key in reversed(keys)])[0]] for row in test.tolist()
    ]
    return remains[chosen].astype(np.float64)


def structure_similarity(data: DeletionData) -> FloatArray:
    """Tanimoto similarity of the targets' chiral Morgan fingerprints.

    Returns
    -------
    numpy.ndarray of float, shape (n, n)
        1 on the diagonal; 0 from a target whose structure is not known to any other.
    """
    from gemwright.embedding.morgan import MorganEncoder, tanimoto

    encoder = MorganEncoder()
    counts = np.zeros((len(data.targets), encoder.dimension), np.float32)
    known: Sequence[int] = np.flatnonzero(data.known_smiles).tolist()
    counts[known] = encoder.encode([data.smiles[row] for row in known])
    return tanimoto(counts).astype(np.float64)
