"""The steps around a generator, on a small model whose labels a tiny network can learn."""

import dataclasses
import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import toy_kinetic_formats as formats
from toy_kinetics import toy_model, toy_state

torch = pytest.importorskip("torch")

from gemwright.config.checks import unfit_settings  # noqa: E402
from gemwright.config.rekindle_analysis import AnalysisOptions  # noqa: E402
from gemwright.config.rekindle_perturbation import RobustnessOptions  # noqa: E402
from gemwright.errors import InputError  # noqa: E402
from gemwright.io.tables import read_parquet, write_delimited, write_parquet  # noqa: E402
from gemwright.kinetics.bindings import bindings_of  # noqa: E402
from gemwright.kinetics.labelling import TimeWindow, time_constants  # noqa: E402
from gemwright.kinetics.physiology import (  # noqa: E402
    ParameterSets,
    Physiology,
    write_physiology,
    write_sets,
)
from gemwright.kinetics.sampled_sets import Labelling, sample_labelled_sets  # noqa: E402
from gemwright.rekindle.conditions import OTHER, RELEVANT, conditioning  # noqa: E402
from gemwright.rekindle.gan_options import BestRule, GanOptions  # noqa: E402
from gemwright.rekindle.generation import GENERATOR, load_generator  # noqa: E402
from gemwright.rekindle.generator_comparison import REJECTION, compare_sources  # noqa: E402
from gemwright.rekindle.generator_training import train_generator  # noqa: E402
from gemwright.rekindle.parameter_analysis import (  # noqa: E402
    TABLES,
    analyse_parameters,
    read_projections,
    write_analysis,
)
from gemwright.rekindle.robustness import perturb_relevant_sets  # noqa: E402
from gemwright.rekindle.set_generation import best_run, generate_sets  # noqa: E402
from gemwright.rekindle.timing import time_steps  # noqa: E402
from gemwright.rekindle.training_data import TrainingData  # noqa: E402
from gemwright.rekindle.transfer import tune_on_few_sets  # noqa: E402
from gemwright.rekindle.transfer_tables import (  # noqa: E402
    TRANSFER_COLUMNS,
    check_transfer_grid,
    transfer_gain,
)
from gemwright.report.rekindle_figures import rekindle_figures  # noqa: E402
from gemwright.report.rekindle_tables import rekindle_tables  # noqa: E402

TOY = Physiology("toy", toy_model(), toy_state())
SLOWEST = -20.0  # 37 % of the toy's sets are relevant
LABELLING = Labelling(TimeWindow(SLOWEST))
BOUNDS = (0.0, 1.0)
SETS = sample_labelled_sets(TOY, 1500, 1, BOUNDS, LABELLING)
DATA = TrainingData.of(TOY, SETS, BOUNDS)
WINDOW = (0.0, 2.0)  # minutes
MONITORED = 100
N_GENERATED = 1000
TINY = {
    "epochs": 10,
    "batch": 64,
    "checkpoint_every": 5,
    "device": "cpu",
    "discriminator_widths": (16,),
    "generator_widths": (32,),
}
PRESETS = {
    "saturation": {**TINY, "guide_widths": (32,), "guide_epochs": 8},
    "paper": {**TINY, "noise": 8},
}
PRINTED = Path(__file__).parents[1] / "gemwright/resources" / "paper_rekindle_tables.tsv"
CONTRADICTIONS = PRINTED.with_name("rekindle_contradictions.tsv")


def options(preset: str = "saturation", **changes) -> GanOptions:
    return GanOptions.of(preset, **{"seed": 1, **PRESETS[preset], **changes})


def train(folder: Path, condition="label", preset="saturation", labelling=LABELLING, **changes):
    """Train into `folder`/run with checkpoints under `folder`/cache."""
    chosen = options(preset, **changes)
    cache, target = folder / "cache", folder / "run"
    return train_generator(DATA, condition, chosen, labelling, MONITORED, WINDOW, cache, target)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


