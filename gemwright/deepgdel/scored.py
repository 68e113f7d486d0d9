"""Which genes a prediction is scored on, and the counts of the paper's Tables VI and VII."""

from itertools import compress

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.folds import PROTOCOLS
from gemwright.errors import InputError

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

#: The paper's text (IV-A).
PRINTED_SHARE = 0.95
#: What the authors' code uses, and what reproduces Table VI.
TABLE_SHARE = 0.9


def predetermined_genes(remains: npt.NDArray[np.int8], share: float = PRINTED_SHARE) -> BoolArray:
    """Genes with the same state in more than a share of the strategies (paper IV-A).

    Parameters
    ----------
    remains : numpy.ndarray of int8, shape (k, m)
        The strategies that count: of the training targets, lest the list tell of the test.
    share : float
        At least 0.5.

    Returns
    -------
    numpy.ndarray of bool, shape (m,)

    Raises
    ------
    InputError
        If there is no strategy or the share is not between 0.5 and 1.
    """
    if len(remains) == 0:
        raise InputError("pre-determined genes", "there is no strategy", "Give training targets")
    if not 0.5 <= share <= 1:
        raise InputError("pre-determined genes", f"the share is {share:g}", "Give 0.5 to 1")
    kept = remains.mean(axis=0)
    determined: BoolArray = np.maximum(kept, 1 - kept) > share
    return determined


def scored_genes(
    data: DeletionData, train: IntArray, protocol: str, share: float = PRINTED_SHARE
) -> BoolArray:
    """Genes that a fold's predictions are scored on, told from its training targets only.

    Parameters
    ----------
    data : DeletionData
        The strategies.
    train : numpy.ndarray of int
        The fold's training rows.
    protocol : str
        ``paper``: genes that are not pre-determined; ``grouped``: genes that vary.
    share : float
        Of `predetermined_genes`, for ``paper``.

    Returns
    -------
    numpy.ndarray of bool, shape (m,)

    Raises
    ------
    InputError
        If the protocol is not known, or no gene is left.
    """
    if protocol not in PROTOCOLS:
        raise InputError(
            f"protocol {protocol!r}", "is not known", f"Use one of {', '.join(PROTOCOLS)}"
        )
    remains = data.remains[train]
    paper = protocol == "paper"
    scored = ~predetermined_genes(remains, share) if paper else varying_genes(remains)
    if not scored.any():
        raise InputError(
            f"strategies of {data.model!r}",
            "no gene's state differs between the training targets",
            "Give strategies of more targets",
        )
    return scored


def varying_genes(remains: npt.NDArray[np.int8]) -> BoolArray:
    """Genes that some of the strategies keep and others delete, shape (m,)."""
    varying: BoolArray = (remains != remains[:1]).any(axis=0)
    return varying


def data_counts(data: DeletionData) -> pd.DataFrame:
    """Count what Tables VI and VII print.

    Parameters
    ----------
    data : DeletionData
        All strategies of a model.

    Returns
    -------
    pandas.DataFrame
        table (``VI`` or ``VII``), item (as printed; a count that is not printed has a comma in
        its name), value, note (how it is counted).
    """
    n, m = data.remains.shape
    dummy_targets = int((~data.known_smiles).sum())
    dummy_genes = int((~data.known_sequences).sum())
    test = -(-n // 10)
    hydroxide = int(sum(text == "[O-][H]" for text in data.smiles))

    def determined(share: float) -> int:
        return int(predetermined_genes(data.remains, share).sum())

    rows = [
        ("VI", "#Genes", m, "genes of the labels"),
        (
            "VI",
            "#Pre-determined genes",
            determined(TABLE_SHARE),
            f"one state in more than {TABLE_SHARE:.0%} of all strategies, as the authors' code has"
            f" it; the text says {PRINTED_SHARE:.0%}",
        ),
        (
            "VI",
            f"#Pre-determined genes, {PRINTED_SHARE:.0%}",
            determined(PRINTED_SHARE),
            f"one state in more than {PRINTED_SHARE:.0%} of all strategies",
        ),
        (
            "VI",
            "#Pre-determined genes, constant",
            int((~varying_genes(data.remains)).sum()),
            "one state in all strategies",
        ),
        ("VII", "#Deletion strategies", n, "one for each target"),
        ("VII", "#Genes per strategy", m, "genes of the labels"),
        (
            "VII",
            "#SMILES terms",
            n - dummy_targets,
            "targets whose structure is known: all but the dummies",
        ),
        (
            "VII",
            "#SMILES terms, different",
            len(set(compress(data.smiles, data.known_smiles))),
            "as written",
        ),
        (
            "VII",
            "#Dummy SMILES terms",
            dummy_targets,
            "targets whose structure is the dummy or not readable; of the authors' file of iMM904"
            " these are four (lysine by compartment), and the paper's 6 is not in it",
        ),
        (
            "VII",
            "#Dummy SMILES terms, water as hydroxide",
            hydroxide,
            "targets written [O-][H]: a structure, though hardly water's",
        ),
        ("VII", "#AA Seq. terms", m - dummy_genes, "genes whose sequence is known"),
        ("VII", "#Dummy AA Seq. terms", dummy_genes, "genes with the dummy sequence"),
        (
            "VII",
            "#Balanced train/val samples",
            (n - test) * m,
            "whole rows of the matrix, not balanced: nine tenths of the targets times all genes",
        ),
        (
            "VII",
            "#Balanced test samples",
            test * m,
            "whole rows of the matrix, not balanced: one tenth of the targets, rounded up, times"
            " all genes",
        ),
    ]
    return pd.DataFrame(rows, columns=["table", "item", "value", "note"])
