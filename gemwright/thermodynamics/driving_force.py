"""Largest smallest driving force of a flux state, its bottleneck, and what runs against energy.

Source: E. Noor et al., PLoS Comput. Biol. 10 (2014) e1003483, doi:10.1371/journal.pcbi.1003483.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.gem.flux import FLUX_TOLERANCE
from gemwright.gem.model import MetabolicModel
from gemwright.thermodynamics.reactions import BOUNDARY, KNOWN, ReactionEnergies
from gemwright.thermodynamics.transforms import rt

POOLS = Path(__file__).parents[1] / "resources" / "thermodynamic_pools.tsv"
# kJ/mol; less is what solvers leave of nothing
_NOISE = 1e-6
# a share of the force that a reaction has to hold to be named as bottleneck
_LEAST_SHARE = 1e-6


@dataclass(frozen=True)
class DrivingForce:
    """What the energies say of a flux state.

    Attributes
    ----------
    force : float
        Largest smallest driving force, kJ/mol: every running reaction with a known energy can
        have -dG of at least this. Negative if some cannot run at all; NaN if none has an energy.
    bottleneck : tuple of str
        Reactions that hold it down (with a positive dual), sorted.
    refused : tuple of str
        Reactions that run against their energy where as little as possible does, sorted.
    reactions : pandas.DataFrame
        Running reactions with known energies: reaction, flux (mmol/gDW/h), energy (dG'0 as it
        runs, kJ/mol), deviation, driving_force (-dG at the optimum), share (dual: how much of the
        force it holds down, summing to 1), violation (kJ/mol that it lacks to run).
    concentrations : pandas.DataFrame
        species, concentration (M) at the optimum.
    unknown : tuple of str
        Running reactions without a known energy, boundary reactions aside, sorted.
    """

    force: float
    bottleneck: tuple[str, ...]
    refused: tuple[str, ...]
    reactions: pd.DataFrame
    concentrations: pd.DataFrame
    unknown: tuple[str, ...]


def read_pools() -> dict[str, tuple[float, float]]:
    """Bounds (M) of cofactors inside, by metabolite, which keep the ratios of a living cell."""
    table = pd.read_csv(POOLS, sep="\t")
    bounds = zip(table["least"].astype(float), table["largest"].astype(float), strict=True)
    return dict(zip(table["metabolite"].astype(str), bounds, strict=True))


def driving_force(
    model: MetabolicModel,
    fluxes: Mapping[str, float],
    energies: ReactionEnergies,
    options: ThermodynamicOptions | None = None,
    tolerance: float = FLUX_TOLERANCE,
) -> DrivingForce:
    """Find the largest smallest driving force of a flux state.

    A linear program over the logarithms of concentrations and the deviations of dG'0, which move
    together as their covariance has it and each stay within `state_deviations`; water and protons
    have no concentration. A second one, elastic, finds the reactions that run uphill.

    Parameters
    ----------
    model : MetabolicModel
    fluxes : mapping of str to float
        Reaction to flux, mmol/gDW/h.
    energies : ReactionEnergies
        Of this model, of the part that runs, or of its universe.
    options : ThermodynamicOptions, optional
    tolerance : float
        Flux up to which a reaction does not run, mmol/gDW/h.

    Raises
    ------
    KeyError
        If a running reaction is not in the model; one without a row in the energies is unknown.
    RuntimeError
        If the solver fails.
    """
    given = options or ThermodynamicOptions()
    running = sorted(name for name, flux in fluxes.items() if abs(flux) > tolerance)
    known = {name: row for row, name in enumerate(energies.reactions["reaction"])}
    place = model.reactions.set_index("reaction").index
    for name in running:
        if name not in place:
            raise KeyError(f"reaction {name!r} runs, and the model lacks it")
    rows = energies.reactions.iloc[[known[name] for name in running if name in known]]
    kept = rows[rows["status"] == KNOWN]
    without = set(rows.loc[~rows["status"].isin([KNOWN, BOUNDARY]), "reaction"])
    lacking = tuple(name for name in running if name in without or name not in known)
    kept = kept[~_of_water_alone(model, kept, energies)]
    names = list(kept["reaction"])
    if not names:
        empty = pd.DataFrame(columns=["reaction", "flux", "energy", "deviation", "driving_force"])
        none = pd.DataFrame(columns=["species", "concentration"])
        return DrivingForce(float("nan"), (), (), empty, none, lacking)
    signs = np.sign([fluxes[name] for name in names])
    program = _Program(model, names, signs, kept, energies, given)
    force, values, shares = program.largest_force()
    violations = program.violations() if force < -_NOISE else np.zeros(len(names))
    table = pd.DataFrame(
        {
            "reaction": names,
            "flux": [fluxes[name] for name in names],
            "energy": signs * kept["energy"].to_numpy(),
            "deviation": kept["deviation"].to_numpy(),
            "driving_force": -program.matrix[:, :-1] @ values[:-1] - signs * kept["energy"],
            "share": shares,
            "violation": violations,
        }
    )
    logs = values[: len(program.species)]
    return DrivingForce(
        force,
        tuple(table.loc[table["share"] > _LEAST_SHARE, "reaction"]),
        tuple(table.loc[table["violation"] > _NOISE, "reaction"]),
        table,
        pd.DataFrame({"species": program.species, "concentration": np.exp(logs)}),
        lacking,
    )


def _of_water_alone(
    model: MetabolicModel, kept: pd.DataFrame, energies: ReactionEnergies
) -> pd.Series:
    """Whether nothing but water moves, at an activity of 1 on either side: no force drives it."""
    of = model.species.set_index("species")["metabolite"]
    passive = set(energies.compounds.loc[energies.compounds["passive"], "metabolite"])
    used = model.stoichiometry[~model.stoichiometry["species"].map(of).isin(passive)]
    return ~kept["reaction"].isin(used["reaction"]) & (kept["energy"].abs() < _NOISE)


class _Program:
    """Rows: sign (dG'0 + root z + RT nu ln c) + d <= 0, and the bounds of each deviation."""

    def __init__(
        self,
        model: MetabolicModel,
        names: list[str],
        signs: FloatArray,
        kept: pd.DataFrame,
        energies: ReactionEnergies,
        options: ThermodynamicOptions,
    ) -> None:
        passive = set(energies.compounds.loc[energies.compounds["passive"], "metabolite"])
        of = model.species.set_index("species")["metabolite"]
        used = model.stoichiometry[model.stoichiometry["reaction"].isin(names)]
        used = used[~used["species"].map(of).isin(passive)]
        self.species = sorted(set(used["species"]))
        row = {name: number for number, name in enumerate(names)}
        column = {name: number for number, name in enumerate(self.species)}
        nu = np.zeros((len(names), len(self.species)))
        np.add.at(
            nu,
            (used["reaction"].map(row).to_numpy(int), used["species"].map(column).to_numpy(int)),
            used["coefficient"].to_numpy(float),
        )
        root = energies.root[kept.index.to_numpy()]
        left, size, _ = np.linalg.svd(root, full_matrices=False)
        root = left[:, size > _NOISE] * size[size > _NOISE]
        innermost = model.species.set_index("species")["compartment"] == next(iter(options.ph))
        scale = rt(options.temperature)
        count, free = len(names), root.shape[1]
        self.matrix = np.hstack(
            [signs[:, None] * scale * nu, signs[:, None] * root, np.ones((count, 1))]
        )
        self.limit = -signs * kept["energy"].to_numpy(float)
        self.spread = np.hstack([np.zeros((count, len(self.species))), root, np.zeros((count, 1))])
        self.allowed = options.state_deviations * kept["deviation"].to_numpy(float)
        bounds = np.log([options.least_concentration, options.largest_concentration])
        pools = read_pools()
        self.bounds = [
            tuple(np.log(pools[name]) if inside and name in pools else bounds)
            for name, inside in zip(
                pd.Series(self.species, dtype=object).map(of),
                pd.Series(self.species, dtype=object).map(innermost),
                strict=True,
            )
        ]
        wide = options.state_deviations
        self.bounds += [*[(-wide, wide)] * free, (None, None)]

    def _rows(self, first: FloatArray) -> tuple[FloatArray, FloatArray]:
        rows = np.vstack([first, self.spread, -self.spread])
        return rows, np.concatenate([self.limit, self.allowed, self.allowed])

    def largest_force(self) -> tuple[float, FloatArray, FloatArray]:
        """Force, all variables, and the share of each reaction in holding it down."""
        from scipy.optimize import linprog

        cost = np.zeros(self.matrix.shape[1])
        cost[-1] = -1.0
        rows, limits = self._rows(self.matrix)
        done = linprog(cost, rows, limits, bounds=self.bounds, method="highs-ds")
        if done.status != 0:
            raise RuntimeError(f"the search for the largest driving force: {done.message}")
        shares: FloatArray = -done.ineqlin.marginals[: len(self.limit)]
        return float(done.x[-1]), done.x, shares

    def violations(self) -> FloatArray:
        """Least sum of what reactions lack to run, reaction by reaction, kJ/mol."""
        from scipy.optimize import linprog

        count = len(self.limit)
        variables = self.matrix[:, :-1]
        rows, limits = self._rows(np.hstack([variables, np.zeros((count, 1))]))
        slack = np.vstack([-np.eye(count), np.zeros((2 * count, count))])
        cost = np.concatenate([np.zeros(self.matrix.shape[1]), np.ones(count)])
        bounds = [*self.bounds, *[(0, None)] * count]
        done = linprog(cost, np.hstack([rows, slack]), limits, bounds=bounds, method="highs-ds")
        if done.status != 0:
            raise RuntimeError(f"the search for refused directions: {done.message}")
        lacking: FloatArray = done.x[-count:]
        return lacking