RUNS = {
    "label": ("label", "saturation"),
    "paper": ("label", "paper"),
    "shuffled": ("shuffled", "saturation"),
    "time_constant": ("time_constant", "saturation"),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[str, Path]:
    """Folders of a training of each kind."""
    folder = tmp_path_factory.mktemp("runs")
    for name, (condition, preset) in RUNS.items():
        train(folder / name, condition, preset)
    return {name: folder / name / "run" for name in RUNS}


# -- training


def test_both_labels_occur():
    assert 0.3 < SETS.relevant.mean() < 0.45
    assert len(DATA.sets.relevant) == 1350
    assert DATA.labelled == 1500
    np.testing.assert_array_equal(DATA.reference, SETS.saturations[1350:][SETS.relevant[1350:]])


def test_a_training_writes_its_files_and_removes_its_checkpoint(runs):
    names = ["generator.safetensors", "history.parquet", "monitor.parquet"]
    for folder in runs.values():
        assert sorted(path.name for path in folder.iterdir()) == names
        cache = folder.parent / "cache"
        assert [path for path in cache.rglob("*") if path.is_file()] == []
    monitor = read_parquet(runs["label"] / "monitor.parquet")
    assert monitor["epoch"].tolist() == [5, 10]
    assert monitor["seed"].tolist() == [1, 1]
    assert not monitor["failed"].any()
    assert {"incidence", "spread_median", "covered_share", "kl_mean", "best"} <= set(monitor)
    assert len(read_parquet(runs["label"] / "history.parquet")) == 10
    trained = load_generator(runs["label"] / GENERATOR, TOY.model.km_names)
    assert trained.facts["condition"] == "label"
    assert trained.facts["physiology"] == "toy"
    assert trained.facts["labelled_sets"] == 1500
    assert trained.facts["monitored_sets"] == 2 * MONITORED
    assert trained.facts["best_epoch"] in (5, 10)
    assert trained.guide is not None
    assert load_generator(runs["paper"] / GENERATOR).guide is None


def test_a_training_repeats_itself(runs, tmp_path):
    train(tmp_path)
    assert digests(tmp_path / "run") == digests(runs["label"])
    train(tmp_path / "other", seed=2, epochs=5)
    other = read_parquet(tmp_path / "other" / "run" / "history.parquet")
    first = read_parquet(runs["label"] / "history.parquet").head(5)
    assert other["generator_loss"].tolist() != first["generator_loss"].tolist()


class _KilledError(Exception):
    pass


def test_a_broken_training_goes_on_where_it_was(runs, tmp_path):
    asked = []

    def breaks(saturations, extremes):
        asked.append(len(saturations))
        if len(asked) == 2:
            raise _KilledError
        return np.ones(len(saturations), dtype=bool)

    with pytest.raises(_KilledError):
        train(tmp_path, labelling=dataclasses.replace(LABELLING, criteria=breaks))
    left = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert len(left) == 1
    assert not (tmp_path / "run").exists()
    # only the second monitoring is left to do
    counted = dataclasses.replace(LABELLING, criteria=breaks)
    train(tmp_path, labelling=counted)
    assert asked == [MONITORED] * 3
    assert digests(tmp_path / "run") == digests(runs["label"])


def test_another_number_of_monitored_sets_does_not_take_up_a_checkpoint(tmp_path):
    """What is recorded in all epochs has to come from as many sets."""

    def run(monitored: int, breaks: int, place: str):
        asked = []

        def criteria(saturations, extremes):
            asked.append(len(saturations))
            if len(asked) == breaks:
                raise _KilledError
            return np.ones(len(saturations), dtype=bool)

        labelling = dataclasses.replace(LABELLING, criteria=criteria)
        cache, target = tmp_path / f"cache{place}", tmp_path / f"run{place}{monitored}"
        train_generator(DATA, "label", options(), labelling, monitored, WINDOW, cache, target)
        return read_parquet(target / "monitor.parquet")["sets"].tolist()

    with pytest.raises(_KilledError):
        run(50, 2, "")
    assert run(60, 0, "") == [60, 60]


# -- conditions


def test_labels_as_conditions():
    given = conditioning(SETS, "label", WINDOW, 1)
    np.testing.assert_array_equal(given.values == RELEVANT, SETS.relevant)
    np.testing.assert_array_equal(given.values == OTHER, ~SETS.relevant)
    np.testing.assert_array_equal(given.rows(7, 3), np.full((7, 1), RELEVANT))


def test_shuffled_labels_keep_their_numbers_and_lose_their_meaning():
    given = conditioning(SETS, "shuffled", WINDOW, 1)
    assert (given.values == RELEVANT).sum() == SETS.relevant.sum()
    agree = np.mean((given.values == RELEVANT) == SETS.relevant)
    share = SETS.relevant.mean()
    assert agree == pytest.approx(share**2 + (1 - share) ** 2, abs=0.05)
    again = conditioning(SETS, "shuffled", WINDOW, 1)
    np.testing.assert_array_equal(given.values, again.values)
    assert not np.array_equal(given.values, conditioning(SETS, "shuffled", WINDOW, 2).values)


def test_time_constants_as_ranks():
    given = conditioning(SETS, "time_constant", WINDOW, 1)
    assert (given.values.min(), given.values.max()) == (-1.0, 1.0)
    order = np.argsort(SETS.largest)
    assert np.all(np.diff(given.values[order]) > 0)
    constants = time_constants(SETS.largest)
    wanted = (constants >= WINDOW[0]) & (constants < WINDOW[1])
    assert 0 < wanted.sum() < len(wanted)
    np.testing.assert_array_equal(np.sort(given.asked), np.sort(given.values[wanted]))
    # what is asked for differs from set to set, and repeats with the seed
    rows = given.rows(50, 3)
    assert rows.shape == (50, 1)
    assert len(np.unique(rows)) > 10
    np.testing.assert_array_equal(rows, given.rows(50, 3))
    assert set(rows[:, 0]) <= set(given.asked)


def test_a_window_without_any_set_asks_for_the_fastest():
    given = conditioning(SETS, "time_constant", (1e-6, 2e-6), 1)
    np.testing.assert_array_equal(given.rows(5, 1), np.full((5, 1), -1.0))


@pytest.mark.parametrize("label", [True, False])
@pytest.mark.parametrize("condition", ["label", "shuffled", "time_constant"])
def test_sets_of_one_label_teach_nothing(label, condition):
    same = dataclasses.replace(SETS, relevant=np.full(len(SETS.relevant), label))
    told = "all 1500 are relevant" if label else "all 1500 are not relevant"
    with pytest.raises(InputError, match=told):
        conditioning(same, condition, WINDOW, 1)


# -- which training is taken


def _monitor(folder: Path, rows: list[dict[str, object]], failed: bool = False) -> Path:
    folder.mkdir(parents=True)
    write_parquet(pd.DataFrame(rows).assign(failed=failed), folder / "monitor.parquet")
    return folder


def test_the_best_training_did_not_fail(tmp_path):
    rule = dataclasses.replace(options(), best=BestRule("incidence", (("spread_median", 0.8),)))

    def row(incidence, spread, best=True):
        return {"incidence": incidence, "spread_median": spread, "best": best}

    collapsed = _monitor(tmp_path / "a", [row(0.99, 1.0)], failed=True)
    fair = _monitor(tmp_path / "b", [row(0.6, 0.9), row(0.95, 0.9, best=False)])
    good = _monitor(tmp_path / "c", [row(0.1, 0.9), row(0.8, 0.9)])
    narrow = _monitor(tmp_path / "d", [row(0.97, 0.3)])
    twin = _monitor(tmp_path / "e", [row(0.8, 0.9)])
    assert best_run([collapsed, fair], rule) == fair
    # the epoch that was kept counts, not the last one nor the best figure
    assert best_run([fair, good], rule) == good
    assert best_run([narrow, fair, good], rule) == good
    assert best_run([good, twin], rule) == good  # the first of equals
    assert best_run([twin, good], rule) == twin
    assert best_run([collapsed], rule) == collapsed


# -- generating


def test_a_guided_generator_learns_and_ones_on_shuffled_labels_do_not(runs, tmp_path):
    base = SETS.relevant.mean()
    guided = generate_sets(runs["label"] / GENERATOR, TOY, LABELLING, N_GENERATED, 3)
    assert guided.relevant.mean() > base + 0.4
    # the labels of generated sets are their own
    np.testing.assert_array_equal(guided.relevant, guided.largest < SLOWEST)
    opposite = generate_sets(runs["label"] / GENERATOR, TOY, LABELLING, N_GENERATED, 3, OTHER)
    assert opposite.relevant.mean() < base - 0.2
    # a single order of the labels leans to one side by chance, which the generator carries far
    blind = [runs["shuffled"]]
    for seed in (2, 3):
        train(tmp_path / str(seed), "shuffled", seed=seed)
        blind.append(tmp_path / str(seed) / "run")
    found = [
        generate_sets(folder / GENERATOR, TOY, LABELLING, N_GENERATED, 3).relevant.mean()
        for folder in blind
    ]
    assert np.mean(found) < base + 0.15
    assert max(found) < guided.relevant.mean() - 0.2


def test_only_true_labels_can_be_told_from_the_sets(runs):
    """What a guide tells of sets that it has not seen."""
    told = {
        name: load_generator(runs[name] / GENERATOR).facts["guide"]["auc_0"]
        for name in ("label", "shuffled")
    }
    assert told["label"] > 0.9
    assert told["shuffled"] == pytest.approx(0.5, abs=0.12)


def test_generated_sets_repeat_and_do_not_collapse(runs):
    first = generate_sets(runs["label"] / GENERATOR, TOY, LABELLING, 200, 3)
    again = generate_sets(runs["label"] / GENERATOR, TOY, LABELLING, 200, 3)
    np.testing.assert_array_equal(first.saturations, again.saturations)
    other = generate_sets(runs["label"] / GENERATOR, TOY, LABELLING, 200, 4)
    assert not np.array_equal(first.saturations, other.saturations)
    assert first.saturations.std(axis=0).min() > 0.1


def test_a_generator_of_another_network_is_refused(runs):
    other = Physiology("formats", formats.toy_model(), formats.toy_state())
    with pytest.raises(InputError, match=r"generates 22 parameters that are not the \d+ of"):
        generate_sets(runs["label"] / GENERATOR, other, LABELLING, 10, 1)


# -- generators beside their controls


@pytest.fixture(scope="module")
def comparison(runs) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    folders = [runs["label"], runs["paper"], runs["shuffled"], runs["time_constant"]]
    return compare_sources(DATA, folders, LABELLING, 400, WINDOW, 5)


SOURCES = [
    REJECTION,
    "box 0.2 to 0.8",
    "generator, saturation",
    "generator, paper",
    "generator, saturation, shuffled labels",
    "generator, saturation, by time constant",
    "box as wide as generator, saturation",
    "widest box, narrower than generator, paper",
]


def test_every_control_stands_beside_the_generators(comparison):
    quality, costs, windows = comparison
    assert quality["source"].tolist() == SOURCES
    assert costs["source"].tolist() == SOURCES
    assert windows["source"].tolist() == SOURCES
    assert (quality["sets"] == 400).all()
    assert set(quality["physiology"]) == set(windows["physiology"]) == {"toy"}
    found = quality.set_index("source")
    assert found.loc[REJECTION, "incidence"] == pytest.approx(SETS.relevant.mean(), abs=0.08)
    assert found.loc["generator, saturation", "incidence"] > 0.75
    assert found.loc["generator, saturation, shuffled labels", "incidence"] < 0.55
    # a box is as wide as the generator that it is matched with; none is wider than the whole range
    box = found.loc["box as wide as generator, saturation", "spread"]
    assert box == pytest.approx(found.loc["generator, saturation", "spread"], abs=0.15)
    assert found.loc["generator, paper", "spread"] > 1.0
    assert found.loc["box 0.2 to 0.8", "spread"] < 0.6


def test_what_generators_cost(comparison):
    _, costs, _ = comparison
    table = costs.set_index("source")
    plain = table.loc[REJECTION]
    assert plain["prepared"] == 0
    assert plain["labelled_per_1000"] == pytest.approx(1000 / plain["incidence"])
    assert np.isinf(plain["break_even"])
    guided = table.loc["generator, saturation"]
    # all labelled sets, and what the monitor labelled
    assert guided["prepared"] == 1500 + 2 * MONITORED
    assert guided["prepared_verified"] == SETS.relevant.sum()
    saved = (plain["labelled_per_1000"] - guided["labelled_per_1000"]) / 1000
    assert guided["break_even"] == pytest.approx(guided["prepared"] / saved)
    assert (table["incidence_low"] <= table["incidence"]).all()
    assert (table["incidence"] <= table["incidence_high"]).all()


def test_what_a_time_constant_costs(comparison):
    quality, _, windows = comparison
    table = windows.set_index("source")
    assert set(table["tau_from"]) == {WINDOW[0]}
    assert set(table["tau_to"]) == {WINDOW[1]}
    assert (table["sets"] == 400).all()
    assert (table["hits"] <= 400).all()
    plain = table.loc[REJECTION, "share"]
    constants = time_constants(SETS.largest)
    assert plain == pytest.approx(np.mean(constants < WINDOW[1]), abs=0.06)
    assert table.loc["generator, saturation, by time constant", "share"] > plain + 0.2
    np.testing.assert_allclose(table["labelled_per_1000"], 1000 / table["share"])
    assert list(table.index) == quality["source"].tolist()


# -- few sets of another physiology


def tune(folder: Path, start, count=20, seed=1, data=DATA, **changes) -> pd.DataFrame:
    chosen = options(**{"epochs": 5, "seed": seed, "batch": 4, **changes})
    origin = "" if start is None else "origin"
    return tune_on_few_sets(data, start, chosen, LABELLING, 200, folder, origin, count)[0]


def test_a_transfer_gives_its_start_and_its_end(runs, tmp_path):
    table = tune(tmp_path, runs["label"] / GENERATOR)
    assert list(table.columns) == ["target", "repeat", "mode", *TRANSFER_COLUMNS[:1], "n_sets",
                                   "incidence", "spread", "epoch", "failed"]  # fmt: skip
    assert table["mode"].tolist() == ["untuned", "transfer"]
    assert table["n_sets"].tolist() == [0, 20]
    assert set(table["source"]) == {"origin"}
    assert set(table["target"]) == {"toy"}
    # the origin is a generator of this very physiology, so that it is good as it is
    assert table["incidence"].iloc[0] > 0.75
    assert table["epoch"].iloc[1] == 5
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    check_transfer_grid(table)


def test_from_scratch_there_is_no_origin(runs, tmp_path):
    table = tune(tmp_path, None)
    assert table["mode"].tolist() == ["scratch"]
    assert table["source"].tolist() == [""]
    pair = pd.concat([table, tune(tmp_path, runs["label"] / GENERATOR)], ignore_index=True)
    gain = transfer_gain(pair)
    assert gain["n_sets"].tolist() == [20]
    assert gain["gain"].iloc[0] == pytest.approx(gain["transfer"].iloc[0] - gain["scratch"].iloc[0])
    assert gain["gain"].iloc[0] > 0.2


def test_few_sets_repeat_with_their_repeat(tmp_path):
    first, again = tune(tmp_path, None), tune(tmp_path, None)
    pd.testing.assert_frame_equal(first, again)
    assert tune(tmp_path, None, seed=2)["repeat"].tolist() == [2]


@pytest.mark.parametrize("preset", ["saturation", "paper"])
def test_the_untuned_generator_is_the_origin_in_every_repeat_and_size(runs, tmp_path, preset):
    start = runs["label" if preset == "saturation" else "paper"] / GENERATOR
    chosen = options(preset, epochs=2, batch=4)
    few = (10, 40)
    tables = [
        tune_on_few_sets(DATA, start, chosen, LABELLING, 300, tmp_path, "origin", count)[0]
        for count in few
    ]
    first, second = (table.iloc[0] for table in tables)
    assert first["incidence"] == second["incidence"]
    assert first["spread"] == pytest.approx(second["spread"], rel=1e-4)


def test_sets_of_the_tuned_generator_come_with_the_table(runs, tmp_path):
    start = runs["label"] / GENERATOR
    chosen = options(epochs=5, batch=4)
    table, sets = tune_on_few_sets(DATA, start, chosen, LABELLING, 200, tmp_path, "origin", 20)
    assert sets.saturations.shape == (1000, len(TOY.model.terms))
    np.testing.assert_array_equal(sets.relevant, sets.largest < SLOWEST)
    assert sets.relevant.mean() == table["incidence"].iloc[1]


@pytest.mark.parametrize("share", [0.005, 0.995])
def test_few_sets_always_hold_both_labels(monkeypatch, tmp_path, share):
    largest = np.argsort(np.argsort(DATA.sets.largest))
    rare = dataclasses.replace(DATA.sets, relevant=largest < share * len(largest))
    data = dataclasses.replace(DATA, sets=rare)
    seen = []

    def stop(features, conditions, *rest):
        seen.append(np.asarray(conditions))
        raise _KilledError

    monkeypatch.setattr("gemwright.rekindle.resumable.train_gan", stop)
    for seed in range(5):
        with pytest.raises(_KilledError):
            tune(tmp_path, None, count=4, seed=seed, data=data)
    for given in seen:
        assert len(given) == 4
        assert set(given) == {RELEVANT, OTHER}
    assert len({tuple(given) for given in seen}) > 1


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    def stop(number, frame):
        raise TimeoutError(f"it did not end within {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("label", [True, False])
def test_few_sets_of_a_target_with_one_label_are_told(tmp_path, label):
    same = dataclasses.replace(DATA.sets, relevant=np.full(len(DATA.sets.relevant), label))
    data = dataclasses.replace(DATA, sets=same)
    with at_most(2), pytest.raises(InputError, match="relevant"):
        tune(tmp_path, None, count=10, data=data)


def test_more_sets_than_there_are_cannot_be_had(tmp_path):
    with pytest.raises(InputError, match="2000 sets are asked for, and there are 1350") as error:
        tune(tmp_path, None, count=2000)
    assert error.value.where == "transfer to toy"


def test_a_transfer_from_another_network_is_refused(runs, tmp_path):
    other = Physiology("formats", formats.toy_model(), formats.toy_state())
    sets = sample_labelled_sets(other, 300, 1, BOUNDS, Labelling(TimeWindow(-0.05)))
    data = TrainingData.of(other, sets, BOUNDS)
    assert 0 < sets.relevant.sum() < 300
    with pytest.raises(InputError, match=r"are not the .* of the model"):
        tune_on_few_sets(
            data, runs["label"] / GENERATOR, options(), LABELLING, 10, tmp_path, "toy", 20
        )


# -- analyses


@pytest.fixture(scope="module")
def generated(runs) -> ParameterSets:
    return generate_sets(runs["label"] / GENERATOR, TOY, LABELLING, 300, 9)


ANALYSIS = AnalysisOptions(ranked=300, constrained=20, projected=100, umap=False, seed=4)


@pytest.fixture(scope="module")
def analysis(generated) -> dict[str, pd.DataFrame]:
    sources = {"generator, saturation": generated}
    return analyse_parameters(TOY, SETS, sources, LABELLING, ANALYSIS)


def test_every_table_of_the_analysis(analysis):
    assert set(analysis) == set(TABLES)
    ranking = analysis["ranking"]
    sampled = ranking[ranking["source"] == "sampled"]
    assert sorted(sampled["parameter"]) == sorted(TOY.model.km_names)
    np.testing.assert_array_equal(
        sampled.set_index("parameter").loc[list(TOY.model.km_names), "inert"],
        bindings_of(TOY.model).inert,
    )
    # one inert term: it is its own floor, and nothing inert lies above it
    assert sampled["inert"].sum() == 1
    (floor,) = sampled.loc[sampled["inert"], "kl"]
    assert sampled["inert_floor"].unique().tolist() == [floor]
    np.testing.assert_array_equal(sampled["above_inert"], sampled["kl"] > floor)
    assert sampled["above_chance"].iloc[0]
    assert not sampled.loc[sampled["inert"], "above_chance"].any()
    sources = {"sampled", "generator, saturation"}
    assert set(analysis["subpopulations"]["source"]) == sources
    assert set(analysis["projection"]["source"]) == sources
    counts = analysis["projection"].groupby(["source", "parameters"]).size()
    assert counts.tolist() == [100] * 4
    assert set(analysis["projection"]["parameters"]) == {"all parameters", "top 5"}
    assert "generator, saturation" in set(analysis["disjointness"]["source"])


def test_the_first_parameter_really_decides(analysis):
    first = analysis["ranking"].iloc[0]
    values = SETS.saturations[:, first["position"]]
    high = SETS.relevant[values > np.median(values)].mean()
    low = SETS.relevant[values <= np.median(values)].mean()
    assert (high - low) * first["direction"] > 0.1


def test_nearly_nothing_of_one_class_leaves_a_source_unranked(generated):
    # 300 sets of which nearly all are relevant cannot rank anything
    assert (~generated.relevant).sum() < 100
    few = dataclasses.replace(generated, relevant=np.arange(300) > 3)
    found = analyse_parameters(TOY, SETS, {"g": few}, LABELLING, ANALYSIS)
    assert set(found["ranking"]["source"]) == {"sampled"}


@pytest.mark.parametrize("others", [{}, {"generator": SETS}])
def test_too_few_sampled_sets_to_rank_are_told_or_ranked(others):
    """Another source's ranking must not pass for that of the sampled sets."""
    few = SETS.rows(slice(60))
    assert min(few.relevant.sum(), (~few.relevant).sum()) >= 20
    settings = dataclasses.replace(ANALYSIS, ranked=2000)
    try:
        found = analyse_parameters(TOY, few, others, LABELLING, settings)
    except InputError:
        return
    assert (found["ranking"]["source"] == "sampled").any()


def test_projections_read_back(analysis, tmp_path):
    write_analysis(analysis, tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(TABLES)
    found = read_projections(tmp_path)
    assert set(found) == {"all parameters, pca", "top 5, pca"}
    assert len(found["top 5, pca"].points) == 200
    assert 0 < found["top 5, pca"].explained.sum() <= 1


# -- perturbations


PERTURBED = RobustnessOptions(models=3, perturbations=2, seed=6)


@pytest.fixture(scope="module")
def perturbed() -> tuple[pd.DataFrame, pd.DataFrame]:
    return perturb_relevant_sets(TOY, SETS, PERTURBED)


def test_perturbed_models_are_relevant_sets(perturbed):
    runs, courses = perturbed
    assert len(runs) == 6
    assert runs["model"].nunique() == 3
    assert SETS.relevant[runs["model"].unique()].all()
    assert runs["model"].max() > 3  # rows of the sets, not counted from 0
    assert not runs["failed"].any()
    assert runs["returned"].any()
    assert {"explained_1", "explained_2"} <= set(courses)


def test_perturbations_do_not_depend_on_processes(perturbed):
    runs, courses = perturb_relevant_sets(TOY, SETS, PERTURBED, threads=2)
    pd.testing.assert_frame_equal(runs, perturbed[0])
    pd.testing.assert_frame_equal(courses, perturbed[1])
    other = dataclasses.replace(PERTURBED, seed=7)
    assert perturb_relevant_sets(TOY, SETS, other)[0]["model"].tolist() != runs["model"].tolist()


def test_nothing_relevant_gives_empty_tables(caplog):
    none = dataclasses.replace(SETS, relevant=np.zeros(len(SETS.relevant), dtype=bool))
    runs, courses = perturb_relevant_sets(TOY, none, PERTURBED)
    assert runs.empty
    assert courses.empty
    assert {"model", "returned", "failed"} <= set(runs.columns)
    assert "no set of toy is relevant" in caplog.text


# -- tables and figures


@pytest.fixture(scope="module")
def files(tmp_path_factory, runs, comparison, analysis, generated, perturbed) -> dict[str, object]:
    """The files that the rules before the report write."""
    folder = tmp_path_factory.mktemp("files")
    write_physiology(TOY, folder / "model.yml", folder / "state.parquet")
    write_sets(SETS, TOY.model, folder / "sets.parquet", LABELLING.facts())
    write_sets(generated, TOY.model, folder / "generated.parquet", {})
    for name, table in zip(("quality", "costs", "windows"), comparison, strict=True):
        write_parquet(table, folder / f"{name}.parquet")
    write_analysis(analysis, folder / "parameters")
    write_parquet(perturbed[0], folder / "runs.parquet")
    write_parquet(perturbed[1], folder / "courses.parquet")
    return {
        "models": [folder / "model.yml"],
        "states": [folder / "state.parquet"],
        "sets": [folder / "sets.parquet"],
        "quality": [folder / "quality.parquet"],
        "costs": [folder / "costs.parquet"],
        "windows": [folder / "windows.parquet"],
        "parameters": [folder / "parameters"],
        "courses": [folder / "courses.parquet"],
        "made": [folder / "generated.parquet"],
        "monitors": [runs["label"] / "monitor.parquet"],
        "sampled": [folder / "runs.parquet"],
        "generated": [folder / "runs.parquet"],
        "transferred": [folder / "runs.parquet"],
    }


@pytest.fixture(scope="module")
def tables(files) -> dict[str, pd.DataFrame]:
    return rekindle_tables(files, ["toy"], {}, PRINTED, CONTRADICTIONS)


def test_single_figures_stand_beside_the_printed_ones(files):
    tables = rekindle_tables(files, ["toy"], {"toy": "1"}, PRINTED, CONTRADICTIONS)
    ours = tables["printed"].set_index(["item", "physiology"])["ours"]
    assert ours["features", ""] == len(TOY.model.terms)
    assert ours["fraction of relevant sets", "1"] == pytest.approx(SETS.relevant.mean())
    assert ours["usual time constant of training sets", "1"] == pytest.approx(
        np.median(-60 / SETS.largest[SETS.relevant])
    )
    back = tables["perturbations"].set_index("source")["returned"]
    assert ours["share that returns, generated", "1"] == pytest.approx(100 * back["generated"])
    assert 0 < ours["variance of trajectories, component 1", "1"] <= 100
    assert ours["best incidence", "1"] > 0.6


def test_tables_hold_what_the_files_hold(tables):
    first = tables["physiologies"].iloc[0]
    assert first["physiology"] == "toy"
    assert first["relevant"] == pytest.approx(SETS.relevant.mean())
    assert first["relevant"] + first["slow"] + first["unstable"] == pytest.approx(1)
    assert first["best incidence: generator, saturation"] > 0.75
    # ten epochs are too few to be judged
    assert first["failed: generator, saturation"] == "0 of 0"
    assert tables["generators"]["source"].tolist() == SOURCES
    assert set(tables["costs"]["source"]) == set(SOURCES)
    assert set(tables["perturbations"]["source"]) == {"training", "generated", "transferred"}
    assert (tables["ranking"]["physiology"] == "toy").all()
    assert len(tables["contradictions"]) > 5
    assert tables["printed"]["ours"].isna().all()  # the toy is none of the paper's
    for name, table in tables.items():
        assert len(table), name


def test_a_physiology_that_is_none_of_the_papers_has_no_printed_figures(tables):
    columns = [name for name in tables["physiologies"] if name.startswith("paper: ")]
    assert len(columns) == 3
    assert (tables["physiologies"][columns].iloc[0] == "").all()


def test_every_figure_is_drawn(files, tables, runs, tmp_path):
    for name in ("perturbations", "constraining"):
        write_delimited(tables[name], tmp_path / f"{name}.csv")
    folder = files["sets"][0].parent
    chosen = {
        "model": files["models"][0],
        "sets": files["sets"][0],
        "generated": [folder / "generated.parquet"],
        "runs": [runs["label"]],
        "costs": files["costs"][0],
        "parameters": files["parameters"][0],
        "courses": folder / "courses.parquet",
        "transferred": folder / "generated.parquet",
        "perturbations": tmp_path / "perturbations.csv",
        "constraining": tmp_path / "constraining.csv",
    }
    figures = rekindle_figures(chosen, "toy", ["saturation"])
    assert set(figures) == {
        "training", "time_constants", "perturbations", "ranking", "constraining",
        "subpopulations", "boundary", "projections", "costs", "transfer_features",
    }  # fmt: skip
    for name, figure in figures.items():
        assert any(axis.has_data() for axis in figure.axes), name
    # one physiology: nothing is transferred
    alone = rekindle_figures({**chosen, "transferred": []}, "toy", ["saturation"])
    assert set(figures) - set(alone) == {"transfer_features"}


def test_tables_without_a_transfer(files):
    own = {name: paths for name, paths in files.items() if name != "transferred"}
    tables = rekindle_tables(own, ["toy"], {}, PRINTED, CONTRADICTIONS)
    assert set(tables["perturbations"]["source"]) == {"training", "generated"}


def test_steps_are_timed(runs, monkeypatch):
    monkeypatch.setattr("gemwright.rekindle.timing.PAPER_SETS", 500)
    monkeypatch.setattr("gemwright.rekindle.timing._GENERATED", 1000)
    monkeypatch.setattr("gemwright.rekindle.timing._LABELLED", 1000)
    table = time_steps(TOY, runs["label"] / GENERATOR, options(epochs=7))
    assert table["step"].tolist() == ["sampling and labelling", "generation", "training"]
    assert (table["seconds"] > 0).all()
    assert table["sets"].tolist() == [1000, 1000, 500]
    assert (table["physiology"] == "toy").all()


# -- the config


def unfit(**settings) -> list[str]:
    return unfit_settings({"sources": "embedded", **settings})


GEM = {"gem": "e_coli_core"}
KNOWN = {"strain_design": {"sources": {"e_coli_core": "bundled"}}}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"kinetics": {"physiologies": {"a": GEM}}, "rekindle": {"physiologies": ["b"]}},
            "rekindle.physiologies names 'b', .* add it there (there are: a)",
        ),
        (
            {
                "kinetics": {"physiologies": {"a": {"gem": "gone"}}},
                "rekindle": {"physiologies": ["a"]},
            },
            "kinetics.physiologies.a names 'gone', .* add it there (there are: e_coli_core)",
        ),
        (
            {
                "kinetics": {"physiologies": {"a": {"rekindle": 1}}},
                "rekindle": {"physiologies": ["a"]},
            },
            "kinetics.physiologies.a needs the authors' files; set 'sources: live'",
        ),
        (
            {"kinetics": {"saturation_bounds": [0.8, 0.2]}},
            "kinetics.saturation_bounds is 0.8 to 0.2; give the lower number first",
        ),
        (
            {
                "kinetics": {"physiologies": {"a": {"model": "m.yml", "directions": {"R": 1}}}},
                "rekindle": {"physiologies": ["a"]},
            },
            "kinetics.physiologies.a: 'directions' is not used with 'model'; leave it out",
        ),
        (
            {
                "kinetics": {"physiologies": {"a": {**GEM, "fluxes": "f.tsv", "bounds": {}}}},
                "rekindle": {"physiologies": ["a"]},
            },
            "kinetics.physiologies.a: 'bounds' is not used with 'fluxes'; leave it out",
        ),
        ({"rekindle": {"time_window": [2.0, 2.0]}}, "rekindle.time_window is 2.0 to 2.0; give"),
        (
            {"rekindle": {"perturbation": {"low": 2.0, "high": 0.5}}},
            "rekindle.perturbation goes from 2.0 to 0.5 reference concentrations; give a 'low'",
        ),
    ],
)
def test_kinetic_settings_that_do_not_fit_are_told(settings, message):
    (problem,) = unfit(**{**KNOWN, **settings})
    assert problem.startswith("config: ")
    for part in message.split(" .* "):
        assert part in problem


def test_kinetic_settings_that_fit_are_left_alone():
    physiologies = {"a": GEM, "unused": {"gem": "gone"}, "paper": {"rekindle": 1}}
    kinetics = {"physiologies": physiologies, "saturation_bounds": [0.0, 1.0]}
    rekindle = {"physiologies": ["a"], "time_window": [0, 2], "perturbation": {"low": 0.5}}
    assert unfit(**KNOWN, kinetics=kinetics, rekindle=rekindle) == []
    live = {"kinetics": kinetics, "rekindle": {"physiologies": ["paper"]}, "sources": "live"}
    assert unfit_settings({**KNOWN, **live}) == []
