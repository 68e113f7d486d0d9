"""Time courses: two integrators agree, and failures are told."""

import numpy as np
import pytest
from mirror import needs_mirror
from toy_kinetic_formats import ecoli, released_saturations, toy_model, toy_saturations, toy_state

from gemwright.errors import InputError
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.parameters import maximal_velocities, michaelis_constants
from gemwright.kinetics.simulation import Integration, attempt, simulator
from gemwright.kinetics.state import KineticState

TIGHT = {"relative_tolerance": 1e-9, "absolute_tolerance": 1e-11}


def simulate(model, state, saturations, starts, end_time, integration=None, points=2):
    """Times, time courses (runs, points, dynamic) and messages; one set for all or for each."""
    machine = simulator(model, state, integration or Integration())
    times = np.linspace(0.0, end_time, points)
    courses, messages = [], []
    sets = np.broadcast_to(np.atleast_2d(saturations), (len(starts), len(model.terms)))
    velocities = maximal_velocities(model, state, sets)
    michaelis = michaelis_constants(model, state, sets)
    for start, own, km in zip(starts, velocities, michaelis, strict=True):
        machine.parameterise(own, km)
        course, message = attempt(machine, start, times)
        courses.append(course)
        messages.append(message)
    return times, np.array(courses), messages


def test_one_substrate_against_the_closed_form():
    """x_e -> a -> y_e, both irreversible: da/dt = v - V a / (a + K), solved by Lambert's W."""
    model = KineticModel(
        "chain",
        (
            KineticReaction("IN", Mechanism.IRREVERSIBLE, (("x_e", 1.0),), (("a", 1.0),)),
            KineticReaction("OUT", Mechanism.IRREVERSIBLE, (("a", 1.0),), (("y_e", 1.0),)),
        ),
        ("a",),
        ("x_e", "y_e"),
    )
    state = KineticState(np.array([6.0, 6.0]), np.array([2.0, 5.0, 1.0]), np.zeros(2))
    sigma = np.array([0.5, 0.5, 0.5, 0.5])
    # K = 2, V = 12: da/dt = 6 (2 - a) / (2 + a), so a + 4 ln|a - 2| = const - 6 t
    for integrator in ("roadrunner", "scipy"):
        integration = Integration(integrator, **TIGHT)
        times, courses, _ = simulate(model, state, sigma, np.array([[6.0]]), 1.0, integration, 5)
        a = courses[0, :, 0]
        invariant = a + 4 * np.log(a - 2) + 6 * times
        assert invariant == pytest.approx(6 + 4 * np.log(4), rel=1e-7)


def test_integrators_agree_on_every_mechanism():
    model, state = toy_model(), toy_state()
    saturations = toy_saturations(3, seed=4)
    starts = np.tile(state.concentrations[: len(model.dynamic)], (3, 1))
    starts[:, model.dynamic.index("f")] *= [0.5, 1.5, 2.0]
    found = [
        simulate(
            model, state, saturations, starts, 0.5, Integration(name, method=method, **TIGHT), 4
        )
        for name, method in (
            ("roadrunner", "LSODA"),
            ("scipy", "LSODA"),
            ("scipy", "BDF"),
            ("scipy", "Radau"),
        )
    ]
    for _, courses, messages in found:
        assert not any(messages)
        assert courses.shape == (3, 4, 8)
        assert np.allclose(courses[:, 0], starts, rtol=1e-12)
        assert np.allclose(courses, found[0][1], rtol=1e-5, atol=1e-7)
        totals = courses @ model.moieties.T
        assert np.allclose(totals, totals[:, :1], rtol=1e-8)


def test_reference_state_rests():
    model, state = toy_model(), toy_state()
    start = state.concentrations[: len(model.dynamic)]
    _, courses, _ = simulate(model, state, toy_saturations()[0], start[None], 0.1)
    assert np.allclose(courses[0], start, rtol=1e-6)


def test_a_set_for_each_run_and_no_memory_of_the_last():
    model, state = toy_model(), toy_state()
    saturations = toy_saturations(2, seed=1)
    starts = np.tile(1.2 * state.concentrations[: len(model.dynamic)], (2, 1))
    _, both, _ = simulate(model, state, saturations, starts, 0.2)
    _, turned, _ = simulate(model, state, saturations[::-1], starts, 0.2)
    assert np.array_equal(both, turned[::-1])
    assert not np.allclose(both[0], both[1], rtol=1e-4)


def test_failures_are_told(capfd):
    model, state = toy_model(), toy_state()
    starts = np.tile(state.concentrations[: len(model.dynamic)], (2, 1))
    starts[0, 0] *= 3
    _, courses, messages = simulate(
        model, state, toy_saturations()[0], starts, 5.0, Integration(maximum_steps=5)
    )
    assert "5" in messages[0]
    assert np.isnan(courses[0]).all()
    # SUNDIALS' own words would come thousands of times
    assert capfd.readouterr().err == ""


def test_bad_settings_are_told():
    with pytest.raises(InputError, match="no integrator 'euler'"):
        Integration("euler")
    with pytest.raises(InputError, match="no method 'RK45'"):
        Integration("scipy", method="RK45")
    with pytest.raises(InputError, match="relative_tolerance is 0"):
        Integration(relative_tolerance=0.0)


@needs_mirror
def test_integrators_agree_on_the_paper_model():
    model, state = ecoli()
    saturations, eigenvalues = released_saturations(model, state)
    start = state.concentrations[: len(model.dynamic)].copy()
    start[model.dynamic.index("fdp_c")] *= 1.5
    chosen = saturations[np.flatnonzero(eigenvalues < -9)[0]]
    ends = [
        simulate(model, state, chosen, start[None], 0.05, Integration(name))[1][0, -1]
        for name in ("roadrunner", "scipy")
    ]
    assert np.allclose(*ends, rtol=1e-4)
