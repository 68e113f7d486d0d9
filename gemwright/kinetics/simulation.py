"""Time courses of parameterised kinetic models.

The default integrator is libroadrunner's CVODE on the exported SBML: a model is compiled once,
and each parameter set changes K_M and V_max of the compiled model. SciPy's integrators work on
rate laws in NumPy and serve as an independent check.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.kinetics.bindings import IRREVERSIBLE, PAIRED, bindings_of
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.state import KineticState

logger = logging.getLogger(__name__)

_SCIPY_METHODS = ("LSODA", "BDF", "Radau")
# SUNDIALS prints every failed run on its own; it takes its log files from here
_SUNDIALS_LOGS = ("SUNLOGGER_ERROR_FILENAME", "SUNLOGGER_WARNING_FILENAME")


@dataclass(frozen=True)
class Integration:
    """How time courses are computed.

    Parameters
    ----------
    integrator : str
        ``roadrunner``, or ``scipy``.
    relative_tolerance : float
        Of each concentration.
    absolute_tolerance : float
        In reference concentrations of each species. Runs away from the reference bring some
        concentrations near zero: with 1e-9 the solver gave up 10 of 4,000 runs of E. coli's core,
        with 1e-12 2, in the same time.
    maximum_order : int
        Of CVODE's formulas. On stiff metabolism 3 takes fewer steps than the usual 5.
    maximum_steps : int
        Of CVODE between two points in time; a run that needs more has failed. Runs that oscillate
        on their way back need 20,000 to 100,000, and most of these do return.
    method : str
        SciPy's, one of `_SCIPY_METHODS`.

    Raises
    ------
    InputError
        If the integrator or the method is unknown, or a number is not positive.
    """

    integrator: str = "roadrunner"
    relative_tolerance: float = 1e-6
    absolute_tolerance: float = 1e-12
    maximum_order: int = 3
    maximum_steps: int = 200_000
    method: str = "LSODA"

    def __post_init__(self) -> None:
        for what, given, known in (
            ("integrator", self.integrator, tuple(_SIMULATORS)),
            ("method", self.method, _SCIPY_METHODS),
        ):
            if given not in known:
                raise InputError(
                    "integration", f"there is no {what} {given!r}", f"use one of {', '.join(known)}"
                )
        for name in ("relative_tolerance", "absolute_tolerance", "maximum_order", "maximum_steps"):
            if not getattr(self, name) > 0:
                raise InputError(
                    "integration", f"{name} is {getattr(self, name)}", "give a positive number"
                )


class Simulator(Protocol):
    """A model that is ready to be run with any parameter set."""

    def parameterise(self, velocities: FloatArray, michaelis: FloatArray) -> None:
        """Set V_max (uM/h, shape (reactions,)) and K_M (uM, shape (terms,))."""

    def run(self, start: FloatArray, times: FloatArray) -> FloatArray:
        """Integrate from `start` (uM, shape (dynamic,)) at the first of evenly spaced `times`.

        Returns concentrations of shape (points, dynamic). Raises `RuntimeError` if the solver
        fails.
        """


def simulator(model: KineticModel, state: KineticState, integration: Integration) -> Simulator:
    """Prepare a model for many runs.

    Parameters
    ----------
    model : KineticModel
        The network.
    state : KineticState
        Its reference state, which gives boundary concentrations and equilibrium constants.
    integration : Integration
        How to run it.
    """
    return _SIMULATORS[integration.integrator](model, state, integration)


def attempt(machine: Simulator, start: FloatArray, times: FloatArray) -> tuple[FloatArray, str]:
    """Run once, and report a failure instead of raising it.

    Returns
    -------
    concentrations : numpy.ndarray
        Shape (points, dynamic); not a number if the run failed.
    message : str
        The solver's words; empty if it did not fail.
    """
    failure = np.full((len(times), len(start)), np.nan)
    try:
        course = machine.run(start, times)
    except RuntimeError as error:
        return failure, " ".join(str(error).split()) or "the solver failed"
    if not np.isfinite(course).all():
        return failure, "the solver returned what is not a number"
    return course, ""


def whole_course(course: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """Return a time course if it has every point and every species.

    Raises
    ------
    RuntimeError
        If the solver stopped before the end without saying so.
    """
    if course.shape != shape:
        rows = course.shape[0] if course.ndim else 0
        raise RuntimeError(f"the solver returned {rows} of {shape[0]} points in time")
    return course


class RoadRunner:
    """libroadrunner's CVODE on the compiled SBML; see `Simulator`."""

    def __init__(self, model: KineticModel, state: KineticState, integration: Integration) -> None:
        import roadrunner

        from gemwright.kinetics.sbml_export import identifiers_of, sbml_text

        names = identifiers_of(model)
        half = np.full(len(model.terms), 0.5)
        # a failure is reported by an exception; libroadrunner would print it as well
        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_FATAL)
        with _quiet_sundials():
            self._runner = roadrunner.RoadRunner(sbml_text(model, state, half))
        self._model = self._runner.getModel()
        places = {name: place for place, name in enumerate(self._model.getGlobalParameterIds())}
        wanted = [*(names.velocities[r.name] for r in model.reactions), *names.michaelis]
        self._parameters = [places[name] for name in wanted]
        species = [names.species[name] for name in model.dynamic]
        positions = {name: place for place, name in enumerate(self._model.getFloatingSpeciesIds())}
        self._species = [positions[name] for name in species]
        self._runner.timeCourseSelections = [f"[{name}]" for name in species]
        scales = np.empty(len(species))
        scales[self._species] = state.concentrations[: len(species)]
        settings: dict[str, Any] = {
            "relative_tolerance": integration.relative_tolerance,
            "absolute_tolerance": (integration.absolute_tolerance * scales).tolist(),
            "maximum_bdf_order": integration.maximum_order,
            "maximum_num_steps": integration.maximum_steps,
        }
        for name, value in settings.items():
            self._runner.getIntegrator().setValue(name, value)

    def parameterise(self, velocities: FloatArray, michaelis: FloatArray) -> None:
        """See `Simulator.parameterise`."""
        values = np.concatenate([velocities, michaelis])
        self._model.setGlobalParameterValues(self._parameters, values)

    def run(self, start: FloatArray, times: FloatArray) -> FloatArray:
        """See `Simulator.run`."""
        self._runner.reset()
        self._model.setFloatingSpeciesConcentrations(self._species, start)
        course = self._runner.simulate(times[0], times[-1], len(times))
        return whole_course(np.array(course), (len(times), len(start)))


