"""Which genes a prediction is scored on."""

import numpy as np
import numpy.typing as npt

from gemwright.arrays import BoolArray, IntArray
from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.folds import PROTOCOLS
from gemwright.errors import InputError, require_known

#: The paper's text (IV-A).
PRINTED_SHARE = 0.95


def predetermined_genes(remains: npt.NDArray[np.int8], share: float = PRINTED_SHARE) -> BoolArray:
    """Genes with the same state in more than a share of the strategies (paper IV-A).

    Parameters
    ----------
    remains : numpy.ndarray of int8, shape (k, m)
        The strategies that count: of the training targets only, so that nothing of the test leaks.
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
        raise InputError("pre-determined genes", "there is no strategy", "give training targets")
    if not 0.5 <= share <= 1:
        raise InputError("pre-determined genes", f"the share is {share:g}", "give 0.5 to 1")
    kept = remains.mean(axis=0)
    determined: BoolArray = np.maximum(kept, 1 - kept) > share
    return determined


def scored_genes(
    data: DeletionData, train: IntArray, protocol: str, share: float = PRINTED_SHARE
) -> BoolArray:
    """Genes that a fold's predictions are scored on, determined from its training targets only.

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
    require_known("protocol", protocol, PROTOCOLS)
    remains = data.remains[train]
    paper = protocol == "paper"
    scored = ~predetermined_genes(remains, share) if paper else varying_genes(remains)
    if not scored.any():
        raise InputError(
            f"strategies of {data.model!r}",
            "no gene's state differs between the training targets",
            "give strategies of more targets",
        )
    return scored


def varying_genes(remains: npt.NDArray[np.int8]) -> BoolArray:
    """Genes that some of the strategies keep and others delete, shape (m,)."""
    varying: BoolArray = (remains != remains[:1]).any(axis=0)
    return varying
