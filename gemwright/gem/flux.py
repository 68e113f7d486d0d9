"""Flux balance analysis (FBA) on one HiGHS problem that is loaded once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.arrays import BoolArray, FloatArray, IntArray
from gemwright.errors import InputError
from gemwright.gem.model import MetabolicModel
from gemwright.gem.solver import steady_state_program

# flux below this (mmol/gDW/h) is solver noise: HiGHS' feasibility tolerance is 1e-7 to 1e-9
FLUX_TOLERANCE = 1e-6
_DECIDED = ("optimal", "infeasible", "unbounded")
_DECIDERS: tuple[dict[str, int | str], ...] = ({}, {"simplex_strategy": 4, "presolve": "off"})


@dataclass(frozen=True)
class FluxSolution:
    """Result of one optimisation.

    Attributes
    ----------
    status : str
        ``optimal``, ``infeasible``, ``unbounded`` or HiGHS' name of another status.
    value : float
        Optimal objective (1/h for growth), NaN unless ``optimal``.
    fluxes : numpy.ndarray of float, shape (n_reactions,)
        Fluxes (mmol/gDW/h) in the order of `FluxModel.reactions`; empty unless ``optimal``.
    """

    status: str
    value: float
    fluxes: FloatArray

    @property
    def optimal(self) -> bool:
        """Whether an optimum was found."""
        return self.status == "optimal"


class FluxModel:
    """The steady-state problem of eq. (10), loaded once and solved under changing bounds.

    Every solve starts from the basis of the solve before, which is what makes scans over media
    and knock-outs cheap. Optimal values do not depend on that history beyond the tolerance; among
    several optimal flux distributions the one returned may.

    Parameters
    ----------
    reactions : pandas.DataFrame
        reaction, lower_bound, upper_bound (mmol/gDW/h); ids must be unique.
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient; rows of reactions not in `reactions` are ignored.
    objective : str or mapping of str to float
        The reaction, or the terms, that `optimise` maximises by default.
    minimise : bool
        Whether it minimises them by default.
    """

    def __init__(
        self,
        reactions: pd.DataFrame,
        stoichiometry: pd.DataFrame,
        objective: str | Mapping[str, float] = "",
        *,
        minimise: bool = False,
    ) -> None:
        import scipy.sparse as sparse

        self.reactions: tuple[str, ...] = tuple(reactions["reaction"])
        self.index = {reaction: column for column, reaction in enumerate(self.reactions)}
        if len(self.index) != len(self.reactions):
            raise ValueError("reaction ids must be unique")
        used = stoichiometry[stoichiometry["reaction"].isin(self.index)]
        rows, names = pd.factorize(used["species"], sort=True)
        self.species: tuple[str, ...] = tuple(names)
        columns = used["reaction"].map(self.index).to_numpy(np.int64)
        self.lower: FloatArray = reactions["lower_bound"].to_numpy(np.float64).copy()
        self.upper: FloatArray = reactions["upper_bound"].to_numpy(np.float64).copy()
        self.objective = objective
        self.minimise = minimise
        coefficients = used["coefficient"].to_numpy(np.float64)
        shape = len(self.species), len(self.reactions)
        self._load(sparse.csc_array((coefficients, (rows, columns)), shape=shape))

    @classmethod
    def of(cls, model: MetabolicModel) -> "FluxModel":
        """Load a model's network into a solver."""
        goal = model.objective_terms or model.objective
        return cls(model.reactions, model.stoichiometry, goal, minimise=model.minimise)

    def _load(self, matrix: Any) -> None:
        self._matrix = matrix
        self._highs = steady_state_program(matrix, self.lower, self.upper, maximise=True)
        self._cost: dict[int, float] = {}
        self._demanded: list[int] = []
        self._sign = 1.0

    def __contains__(self, reaction: str) -> bool:
        return reaction in self.index

    @property
    def matrix(self) -> Any:
        """Stoichiometry (``scipy.sparse.csc_array``): rows `species`, columns `reactions`."""
        missing = len(self.reactions) - self._matrix.shape[1]
        if missing:
            import scipy.sparse as sparse

            rows = self._demanded[-missing:]
            entries = (np.full(missing, -1.0), (rows, np.arange(missing)))
            demands = sparse.csc_array(entries, shape=(len(self.species), missing))
            self._matrix = sparse.hstack([self._matrix, demands], format="csc")
        return self._matrix

    def subset(self, columns: IntArray) -> "FluxModel":
        """Load some reactions, under their present bounds, into a solver of their own.

        Parameters
        ----------
        columns : numpy.ndarray of int
            Their positions in `reactions`. Species that none of them touches are left out.
        """
        part = self.matrix[:, columns]
        rows = np.flatnonzero(np.diff(part.tocsr().indptr))
        model = FluxModel.__new__(FluxModel)
        model.reactions = tuple(self.reactions[column] for column in columns)
        model.index = {reaction: column for column, reaction in enumerate(model.reactions)}
        model.species = tuple(self.species[row] for row in rows)
        model.lower, model.upper = self.lower[columns].copy(), self.upper[columns].copy()
        model.objective, model.minimise = self.objective, self.minimise
        model._load(part[rows].tocsc())
        return model

    def _columns(self, reactions: list[str]) -> npt.NDArray[np.int32]:
        return np.array([self.index[reaction] for reaction in reactions], np.int32)

    def set_bounds(self, changes: Mapping[str, tuple[float, float]]) -> None:
        """Change bounds for good.

        Parameters
        ----------
        changes : mapping of str to (float, float)
            Reaction to its lower and upper bound (mmol/gDW/h).

        Raises
        ------
        KeyError
            If a reaction is not in the model.
        """
        if not changes:
            return
        columns = self._columns(list(changes))
        self.lower[columns] = [low for low, _ in changes.values()]
        self.upper[columns] = [high for _, high in changes.values()]
        self._highs.changeColsBounds(
            len(columns), columns, self.lower[columns], self.upper[columns]
        )

    @contextmanager
    def bounds(self, changes: Mapping[str, tuple[float, float]]) -> Iterator["FluxModel"]:
        """Change bounds inside a ``with`` block only; see `set_bounds`."""
        columns = self._columns(list(changes))
        before = {
            reaction: (float(self.lower[column]), float(self.upper[column]))
            for reaction, column in zip(changes, columns, strict=True)
        }
        self.set_bounds(changes)
        try:
            yield self
        finally:
            self.set_bounds(before)

    @contextmanager
    def closed(self, columns: IntArray) -> Iterator["FluxModel"]:
        """Hold reactions at zero flux inside a ``with`` block only.

        Parameters
        ----------
        columns : numpy.ndarray of int
            Their positions in `reactions`.
        """
        size = len(columns)
        index = columns.astype(np.int32)
        before = self.lower[columns], self.upper[columns]
        zero = np.zeros(size)
        self.lower[columns] = self.upper[columns] = 0.0
        self._highs.changeColsBounds(size, index, zero, zero)
        try:
            yield self
        finally:
            self.lower[columns], self.upper[columns] = before
            self._highs.changeColsBounds(size, index, *before)

    def _set_cost(self, weights: Mapping[int, float]) -> None:
        if weights == self._cost:
            return
        changed = sorted(self._cost.keys() | weights.keys())
        self._highs.changeColsCost(
            len(changed),
            np.array(changed, np.int32),
            np.array([weights.get(column, 0.0) for column in changed]),
        )
        self._cost = dict(weights)

    def optimise(
        self, objective: str | Mapping[str, float] | None = None, *, maximise: bool | None = None
    ) -> FluxSolution:
        """Solve the linear program under the present bounds.

        Parameters
        ----------
        objective : str or mapping of str to float, optional
            A reaction, or weights of reactions; the model's objective by default.
        maximise : bool, optional
            Minimise if False; by default what the model's objective says, and True for others.
        """
        target = self.objective if objective is None else objective
        weights = {target: 1.0} if target and isinstance(target, str) else dict(target or {})
        if maximise is None:
            maximise = objective is not None or not self.minimise
        self._sign = sign = 1.0 if maximise else -1.0
        self._set_cost({self.index[reaction]: sign * w for reaction, w in weights.items()})
        self._highs.run()
        status = self._highs.modelStatusToString(self._highs.getModelStatus()).lower()
        # a stale basis can leave the simplex stuck or undecided: once more from scratch, and then
        # by the primal simplex and without presolving, which does not tell the two failures apart
        for options in _DECIDERS:
            if status in _DECIDED:
                break
            before = {name: self._highs.getOptionValue(name)[1] for name in options}
            self._highs.clearSolver()
            for name, option in options.items():
                self._highs.setOptionValue(name, option)
            self._highs.run()
            status = self._highs.modelStatusToString(self._highs.getModelStatus()).lower()
            for name, option in before.items():
                self._highs.setOptionValue(name, option)
        if status != "optimal":
            return FluxSolution(status, float("nan"), np.empty(0))
        value = sign * float(self._highs.getInfo().objective_function_value)
        return FluxSolution(status, value, np.array(self._highs.getSolution().col_value))

    def basis(self) -> Any:
        """Basis of the last solve, for `set_basis`."""
        return self._highs.getBasis()

    def set_basis(self, basis: Any) -> None:
        """Start the next solve from a basis, so that it does not depend on the solves between."""
        self._highs.setBasis(basis)

    def forget(self) -> None:
        """Start the next solve from scratch."""
        self._highs.clearSolver()

    def reduced_costs(self) -> FloatArray:
        """Gain of the last objective, as it was given, for each unit more of each flux.

        Shape (n_reactions,). By weak duality a reaction whose bounds are widened to ``[l, u]``
        moves the optimum by no more than its largest ``d v`` (maximising) or its smallest
        (minimising) with v between the bounds.
        """
        costs: FloatArray = self._sign * np.array(self._highs.getSolution().col_dual)
        return costs

    def growth(self) -> float:
        """Largest flux of the model's objective; 0 if there is no feasible flux.

        Raises
        ------
        InputError
            If it has no limit, or the solver finds no answer: that is not the same as no growth.
        """
        solution = self.optimise()
        if solution.optimal:
            return max(solution.value, 0.0)
        if solution.status == "unbounded":
            raise InputError(
                f"the objective {self.objective}", "has no limit", "give the uptakes finite bounds"
            )
        if solution.status not in _DECIDED:
            raise InputError(
                f"the objective {self.objective}",
                f"gets no answer of the solver HiGHS ({solution.status})",
                "check the model's stoichiometry and bounds for very large or small numbers",
            )
        return 0.0

    def add_demands(self, species: list[str]) -> list[str]:
        """Add closed demand reactions ``DM_<species>`` (bounds 0, 0).

        Parameters
        ----------
        species : list of str
            Species of the model; ids as in the stoichiometry.

        Returns
        -------
        list of str
            The demands' reaction ids, in the order of `species`.
        """
        row = {name: number for number, name in enumerate(self.species)}
        names = [f"DM_{name}" for name in species]
        for reaction, name in zip(names, species, strict=True):
            if reaction in self.index:
                continue
            self._highs.addCol(0.0, 0.0, 0.0, 1, np.array([row[name]], np.int32), np.array([-1.0]))
            self._demanded.append(row[name])
            self.index[reaction] = len(self.reactions)
            self.reactions = (*self.reactions, reaction)
            self.lower, self.upper = np.append(self.lower, 0.0), np.append(self.upper, 0.0)
        return names

    def blocked_reactions(self, seed: int = 1) -> list[str]:
        """Reactions that carry no flux in any solution under the present bounds.

        First, sums of capped fluxes are maximised, each round crossing off the reactions seen
        with flux. What is left is proved blocked with random weights: if any of the fluxes can
        be non-zero, then so can their weighted sum, with probability one. This takes some tens
        of problems instead of two for each reaction.

        Parameters
        ----------
        seed : int
            Seed of the weights.

        Returns
        -------
        list of str
            Sorted reaction ids.

        Raises
        ------
        RuntimeError
            If the model has no feasible flux at all.
        """
        generator = np.random.default_rng(seed)
        blocked = (self.lower == 0) & (self.upper == 0)
        unseen = ~blocked
        idle = 0
        while unseen.any() and idle < 2:
            columns = np.flatnonzero(unseen)
            signs = np.where(generator.random(columns.size) < 0.5, -1.0, 1.0)
            signs[self.lower[columns] >= 0] = 1.0
            signs[self.upper[columns] <= 0] = -1.0
            unseen &= ~self._carrying(columns, signs)
            idle = idle + 1 if int(unseen.sum()) == columns.size else 0
        while unseen.any():
            columns = np.flatnonzero(unseen)
            weights = generator.uniform(-1.0, 1.0, columns.size)
            names = [self.reactions[column] for column in columns]
            objective = dict(zip(names, weights.tolist(), strict=True))
            for maximise in (True, False):
                solution = self.optimise(objective, maximise=maximise)
                if not solution.optimal:
                    raise RuntimeError(f"the search for blocked reactions ended {solution.status}")
                unseen &= np.abs(solution.fluxes) <= FLUX_TOLERANCE
            if int(unseen.sum()) == columns.size:
                break
        return sorted(self.reactions[column] for column in np.flatnonzero(blocked | unseen))

    def _carrying(self, columns: IntArray, signs: FloatArray) -> BoolArray:
        # maximise sum z with z <= 0.001 and z <= sign * v: the cap keeps one reaction from
        # drawing all the flux, so that most reactions that can carry any show up at once
        import highspy

        count, size, first_row = len(self.reactions), len(columns), self._highs.getNumRow()
        self._set_cost({})
        self._highs.addVars(size, np.full(size, -1000.0), np.full(size, 1e-3))
        extra = np.arange(count, count + size, dtype=np.int32)
        self._highs.changeColsCost(size, extra, np.ones(size))
        index = np.empty(2 * size, np.int32)
        index[0::2], index[1::2] = columns, extra
        value = np.empty(2 * size)
        value[0::2], value[1::2] = signs, -1.0
        self._highs.addRows(
            size,
            np.zeros(size),
            np.full(size, highspy.kHighsInf),
            2 * size,
            np.arange(0, 2 * size, 2, dtype=np.int32),
            index,
            value,
        )
        self._highs.clearSolver()
        self._highs.run()
        status = self._highs.modelStatusToString(self._highs.getModelStatus()).lower()
        fluxes = np.array(self._highs.getSolution().col_value)[:count]
        self._highs.deleteRows(size, np.arange(first_row, first_row + size, dtype=np.int32))
        self._highs.deleteVars(size, extra)
        self._highs.clearSolver()
        if status != "optimal":
            raise RuntimeError(f"the search for blocked reactions ended {status}")
        carrying: BoolArray = np.abs(fluxes) > FLUX_TOLERANCE
        return carrying
