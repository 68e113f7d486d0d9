"""Sealing: the least costly set of directions whose closing leaves no cycle that charges energy.

Cutting planes: each charging cycle is a cut, of which a direction has to be closed; a set cover of
least weight over all cuts is closed, until no cycle is left. The last cover is then the optimum of
the whole problem, because it is one of a part of its constraints.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.carriers import IMPORTS
from gemwright.gem.charging import (
    BACKWARDS,
    FORWARDS,
    ChargingProgram,
    Cycle,
    Direction,
    boundary_species,
    equation,
)
from gemwright.gem.model import MetabolicModel
from gemwright.gem.solver import quiet_highs
from gemwright.io.tables import object_column

# covers whose weights differ by less than this are equal; among them the names' hashes decide, so
# that the set depends neither on threads nor on which cycles were found
_TIE = 1e-6
_SCALE = 1e4


@dataclass(frozen=True)
class Sealing:
    """A sealed model.

    Attributes
    ----------
    model : MetabolicModel
        The model with the directions closed.
    closed : pandas.DataFrame
        reaction, direction, weight, equation (as the direction runs), cycle (tuple of lines: the
        smallest cycle that no other closed direction breaks); sorted.
    cost : float
        Sum of the weights, proven least.
    rounds : int
        Cycles that were found.
    """

    model: MetabolicModel
    closed: pd.DataFrame
    cost: float
    rounds: int


def seal(
    model: MetabolicModel,
    weights: Mapping[Direction, float],
    keep: Collection[str] = (),
    maintenance: str = "ATPM",
    seed: int = 1,
) -> Sealing:
    """Close directions of least weight, so that nothing is charged from all inorganics.

    Parameters
    ----------
    model : MetabolicModel
        Any model with BiGG identifiers.
    weights : mapping of Direction to float
        Positive price of closing each open direction.
    keep : collection of str
        Reactions that may not be closed, besides boundary reactions, the objective and
        `maintenance`.
    maintenance : str
        The ATP hydrolysis reaction.
    seed : int
        Of the order in which cycles are found; the result does not depend on it.

    Raises
    ------
    InputError
        If no direction of a cycle may be closed (it is printed), or the model has no carrier.
    """
    program = ChargingProgram(model, IMPORTS["all inorganics"], seed)
    goal = {model.objective, *model.objective_terms}
    kept = {*boundary_species(model.stoichiometry), *goal, maintenance, *keep}
    place = {direction: column for column, direction in enumerate(program.directions)}
    cycles: list[Cycle] = []
    cuts: list[frozenset[Direction]] = []
    closed: set[Direction] = set()
    while (cycle := program.cheapest()) is not None:
        cut = frozenset(direction for direction in cycle.fluxes if direction[0] not in kept)
        if not cut:
            raise InputError(
                f"model {model.identifier!r}",
                f"charges {', '.join(cycle.carriers)} by a cycle of which no direction may be"
                " closed:\n  " + "\n  ".join(cycle.lines(model.stoichiometry)) + "\n",
                "let one of its reactions be closed, or correct it",
            )
        if cut & closed:
            raise RuntimeError(f"a closed direction carries flux: {sorted(cut & closed)}")
        cycles.append(cycle)
        cuts.append(cut)
        cover = least_cover(cuts, weights)
        for change, shut in ((cover - closed, True), (closed - cover, False)):
            program.set_closed(np.array(sorted(map(place.__getitem__, change)), int), shut)
        closed = cover
    rows = []
    for direction in sorted(closed):
        own = [c for c, cut in zip(cycles, cuts, strict=True) if cut & closed == {direction}]
        lines = min((c.lines(model.stoichiometry) for c in own), key=lambda one: (len(one), one))
        rows.append((*direction, weights[direction], equation(model.stoichiometry, direction),
                     tuple(lines)))  # fmt: skip
    table = pd.DataFrame(rows, columns=["reaction", "direction", "weight", "equation", "cycle"])
    table = table.assign(cycle=object_column(table["cycle"]))
    return Sealing(close(model, closed), table, float(table["weight"].sum()), len(cycles))


def close(model: MetabolicModel, directions: Collection[Direction]) -> MetabolicModel:
    """Copy of a model with directions closed."""
    table = model.reactions.copy()
    for column, bound in ((FORWARDS, "upper_bound"), (BACKWARDS, "lower_bound")):
        names = {reaction for reaction, direction in directions if direction == column}
        table.loc[table["reaction"].isin(names), bound] = 0.0
    return replace(model, reactions=table)


def least_cover(
    cuts: Collection[frozenset[Direction]], weights: Mapping[Direction, float]
) -> set[Direction]:
    """Set of directions of least weight that holds at least one of every cut.

    Raises
    ------
    RuntimeError
        If the solver does not prove the optimum.
    """
    import highspy
    import scipy.sparse as sparse

    items = sorted(set().union(*cuts))
    column = {direction: place for place, direction in enumerate(items)}
    rows = [row for row, cut in enumerate(cuts) for _ in cut]
    columns = [column[direction] for cut in cuts for direction in sorted(cut)]
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(cuts), len(items)))
    matrix.sort_indices()
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_ = _SCALE * np.array(
        [weights[direction] + _TIE * _hashed(direction) for direction in items]
    )
    program.col_lower_, program.col_upper_ = np.zeros(len(items)), np.ones(len(items))
    program.row_lower_ = np.ones(len(cuts))
    program.row_upper_ = np.full(len(cuts), highspy.kHighsInf)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    program.a_matrix_.index_ = matrix.indices.astype(np.int32)
    program.a_matrix_.value_ = matrix.data
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(items)
    solver = quiet_highs()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.0)
    solver.passModel(program)
    solver.run()
    status = solver.modelStatusToString(solver.getModelStatus()).lower()
    if status != "optimal":
        raise RuntimeError(f"the set cover of the sealing ended {status}")
    chosen = np.array(solver.getSolution().col_value) > 0.5
    return {items[place] for place in np.flatnonzero(chosen)}


def _hashed(direction: Direction) -> float:
    """Give a number between 0 and 1 that depends on the name of a direction alone."""
    return int(hashlib.sha256(" ".join(direction).encode()).hexdigest()[:8], 16) / 2**32
