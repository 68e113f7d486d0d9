"""The mixed-integer problem of gap-filling, eqs. (11) and (12), on one HiGHS model."""

import logging
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.gem.flux import FluxModel
from gemwright.gem.model import MetabolicModel
from gemwright.gem.solver import load, quiet_highs

logger = logging.getLogger(__name__)

# largest flux (mmol/gDW/h) that a gap-filled reaction may need for the target growth: the big M
# of eq. (11). At 0.1 /h, growth takes 5 mmol of ATP; the bounds of 1,000 would leave the
# relaxation so weak that the gap stays at 20 %
BIG_M = 20.0
_REWEIGHTING_ROUNDS = 6


class GapProblem:
    """The cheapest candidates that let a model grow, and the linear problem behind it."""

    # columns: fluxes, then one switch (or, in the linear start, |v|) for each candidate

    def __init__(
        self, model: FluxModel, universe: MetabolicModel, candidates: Sequence[str], target: float
    ) -> None:
        import scipy.sparse as sparse

        live = np.flatnonzero((model.lower != 0) | (model.upper != 0))
        names = [model.reactions[column] for column in live]
        position = {reaction: column for column, reaction in enumerate(names)}
        table = universe.stoichiometry
        table = table[table["reaction"].isin(position)]
        rows, species = pd.factorize(table["species"], sort=True)
        self.balance = sparse.csr_matrix(
            (table["coefficient"], (rows, table["reaction"].map(position))),
            shape=(len(species), len(names)),
        )
        self.lower, self.upper = model.lower[live], model.upper[live]
        self.candidates = list(candidates)
        self.columns = np.array([position[reaction] for reaction in candidates])
        # a solution that grows faster can be scaled down towards no flux: equality loses nothing
        goal = position[universe.objective]
        self.lower[goal] = self.upper[goal] = target
        size = len(candidates)
        self.pick = sparse.csr_matrix(
            (np.ones(size), (np.arange(size), self.columns)), shape=(size, len(names))
        )

    def _solve(
        self,
        upper_link: FloatArray,
        lower_link: FloatArray,
        weights: FloatArray,
        switch_low: FloatArray,
        switch_high: FloatArray,
        start: FloatArray | None,
        settings: Mapping[str, float | int | bool],
    ) -> tuple[str, FloatArray, float]:
        import highspy
        import scipy.sparse as sparse

        # v <= upper_link * y and v >= lower_link * y
        matrix = sparse.bmat(
            [
                [self.balance, None],
                [self.pick, -sparse.diags(upper_link)],
                [self.pick, -sparse.diags(lower_link)],
            ]
        ).tocsr()
        matrix.sort_indices()
        count, size, species = len(self.lower), len(self.candidates), self.balance.shape[0]
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = count + size, matrix.shape[0]
        program.col_cost_ = np.concatenate([np.zeros(count), weights])
        program.col_lower_ = np.concatenate([self.lower, switch_low])
        program.col_upper_ = np.concatenate([self.upper, switch_high])
        free = np.full(size, highspy.kHighsInf)
        zero = np.zeros(size)
        program.row_lower_ = np.concatenate([np.zeros(species), -free, zero])
        program.row_upper_ = np.concatenate([np.zeros(species), zero, free])
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        program.a_matrix_.index_ = matrix.indices.astype(np.int32)
        program.a_matrix_.value_ = matrix.data
        solver = quiet_highs()
        for option, value in settings.items():
            solver.setOptionValue(option, value)
        if "mip_max_nodes" in settings:
            kinds = highspy.HighsVarType
            program.integrality_ = [kinds.kContinuous] * count + [kinds.kInteger] * size
        load(solver, program)
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = start.tolist()
            solver.setSolution(solution)
        solver.run()
        status = solver.modelStatusToString(solver.getModelStatus()).lower()
        bound = float(solver.getInfo().mip_dual_bound)
        return status, np.array(solver.getSolution().col_value), bound

    def reweighted(self, weights: FloatArray) -> list[str]:
        """Reactions with flux in the best of a few re-weighted linear problems."""
        size = len(self.candidates)
        ones = np.ones(size)
        best: tuple[float, list[str]] | None = None
        current = weights
        for _ in range(_REWEIGHTING_ROUNDS):
            status, values, _ = self._solve(
                ones, -ones, current, 0 * ones, 1000 * ones, None,
                {"primal_feasibility_tolerance": 1e-9},
            )  # fmt: skip
            if status != "optimal":
                raise RuntimeError(f"the linear start of gap-filling ended {status}")
            flux = np.abs(values[self.columns])
            used = flux > 1e-10
            cost = float(weights[used].sum())
            if best is None or cost < best[0] - 1e-9:
                best = (cost, [self.candidates[index] for index in np.flatnonzero(used)])
            current = weights / (flux + 1e-4)
        assert best is not None
        return best[1]

    def mixed_integer(
        self,
        weights: FloatArray,
        start: Collection[str],
        needed: Collection[str],
        options: ReconstructionOptions,
    ) -> tuple[list[str], float, str]:
        """Eq. (11); returns the chosen reactions, the lower bound of the cost and the status."""
        low = np.maximum(self.lower[self.columns], -BIG_M)
        high = np.minimum(self.upper[self.columns], BIG_M)
        on = np.isin(self.candidates, sorted(start)).astype(float)
        forced = np.isin(self.candidates, sorted(needed)).astype(float)
        size = len(self.candidates)
        # fluxes of the start: the linear problem with its reactions only
        status, values, _ = self._solve(
            np.ones(size), -np.ones(size), np.ones(size), np.zeros(size),
            on * np.minimum(BIG_M, 1000.0), None, {"primal_feasibility_tolerance": 1e-9},
        )  # fmt: skip
        first = None
        if status == "optimal":
            first = np.concatenate([values[: len(self.lower)], on])
        status, values, bound = self._solve(
            high, low, weights, forced, np.ones(size), first,
            {
                "mip_feasibility_tolerance": 1e-9,
                "primal_feasibility_tolerance": 1e-9,
                "mip_max_nodes": options.mip_nodes,
                "mip_rel_gap": options.mip_gap,
            },
        )  # fmt: skip
        if not values.size or status == "infeasible":
            logger.warning("the mixed-integer step ended %s: the linear start is kept", status)
            return [], float("nan"), f"mixed-integer step {status}"
        label = {"optimal": "within the gap", "solution limit reached": "node limit"}
        switches = values[len(self.lower) :] > 0.5
        # a flux that leaks through the integrality tolerance counts as used
        used = switches | (np.abs(values[self.columns]) > 1e-9)
        chosen = [self.candidates[index] for index in np.flatnonzero(used)]
        return chosen, bound, label.get(status, status)
