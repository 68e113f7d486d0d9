"""No learned method sees the labels of what it is tested on: other labels, the same bytes.

Each test also turns labels of training rows and sees the predictions change, or a method that
predicts nothing would pass. A new method or network is tested as soon as it is listed.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sklearn.ensemble  # noqa: F401  # the limit of threads holds for what is loaded
from threadpoolctl import threadpool_limits

pytest.importorskip("torch")

from toy_deletions import toy_strategies, toy_targets
from toy_interactions import OPTIONS, labelled_world, toy_world
from toy_kinetics import toy_model, toy_state

from gemwright.config.deletion_networks import NetworkOptions
from gemwright.config.training import TrainingOptions
from gemwright.deepgdel.folds import Fold
from gemwright.deepgdel.methods import METHODS, Material, Task
from gemwright.deepgdel.network_runs import run_networks
from gemwright.deepgdel.networks import NETWORKS
from gemwright.deepgdel.scored import scored_genes
from gemwright.emi import evaluation
from gemwright.emi.data import EmiData
from gemwright.emi.models.predictor import Predictor
from gemwright.emi.models.registry import CONTROLS, PREDICTORS, WITH_TOWER
from gemwright.emi.models.stack import Stack
from gemwright.emi.models.tower import Tower
from gemwright.io.plugins import load
from gemwright.kinetics.labelling import TimeWindow
from gemwright.kinetics.physiology import ParameterSets, Physiology
from gemwright.kinetics.sampled_sets import Labelling, sample_labelled_sets
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.generation import GENERATOR
from gemwright.rekindle.generator_comparison import compare_sources
from gemwright.rekindle.generator_training import train_generator
from gemwright.rekindle.training_data import TrainingData
from gemwright.rekindle.transfer import tune_on_few_sets


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TQDM_DISABLE", "1")


# -- enzymes and metabolites

EMI_OPTIONS = {
    "votes": OPTIONS,
    "hidden clusters": replace(OPTIONS, hide="cluster"),
    "sequence": replace(OPTIONS, inputs="sequence"),
}
Scores = dict[str, dict[str, bytes]]


def other_interactions(data: EmiData, part: str) -> EmiData:
    """Each enzyme of a part acts on the next metabolite of the pool."""
    pool = data.metabolites.ids
    following = dict(zip(pool, np.roll(pool, -1), strict=True))
    enzymes = data.split.loc[data.split["part"] == part, "enzyme"]
    metabolites = data.interactions["metabolite"]
    others = metabolites.map(following).where(
        data.interactions["enzyme"].isin(enzymes), metabolites
    )
    interactions = data.interactions.assign(metabolite=others)
    return labelled_world(interactions, data.split, data.enzymes, data.metabolites, data.hits)


def emi_scores(data: EmiData, options: TrainingOptions, monkeypatch: pytest.MonkeyPatch) -> Scores:
    """Fit on all there is, and what is then evaluated: part to predictor to scores."""
    tower = Tower(options)
    tower.fit(data)
    fixed = {"tower": tower, "stack": Stack(tower)}
    assert list(fixed) == list(WITH_TOWER)
    predictors: dict[str, Predictor] = {
        name: fixed.get(name) or load(place)() for name, place in PREDICTORS.items()
    }
    for name, predictor in predictors.items():
        if name != "tower":
            predictor.fit(data)
    seen = []

    def scores_of(predictor, question):
        scores = predictor.predict(question)
        seen.append(scores.tobytes())
        return scores

    monkeypatch.setattr(evaluation, "scores_of", scores_of)
    evaluation.evaluate(predictors, data, "toy")
    parts = ("validation", "test")
    return {
        part: dict(zip(PREDICTORS, seen[start::2], strict=True)) for start, part in enumerate(parts)
    }


@pytest.mark.parametrize("name", EMI_OPTIONS)
def test_predictors_of_interactions(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world, options = toy_world(), EMI_OPTIONS[name]
    first = emi_scores(world, options, monkeypatch)
    same = emi_scores(other_interactions(world, "test"), options, monkeypatch)
    other = emi_scores(other_interactions(world, "train"), options, monkeypatch)
    for predictor in PREDICTORS:
        for part in ("validation", "test"):
            scores = first[part][predictor]
            assert scores == same[part][predictor], (part, predictor)
            assert scores != other[part][predictor], (part, predictor)


def test_controls_do_not_see_the_validation_part_where_thresholds_are_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = toy_world()
    first = emi_scores(world, OPTIONS, monkeypatch)
    other = emi_scores(other_interactions(world, "validation"), OPTIONS, monkeypatch)
    for control in CONTROLS:
        assert first["validation"][control] == other["validation"][control]
        assert first["test"][control] != other["test"][control]


def test_the_stack_is_fitted_on_pairs_that_the_tower_has_not_learned_from() -> None:
    world = toy_world()
    seen = []

    class Listener(Tower):
        def predict(self, question):
            seen.extend([set(question.enzymes.ids), set(question.known["enzyme"])])
            return np.full((len(question.enzymes.ids), len(question.metabolites.ids)), 0.5)

    Stack(Listener()).fit(world)
    part = world.split.set_index("enzyme")["part"]
    assert seen == [set(part[part == name].index) for name in ("validation", "train")]


# -- gene deletions


def other_states(data, rows):
    remains = data.remains.copy()
    remains[rows] = 1 - remains[rows]
    return replace(data, remains=remains)


@pytest.fixture(scope="module")
def tasks() -> dict[str, Task]:
    """Tasks that could see the test rows: a method must not look, whatever `Task` hides."""
    data, features = toy_targets()
    train, test = np.arange(18), np.arange(18, 24)
    made = {}
    for name, rows in (("as they are", []), ("test", test), ("train", train[:9])):
        changed = other_states(data, rows)
        made[name] = Task(changed, Material(changed, features), train, test, 1)
        assert not made[name].data.remains[test].any()
        made[name].data = changed
    return made


@pytest.mark.parametrize("method", METHODS)
def test_methods_for_deletions(method: str, tasks: dict[str, Task]) -> None:
    # as `predict_methods` does; and on many small tables more threads are slower
    with threadpool_limits(1):
        first, same, other = (task.predict(method).tobytes() for task in tasks.values())
    assert first == same
    assert first != other


@pytest.mark.parametrize("network", NETWORKS)
def test_networks_for_deletions(network: str, tmp_path: Path) -> None:
    data = toy_strategies()
    fold = Fold(np.arange(12), np.array([12, 13]))
    options = NetworkOptions(embedding=4, hidden=6, epochs=3, updates=3, device="cpu")
    found = []
    for number, rows in enumerate(([], fold.test, fold.train[:6])):
        folder = tmp_path / str(number)
        scores, _ = run_networks(other_states(data, rows), fold, [network], options, 1, folder)
        weights = [path.read_bytes() for path in folder.rglob("*.safetensors")]
        assert len(weights) == 1
        found.append((scores[network].tobytes(), weights))
    assert found[0] == found[1]
    assert found[0][0] != found[2][0]


@pytest.mark.parametrize("protocol", ["paper", "grouped"])
def test_genes_to_score_are_told_from_the_training_targets(protocol: str) -> None:
    data = toy_strategies()
    train, test = np.arange(12), np.array([12, 13])
    first = scored_genes(data, train, protocol)
    assert np.array_equal(first, scored_genes(other_states(data, test), train, protocol))
    assert not np.array_equal(first, scored_genes(other_states(data, train[:6]), train, protocol))


# -- kinetic parameter sets

SLOWEST = -20.0
LABELLING = Labelling(TimeWindow(SLOWEST))
WINDOW = (0.0, 2.0)
GENERATORS = [
    (preset, condition)
    for preset in ("saturation", "paper")
    for condition in ("label", "shuffled", "time_constant")
]


def kinetic_data(changed: str) -> TrainingData:
    """Labelled sets of the toy; those of one part with other labels and eigenvalues."""
    physiology = Physiology("toy", toy_model(), toy_state())
    sets = sample_labelled_sets(physiology, 400, 1, (0.0, 1.0), LABELLING)
    extremes, relevant = sets.extremes.copy(), sets.relevant.copy()
    # by number, not by what `TrainingData` holds out: a wrong cut has to show
    rows = {"": slice(0), "sets": slice(360), "held": slice(360, None)}[changed]
    extremes[rows], relevant[rows] = extremes[rows][::-1], ~relevant[rows]
    other = ParameterSets(sets.saturations, extremes, relevant)
    return TrainingData.of(physiology, other, (0.0, 1.0))


def gan_options(preset: str) -> GanOptions:
    """One epoch is monitored, so that there is none to choose."""
    tiny = {"epochs": 4, "checkpoint_every": 4, "batch": 32, "device": "cpu", "seed": 1}
    widths = {"generator_widths": (16,), "discriminator_widths": (8,), "guide_widths": (8,)}
    return GanOptions.of(preset, **tiny, **widths, guide_epochs=2)


def generator_of(data: TrainingData, preset: str, condition: str, folder: Path) -> Path:
    train_generator(
        data, condition, gan_options(preset), LABELLING, 50, WINDOW, folder / "cache", folder
    )
    return folder / GENERATOR


@pytest.mark.parametrize(("preset", "condition"), GENERATORS)
def test_generators(preset: str, condition: str, tmp_path: Path) -> None:
    first, same, other = (
        generator_of(kinetic_data(changed), preset, condition, tmp_path / changed).read_bytes()
        for changed in ("", "held", "sets")
    )
    assert first == same
    assert first != other


@pytest.mark.parametrize("mode", ["transfer", "scratch"])
def test_generators_of_few_sets(mode: str, tmp_path: Path) -> None:
    start = None
    if mode == "transfer":
        start = generator_of(kinetic_data(""), "saturation", "label", tmp_path / "start")
    options = replace(gan_options("saturation"), batch=4)
    first, same, other = (
        tune_on_few_sets(
            kinetic_data(changed), start, options, LABELLING, 50, tmp_path / "cache", mode, 20
        )[1].saturations.tobytes()
        for changed in ("", "held", "sets")
    )
    assert first == same
    assert first != other


def test_sources_compared_with_held_out_sets_are_drawn_without_them(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    generator_of(kinetic_data(""), "saturation", "label", folder)
    tables = [
        compare_sources(kinetic_data(changed), [folder], LABELLING, 200, WINDOW, 3)[0]
        for changed in ("", "held")
    ]
    # the box that is as wide as the generator takes its width from the held out sets' spread
    first, same = (table[~table["source"].str.contains(" box |box as")] for table in tables)
    drawn = ["source", "relevant", "slow", "unstable", "incidence"]
    assert len(first) == 3
    pd.testing.assert_frame_equal(first[drawn], same[drawn], check_exact=True)
