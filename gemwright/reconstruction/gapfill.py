"""Gap-filling: the cheapest reactions that let the draft grow, eqs. (11) and (12).

The mixed-integer problem is given a good start by a linear one whose weights are adapted
(|v| / (|v_before| + eps) counts reactions rather than flux), and its result is pruned one
reaction at a time, so that what is added is always irreducible: without any single one of the
added reactions the model does not reach the target.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.errors import InputError
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel, quiet_highs
from gemwright.gem.medium import medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import is_exchange, restrict

logger = logging.getLogger(__name__)

# largest flux (mmol/gDW/h) that a gap-filled reaction may need for the target growth: the big M
# of eq. (11). At 0.1 /h, growth takes 5 mmol of ATP; the bounds of 1,000 would leave the
# relaxation so weak that the gap stays at 20 %
BIG_M = 20.0
_REWEIGHTING_ROUNDS = 6


@dataclass(frozen=True)
class GapFilling:
    """What gap-filling added and how sure it is that this is the cheapest set.

    Attributes
    ----------
    added : pandas.DataFrame
        reaction, medium, alpha; sorted by medium's order, then reaction.
    media : pandas.DataFrame
        medium, growth_before, growth_after (1/h), added, penalty (sum of alpha), bound (lower
        bound of the penalty within the big M), gap, status; in the order of the media.
    """

    added: pd.DataFrame
    media: pd.DataFrame


def fill_gaps(
    universe: MetabolicModel,
    draft: Collection[str],
    alpha: Mapping[str, float],
    media: Mapping[str, Sequence[str]],
    options: ReconstructionOptions | None = None,
) -> GapFilling:
    """Add reactions of the universe until the draft grows on every medium.

    Media are filled one after the other; what one needed is there for the next. Exchange
    reactions cost nothing, since the medium says what they may take up.

    Parameters
    ----------
    universe : MetabolicModel
        Curated universe with bounds and biomass objective.
    draft : collection of str
        Reactions of the draft that are in the universe.
    alpha : mapping of str to float
        Penalty of each reaction, eq. (12); 1 for those that are missing.
    media : mapping of str to sequence of str
        Medium to its compounds (BiGG ids), in order.
    options : ReconstructionOptions, optional
        Target growth, uptake, node limit and gap.

    Returns
    -------
    GapFilling
        The added reactions and a line for each medium.

    Raises
    ------
    InputError
        If the whole universe cannot grow on a medium; the message names the biomass precursors
        that cannot be made.
    RuntimeError
        If the model with the added reactions only does not grow after all.
    """
    options = options or ReconstructionOptions()
    present = set(draft)
    rows: list[tuple[str, str, float]] = []
    lines = []
    for name, compounds in media.items():
        new, line = _fill_one(universe, present, alpha, name, compounds, options)
        present |= set(new)
        rows.extend((reaction, name, alpha.get(reaction, 1.0)) for reaction in new)
        lines.append(line)
    added = pd.DataFrame(rows, columns=["reaction", "medium", "alpha"])
    return GapFilling(added, pd.DataFrame(lines))


def _fill_one(
    universe: MetabolicModel,
    present: set[str],
    alpha: Mapping[str, float],
    name: str,
    compounds: Sequence[str],
    options: ReconstructionOptions,
) -> tuple[list[str], dict[str, object]]:
    target = options.target_growth
    model = FluxModel.of(universe)
    model.set_bounds(medium_bounds(model.reactions, compounds, options.max_uptake))
    outside = sorted(
        reaction
        for reaction in universe.reactions.loc[
            ~is_exchange(universe.reactions["reaction"]), "reaction"
        ]
        if reaction not in present
    )
    off = dict.fromkeys(outside, (0.0, 0.0))
    with model.bounds(off):
        before = model.growth()
    if before >= target:
        return [], _line(name, before, before, 0, 0.0, 0.0, "nothing to add")
    if model.growth() < target:
        raise _cannot_grow(model, universe, name)

    dead = set(model.blocked_reactions())
    candidates = [reaction for reaction in outside if reaction not in dead]
    weights = np.array([alpha.get(reaction, 1.0) for reaction in candidates])
    model.set_bounds({reaction: (0.0, 0.0) for reaction in dead})
    problem = _Problem(model, universe, candidates, target)

    start = _prune(model, candidates, alpha, problem.reweighted(weights), target)
    cost = _cost(start, alpha)
    status, bound = "linear start only", float("nan")
    chosen = start
    if options.mip_nodes > 0:
        # a candidate that the whole universe cannot do without is in every solution
        needed = [r for r in start if not _grows_without(model, r, target)]
        found, bound, status = problem.mixed_integer(weights, start, needed, options)
        better = _prune(model, candidates, alpha, found, target) if found else start
        if _cost(better, alpha) < cost - 1e-9:
            chosen, cost = better, _cost(better, alpha)

    # the proof: a fresh problem that holds the draft and the added reactions, nothing else
    after = growth_with(universe, present | set(chosen), compounds, options.max_uptake)
    if after < target - FLUX_TOLERANCE:
        raise RuntimeError(
            f"gap-filling on {name!r} promised {target} /h but the model grows at {after:.6f} /h"
        )
    return chosen, _line(name, before, after, len(chosen), cost, bound, status)


def _line(
    name: str, before: float, after: float, added: int, cost: float, bound: float, status: str
) -> dict[str, object]:
    gap = (cost - bound) / cost if cost > 0 else 0.0
    return {
        "medium": name,
        "growth_before": before,
        "growth_after": after,
        "added": added,
        "penalty": cost,
        "bound": bound,
        "gap": max(gap, 0.0) if gap == gap else gap,
        "status": status,
    }


def _cost(reactions: Collection[str], alpha: Mapping[str, float]) -> float:
    return float(sum(alpha.get(reaction, 1.0) for reaction in sorted(reactions)))


def growth_with(
    universe: MetabolicModel,
    reactions: Collection[str],
    compounds: Sequence[str],
    max_uptake: float,
) -> float:
    """Growth (1/h) of a set of the universe's reactions on a medium, all exchanges at hand."""
    table = universe.reactions
    kept = table[table["reaction"].isin(set(reactions)) | is_exchange(table["reaction"])]
    model = FluxModel(kept, restrict(universe.stoichiometry, kept["reaction"]), universe.objective)
    model.set_bounds(medium_bounds(model.reactions, compounds, max_uptake))
    return model.growth()


