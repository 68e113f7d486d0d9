"""Time courses: two integrators agree, and failures are told."""

import numpy as np
import pytest
from mirror import needs_mirror
from toy_kinetic_formats import ecoli, released_saturations, toy_model, toy_saturations, toy_state

from gemwright.errors import InputError
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.simulation import Integration, simulate
from gemwright.kinetics.state import KineticState

TIGHT = {"relative_tolerance": 1e-9, "absolute_tolerance": 1e-11}


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
        courses = simulate(model, state, sigma, np.array([[6.0]]), 1.0, integration, points=5)
        a = courses.concentrations[0, :, 0]
        invariant = a + 4 * np.log(a - 2) + 6 * courses.times
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
    for courses in found:
        assert not courses.failed.any()
        assert courses.concentrations.shape == (3, 4, 8)
        assert np.allclose(courses.concentrations[:, 0], starts, rtol=1e-12)
        assert np.allclose(courses.concentrations, found[0].concentrations, rtol=1e-5, atol=1e-7)
        totals = courses.concentrations @ model.moieties.T
        assert np.allclose(totals, totals[:, :1], rtol=1e-8)


def test_reference_state_rests():
    model, state = toy_model(), toy_state()
    start = state.concentrations[: len(model.dynamic)]
    courses = simulate(model, state, toy_saturations()[0], start, 0.1)
    assert np.allclose(courses.concentrations[0], start, rtol=1e-6)


def test_a_set_for_each_run_and_no_memory_of_the_last():
    model, state = toy_model(), toy_state()
    saturations = toy_saturations(2, seed=1)
    starts = np.tile(1.2 * state.concentrations[: len(model.dynamic)], (2, 1))
    both = simulate(model, state, saturations, starts, 0.2)
    turned = simulate(model, state, saturations[::-1], starts, 0.2)
    assert np.array_equal(both.concentrations, turned.concentrations[::-1])
    assert not np.allclose(both.concentrations[0], both.concentrations[1], rtol=1e-4)


def test_failures_are_told(capfd):
    model, state = toy_model(), toy_state()
    starts = np.tile(state.concentrations[: len(model.dynamic)], (2, 1))
    starts[0, 0] *= 3
    courses = simulate(
        model, state, toy_saturations()[0], starts, 5.0, Integration(maximum_steps=5)
    )
    assert courses.failed[0]
    assert "5" in courses.messages[0]
    assert np.isnan(courses.concentrations[0]).all()
    # SUNDIALS' own words would come thousands of times
    assert capfd.readouterr().err == ""


def test_bad_settings_are_told():
    with pytest.raises(InputError, match="no integrator 'euler'"):
        Integration("euler")
    with pytest.raises(InputError, match="no method 'RK45'"):
        Integration("scipy", method="RK45")
    with pytest.raises(InputError, match="relative_tolerance is 0"):
        Integration(relative_tolerance=0.0)
    with pytest.raises(ValueError, match="3 sets and 2 starts"):
        simulate(toy_model(), toy_state(), toy_saturations(3), np.ones((2, 8)), 1.0)


@needs_mirror
def test_integrators_agree_on_the_paper_model():
    model, state = ecoli()
    saturations, eigenvalues = released_saturations(model, state)
    start = state.concentrations[: len(model.dynamic)].copy()
    start[model.dynamic.index("fdp_c")] *= 1.5
    chosen = saturations[np.flatnonzero(eigenvalues < -9)[0]]
    ends = [
        simulate(model, state, chosen, start, 0.05, Integration(name)).concentrations[0, -1]
        for name in ("roadrunner", "scipy")
    ]
    assert np.allclose(*ends, rtol=1e-4)
