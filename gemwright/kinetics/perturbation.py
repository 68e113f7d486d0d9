"""Perturbation runs: which kinetic models return to their reference state, and which do not.

Starting points are uniform between two multiples of the reference concentrations, under the
condition that every conserved moiety keeps its total. That is a polytope, sampled by Gibbs steps.
"""

import dataclasses
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray, IndexArray
from gemwright.errors import InputError
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.parameters import maximal_velocities, michaelis_constants
from gemwright.kinetics.simulation import Integration, Simulator, attempt, simulator
from gemwright.kinetics.state import KineticState

logger = logging.getLogger(__name__)

END_TIME = 0.35  # h, after which a model must be back (Choudhury et al., released code)
RETURN_DISTANCE = 0.01
_SWEEPS = 50  # 5 are enough for the pools of E. coli's core metabolism


@dataclass(frozen=True)
class Perturbations:
    """Outcome of perturbation runs.

    Parameters
    ----------
    table : pandas.DataFrame
        model, perturbation (both counted from 0), distance (relative, from the reference at the
        end; not a number for failed runs), returned, failed, message (the solver's, of failed
        runs).
    kept : tuple of int
        Models whose time courses were kept.
    times : numpy.ndarray
        h, shape (points,).
    courses : numpy.ndarray
        uM, shape (kept models, perturbations, points, dynamic).
    """

    table: pd.DataFrame
    kept: tuple[int, ...]
    times: FloatArray
    courses: FloatArray


def largest_dependent(model: KineticModel, state: KineticState) -> tuple[str, ...]:
    """Choose the largest member of each conserved moiety as the dependent one.

    A small member takes only small changes of the others, and a walk in which it closes the
    balance hardly moves.
    """
    moieties = model.moieties
    chosen: list[int] = []
    for position in np.argsort(-state.concentrations[: len(model.dynamic)], kind="stable"):
        if len(chosen) == len(moieties):
            break
        if np.linalg.matrix_rank(moieties[:, [*chosen, position]]) > len(chosen):
            chosen.append(int(position))
    return tuple(model.dynamic[position] for position in sorted(chosen))


def perturbed_starts(
    model: KineticModel,
    state: KineticState,
    n: int,
    low: float = 0.5,
    high: float = 2.0,
    seed: int | Sequence[int] = 0,
    sweeps: int = _SWEEPS,
) -> FloatArray:
    """Concentrations around the reference, with the moieties conserved.

    Parameters
    ----------
    model, state : KineticModel, KineticState
        The network and its reference state.
    n : int
        How many.
    low, high : float
        Limits in reference concentrations; 1 lies between them.
    seed : int or sequence of int
        Of the draws.
    sweeps : int
        Gibbs steps of every coordinate between the reference and what is returned. Each row is a
        chain of its own, so rows are independent of each other.

    Returns
    -------
    numpy.ndarray
        uM, shape (n, dynamic): uniform on the polytope.

    Raises
    ------
    InputError
        If 1 does not lie between `low` and `high`.
    """
    if not 0 < low < 1 < high:
        raise InputError(
            "perturbation",
            f"the limits are {low:g} and {high:g} times the reference",
            "give one between 0 and 1 and one above 1",
        )
    walk = _Walk.of(model, state)
    reference = state.concentrations[: len(model.dynamic)]
    lower, upper = low * reference, high * reference
    generator = np.random.default_rng(seed)
    starts = np.tile(reference, (n, 1))
    # what no moiety binds is drawn at once
    starts[:, walk.free] = generator.uniform(
        lower[walk.free], upper[walk.free], (n, len(walk.free))
    )
    for _ in range(sweeps if walk.steps else 0):
        for position, members, slopes in walk.steps:
            ends = np.stack(
                [
                    (lower[members] - starts[:, members]) / slopes,
                    (upper[members] - starts[:, members]) / slopes,
                ]
            )
            down = np.maximum(lower[position] - starts[:, position], ends.min(axis=0).max(axis=1))
            up = np.minimum(upper[position] - starts[:, position], ends.max(axis=0).min(axis=1))
            # rounding may leave a start a little outside
            move = generator.uniform(np.minimum(down, 0.0), np.maximum(up, 0.0))
            starts[:, position] += move
            starts[:, members] += move[:, None] * slopes
    return starts


@dataclass(frozen=True)
class _Walk:
    """Coordinates of the polytope.

    `free` are the positions of species outside of all moieties; `steps` are the others' positions,
    each with the dependent species that change with it, and by how much.
    """

    free: IndexArray
    steps: tuple[tuple[int, IndexArray, FloatArray], ...]

    @classmethod
    def of(cls, model: KineticModel, state: KineticState) -> "_Walk":
        chosen = dataclasses.replace(model, dependent=largest_dependent(model, state))
        dependent = np.setdiff1d(np.arange(len(model.dynamic)), chosen.independent)
        link = chosen.link[dependent]
        bound = np.any(link != 0, axis=0)
        steps = []
        for column in np.flatnonzero(bound):
            rows = np.flatnonzero(link[:, column])
            steps.append((int(chosen.independent[column]), dependent[rows], link[rows, column]))
        return cls(chosen.independent[~bound], tuple(steps))