class SciPy:
    """SciPy's integrators on rate laws in NumPy; see `Simulator`."""

    def __init__(self, model: KineticModel, state: KineticState, integration: Integration) -> None:
        self._n_dynamic = len(model.dynamic)
        self._balance = model.stoichiometry[: self._n_dynamic]
        self._boundary = state.concentrations[self._n_dynamic :]
        self._scales = state.concentrations[: self._n_dynamic]
        self._laws = _unit_rates(model, state)
        self._integration = integration
        self._velocities: FloatArray = np.empty(0)
        self._michaelis: FloatArray = np.empty(0)

    def parameterise(self, velocities: FloatArray, michaelis: FloatArray) -> None:
        """See `Simulator.parameterise`."""
        self._velocities, self._michaelis = velocities, michaelis

    def run(self, start: FloatArray, times: FloatArray) -> FloatArray:
        """See `Simulator.run`."""
        from scipy.integrate import solve_ivp

        def slope(_: float, concentrations: FloatArray) -> FloatArray:
            whole = np.concatenate([concentrations, self._boundary])
            rates = self._velocities * self._laws(whole, self._michaelis)
            return np.asarray(self._balance @ rates)

        with np.errstate(all="ignore"):
            try:
                found = solve_ivp(
                    slope,
                    (times[0], times[-1]),
                    start,
                    method=self._integration.method,
                    t_eval=times,
                    rtol=self._integration.relative_tolerance,
                    atol=self._integration.absolute_tolerance * self._scales,
                )
            except (ValueError, np.linalg.LinAlgError) as error:
                # a state that ran off to infinity, met by the implicit methods' solver
                raise RuntimeError(str(error)) from error
        if not found.success:
            raise RuntimeError(found.message)
        return whole_course(np.asarray(found.y.T), (len(times), len(start)))


