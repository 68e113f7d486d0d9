"""Cycles that charge an energy carrier, found as linear programs."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gemwright.arrays import IntArray
from gemwright.errors import InputError
from gemwright.gem.carriers import DISSIPATIONS
from gemwright.gem.model import MetabolicModel
from gemwright.gem.solver import steady_state_program

FORWARDS, BACKWARDS = "forwards", "backwards"
Direction = tuple[str, str]
"""A reaction, and ``forwards`` or ``backwards``."""

# a flux of a basic solution below this is rounding, where one unit of energy is dissipated
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Cycle:
    """A flux that charges a carrier.

    Attributes
    ----------
    carriers : tuple of str
        What it charges, see `gemwright.gem.carriers`.
    fluxes : dict of Direction to float
        Flux of each direction for each unit of energy, all positive, in the model's order.
    """

    carriers: tuple[str, ...]
    fluxes: dict[Direction, float]

    def lines(self, stoichiometry: pd.DataFrame) -> list[str]:
        """One line a direction: flux, reaction, equation as it runs."""
        running = {reaction for reaction, _ in self.fluxes}
        stoichiometry = stoichiometry[stoichiometry["reaction"].isin(running)]
        return [
            f"{flux:.6g} {reaction} {direction}: {equation(stoichiometry, (reaction, direction))}"
            for (reaction, direction), flux in self.fluxes.items()
        ]


def equation(stoichiometry: pd.DataFrame, direction: Direction) -> str:
    """Write a reaction as text, in the direction in which it runs."""
    rows = stoichiometry[stoichiometry["reaction"] == direction[0]]
    sign = 1.0 if direction[1] == FORWARDS else -1.0
    sides: tuple[list[str], list[str]] = ([], [])
    for species, number in zip(rows["species"], sign * rows["coefficient"], strict=True):
        amount = "" if abs(number) == 1 else f"{abs(number):.6g} "
        sides[int(number > 0)].append(f"{amount}{species}")
    return " -> ".join(" + ".join(side) for side in sides).strip()


def boundary_species(stoichiometry: pd.DataFrame) -> dict[str, tuple[str, float]]:
    """Reactions that let a single species in or out, with that species and its coefficient."""
    net = stoichiometry.groupby(["reaction", "species"], sort=False)["coefficient"].sum()
    table = net[net != 0].reset_index()
    single = table[~table["reaction"].duplicated(keep=False)]
    return {
        reaction: (species, number)
        for reaction, species, number in single.itertuples(index=False, name=None)
    }


def closed_reactions(model: MetabolicModel, imports: Collection[str]) -> pd.DataFrame:
    """Bounds under which nothing enters but some compounds, and everything may leave.

    Parameters
    ----------
    model : MetabolicModel
        Any model; no flux of it is forced (maintenance may rest).
    imports : collection of str
        BiGG metabolites that may enter from the compartment ``e``.

    Returns
    -------
    pandas.DataFrame
        reaction, lower_bound, upper_bound: -1000, 0 or 1000 mmol/gDW/h.
    """
    table = model.reactions[["reaction", "lower_bound", "upper_bound"]].reset_index(drop=True)
    lower = np.where(table["lower_bound"] < 0, -1000.0, 0.0)
    upper = np.where(table["upper_bound"] > 0, 1000.0, 0.0)
    let_in = {f"{compound}_e" for compound in imports}
    boundary = boundary_species(model.stoichiometry)
    for row, reaction in enumerate(table["reaction"]):
        if reaction in boundary:
            species, number = boundary[reaction]
            most_in = 1000.0 if species in let_in else 0.0
            limits = (-most_in, 1000.0) if number < 0 else (-1000.0, most_in)
            lower[row], upper[row] = limits
    return table.assign(lower_bound=lower, upper_bound=upper)


def missing_species(model: MetabolicModel) -> dict[str, tuple[str, ...]]:
    """Carriers that a model lacks, with the species that are not there.

    Raises
    ------
    InputError
        If it has none of the carriers: then it is written with other identifiers than BiGG's,
        and nothing could be tested.
    """
    present = set(model.stoichiometry["species"])
    missing = {
        carrier: tuple(sorted(set(sides) - present)) for carrier, sides in DISSIPATIONS.items()
    }
    missing = {carrier: species for carrier, species in missing.items() if species}
    if len(missing) == len(DISSIPATIONS):
        raise InputError(
            f"model {model.identifier!r}",
            f"has none of the {len(DISSIPATIONS)} energy carriers by its BiGG identifier",
            "call its species as BiGG does (atp_c, h2o_c, adp_c, pi_c, h_c)",
        )
    return missing


class ChargingProgram:
    """The least flux that charges carriers, while directions are closed one after another.

    Directions have no upper bound, so that a cycle is found whatever flux it needs.

    Parameters
    ----------
    model : MetabolicModel
        Any model with at least one carrier.
    imports : collection of str
        What may enter, see `closed_reactions`.
    seed : int
        Of the costs of the directions, .8 to 1.2, which make the cheapest cycle the only one.
    """

    def __init__(self, model: MetabolicModel, imports: Collection[str], seed: int = 1) -> None:
        import scipy.sparse as sparse

        table = closed_reactions(model, imports)
        missing = missing_species(model)
        self.carriers = [carrier for carrier in DISSIPATIONS if carrier not in missing]
        forwards = table.loc[table["upper_bound"] > 0, "reaction"]
        backwards = table.loc[table["lower_bound"] < 0, "reaction"]
        self.directions: list[Direction] = [
            *((name, FORWARDS) for name in forwards),
            *((name, BACKWARDS) for name in backwards),
        ]
        used = model.stoichiometry
        used = used[used["reaction"].isin(set(table["reaction"]))]
        species, names = pd.factorize(used["species"], sort=True)
        place = {name: row for row, name in enumerate(table["reaction"])}
        shape = len(names), len(table)
        plain = sparse.csc_array(
            (used["coefficient"], (species, used["reaction"].map(place))), shape=shape
        )
        row_of = {name: row for row, name in enumerate(names)}
        dissipation = sparse.lil_array((len(names), len(self.carriers)))
        for column, carrier in enumerate(self.carriers):
            for name, number in DISSIPATIONS[carrier].items():
                dissipation[row_of[name], column] = number
        columns = [place[name] for name in forwards], [place[name] for name in backwards]
        network = sparse.hstack([plain[:, columns[0]], -plain[:, columns[1]], dissipation])
        size, count = len(self.directions), len(self.carriers)
        energy = sparse.csc_array(np.r_[np.zeros(size), np.ones(count)][None])
        matrix = sparse.vstack([network, energy]).tocsc()
        self._infinity = float("inf")
        free = np.full(size + count, self._infinity)
        self._highs = steady_state_program(matrix, np.zeros(size + count), free)
        self._highs.changeRowBounds(len(names), 1.0, 1.0)
        costs = np.r_[np.random.default_rng(seed).uniform(0.8, 1.2, size), np.zeros(count)]
        self._highs.changeColsCost(size + count, np.arange(size + count, dtype=np.int32), costs)

    def set_closed(self, columns: IntArray, closed: bool) -> None:
        """Close directions (their places in `directions`), or open them again."""
        size = len(columns)
        upper = np.full(size, 0.0 if closed else self._infinity)
        self._highs.changeColsBounds(size, columns.astype(np.int32), np.zeros(size), upper)

    def cheapest(self, carrier: str | None = None) -> Cycle | None:
        """Find the cheapest cycle that charges one carrier, or any of them.

        Returns
        -------
        Cycle or None
            None if nothing can be charged.

        Raises
        ------
        RuntimeError
            If the solver decides neither.
        """
        size, count = len(self.directions), len(self.carriers)
        upper = [self._infinity if carrier in (None, name) else 0.0 for name in self.carriers]
        index = np.arange(size, size + count, dtype=np.int32)
        self._highs.changeColsBounds(count, index, np.zeros(count), np.array(upper))
        status = self._solve()
        if status not in ("optimal", "infeasible"):
            # a stale basis can leave the simplex undecided: once more from scratch
            self._highs.clearSolver()
            status = self._solve()
        if status == "infeasible":
            return None
        if status != "optimal":
            raise RuntimeError(f"the search for a charging cycle ended {status}")
        fluxes = np.array(self._highs.getSolution().col_value)
        running = np.flatnonzero(fluxes[:size] > _ROUNDING)
        charged = np.flatnonzero(fluxes[size:] > _ROUNDING)
        return Cycle(
            tuple(self.carriers[column] for column in charged),
            {self.directions[column]: float(fluxes[column]) for column in running},
        )

    def _solve(self) -> str:
        self._highs.run()
        return str(self._highs.modelStatusToString(self._highs.getModelStatus())).lower()