def _grows_without(model: FluxModel, reaction: str, target: float) -> bool:
    with model.bounds({reaction: (0.0, 0.0)}):
        return model.growth() >= target


def _prune(
    model: FluxModel,
    candidates: Sequence[str],
    alpha: Mapping[str, float],
    start: Collection[str],
    target: float,
) -> list[str]:
    # dearest first, ties by id; what can go goes
    kept = set(start)
    closed = {reaction: (0.0, 0.0) for reaction in candidates if reaction not in kept}
    with model.bounds(closed):
        if model.growth() < target:
            raise RuntimeError("the start of gap-filling does not grow: numerical trouble")
        removed: dict[str, tuple[float, float]] = {}
        for reaction in sorted(kept, key=lambda r: (-alpha.get(r, 1.0), r)):
            with model.bounds({**removed, reaction: (0.0, 0.0)}):
                if model.growth() >= target:
                    removed[reaction] = (0.0, 0.0)
    return sorted(kept - removed.keys())


def missing_precursors(model: FluxModel, universe: MetabolicModel) -> list[str]:
    """Biomass precursors that cannot be made under the model's present bounds, sorted.

    Each substrate of the biomass reaction is tested on its own, with a demand of its own.
    """
    biomass = universe.stoichiometry[universe.stoichiometry["reaction"] == universe.objective]
    precursors = sorted(biomass.loc[biomass["coefficient"] < 0, "species"])
    missing = []
    for species, demand in zip(precursors, model.add_demands(precursors), strict=True):
        with model.bounds({demand: (0.0, 1000.0)}):
            solution = model.optimise(demand)
        if not solution.optimal or solution.value <= FLUX_TOLERANCE:
            missing.append(species)
    return missing


def _cannot_grow(model: FluxModel, universe: MetabolicModel, name: str) -> InputError:
    missing = missing_precursors(model, universe)
    what = (
        f"biomass precursor(s) that cannot be made: {', '.join(missing)}"
        if missing
        else "every precursor can be made alone, but not all at once"
    )
    return InputError(
        f"medium {name!r}",
        f"even the whole universe cannot grow on it; {what}",
        "add a source of them to the medium, or choose another universe",
    )


class _Problem:
    # columns: fluxes, then one switch (or, in the linear start, |v|) for each candidate

    def __init__(
        self, model: FluxModel, universe: MetabolicModel, candidates: Sequence[str], target: float
    ) -> None:
        import scipy.sparse as sparse

        live = [
            column
            for column in range(len(model.reactions))
            if model.lower[column] != 0 or model.upper[column] != 0
        ]
        names = [model.reactions[column] for column in live]
        position = {reaction: column for column, reaction in enumerate(names)}
        table = universe.stoichiometry
        table = table[table["reaction"].isin(position)]
        rows, species = pd.factorize(table["species"], sort=True)
        self.balance = sparse.csr_matrix(
            (table["coefficient"], (rows, table["reaction"].map(position))),
            shape=(len(species), len(names)),
        )
        self.lower, self.upper = model.lower[live].copy(), model.upper[live].copy()
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
        solver.passModel(program)
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


def needed_precursors(
    model: MetabolicModel,
    universe: MetabolicModel,
    added: pd.DataFrame,
    media: Mapping[str, Sequence[str]],
    options: ReconstructionOptions,
) -> dict[str, str]:
    """Biomass precursors that run short without each gap-filled reaction.

    One problem for each reaction: demands of all precursors, each capped at what the target
    growth needs, are maximised together with the reaction closed.

    Parameters
    ----------
    model : MetabolicModel
        The finished model.
    universe : MetabolicModel
        Its universe, for the biomass reaction.
    added : pandas.DataFrame
        reaction, medium.
    media : mapping of str to sequence of str
        Medium to compounds.
    options : ReconstructionOptions
        Target growth and uptake.

    Returns
    -------
    dict of str to str
        Reaction to species joined by ``;`` (``""`` if each can be made, but not all at once).
    """
    biomass = universe.stoichiometry[universe.stoichiometry["reaction"] == universe.objective]
    biomass = biomass[biomass["coefficient"] < 0].sort_values("species")
    needs = (-biomass["coefficient"] * options.target_growth).tolist()
    result: dict[str, str] = {}
    for medium, group in added.groupby("medium", sort=False):
        flux = FluxModel.of(model)
        flux.set_bounds(medium_bounds(flux.reactions, media[str(medium)], options.max_uptake))
        demands = flux.add_demands(biomass["species"].tolist())
        flux.set_bounds({name: (0.0, need) for name, need in zip(demands, needs, strict=True)})
        weights = {name: 1 / need for name, need in zip(demands, needs, strict=True)}
        columns = [flux.index[name] for name in demands]
        for reaction in group["reaction"]:
            with flux.bounds({reaction: (0.0, 0.0)}):
                solution = flux.optimise(weights)
            made = solution.fluxes[columns] if solution.optimal else np.zeros(len(columns))
            short = made < 0.5 * np.array(needs)
            result[reaction] = ";".join(biomass["species"].to_numpy()[short])
    return result
