"""Analyses of relevant sets, on problems whose answer is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gemwright.errors import InputError
from gemwright.rekindle.constraining import (
    constrain,
    constraining_experiment,
    constraining_summary,
    sets_to_constrain,
)
from gemwright.rekindle.projection import disjointness, project, two_sample_scores
from gemwright.rekindle.ranking import kl_divergence, rank_parameters
from gemwright.rekindle.subpopulations import boundary_subpopulations, subpopulations
from gemwright.rekindle.trajectories import choose_runs, trajectory_table

TERMS = 16
NAMES = [f"km_{number}" for number in range(TERMS)]
INERT = np.arange(TERMS) >= 12
FAST, SLOW = 5, 9  # a large first and a small second one make dynamics fast


def eigenvalues(saturations):
    """Depends on two parameters only; relevant (< -9) in 28 %, unstable in half of the sets."""
    return 40 * (saturations[:, SLOW] - 0.8 * saturations[:, FAST] - 0.1)


def population(n_sets=4000, seed=0):
    saturations = np.random.default_rng(seed).uniform(size=(n_sets, TERMS))
    return saturations, eigenvalues(saturations)


def ranked(**options):
    saturations, values = population()
    relevant = values < -9
    return rank_parameters(saturations[relevant], saturations[~relevant], NAMES, INERT, **options)


def test_the_divergence_of_known_histograms():
    p, q = np.array([[8.0, 2.0], [5.0, 5.0]]), np.array([[2.0, 8.0], [5.0, 5.0]])
    expected = 0.8 * np.log(4) + 0.2 * np.log(0.25)
    assert kl_divergence(p, q, 0.0) == pytest.approx([expected, 0.0])
    # an empty bin is not infinite with pseudo-counts
    assert np.isfinite(kl_divergence(np.array([10.0, 0.0]), np.array([0.0, 10.0])))


@given(arrays(float, 6, elements=st.integers(0, 40)), arrays(float, 6, elements=st.integers(0, 40)))
def test_divergences_are_never_negative(p, q):
    assert kl_divergence(p, q) >= -1e-12
    assert kl_divergence(p, p) == pytest.approx(0)


def test_the_two_parameters_that_decide_rank_first():
    table = ranked()
    assert set(table["parameter"][:2]) == {NAMES[FAST], NAMES[SLOW]}
    directions = table.set_index("parameter")["direction"]
    assert (directions[NAMES[FAST]], directions[NAMES[SLOW]]) == (1, -1)
    assert table["above_chance"].sum() in (2, 3)  # chance exceeds its floor once in twenty
    assert table["above_inert"].sum() >= 2
    assert not table.loc[table["inert"], ["above_inert"]].any(axis=None)
    assert table["kl"].is_monotonic_decreasing
    assert sorted(table["position"]) == list(range(TERMS))


def test_equal_frequencies_rank_ln_km_as_saturations():
    saturations, values = population()
    relevant = values < -9
    options = {"permutations": 0}
    one = rank_parameters(
        saturations[relevant], saturations[~relevant], NAMES, INERT, bins=20, **options
    )
    grown = np.log(saturations / (1 - saturations))
    other = rank_parameters(grown[relevant], grown[~relevant], NAMES, INERT, bins=20, **options)
    assert one["kl"].tolist() == pytest.approx(other["kl"].tolist())
    assert one["parameter"].tolist() == other["parameter"].tolist()
    assert np.isnan(one["chance_floor"].iloc[0]) and not one["above_chance"].any()


def test_with_shuffled_classes_nothing_is_significant():
    saturations, values = population()
    shuffled = np.random.default_rng(8).permutation(values < -9)
    table = rank_parameters(saturations[shuffled], saturations[~shuffled], NAMES, INERT)
    assert table["above_chance"].sum() <= 1
    assert table["kl"].max() < 0.05 < ranked()["kl"].iloc[1]


def test_parameters_that_do_not_fit():
    saturations, _ = population(10)
    with pytest.raises(InputError, match="does not fit 16 names"):
        rank_parameters(saturations[:, :3], saturations, NAMES, INERT)
    with pytest.raises(InputError, match="classes is empty"):
        rank_parameters(saturations[:0], saturations, NAMES, INERT)


def test_constrained_values_come_from_the_end():
    reference = np.linspace(0.01, 1.0, 100)[:, None] * np.ones(3)
    sets = np.full((50, 3), 0.5)
    mended = constrain(
        sets, reference, np.array([0, 2]), np.array([1, -1]), 0.1, np.random.default_rng(0)
    )
    assert mended[:, 0].min() >= 0.91 - 1e-12 and mended[:, 2].max() <= 0.1 + 1e-12
    assert (mended[:, 1] == 0.5).all() and (sets == 0.5).all()


def test_constraining_what_decides_works_and_the_controls_do_not():
    saturations, values = population()
    unstable = sets_to_constrain(saturations, values, 300, 1)
    assert (eigenvalues(unstable) >= 0).all()
    table = constraining_experiment(
        unstable, saturations, ranked(), eigenvalues, top=4, repeats=3, seed=2
    )
    summary = constraining_summary(table).set_index(["kind", "k"])
    assert summary.loc[("none", 0), ["relevant", "stable"]].tolist() == [0, 0]
    # fast in (0.9, 1) and slow in (0, 0.1): the eigenvalue is below 40 (0.1 - 0.72 - 0.1)
    assert summary.loc[("top", 2), "relevant"] == 1
    assert 0 < summary.loc[("top", 1), "relevant"] < 1
    assert summary.loc[("alone", 1), "relevant"] == summary.loc[("top", 1), "relevant"]
    assert (summary.loc["inert", ["relevant", "stable"]] == 0).all(axis=None)
    assert (summary.loc["random", ["relevant", "stable"]] == 0).all(axis=None)
    assert len(summary.loc["inert"]) == 4
    assert summary["repeats"].tolist() == [1 if kind == "none" else 3 for kind, _ in summary.index]
    assert np.allclose(table["relevant"] + table["slow"] + table["unstable"], 1)
    again = constraining_experiment(
        unstable, saturations, ranked(), eigenvalues, top=4, repeats=3, seed=2
    )
    assert again.equals(table)


def test_inert_parameters_are_constrained_as_far_as_there_are_any():
    saturations, values = population(800)
    unstable = sets_to_constrain(saturations, values, 20, 1)
    table = constraining_experiment(unstable, saturations, ranked(), eigenvalues, top=6, repeats=1)
    assert table.groupby("kind")["k"].max().to_dict() == {
        **{"none": 0, "top": 6, "alone": 6},
        **{"random": 6, "inert": 4},
    }


def test_too_few_unstable_sets():
    saturations, values = population(10)
    with pytest.raises(InputError, match=r"unstable sets: there are \d of 10"):
        sets_to_constrain(saturations, values, 11, 0)


@given(st.integers(10, 60), st.integers(1, 10))
@settings(max_examples=20)
def test_every_set_is_in_one_part(n_sets, parts):
    saturations, values = population(n_sets)
    table = subpopulations(saturations, values, NAMES, NAMES[:1], parts=parts)
    assert table["sets"].sum() == n_sets
    assert np.average(table["mean"], weights=table["sets"]) == pytest.approx(values.mean())


def test_slices_near_the_boundary():
    saturations, values = population(20_000)
    table = boundary_subpopulations(saturations, values, NAMES, INERT)
    assert table["part"].nunique() == 16
    assert (table["eigenvalue_from"].min(), table["eigenvalue_to"].max()) == (-17, -1)
    assert -9 in set(table["eigenvalue_from"])
    near = (values >= -17) & (values < -1)
    assert table.drop_duplicates("part")["sets"].sum() == near.sum()
    ends = table[table["part"].isin((1, 16))].set_index(["part", "parameter"])["kl"]
    for part in (1, 16):
        assert ends[(part, NAMES[FAST])] > ends[(part, NAMES[0])]
    assert table.groupby("part")["kl_normalised"].agg(
        ["min", "max"]
    ).drop_duplicates().to_numpy().tolist() == [[0, 1]]
    few = boundary_subpopulations(saturations, values, NAMES, INERT, fewest=10**6)
    assert few["kl"].isna().all()
    with pytest.raises(InputError, match="no set has its largest eigenvalue"):
        boundary_subpopulations(saturations, values + 1e6, NAMES, INERT)


def test_two_halves_cannot_be_told_apart():
    rng = np.random.default_rng(0)
    scores = two_sample_scores(rng.normal(size=(600, 5)), rng.normal(size=(900, 5)))
    assert scores["neighbour_accuracy"] == pytest.approx(0.5, abs=0.06)
    assert scores["auc"] == pytest.approx(0.5, abs=0.06)


def test_shifted_and_narrow_samples_are_told_apart():
    rng = np.random.default_rng(0)
    left = rng.normal(size=(400, 60))
    shifted = two_sample_scores(left, left + 50)
    assert shifted["neighbour_accuracy"] == 1 and shifted["auc"] == 1
    narrow = two_sample_scores(left, 0.2 * rng.normal(size=(400, 60)))
    assert narrow["auc"] == pytest.approx(0.5, abs=0.15)  # no shift, so it sees nothing
    assert narrow["auc_squares"] > 0.95
    assert narrow["neighbour_right"] > 0.95 > 0.3 > narrow["neighbour_left"]
    copies = two_sample_scores(np.repeat(left[:20], 5, axis=0), left[300:])
    assert copies["neighbour_left"] == 1  # equal sets are each other's nearest
    with pytest.raises(InputError, match="one has 3 sets"):
        two_sample_scores(left, left[:3])


def test_disjointness_depends_on_the_parameters_that_are_looked_at():
    rng = np.random.default_rng(1)
    training = rng.uniform(size=(600, 6))
    generated = rng.uniform(size=(300, 6))
    generated[:, 5] += 3
    table = disjointness(training, {"gan": generated}, {"all": range(6), "top": [0, 1]})
    scores = table.set_index(["parameters", "source"])["auc"]
    assert scores[("all", "gan")] == 1
    assert scores[("top", "gan")] == pytest.approx(0.5, abs=0.1)
    assert scores[("all", "training (other half)")] == pytest.approx(0.5, abs=0.1)
    assert set(table["sets"]) == {300}


def test_components_explain_what_varies():
    rng = np.random.default_rng(0)
    line = rng.normal(size=(200, 1)) * np.ones(4) + 1e-6 * rng.normal(size=(200, 4))
    found = project({"one": line[:150], "two": line[150:]})
    assert found.explained[0] == pytest.approx(1)
    assert found.points["source"].tolist() == ["one"] * 150 + ["two"] * 50
    first = project({"one": line}, columns=[0, 1]).points["x"]
    assert abs(np.corrcoef(first, line[:, 0])[0, 1]) == pytest.approx(1)


def test_umap_is_repeatable():
    rng = np.random.default_rng(0)
    clouds = {"one": rng.normal(size=(40, 3)), "two": rng.normal(size=(40, 3)) + 30}
    one, two = (project(clouds, "umap", seed=4).points for _ in range(2))
    assert one.equals(two)
    middles = one.groupby("source")[["x", "y"]].mean()
    within = one.groupby("source")[["x", "y"]].std().max(axis=None)
    assert np.linalg.norm(middles.loc["one"] - middles.loc["two"]) > 2 * within
    assert np.isnan(project(clouds, "umap").explained).all()


def decays():
    """Runs that decay along one direction each; the third is broken off, the fourth escapes."""
    times = np.linspace(0, 1, 21)
    reference = np.array([1.0, 10.0, 100.0])
    shape = np.array([[1.0, 0, 0], [0, 1.0, 0], [1.0, 1.0, 0], [1.0, 0, 0]])
    rate = np.array([-3.0, -3.0, -3.0, 0.5])
    course = np.exp(rate[:, None] * times)[:, :, None] * 0.5 * shape[:, None, :]
    runs = reference * (1 + course)
    runs[2, 10:] = np.nan
    return runs, reference, times


def test_two_components_hold_two_directions():
    runs, reference, times = decays()
    returned, finished = np.array([1, 1, 0, 0], bool), np.array([1, 1, 0, 1], bool)
    chosen = choose_runs(returned, finished, 0)
    assert chosen.tolist() == [0, 1, 3]
    table = trajectory_table(runs, reference, chosen, times, returned)
    assert (table["explained_1"] + table["explained_2"]).to_numpy() == pytest.approx(1)
    # what has decayed is near the reference, and so one run is near the other
    points = table.set_index(["run", "time"])[["component_1", "component_2"]]
    start, end = (np.linalg.norm(points.loc[0, at] - points.loc[1, at]) for at in (0.0, 1.0))
    assert end < 0.1 * start
    assert len(table) == 3 * len(times) and table["component_1"].notna().all()
    assert table.loc[table["run"] == 3, "returned"].eq(False).all()
