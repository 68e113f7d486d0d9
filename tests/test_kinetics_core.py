"""Rates, Jacobians, eigenvalues and labels: closed forms, finite differences, released sets."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mirror import needs_mirror
from rekindle_mirror import paper_model, paper_state, released_sets
from toy_kinetic_formats import saturations_of
from toy_kinetics import reaction_rates, toy_model, toy_state

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.kinetics.bindings import bindings_of
from gemwright.kinetics.eigenvalues import balancing
from gemwright.kinetics.jacobian import jacobian_map, saturation_slopes
from gemwright.kinetics.labelling import Labeller, TimeWindow, time_constants
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.parameters import (
    check_saturations,
    maximal_velocities,
    michaelis_constants,
    parameter_names,
    parameter_vectors,
)
from gemwright.kinetics.physiology import (
    ParameterSets,
    Physiology,
    read_physiology,
    read_sets,
    write_physiology,
    write_sets,
)
from gemwright.kinetics.rates import relative_rates
from gemwright.kinetics.sampling import sample_saturations
from gemwright.kinetics.state import KineticState, check_state, sanitised

MODEL, STATE = toy_model(), toy_state()
N_TERMS = len(MODEL.terms)


def fractions(low: float = 1e-6, high: float = 1 - 1e-6) -> st.SearchStrategy[FloatArray]:
    return hnp.arrays(np.float64, (1, N_TERMS), elements=st.floats(low, high))


def numerical_jacobian(
    model: KineticModel, state: KineticState, saturations: FloatArray
) -> FloatArray:
    """N_ind dv/dx L by central differences of the rate laws."""
    km = michaelis_constants(model, state, saturations)[0]
    velocities = maximal_velocities(model, state, saturations)[0]

    def rates(dynamic: FloatArray) -> FloatArray:
        whole = np.concatenate([dynamic, state.concentrations[len(model.dynamic) :]])
        return np.asarray(velocities * relative_rates(model, state, km, whole))

    reference = state.concentrations[: len(model.dynamic)]
    columns = []
    for row, value in enumerate(reference):
        step = np.zeros(len(reference))
        step[row] = 1e-6 * value
        columns.append((rates(reference + step) - rates(reference - step)) / (2e-6 * value))
    inside = model.stoichiometry[model.independent]
    return np.asarray(inside @ np.stack(columns, axis=1) @ model.link)


def test_the_toy_rests_in_its_state() -> None:
    check_state(MODEL, STATE, "toy")
    drawn = sample_saturations(20, N_TERMS, 3)
    rates = reaction_rates(MODEL, STATE, drawn, STATE.concentrations)
    np.testing.assert_allclose(rates, np.tile(STATE.fluxes, (20, 1)), rtol=1e-12)
    assert np.all(maximal_velocities(MODEL, STATE, drawn) > 0)


def test_what_runs_backward_has_a_positive_maximal_velocity() -> None:
    fluxes, displacements = STATE.fluxes.copy(), STATE.displacements.copy()
    fluxes[0], displacements[0] = -fluxes[0], 1.25
    state = changed(fluxes=fluxes, displacements=displacements)
    drawn = sample_saturations(20, N_TERMS, 3)
    assert np.all(maximal_velocities(MODEL, state, drawn) > 0)
    rates = reaction_rates(MODEL, state, drawn, state.concentrations)
    np.testing.assert_allclose(rates, np.tile(fluxes, (20, 1)), rtol=1e-12)


def test_reversible_michaelis_menten_by_hand() -> None:
    km = michaelis_constants(MODEL, STATE, np.full((1, N_TERMS), 0.25))[0]
    names = list(MODEL.km_names)
    substrate, product = names.index("km_substrate_IN"), names.index("km_product_IN")
    assert km[substrate] == pytest.approx(3 * 1000.0)
    assert km[product] == pytest.approx(3 * 300.0)
    at = STATE.concentrations.copy()
    at[0] = 600.0  # twice the product
    rate = relative_rates(MODEL, STATE, km, at)[0]
    a, b = 1000 / 3000, 600 / 900
    assert rate == pytest.approx(a * (1 - 0.8 * 2) / (1 + a + b))


def test_conserved_pool() -> None:
    assert MODEL.moieties.shape == (1, 9)
    np.testing.assert_array_equal(MODEL.moieties[0], [0, 0, 0, 0, 0, 0, 0, 1, 1])
    chosen = dataclasses.replace(MODEL, dependent=())
    assert set(np.flatnonzero(chosen.moieties[0])) == {7, 8}
    with pytest.raises(InputError, match=r"dependent species.*do not fit the 1 conserved"):
        _ = dataclasses.replace(MODEL, dependent=("adp", "a")).link
    with pytest.raises(InputError, match="no such dynamic species"):
        _ = dataclasses.replace(MODEL, dependent=("nadh",)).link


def test_names_follow_skimpy() -> None:
    names = parameter_names(MODEL)
    assert names[:5] == (
        "vmax_forward_IN",
        "k_equilibrium_IN",
        "km_substrate_IN",
        "km_product_IN",
        "a_e",
    )
    assert "hill_coefficient_JOIN" in names
    assert "k_equilibrium_OUT" not in names
    assert names[-4:] == ("volume_c", "cell_volume_c", "volume_e", "cell_volume_e")
    assert len(parameter_vectors(MODEL, STATE, np.full((2, N_TERMS), 0.5))[0]) == len(names)


@settings(max_examples=50)
@given(fractions())
def test_constants_and_saturations_are_inverse(saturations: FloatArray) -> None:
    km = michaelis_constants(MODEL, STATE, saturations)
    np.testing.assert_allclose(saturations_of(MODEL, STATE, km), saturations, rtol=1e-9)


@settings(max_examples=50)
@given(fractions(1e-12, 1 - 1e-12))
def test_slopes_lie_between_nothing_and_the_stoichiometric_number(saturations: FloatArray) -> None:
    bindings = bindings_of(MODEL)
    slopes = saturation_slopes(bindings, saturations)
    used = ~bindings.inert
    assert np.all(slopes[:, used] >= 0)
    assert np.all(slopes[:, used] <= bindings.count[used] * (1 + 1e-12))


@settings(max_examples=30)
@given(fractions(0.02, 0.98))
def test_jacobian_equals_finite_differences(saturations: FloatArray) -> None:
    exact = jacobian_map(MODEL, STATE).jacobians(saturations)[0]
    numerical = numerical_jacobian(MODEL, STATE, saturations)
    np.testing.assert_allclose(exact, numerical, rtol=2e-5, atol=1e-5 * np.abs(exact).max())


def test_kernels_agree() -> None:
    drawn = sample_saturations(3000, N_TERMS, 1)
    compiled = Labeller(MODEL, STATE, "compiled").extremes(drawn)
    reference = Labeller(MODEL, STATE, "numpy").extremes(drawn)
    np.testing.assert_allclose(compiled, reference, rtol=1e-6)
    np.testing.assert_array_equal(
        compiled, Labeller(MODEL, STATE, "compiled", threads=3).extremes(drawn)
    )


def test_inert_terms_change_nothing() -> None:
    inert = bindings_of(MODEL).inert
    assert inert.sum() == 1
    drawn = sample_saturations(50, N_TERMS, 1)
    other = drawn.copy()
    other[:, inert] = 0.9
    labeller = Labeller(MODEL, STATE)
    np.testing.assert_array_equal(labeller.extremes(drawn), labeller.extremes(other))


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.booleans())
def test_compiled_eigenvalues_of_any_matrix(seed: int, size: int, graded: bool) -> None:
    from gemwright.kinetics.eigenvalues import hessenberg_extremes, to_hessenberg

    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(size, size)) * (rng.uniform(size=(size, size)) < 0.6)
    if graded:
        matrix *= 10.0 ** rng.uniform(-4, 4, size)[:, None]
    scales = balancing(np.abs(matrix))
    even = matrix * scales / scales[:, None]
    form = np.empty_like(even)
    to_hessenberg(even.copy(), form)
    found = hessenberg_extremes(form)
    parts = np.linalg.eigvals(even).real
    # eigenvalues of a defective matrix move by the root of a rounding error
    tolerance = 1e-5 * max(np.linalg.norm(even, 2), 1e-300)
    np.testing.assert_allclose(found, [parts.max(), parts.min()], rtol=1e-6, atol=tolerance)


def test_labels_and_time_constants() -> None:
    extremes = np.array([[-9.1, -1e5], [-8.9, -1e5], [3.0, -1e5], [-20.0, -1e12]])
    np.testing.assert_array_equal(TimeWindow().admits(extremes), [True, False, False, True])
    narrow = TimeWindow(fastest=-3.6e9)
    np.testing.assert_array_equal(narrow.admits(extremes), [True, False, False, False])
    np.testing.assert_allclose(
        time_constants(np.array([-9.0, -60.0, 0.0, 2.0])), [60 / 9, 1.0, np.inf, np.inf]
    )


def test_sampling_is_repeatable_and_open() -> None:
    first = sample_saturations(10, 7, 5, (0.2, 0.8))
    np.testing.assert_array_equal(first, sample_saturations(30, 7, 5, (0.2, 0.8))[:10])
    assert first.min() > 0.2
    assert first.max() < 0.8
    for bounds in ((-0.1, 1.0), (0.5, 0.5), (0.2, 1.2)):
        with pytest.raises(InputError, match="bounds"):
            sample_saturations(1, 1, 0, bounds)


@pytest.mark.parametrize("value", [0.0, 1.0, -0.2, 1.5, np.nan])
def test_saturations_outside_are_refused(value: float) -> None:
    saturations = np.full((3, 4), 0.5)
    saturations[1, 2] = value
    with pytest.raises(InputError, match=r"sets\.csv, set 1, saturation 2.*outside \(0, 1\)"):
        check_saturations(saturations, "sets.csv")


def changed(**values: FloatArray) -> KineticState:
    return dataclasses.replace(STATE, **values)


def test_bad_states_are_refused() -> None:
    fluxes = STATE.fluxes.copy()
    fluxes[1] *= 1.01
    with pytest.raises(InputError, match=r"species a: the fluxes do not balance|species b: the"):
        check_state(MODEL, changed(fluxes=fluxes), "fluxes.csv")
    gammas = STATE.displacements.copy()
    gammas[1] = 1.2
    with pytest.raises(InputError, match=r"reaction KIN: its flux .* runs against its dG"):
        check_state(MODEL, changed(displacements=gammas), "state.csv")
    levels = STATE.concentrations.copy()
    levels[3] = 0.0
    with pytest.raises(InputError, match="species e: its concentration is 0"):
        check_state(MODEL, changed(concentrations=levels), "state.csv")
    with pytest.raises(InputError, match="reaction IN: it carries no flux"):
        check_state(MODEL, changed(fluxes=STATE.fluxes * 0), "state.csv")
    backward = np.where(STATE.displacements > 0, 1 / np.maximum(STATE.displacements, 1e-9), 0.0)
    with pytest.raises(InputError, match="runs backward"):
        check_state(MODEL, changed(fluxes=-STATE.fluxes, displacements=backward), "state.csv")


def test_bad_models_are_refused() -> None:
    with pytest.raises(InputError, match="'x' is neither dynamic nor"):
        KineticModel(
            "m", (KineticReaction("R", Mechanism.REVERSIBLE, (("x", 1.0),), ()),), ("a",), ()
        )
    with pytest.raises(InputError, match="it stands there twice"):
        dataclasses.replace(MODEL, reactions=MODEL.reactions * 2)
    uneven = KineticReaction("R", Mechanism.HILL, (("a", 1.0), ("b", 1.0)), (("c", 1.0),))
    with pytest.raises(InputError, match="pairs each substrate"):
        bindings_of(KineticModel("m", (uneven,), ("a", "b", "c"), ()))
    broken = KineticReaction("R", Mechanism.CONVENIENCE, (("a", 0.5),), (("b", 1.0),))
    with pytest.raises(InputError, match=r"stoichiometric number 0\.5"):
        bindings_of(KineticModel("m", (broken,), ("a", "b"), ()))


def test_physiologies_and_sets_read_back(tmp_path) -> None:
    physiology = Physiology("toy", MODEL, STATE)
    write_physiology(physiology, tmp_path / "model.yml", tmp_path / "state.parquet")
    again = read_physiology(tmp_path / "model.yml", tmp_path / "state.parquet")
    assert again.name == "toy"
    assert again.model.reactions == MODEL.reactions
    np.testing.assert_array_equal(again.state.concentrations, STATE.concentrations)
    drawn = sample_saturations(5, N_TERMS, 1)
    extremes = Labeller(MODEL, STATE).extremes(drawn)
    sets = ParameterSets(drawn, extremes, TimeWindow().admits(extremes))
    write_sets(sets, MODEL, tmp_path / "sets.parquet", {"seed": "1"})
    found = read_sets(tmp_path / "sets.parquet", MODEL)
    np.testing.assert_array_equal(found.saturations, drawn)
    np.testing.assert_array_equal(found.largest, extremes[:, 0])
    table = read_parquet(tmp_path / "state.parquet")
    write_parquet(table[table["name"] != "JOIN"], tmp_path / "state.parquet", {"physiology": "toy"})
    with pytest.raises(InputError, match=r"state\.parquet: no flux of JOIN"):
        read_physiology(tmp_path / "model.yml", tmp_path / "state.parquet")
    frame = read_parquet(tmp_path / "sets.parquet").drop(columns="saturation.km_product_IN")
    write_parquet(frame, tmp_path / "sets.parquet")
    with pytest.raises(InputError, match=r"'saturation.km_product_IN' is missing"):
        read_sets(tmp_path / "sets.parquet", MODEL)


def test_species_are_spelled_as_skimpy_does() -> None:
    assert sanitised("13dpg_c") == "_13dpg_c"
    assert sanitised("lac-D_e") == "lac_D_e"


@needs_mirror
def test_released_parameters_are_reproduced() -> None:
    model, state = paper_model(), paper_state(1)
    names, values, _ = released_sets()
    assert parameter_names(model) == tuple(names)
    assert (len(model.dynamic), len(model.boundary)) == (50, 15)
    assert (len(model.reactions), len(model.terms), len(model.independent)) == (67, 259, 44)
    places = {name: place for place, name in enumerate(names)}
    km = values[:, [places[name] for name in model.km_names]]
    ours = parameter_vectors(model, state, saturations_of(model, state, km))
    relative = np.abs(ours / values - 1).max(axis=0)
    equilibria = [place for name, place in places.items() if name.startswith("k_equilibrium")]
    velocities = [place for name, place in places.items() if name.startswith("vmax")]
    assert len(equilibria) == 61
    assert relative[equilibria].max() < 1e-12
    assert relative[velocities].max() < 1e-10
    assert relative.max() < 1e-10


@needs_mirror
@pytest.mark.parametrize("kernel", ["numpy", "compiled"])
def test_released_eigenvalues_and_labels_are_reproduced(kernel) -> None:
    model, state = paper_model(), paper_state(1)
    names, values, eigenvalues = released_sets()
    km = values[:, [names.index(name) for name in model.km_names]]
    extremes = Labeller(model, state, kernel).extremes(saturations_of(model, state, km))
    assert np.abs(extremes[:, 0] / eigenvalues - 1).max() < 1e-5
    labels = TimeWindow().admits(extremes)
    assert (labels != (eigenvalues < -9)).sum() == 0
    assert labels.sum() == 592


@needs_mirror
@pytest.mark.parametrize(
    ("physiology", "shares"),
    [
        (1, (0.591, 0.123, 0.286)),
        (2, (0.548, 0.161, 0.291)),
        (3, (0.599, 0.223, 0.178)),
        (4, (0.588, 0.244, 0.169)),
    ],
)
def test_fractions_of_the_four_physiologies(physiology, shares) -> None:
    model, state = paper_model(), paper_state(physiology)
    largest = Labeller(model, state).largest_eigenvalues(sample_saturations(20_000, 259, 2026))
    found = ((largest < -9).mean(), ((largest >= -9) & (largest < 0)).mean(), (largest >= 0).mean())
    np.testing.assert_allclose(found, shares, atol=0.015)


@needs_mirror
def test_paper_jacobian_equals_finite_differences() -> None:
    model, state = paper_model(), paper_state(2)
    drawn = sample_saturations(1, 259, 7, (0.1, 0.9))
    exact = jacobian_map(model, state).jacobians(drawn)[0]
    numerical = numerical_jacobian(model, state, drawn)
    largest = np.abs(exact).max(axis=1, keepdims=True)
    assert np.abs((exact - numerical) / largest).max() < 1e-5
