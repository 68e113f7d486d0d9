"""Repair of a strategy that is not coupled, changing few genes.

A prediction that is right for 99 % of the genes is still wrong as a strategy if it deletes one
gene too many. The repair looks for a flux mode that grows and produces and uses what the
prediction kept wherever it can, re-adds the genes that this mode lacks, and deletes what lets
flux go past the target. Changes that turn out to be needless are taken back.
"""

from dataclasses import dataclass

import numpy as np

from gemwright.arrays import BoolArray, FloatArray
from gemwright.strain_design.local_search import local_search
from gemwright.strain_design.modes import ACTIVE, keep_on
from gemwright.strain_design.reduction import extend_to_maximal, reduce_to_minimal
from gemwright.strain_design.steering import GRID, Steering
from gemwright.strain_design.strain import Coupling, StrainModel

# modes tried for each demand in the search from the model alone
_ROUNDS = 4


@dataclass(frozen=True)
class _Stage:
    # demands tried; modes for each; price of a kept gene beside that of a deleted one; whether
    # what the mode does without is deleted at once, or only what a bypass needs
    grid: tuple[tuple[float, float], ...]
    rounds: int
    kept: float
    strict: bool


_STAGES = (
    _Stage(((0.0, 0.0), (0.05, 0.1), (0.2, 0.1)), 2, 1e-3, strict=False),
    _Stage(GRID[:6], 3, 0.7, strict=True),
)


@dataclass(frozen=True)
class Repair:
    """A repaired strategy.

    Attributes
    ----------
    deleted : numpy.ndarray of bool, shape (n_genes,)
        Deleted genes; the prediction itself if the repair failed.
    coupling : Coupling
        Its verdict, from a fresh solve.
    changed : int
        Genes whose state differs from the prediction's.
    method : str
        ``none needed``, ``genes re-added``, ``genes deleted``, ``re-added and deleted``,
        ``model search`` or ``failed``.
    """

    deleted: BoolArray
    coupling: Coupling
    changed: int
    method: str


def repair_strategy(
    strain: StrainModel,
    target: str,
    deleted: BoolArray,
    remains: FloatArray | None = None,
    *,
    search: bool = True,
) -> Repair:
    """Change few genes of a strategy so that production is coupled to growth.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        The predicted deletions.
    remains : numpy.ndarray of float, shape (n_genes,), optional
        Predicted probability that each gene remains: genes that nearly remained are re-added
        first. Without it all deletions are equally sure.
    search : bool
        Whether, if no repair is found, a strategy is searched from the model alone; its method
        is ``model search``, since little of the prediction is left in it.

    Returns
    -------
    Repair
        Inclusion-minimal: none of its changes can be taken back alone.
    """
    predicted = deleted
    coupling = strain.verify(target, predicted)
    if coupling.coupled:
        return Repair(predicted, coupling, 0, "none needed")
    steering = Steering(strain, target)
    if not steering.possible:
        return Repair(predicted, coupling, 0, "failed")
    surprise = np.ones(len(predicted))
    if remains is not None:
        surprise = np.clip(-np.log(np.clip(remains, 1e-6, 1.0)), 0.02, 5.0)
    nothing = ~strain.needed_genes
    for stage in _STAGES:
        trust = surprise**0.25 if stage.strict else surprise
        prices = np.where(predicted, trust, stage.kept * trust)
        start = nothing if stage.strict else predicted
        for fractions in stage.grid:
            demand = steering.demand(*fractions)
            found = steering.steer(demand, start, prices, stage.rounds)
            if found is not None:
                return _conclude(strain, target, predicted, found, None)
    found = local_search(
        strain, target, _growing(steering, predicted, surprise), restarts=_runs(strain)
    )
    if found is not None:
        return _conclude(strain, target, predicted, found, None)
    if search:
        for fractions in GRID:
            demand = steering.demand(*fractions)
            found = steering.steer(demand, nothing, np.ones(len(nothing)), _ROUNDS)
            if found is not None:
                return _conclude(strain, target, predicted, found, "model search")
    return Repair(predicted, coupling, 0, "failed")


def _growing(steering: Steering, predicted: BoolArray, surprise: FloatArray) -> BoolArray:
    # the prediction with what it lacks to grow and to produce
    strain, finder = steering.strain, steering.finder
    prices = np.where(predicted, surprise, 1e-3 * surprise)
    weights = np.full(finder.size, 1e-3)
    weights[: len(strain.states.reactions)] += strain.states.cost(prices)
    fluxes = finder.sparse(steering.demand(0.0, 0.0), weights)
    if fluxes is None:
        return predicted
    return keep_on(strain, np.abs(fluxes) > ACTIVE, predicted, prices)


def _runs(strain: StrainModel) -> int:
    # of the local search: some ten in a core model, none in a genome's
    return int((300 / len(strain.states.reactions)) ** 2)


def _conclude(
    strain: StrainModel, target: str, predicted: BoolArray, found: BoolArray, method: str | None
) -> Repair:
    # take back needless changes, first deletions, then genes re-added
    genes = np.array(strain.genes)
    result = reduce_to_minimal(strain, target, found, genes[found & ~predicted].tolist())
    result = extend_to_maximal(strain, target, result, genes[predicted & ~result].tolist())
    added, removed = bool((predicted & ~result).any()), bool((result & ~predicted).any())
    if method is None:
        method = "genes re-added" if added else "genes deleted"
        if added and removed:
            method = "re-added and deleted"
    changed = int((result ^ predicted).sum())
    return Repair(result, strain.verify(target, result), changed, method)
