"""Perturbed starts are uniform under the moieties; runs are told one by one."""

import dataclasses

import numpy as np
import pytest
from mirror import needs_mirror
from scipy.stats import ks_2samp
from toy_kinetic_formats import ecoli, released_saturations, toy_model, toy_saturations, toy_state

from gemwright.errors import InputError
from gemwright.kinetics.perturbation import (
    RETURN_DISTANCE,
    distances,
    largest_dependent,
    perturb_models,
    perturbed_starts,
)
from gemwright.kinetics.simulation import Integration


def _by_rejection(model, state, n, low, high, seed):
    """Uniform on the polytope: independent species in their box, kept if the others fit."""
    generator = np.random.default_rng(seed)
    chosen = dataclasses.replace(model, dependent=largest_dependent(model, state))
    reference = state.concentrations[: len(model.dynamic)]
    kept = []
    while sum(map(len, kept)) < n:
        moves = generator.uniform(low - 1, high - 1, (20_000, len(chosen.independent)))
        starts = reference + (moves * reference[chosen.independent]) @ chosen.link.T
        fits = ((starts >= low * reference) & (starts <= high * reference)).all(axis=1)
        kept.append(starts[fits])
    return np.concatenate(kept)[:n]


def _check_polytope(model, state, starts, low, high):
    reference = state.concentrations[: len(model.dynamic)]
    ratios = starts / reference
    assert ratios.min() >= low - 1e-9
    assert ratios.max() <= high + 1e-9
    totals = model.moieties @ reference
    scale = np.abs(model.moieties) @ reference
    assert (np.abs(starts @ model.moieties.T - totals) / scale).max() < 1e-12


def test_largest_member_is_dependent():
    assert largest_dependent(toy_model(), toy_state()) == ("d", "nad")


def test_starts_are_uniform_on_the_polytope():
    model, state = toy_model(), toy_state()
    starts = perturbed_starts(model, state, 4000, seed=3)
    _check_polytope(model, state, starts, 0.5, 2.0)
    exact = _by_rejection(model, state, 4000, 0.5, 2.0, seed=4)
    _check_polytope(model, state, exact, 0.5, 2.0)
    for column in range(len(model.dynamic)):
        assert ks_2samp(starts[:, column], exact[:, column]).pvalue > 1e-3
    # the small partner of a large pool moves over its whole range
    small = starts[:, model.dynamic.index("nadh")] / 5.0
    assert small.min() < 0.51
    assert small.max() > 1.99


def test_starts_follow_from_the_seed():
    model, state = toy_model(), toy_state()
    first = perturbed_starts(model, state, 5, seed=(1, 2))
    assert np.array_equal(first, perturbed_starts(model, state, 5, seed=(1, 2)))
    assert not np.array_equal(first, perturbed_starts(model, state, 5, seed=(1, 3)))
    with pytest.raises(InputError, match=r"limits are 1\.2 and 2"):
        perturbed_starts(model, state, 5, low=1.2)


def test_distances_are_relative():
    reference = np.array([10.0, 1e-3])
    states = np.array([[10.0, 1e-3], [10.05, 1.008e-3], [np.nan, 1.0]])
    assert distances(states, reference)[1] == pytest.approx(np.hypot(0.005, 0.008))
    assert distances(states, reference)[0] == 0 and np.isnan(distances(states, reference)[2])


def test_table_is_the_same_for_any_number_of_processes():
    model, state = toy_model(), toy_state()
    saturations = toy_saturations(4, seed=2)
    one = perturb_models(model, state, saturations, 3, 11, end_time=2.0, keep=(1, 3), points=6)
    two = perturb_models(model, state, saturations, 3, 11, end_time=2.0, threads=2)
    assert one.table.equals(two.table)
    assert list(one.table.columns) == [
        *("model", "perturbation", "distance", "returned", "failed", "message")
    ]
    assert one.table["returned"].equals(one.table["distance"] < RETURN_DISTANCE)
    assert one.kept == (1, 3)
    assert one.courses.shape == (2, 3, 6, 8)
    assert two.courses.shape == (0, 3, 100, 8)
    starts = perturbed_starts(model, state, 3, seed=(11, 1))
    assert np.allclose(one.courses[0, :, 0], starts, rtol=1e-12)
    # a model's outcome does not depend on those beside it
    alone = perturb_models(model, state, saturations[:1], 3, 11, end_time=2.0)
    assert one.table[:3].equals(alone.table)


def test_failed_runs_have_not_returned(caplog):
    model, state = toy_model(), toy_state()
    outcome = perturb_models(
        model,
        state,
        toy_saturations(1),
        4,
        0,
        end_time=5.0,
        integration=Integration(maximum_steps=3),
    )
    assert outcome.table["failed"].all()
    assert not outcome.table["returned"].any()
    assert outcome.table["distance"].isna().all()
    assert outcome.table["message"].str.len().min() > 0
    assert "gave up 4 of 4 runs" in caplog.text


@needs_mirror
def test_starts_of_the_paper_model_are_mixed():
    model, state = ecoli()
    assert {"nad_c", "adp_c", "nadph_c", "q8_c"} <= set(largest_dependent(model, state))
    starts = perturbed_starts(model, state, 3000, seed=1)
    _check_polytope(model, state, starts, 0.5, 2.0)
    longer = perturbed_starts(model, state, 3000, seed=2, sweeps=500)
    for column in range(len(model.dynamic)):
        assert ks_2samp(starts[:, column], longer[:, column]).pvalue > 1e-4
    nadh = starts[:, model.dynamic.index("nadh_c")]
    assert nadh.max() / nadh.min() > 3.5


@needs_mirror
def test_relevant_models_return_and_unstable_ones_do_not():
    model, state = ecoli()
    saturations, eigenvalues = released_saturations(model, state)
    fast = np.flatnonzero(eigenvalues < -20)[:3]
    unstable = np.flatnonzero(eigenvalues > 20)[:3]
    table = perturb_models(
        model, state, saturations[[*fast, *unstable]], 4, 5, low=0.9, high=1.1
    ).table
    share = table.groupby("model")["returned"].mean()
    assert share[:3].min() == 1.0
    assert share[3:].max() == 0.0
