"""Thermodynamics for models that come without any: chemical potentials and concentrations.

A flux state v is feasible if there are chemical potentials mu with sign(v_j) (N' mu)_j < 0 for
every reaction j, water and protons included. By Farkas' lemma there are none exactly if some of
the running reactions form a loop, that is, N diag(sign v) w = 0 for a w >= 0 other than zero. All
that a kinetic model needs of the potentials is dG = N' mu, so dG is what is sampled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gemwright.arrays import FloatArray, IndexArray
from gemwright.config.physiologies import ReferenceKeys
from gemwright.errors import InputError
from gemwright.inputs.number_tables import read_numbers, refuse_missing
from gemwright.kinetics.state import RT

# |dG| of running reactions, kcal/mol. Below 0.1 (16 % off equilibrium) fluxes turn with the least
# change of a concentration. Most reactions spread evenly over the window, so that their median is
# about 2.5, as in the steady states of Choudhury et al. (1.7 to 2.6; a tenth of theirs exceeds 10)
_WARMUPS = 3
_WARMUP_STEPS = 30  # for each dimension
_STEPS = 100  # between samples, for each dimension
_LOOP_SHARE = 1e-7
_ROW_SPACE = 1e-9


def find_loop(
    stoichiometry: FloatArray, fluxes: FloatArray
) -> tuple[IndexArray, FloatArray] | None:
    """Find running reactions that together change nothing: a loop, which no energy can drive.

    Parameters
    ----------
    stoichiometry : numpy.ndarray
        All species of the reactions (water, protons, outer ones too), shape (species, reactions).
    fluxes : numpy.ndarray
        Shape (reactions,); only the signs count.

    Returns
    -------
    (numpy.ndarray of int, numpy.ndarray) or None
        Positions of the reactions of one loop, none of which can be spared, and how often each
        runs (signed, the smallest once); None if there is no loop.
    """
    from scipy.optimize import linprog

    signs = np.sign(fluxes)
    running = np.flatnonzero(signs)
    if not len(running):
        return None
    scales = np.abs(stoichiometry[:, running]).max(axis=0, initial=0)
    if not scales.all():
        idle = running[[int(np.argmin(scales))]]
        return idle, signs[idle]
    columns = stoichiometry[:, running] * (signs[running] / scales)
    columns = columns[np.any(columns != 0, axis=1)]
    # a vertex of this polytope has minimal support, and the dual simplex ends at a vertex
    found = linprog(
        np.zeros(len(running)),
        A_eq=np.vstack([columns, np.ones(len(running))]),
        b_eq=np.append(np.zeros(len(columns)), 1.0),
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-9},
    )
    if found.status == 2:
        return None
    if found.status != 0:
        raise RuntimeError(f"the search for loops ended with: {found.message}")
    chosen = found.x > _LOOP_SHARE
    weights = found.x[chosen] / scales[chosen]
    loop = running[chosen]
    return loop, signs[loop] * weights / weights.min()


def check_no_loop(
    reactions: Sequence[str], stoichiometry: FloatArray, fluxes: FloatArray, source: str
) -> None:
    """Refuse a flux state with an internal loop.

    Parameters
    ----------
    reactions : sequence of str
        Names of the columns.
    stoichiometry, fluxes : numpy.ndarray
        See `find_loop`.
    source : str
        Where the fluxes come from, for the message.

    Raises
    ------
    InputError
        If there is a loop; the message names its reactions.
    """
    loop = find_loop(stoichiometry, fluxes)
    if loop is None:
        return
    steps = ", ".join(
        f"{reactions[column]} {'forward' if runs > 0 else 'backward'}"
        for column, runs in zip(*loop, strict=True)
    )
    raise InputError(
        source,
        f"no chemical potentials can drive it: these reactions form a loop that changes nothing"
        f" ({steps})",
        "stop or turn one of these reactions, for example with a loopless flux solution",
    )


def sample_energies(
    reactions: Sequence[str],
    stoichiometry: FloatArray,
    fluxes: FloatArray,
    seed: int,
    source: str,
    window: tuple[float, float] = ReferenceKeys.energy_window,
    samples: int = 1,
) -> FloatArray:
    """Sample reaction energies that drive the fluxes, by hit-and-run.

    The sample is uniform over the polytope of all dG = N' mu with the sign against the flux and an
    absolute value inside the window. Directions are drawn from the covariance of warm-up runs, so
    that long thin polytopes mix too.

    Parameters
    ----------
    reactions : sequence of str
        Names of the columns.
    stoichiometry : numpy.ndarray
        All species (water, protons, outer ones too), shape (species, reactions).
    fluxes : numpy.ndarray
        Shape (reactions,), none zero; only the signs count.
    seed : int
        Seed of the walk.
    source : str
        Where the fluxes come from, for messages.
    window : (float, float)
        Smallest and largest absolute dG, kcal/mol.
    samples : int
        How many, 100 steps per dimension apart.

    Returns
    -------
    numpy.ndarray
        dG, kcal/mol, shape (samples, reactions).

    Raises
    ------
    InputError
        If the fluxes have a loop, or the window leaves no room.
    """
    low, high = window
    if not 0 < low < high:
        raise InputError(
            source, f"the window of |dG|, {low:g} to {high:g} kcal/mol, is empty or not positive",
            "give a smallest and a larger largest |dG|, both positive",
        )  # fmt: skip
    check_no_loop(reactions, stoichiometry, fluxes, source)
    signs = np.sign(fluxes)
    columns = -stoichiometry * signs
    start = _centre(columns, low, high)
    if start is None:
        raise InputError(
            source,
            f"no chemical potentials keep every |dG| between {low:g} and {high:g} kcal/mol,"
            " although the fluxes have no loop",
            "widen the window of |dG|, or flag lumped reactions as irreversible",
        )
    _, values, rows = np.linalg.svd(columns, full_matrices=False)
    basis = rows[values > _ROW_SPACE * values[0]].T
    # off the centre by rounding, the start returns to the space of N' mu
    walk = _Walk(basis @ (basis.T @ start), basis, low, high, np.random.default_rng(seed))
    size = basis.shape[1]
    for _ in range(_WARMUPS):
        walk.adapt(walk.run(_WARMUP_STEPS * size))
    drives = np.array([walk.run(_STEPS * size)[-1] for _ in range(samples)])
    return np.asarray(-signs * drives)


def _centre(columns: FloatArray, low: float, high: float) -> FloatArray | None:
    """Drives (-sign(v) dG) as far from the ends of the window as can be; None if there are none."""
    from scipy.optimize import linprog

    n_species, n_reactions = columns.shape
    drives, room = columns.T, np.ones((n_reactions, 1))
    found = linprog(
        np.append(np.zeros(n_species), -1.0),
        A_ub=np.block([[-drives, room], [drives, room]]),
        b_ub=np.repeat([-low, high], n_reactions),
        bounds=[(None, None)] * n_species + [(0, None)],
        method="highs",
    )
    if found.status == 2 or (found.status == 0 and found.x[-1] <= 0):
        return None
    if found.status != 0:
        raise RuntimeError(f"the search for chemical potentials ended with: {found.message}")
    return np.asarray(drives @ found.x[:-1])


@dataclass
class _Walk:
    """Hit-and-run in {y = basis z: low <= y <= high}."""

    point: FloatArray
    basis: FloatArray
    low: float
    high: float
    generator: np.random.Generator
    shape: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.shape = self.basis

    def adapt(self, visited: FloatArray) -> None:
        """Draw directions from the covariance of the points visited."""
        covariance = np.atleast_2d(np.cov((visited @ self.basis).T))
        # the little added keeps every direction possible while the estimate is rough
        covariance += np.eye(len(covariance)) * 1e-3 * np.trace(covariance) / len(covariance)
        self.shape = self.basis @ np.linalg.cholesky(covariance)

    def run(self, steps: int) -> FloatArray:
        """Walk, and return the points visited, shape (steps, reactions)."""
        visited = np.empty((steps, len(self.point)))
        places = self.generator.random(steps)
        for step in range(steps):
            direction = self.shape @ self.generator.standard_normal(self.shape.shape[1])
            with np.errstate(divide="ignore", invalid="ignore"):
                ends = np.array([self.low - self.point, self.high - self.point]) / direction
            nearest, farthest = ends.min(axis=0).max(), ends.max(axis=0).min()
            if nearest < farthest:
                self.point = self.point + direction * (
                    nearest + places[step] * (farthest - nearest)
                )
            visited[step] = self.point
        self.point = np.clip(self.basis @ (self.basis.T @ self.point), self.low, self.high)
        return visited


def read_energies(
    path: str | Path,
    reactions: Sequence[str],
    ln_quotients: FloatArray,
    optional: Iterable[str] = (),
) -> FloatArray:
    """Read dG of reactions from a user's table.

    Parameters
    ----------
    path : str or Path
        Tab-separated (comma-separated if it ends in ``.csv``): ``reaction``, and ``dG`` (kcal/mol,
        at the concentrations of the state) or ``K_eq`` (concentrations in M, activity of water 1,
        protons as a species). Where a row gives both, dG counts.
    reactions : sequence of str
        The reactions wanted.
    ln_quotients : numpy.ndarray
        ln of the reaction quotients at the concentrations of the state (M), for K_eq.
    optional : iterable of str
        Reactions that may be missing: they have no dG of their own (irreversible ones).

    Returns
    -------
    numpy.ndarray
        dG, kcal/mol, shape (reactions,); minus infinity for optional ones that are missing.

    Raises
    ------
    InputError
        If the table lacks a column or a reaction, or holds something that is no number.
    """
    table = read_numbers(path, "reaction", ["dG", "K_eq"], "table of reaction energies")
    energies, constants = table["dG"], table["K_eq"]
    for name, constant in constants.items():
        if constant <= 0:
            raise InputError(
                f"{path}, reaction {name}", f"K_eq is {constant:g}", "give a positive K_eq"
            )
    found, missing = np.full(len(reactions), -np.inf), []
    for row, name in enumerate(reactions):
        if name in energies:
            found[row] = energies[name]
        elif name in constants:
            found[row] = RT * (ln_quotients[row] - np.log(constants[name]))
        elif name not in {*optional}:
            missing.append(name)
    refuse_missing(path, missing, "reactions that carry flux")
    return found