_SIMULATORS: dict[str, Callable[[KineticModel, KineticState, Integration], Simulator]] = {
    "roadrunner": RoadRunner,
    "scipy": SciPy,
}


def _unit_rates(
    model: KineticModel, state: KineticState
) -> Callable[[FloatArray, FloatArray], FloatArray]:
    """Rates at V_max = 1 as a function of concentrations (species,) and K_M (terms,).

    Written for one state at a time: terms are sorted once, so that each product over the terms of
    a reaction is one call.
    """
    bindings = bindings_of(model)
    sides = []
    for side in (-1, 1):
        rows = np.flatnonzero(bindings.side == side)
        rows = rows[np.argsort(bindings.reaction[rows], kind="stable")]
        sides.append((rows, np.unique(bindings.reaction[rows], return_index=True)[1]))
    (substrates, substrate_starts), (products, product_starts) = sides
    reversible = np.array([reaction.reversible for reaction in model.reactions])
    powers = np.array([term.count for term in model.terms])
    powers[~reversible[bindings.reaction]] = 1.0
    paired = bindings.form == PAIRED
    irreversible = bindings.form == IRREVERSIBLE
    shared = substrates[bindings.paired[substrates]]
    places = np.flatnonzero(bindings.paired[substrates])
    squared = np.flatnonzero(bindings.count > 1)
    # drive of each reaction: a product of powers of concentrations
    entries: list[tuple[int, float]] = []
    drive_starts = []
    for row, reaction in enumerate(model.reactions):
        drive_starts.append(len(entries))
        entries.append((0, 0.0))
        if reversible[row]:
            column = model.stoichiometry[:, row]
            entries += [(int(place), column[place]) for place in np.flatnonzero(column)]
        else:
            entries += [
                (model.species.index(name), -count)
                for name, count in reaction.first_order
                if count < 0
            ]
    movers = np.array([place for place, _ in entries])
    counts = np.array([count for _, count in entries])
    references = np.where(
        np.repeat(reversible, np.diff([*drive_starts, len(entries)])),
        state.concentrations[movers],
        1.0,
    )

    def rates(concentrations: FloatArray, michaelis: FloatArray) -> FloatArray:
        levels = concentrations[bindings.species] / michaelis
        polynomials = 1.0 + levels
        for place in squared:
            for power in range(2, int(bindings.count[place]) + 1):
                polynomials[place] += levels[place] ** power
        factors = polynomials[substrates]
        factors[places] += levels[bindings.partner[shared]]
        denominators = np.multiply.reduceat(factors, substrate_starts)
        other_side = np.multiply.reduceat(polynomials[products], product_starts) - 1.0
        denominators += np.where(paired | irreversible, 0.0, other_side)
        forward = np.multiply.reduceat((levels**powers)[substrates], substrate_starts)
        drive = np.multiply.reduceat(
            (concentrations[movers] / references) ** counts, np.array(drive_starts)
        )
        force = np.where(reversible, 1.0 - state.displacements * drive, drive)
        return np.asarray(forward * force / denominators)

    return rates


@contextmanager
def _quiet_sundials() -> Iterator[None]:
    """Have solvers that are made inside the block log to nowhere."""
    kept = {name: os.environ.get(name) for name in _SUNDIALS_LOGS}
    os.environ.update(dict.fromkeys(_SUNDIALS_LOGS, os.devnull))
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
