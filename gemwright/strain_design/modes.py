"""Sparse flux modes that grow and produce a target, and the genes they need."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gemwright.arrays import BoolArray, FloatArray
from gemwright.gem.solver import steady_state_program
from gemwright.strain_design.reduction import live_columns
from gemwright.strain_design.strain import Coupling, StrainModel

# fluxes below this (mmol/gDW/h) count as none in a mode
ACTIVE = 1e-9


@dataclass(frozen=True)
class Demand:
    """What a mode must do: least growth (1/h) and least production (mmol/gDW/h)."""

    growth: float
    production: float


class ModeFinder:
    """The network of one target with every flux split into forward and backward.

    The sum of weighted absolute fluxes is then linear; minimising it over and over, with weights
    that fall where there is flux, gives modes of few reactions. One problem is kept, so that
    each solve starts from the one before.

    Parameters
    ----------
    strain : StrainModel
        The model, nothing deleted.
    target : str
        A species.
    """

    def __init__(self, strain: StrainModel, target: str) -> None:
        import scipy.sparse as sparse

        self.strain = strain
        with strain.exporting(target) as production:
            flux = strain.flux
            lower, upper = flux.lower.copy(), flux.upper.copy()
            live = np.zeros(len(lower), np.bool_)
            live[live_columns(flux)] = True
        self.size = len(lower)
        self.production = flux.index[production]
        self.growth = flux.index[strain.growth_reaction]
        self._ahead = np.flatnonzero(live & (upper > 0))
        self._back = np.flatnonzero(live & (lower < 0))
        matrix = flux.matrix
        split = sparse.hstack([matrix[:, self._ahead], -matrix[:, self._back]], format="csr")
        split = split[np.diff(split.indptr) > 0].tocsc()
        self._low = np.concatenate(
            [np.maximum(lower[self._ahead], 0.0), np.maximum(-upper[self._back], 0.0)]
        )
        self._high = np.concatenate([upper[self._ahead], -lower[self._back]])
        self._column = np.concatenate([self._ahead, self._back])
        self._place = {int(column): number for number, column in enumerate(self._ahead)}
        #: Whether both growth and production can be positive as far as their bounds go.
        self.complete = self.growth in self._place and self.production in self._place
        # where only prices change the primal simplex goes on from the last mode; where only
        # bounds change, the dual simplex from the last bypass
        self._modes = _Problem(split, self._low, self._high, primal=True)
        self._bypasses = _Problem(split, self._low, self._high, primal=False)

    def _solve(
        self, problem: "_Problem", costs: FloatArray, bounds: tuple[FloatArray, FloatArray]
    ) -> FloatArray | None:
        values = problem.solve(costs, *bounds)
        if values is None:
            return None
        fluxes = np.zeros(self.size)
        fluxes[self._ahead] = values[: len(self._ahead)]
        fluxes[self._back] -= values[len(self._ahead) :]
        return fluxes

    def _bounds(
        self, demand: Demand, closed: BoolArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        low, high = self._low.copy(), self._high.copy()
        if closed is not None:
            off = closed[self._column]
            low[off] = high[off] = 0.0
        for column, least in ((self.growth, demand.growth), (self.production, demand.production)):
            place = self._place[column]
            low[place] = max(low[place], least)
            high[place] = max(high[place], low[place])
            if least > 0:
                # no round trip through both halves of a reversible reaction
                high[(self._column == column) & (np.arange(len(high)) != place)] = 0.0
        return low, high

    def best(self, column: int, demand: Demand) -> FloatArray | None:
        """Fluxes of the largest flux of one reaction; None if the demand cannot be met."""
        costs = np.zeros(len(self._column))
        costs[self._place[column]] = -1.0
        return self._solve(self._modes, costs, self._bounds(demand))

    def sparse(
        self,
        demand: Demand,
        weights: FloatArray,
        rounds: int = 4,
    ) -> FloatArray | None:
        """Fluxes of few reactions that meet a demand.

        Parameters
        ----------
        demand : Demand
            Least growth and production.
        weights : numpy.ndarray of float, shape (n_reactions,)
            Price of each reaction's use.
        rounds : int
            Solves; after each, a reaction's weight is divided by its flux.

        Returns
        -------
        numpy.ndarray of float, shape (n_reactions,), or None
            None if the demand cannot be met.
        """
        bounds = self._bounds(demand)
        current = weights
        fluxes = None
        for _ in range(rounds):
            fluxes = self._solve(self._modes, current[self._column], bounds)
            if fluxes is None:
                return None
            scale = np.abs(fluxes) / max(demand.growth, 1e-3)
            current = weights / (scale + 1e-2)
        return fluxes

    def bypass(self, coupling: Coupling, deleted: BoolArray) -> FloatArray | None:
        """Fluxes of a strain that grow as fast as it can and make no more target than they must.

        The sum of absolute fluxes is minimal, so that what is in it is what the strain uses to
        go past the target, without idle loops.

        Parameters
        ----------
        coupling : Coupling
            The strain's verdict.
        deleted : numpy.ndarray of bool, shape (n_genes,)
            Its deleted genes.
        """
        closed = np.zeros(self.size, np.bool_)
        closed[self.strain.lost_columns(deleted)] = True
        demand = Demand(coupling.growth_rate * (1 - 1e-7), -np.inf)
        low, high = self._bounds(demand, closed)
        place = self._place[self.production]
        high[place] = max(low[place], coupling.production_rate + 1e-9)
        return self._solve(self._bypasses, np.ones(len(self._column)), (low, high))


class _Problem:
    # one linear program, solved again and again from where it stands

    def __init__(self, matrix: Any, low: FloatArray, high: FloatArray, *, primal: bool) -> None:
        self._highs = steady_state_program(matrix, low, high)
        self._highs.setOptionValue("simplex_strategy", 4 if primal else 1)
        self._index = np.arange(matrix.shape[1], dtype=np.int32)

    def solve(self, costs: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray | None:
        size = len(self._index)
        self._highs.changeColsCost(size, self._index, costs)
        self._highs.changeColsBounds(size, self._index, low, high)
        for attempt in range(2):
            if attempt:
                self._highs.clearSolver()
            self._highs.run()
            status = self._highs.modelStatusToString(self._highs.getModelStatus()).lower()
            if status in ("optimal", "infeasible"):
                break
        if status != "optimal":
            return None
        return np.array(self._highs.getSolution().col_value)


def critical_genes(strain: StrainModel, deleted: BoolArray, among: BoolArray) -> BoolArray:
    """Reactions that each gene's deletion switches off besides.

    Parameters
    ----------
    strain : StrainModel
        The model.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        Genes deleted already.
    among : numpy.ndarray of bool, shape (n_genes,)
        The genes asked about.

    Returns
    -------
    numpy.ndarray of bool, shape (n_among, n_ruled_reactions)
        In the order of the genes and of `GeneStates.reactions`.
    """
    genes = np.flatnonzero(among)
    patterns = np.repeat(~deleted[None], len(genes), axis=0)
    patterns[np.arange(len(genes)), genes] = False
    off: BoolArray = strain.states.on(~deleted) & ~strain.states.on(patterns)
    return off


def keep_on(
    strain: StrainModel, active: BoolArray, deleted: BoolArray, prices: FloatArray
) -> BoolArray:
    """Re-add the deleted genes that some reactions need.

    Parameters
    ----------
    strain : StrainModel
        The model.
    active : numpy.ndarray of bool, shape (n_reactions,)
        Reactions that must be on.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        Deleted genes to start from.
    prices : numpy.ndarray of float, shape (n_genes,)
        What re-adding a gene costs: of isozymes the dearest are left out, one by one.

    Returns
    -------
    numpy.ndarray of bool, shape (n_genes,)
        A subset of `deleted`: none of its genes is needed, given the others.
    """
    needed = active[: len(strain.states.reactions)]
    off = needed & ~strain.states.on(~deleted)
    asked = deleted & (strain.mentions[np.flatnonzero(off)].sum(axis=0) > 0)
    result: BoolArray = deleted & ~asked
    indispensable = asked.copy()
    indispensable[asked] = critical_genes(strain, result, asked)[:, off].any(axis=1)
    choice = np.flatnonzero(asked & ~indispensable)
    for gene in choice[np.argsort(-prices[choice], kind="stable")]:
        result[gene] = True
        if not strain.states.on(~result)[off].all():
            result[gene] = False
    return result