def distances(concentrations: FloatArray, reference: FloatArray) -> FloatArray:
    """Relative distance from the reference, ||(x - x_ref) / x_ref||, over the last axis."""
    return np.asarray(np.linalg.norm((concentrations - reference) / reference, axis=-1))


def perturb_models(
    model: KineticModel,
    state: KineticState,
    saturations: FloatArray,
    n_perturbations: int,
    seed: int,
    low: float = 0.5,
    high: float = 2.0,
    end_time: float = END_TIME,
    within: float = RETURN_DISTANCE,
    integration: Integration | None = None,
    keep: Sequence[int] = (),
    points: int = 100,
    threads: int = 1,
) -> Perturbations:
    """Perturb parameterised models and see which return.

    The starting points of a model follow from `seed` and its row alone, and the outcome is the
    same for any number of `threads`.

    Parameters
    ----------
    model, state : KineticModel, KineticState
        The network and its reference state.
    saturations : numpy.ndarray
        Shape (models, terms).
    n_perturbations : int
        Of each model.
    seed : int
        Of the starting points.
    low, high : float
        Limits of the perturbation, in reference concentrations.
    end_time : float
        h.
    within : float
        Relative distance at the end that counts as returned.
    integration : Integration, optional
        How to integrate; libroadrunner if not given.
    keep : sequence of int
        Rows of models whose time courses are wanted; they are run once more for it, so that the
        table does not depend on it.
    points : int
        Of these time courses.
    threads : int
        Processes.

    Returns
    -------
    Perturbations
        A run that the solver gave up has not returned, and is reported in the table.
    """
    from tqdm import tqdm

    job = _Job(
        model=model,
        state=state,
        velocities=maximal_velocities(model, state, saturations),
        michaelis=michaelis_constants(model, state, saturations),
        n_perturbations=n_perturbations,
        seed=seed,
        limits=(low, high),
        times=np.asarray(np.linspace(0.0, end_time, points), dtype=np.float64),
        keep=frozenset(keep),
        integration=integration or Integration(),
    )
    n_models = len(saturations)
    ends = np.empty((n_models, n_perturbations, len(model.dynamic)))
    messages: list[str] = []
    courses: dict[int, FloatArray] = {}
    outcomes = _outcomes(job, n_models, min(threads, max(n_models, 1)))
    for row, outcome in enumerate(tqdm(outcomes, "perturbing models", n_models, unit="model")):
        ends[row], reported, course = outcome
        messages += reported
        if course is not None:
            courses[row] = course
    away = distances(ends, state.concentrations[: len(model.dynamic)]).ravel()
    table = pd.DataFrame(
        {
            "model": np.repeat(np.arange(n_models), n_perturbations),
            "perturbation": np.tile(np.arange(n_perturbations), n_models),
            "distance": away,
            "returned": away < within,  # what is not a number is not
            "failed": np.array([bool(message) for message in messages], dtype=bool),
            "message": messages,
        }
    )
    if table["failed"].any():
        logger.warning(
            "the solver gave up %d of %d runs; they count as not returned",
            table["failed"].sum(),
            len(table),
        )
    kept = tuple(sorted(courses))
    shape = (0, n_perturbations, points, len(model.dynamic))
    stacked = np.stack([courses[row] for row in kept]) if kept else np.empty(shape)
    return Perturbations(table, kept, job.times, stacked)


@dataclass(frozen=True)
class _Job:
    """All that a process needs to perturb models."""

    model: KineticModel
    state: KineticState
    velocities: FloatArray
    michaelis: FloatArray
    n_perturbations: int
    seed: int
    limits: tuple[float, float]
    times: FloatArray
    keep: frozenset[int]
    integration: Integration


_Outcome = tuple[FloatArray, list[str], FloatArray | None]
# of a worker process: its job and its compiled model
_worker: tuple[_Job, Simulator] | None = None


def _outcomes(job: _Job, n_models: int, threads: int) -> Iterator[_Outcome]:
    """Outcomes of the models, in order."""
    if threads <= 1:
        machine = simulator(job.model, job.state, job.integration)
        for row in range(n_models):
            yield _perturb(job, machine, row)
        return
    with ProcessPoolExecutor(threads, initializer=_start_worker, initargs=(job,)) as pool:
        yield from pool.map(_perturb_in_worker, range(n_models))


def _start_worker(job: _Job) -> None:
    global _worker
    _worker = (job, simulator(job.model, job.state, job.integration))


def _perturb_in_worker(row: int) -> _Outcome:
    if _worker is None:
        raise RuntimeError("a worker process was not prepared")
    return _perturb(*_worker, row)


def _perturb(job: _Job, machine: Simulator, row: int) -> _Outcome:
    """Last concentrations of each run, the solver's messages, and time courses if wanted."""
    low, high = job.limits
    starts = perturbed_starts(job.model, job.state, job.n_perturbations, low, high, (job.seed, row))
    machine.parameterise(job.velocities[row], job.michaelis[row])
    ends = np.empty(starts.shape)
    messages = []
    for place, start in enumerate(starts):
        course, message = attempt(machine, start, job.times[[0, -1]])
        ends[place] = course[-1]
        messages.append(message)
    if row not in job.keep:
        return ends, messages, None
    return ends, messages, np.stack([attempt(machine, start, job.times)[0] for start in starts])
