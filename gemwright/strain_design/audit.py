"""Audit of known strategies: whether they are what their source says they are."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm import tqdm

from gemwright.arrays import BoolArray
from gemwright.errors import InputError
from gemwright.strain_design.reduction import extend_to_maximal, further_deletions
from gemwright.strain_design.strain import StrainModel


def audit_labels(
    strain: StrainModel,
    targets: Sequence[str],
    genes: Sequence[str],
    remains: npt.NDArray[np.int8],
    *,
    maximality: bool = True,
) -> pd.DataFrame:
    """Judge every strategy of a matrix of labels.

    Parameters
    ----------
    strain : StrainModel
        The model.
    targets : sequence of str
        Species of the rows.
    genes : sequence of str
        Genes of the columns, in any order.
    remains : numpy.ndarray of int8, shape (n, len(genes))
        1 where the gene is kept, 0 where it is deleted.
    maximality : bool
        Whether it is tested which further genes could be deleted (0.2 s a target on iML1515).

    Returns
    -------
    pandas.DataFrame
        target, deletions, growth_rate (1/h), production_rate (mmol/gDW/h, guaranteed), coupled;
        with `maximality` also further (genes each of which could be deleted alone), extension
        (genes that `extend_to_maximal` deletes) and maximal (bool); missing where the strategy
        is not coupled.

    Raises
    ------
    InputError
        If the model lacks a gene or a target.
    """
    if remains.shape != (len(targets), len(genes)):
        raise InputError(
            f"labels of {strain.model.identifier!r}",
            f"are {remains.shape[0]} x {remains.shape[1]} for {len(targets)} targets and "
            f"{len(genes)} genes",
            "give one row for each target and one column for each gene",
        )
    strain.gene_mask(genes)  # refuses genes that the model lacks
    masks = np.zeros((len(remains), len(strain.genes)), np.bool_)
    masks[:, [strain.states.index[gene] for gene in genes]] = remains == 0
    rows = []
    pairs = zip(targets, masks, strict=True)
    for target, deleted in tqdm(
        pairs, total=len(targets), desc="label audit", unit="target", disable=None, mininterval=1.0
    ):
        coupling = strain.verify(target, deleted)
        row: dict[str, object] = {
            "target": target,
            "deletions": int(deleted.sum()),
            **asdict(coupling),
        }
        if maximality:
            row |= _maximality(strain, target, deleted) if coupling.coupled else _UNKNOWN
        rows.append(row)
    table = pd.DataFrame(rows)
    if maximality:
        table = table.astype({"further": "Int64", "extension": "Int64", "maximal": "boolean"})
    return table


_UNKNOWN: dict[str, object] = {"further": pd.NA, "extension": pd.NA, "maximal": pd.NA}


def _maximality(strain: StrainModel, target: str, deleted: BoolArray) -> dict[str, object]:
    further = int(further_deletions(strain, target, deleted).sum())
    extended = extend_to_maximal(strain, target, deleted) if further else deleted
    return {
        "further": further,
        "extension": int((extended & ~deleted).sum()),
        "maximal": further == 0,
    }
