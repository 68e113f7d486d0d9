"""Predicted strategies put to the test: applied to the model, judged, and repaired if need be."""

from collections.abc import Sequence
from time import process_time
from typing import Protocol

import numpy as np
import pandas as pd
from tqdm import tqdm

from gemwright.arrays import BoolArray, FloatArray
from gemwright.errors import InputError
from gemwright.strain_design.repair import repair_strategy
from gemwright.strain_design.strain import Coupling, StrainModel

COLUMNS = (
    "target", "method", "verified_as_predicted", "verified", "growth_rate", "production_rate",
    "deletions", "changed", "how", "cpu_seconds", "deleted",
)  # fmt: skip
CANDIDATES = 15
# as in gemwright.deepgdel.metrics: a gene remains if its probability exceeds it
THRESHOLD = 0.5
# what `repair_strategy` calls a strategy that owes nothing to the prediction
_SEARCHED = "model search"


class HasGenes(Protocol):
    """What is needed of `gemwright.deepgdel.dataset.DeletionData`."""

    @property
    def genes(self) -> tuple[str, ...]:
        """Genes in the order of the predictions' columns."""
        ...


def candidate_strategies(
    remains: FloatArray, count: int = CANDIDATES
) -> list[tuple[float, BoolArray]]:
    """Strategies that one prediction gives under different thresholds.

    Thresholds are evenly spaced between 0 and 1; those that give the same strategy count once.
    The prediction's own (`THRESHOLD`) comes first, the others by the number of genes that they
    change.

    Parameters
    ----------
    remains : numpy.ndarray of float, shape (n_genes,)
        P(gene remains); a gene is deleted up to the threshold.
    count : int
        Most strategies returned, at least 1.

    Returns
    -------
    list of (float, numpy.ndarray of bool)
        Thresholds and masks of deleted genes, all different.
    """
    levels = (np.arange(1, count) / count).tolist()
    found: dict[bytes, tuple[float, BoolArray]] = {}
    for level in (THRESHOLD, *levels):
        deleted = remains <= level
        found.setdefault(deleted.tobytes(), (level, deleted))
    first, *others = found.values()
    others.sort(key=lambda item: (int((item[1] ^ first[1]).sum()), item[0]))
    return [first, *others][:count]


def verify_prediction(
    strain: StrainModel,
    target: str,
    remains: FloatArray,
    *,
    candidates: int = CANDIDATES,
    repair: bool = True,
    search: bool = False,
) -> tuple[BoolArray, Coupling, bool, int, str]:
    """Find the strategy nearest to a prediction that FBA confirms.

    The prediction is judged as it is; then the candidates of `candidate_strategies`; then
    `repair_strategy` changes as few genes as it can.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    remains : numpy.ndarray of float, shape (n_genes,)
        P(gene remains), in the order of ``strain.genes``.
    candidates : int
        Strategies tried, the prediction included; 1 tries the prediction only.
    repair : bool
        Whether the strategy is repaired if none of them passes.
    search : bool
        Whether a strategy is searched from the model alone if the repair fails. That says
        nothing of the prediction, so `how` marks it.

    Returns
    -------
    deleted : numpy.ndarray of bool, shape (n_genes,)
        The strategy that passed; the prediction if none did.
    coupling : Coupling
        The verdict on it.
    as_predicted : bool
        Whether the prediction itself passed.
    changed : int
        Genes in which the strategy differs from the prediction.
    how : str
        ``as predicted``, ``threshold <t>``, ``repair: <method>``, ``model search`` or
        ``failed``.

    Raises
    ------
    InputError
        If the model has no such species.
    """
    tried = candidate_strategies(remains, candidates)
    predicted = tried[0][1]
    verdict = strain.judge(target, predicted)
    if verdict.coupled:
        return predicted, verdict, True, 0, "as predicted"
    for level, deleted in tried[1:]:
        coupling = strain.judge(target, deleted)
        if coupling.coupled:
            changed = int((deleted ^ predicted).sum())
            return deleted, coupling, False, changed, f"threshold {level:.2g}"
    if repair:
        repaired = repair_strategy(strain, target, predicted, remains, search=search)
        # the repair's own word is not taken: what is reported was judged here
        coupling = strain.judge(target, repaired.deleted)
        if coupling.coupled:
            changed = int((repaired.deleted ^ predicted).sum())
            how = _SEARCHED if repaired.method == _SEARCHED else f"repair: {repaired.method}"
            return repaired.deleted, coupling, False, changed, how
    return predicted, verdict, False, 0, "failed"


def verify_predictions(
    strain: StrainModel,
    data: HasGenes,
    predictions: FloatArray,
    targets: Sequence[str],
    repair: bool = True,
    *,
    method: str = "",
    candidates: int = CANDIDATES,
    search: bool = False,
) -> pd.DataFrame:
    """Judge the predicted strategy of every target.

    Parameters
    ----------
    strain : StrainModel
        The model that the strategies are for.
    data : DeletionData
        Names the genes of the predictions; those of the model that it does not name are kept.
    predictions : numpy.ndarray of float, shape (n_targets, n_genes)
        P(gene remains).
    targets : sequence of str
        Species, one for each row of `predictions`.
    repair : bool
        Whether strategies that fail are repaired.
    method : str
        Name of the predictor, for the table.
    candidates, search
        See `verify_prediction`.

    Returns
    -------
    pandas.DataFrame
        target, method, verified_as_predicted, verified (after the other candidates and repair),
        growth_rate (1/h), production_rate (mmol/gDW/h, the guaranteed one; NaN without growth),
        deletions, changed (genes), how, cpu_seconds, deleted (tuple of genes). The rates
        are those of the strategy in ``deleted``.

    Raises
    ------
    InputError
        If a gene or a target is not in the model.
    ValueError
        If the shapes do not agree.
    """
    if predictions.shape != (len(targets), len(data.genes)):
        raise ValueError(f"{predictions.shape} predictions, {len(targets)} x {len(data.genes)}")
    unknown = sorted(set(data.genes) - set(strain.genes))
    if unknown:
        raise InputError(
            f"gene {unknown[0]!r} of the predictions",
            f"is not in model {strain.model.identifier!r} (nor are {len(unknown) - 1} others)",
            "use the model that the strategies were made for",
        )
    columns = [strain.states.index[gene] for gene in data.genes]
    rows = []
    for target, row in zip(
        tqdm(targets, desc=f"judging {method}".strip(), disable=None, leave=False),
        predictions,
        strict=True,
    ):
        remains = np.ones(len(strain.genes))
        remains[columns] = row
        start = process_time()
        deleted, coupling, as_predicted, changed, how = verify_prediction(
            strain,
            target,
            remains,
            candidates=candidates,
            repair=repair,
            search=search,
        )
        rows.append(
            (
                target,
                method,
                as_predicted,
                coupling.coupled,
                coupling.growth_rate,
                coupling.production_rate,
                int(deleted.sum()),
                changed,
                how,
                process_time() - start,
                tuple(strain.names(deleted)),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
