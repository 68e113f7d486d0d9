"""From interactions to scores of a proteome, on a small made-up world."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("torch")

from toy_interactions import OPTIONS, toy_world

from gemwright.config.training import TrainingOptions
from gemwright.embedding.protocol import Embeddings
from gemwright.emi.data import EmiData
from gemwright.emi.evaluation import RESULT_COLUMNS, evaluate
from gemwright.emi.models.homologue import Homologue
from gemwright.emi.models.predictor import Predictor, read_predictor, scores_of
from gemwright.emi.models.registry import PREDICTORS
from gemwright.emi.models.stack import Stack
from gemwright.emi.models.tower import Tower
from gemwright.emi.question import Question
from gemwright.emi.scoring import score_proteome
from gemwright.errors import InputError
from gemwright.homology.diamond import search


@pytest.fixture(scope="module")
def world() -> EmiData:
    return toy_world()


def trained(data: EmiData, folder: Path, options: TrainingOptions = OPTIONS) -> Tower:
    """A folder with a trained tower and its stack."""
    tower = Tower(options)
    tower.fit(data.without_test())
    stack = Stack(tower)
    stack.fit(data.without_test())
    folder.mkdir()
    tower.save(folder)
    stack.save(folder)
    return tower


@pytest.fixture(scope="module")
def folder(world: EmiData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained once for the module."""
    folder = tmp_path_factory.mktemp("emi") / "model"
    trained(world, folder)
    return folder


def read_all(folder: Path) -> dict[str, Predictor]:
    return {name: read_predictor(place, {}, folder) for name, place in PREDICTORS.items()}


@pytest.fixture(scope="module")
def predictors(folder: Path) -> dict[str, Predictor]:
    return read_all(folder)


def test_labelled_parts_hold_their_own_enzymes(world: EmiData) -> None:
    part = world.split.set_index("enzyme")["part"]
    labelled = world.labelled
    assert (labelled["enzyme"].astype(str).map(part) == labelled["part"].astype(str)).all()
    kinds = labelled.groupby("part", observed=True)["negatives"].unique().map(set)
    assert kinds["train"] == {"hard"}
    assert kinds["test"] == kinds["validation"] == {"hard", "popularity", "random"}
    positives = labelled[(labelled["label"] == 1) & (labelled["negatives"] == "hard")]
    assert len(positives) == len(world.interactions)
    truth = set(zip(world.interactions["enzyme"], world.interactions["metabolite"], strict=True))
    negative = labelled[labelled["label"] == 0].astype({"enzyme": str, "metabolite": str})
    assert not truth & set(zip(negative["enzyme"], negative["metabolite"], strict=True))


def test_the_table_of_results_has_every_predictor(
    world: EmiData, predictors: dict[str, Predictor]
) -> None:
    results = evaluate(predictors, world, "families", seed=7)
    assert list(results.columns) == RESULT_COLUMNS
    keys = ["predictor", "negatives", "ratio", "metric"]
    assert not results.duplicated(keys).any()
    assert len(results) == len(PREDICTORS) * 3 * 2 * 6
    assert results["value"].notna().all()
    assert set(results["encoder"]) == {"made-up 1 x bits 1"}
    values = results.set_index(keys)["value"]
    auroc = values.xs(30.0, level="ratio").xs("auroc", level="metric")
    assert auroc["tower", "hard"] > 0.8
    assert auroc["stack", "hard"] > auroc["popularity", "hard"]
    # any predictor of the metabolite alone is near chance here
    assert abs(auroc["popularity", "popularity"] - 0.5) < 0.2


def with_other_test_labels(world: EmiData) -> EmiData:
    hidden = world.split.loc[world.split["part"] == "test", "enzyme"]
    other = world.interactions.copy()
    rows = other["enzyme"].isin(hidden)
    other.loc[rows, "metabolite"] = np.roll(other.loc[rows, "metabolite"], 7)
    labelled = world.labelled.copy()
    labelled.loc[labelled["part"] == "test", "label"] ^= 1
    return replace(world, interactions=other, labelled=labelled)


def test_predictions_do_not_see_the_test_part(
    world: EmiData, predictors: dict[str, Predictor], tmp_path: Path
) -> None:
    other = with_other_test_labels(world)
    trained(other, tmp_path / "other")
    ask, ask_again = (data.question("test", "train", "validation") for data in (world, other))
    again = read_all(tmp_path / "other")
    for name in PREDICTORS:
        first = scores_of(predictors[name], ask)
        assert np.array_equal(first, scores_of(again[name], ask_again)), name


def test_what_is_fitted_on_has_no_test_part(world: EmiData) -> None:
    data = world.without_test()
    hidden = set(world.split.loc[world.split["part"] == "test", "enzyme"])
    assert hidden
    for names in (data.interactions["enzyme"], data.split["enzyme"], data.enzymes.ids):
        assert len(names)
        assert not hidden & set(names)
    assert not hidden & set(data.labelled["enzyme"].astype(str))


def test_a_model_survives_the_disk_byte_by_byte(
    world: EmiData, folder: Path, tmp_path: Path
) -> None:
    tower = trained(world, tmp_path / "b")
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["pool.parquet", "stack.json", "tower.safetensors"]
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    back = Tower()
    back.load(folder)
    assert back.votes == tower.votes
    assert back.facts["enzyme_encoder"] == "made-up 1"
    assert back.facts["n_training_enzymes"] == (world.split["part"] == "train").sum()
    ask = world.question("test", "train")
    assert np.array_equal(tower.predict(ask), back.predict(ask))


def test_a_damaged_stack_is_told(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "c")
    (tmp_path / "c" / "stack.json").write_text("{}")
    with pytest.raises(InputError, match="no readable stack"):
        read_predictor(PREDICTORS["stack"], {}, tmp_path / "c")


def test_hiding_clusters_changes_what_training_sees(
    world: EmiData, folder: Path, tmp_path: Path
) -> None:
    other = trained(world, tmp_path / "hidden", replace(OPTIONS, hide="cluster"))
    assert other.facts["hide"] == "cluster"
    one = Tower()
    one.load(folder)
    assert float(other.network.bias.detach()) != float(one.network.bias.detach())


def test_training_needs_a_validation_part(world: EmiData) -> None:
    split = world.split.assign(part="train")
    with pytest.raises(InputError, match="validation"):
        replace(world, split=split).without_test()


def test_scores_that_are_none_are_told(world: EmiData) -> None:
    class Wrong(Homologue):
        def predict(self, question: Question) -> np.ndarray:
            return super().predict(question) + 1

    ask = world.question("test", "train")
    with pytest.raises(InputError, match=r"Wrong: gave an array .* return an array"):
        scores_of(Wrong(), ask)


def test_proteome_scores_are_sorted_and_cover_metabolites_never_seen(
    world: EmiData, predictors: dict[str, Predictor]
) -> None:
    proteins = Embeddings(pd.Index(["p2", "p1"]), world.enzymes.values[:2])
    new = np.ones((1, 64), dtype=np.float32)
    observed = Embeddings(
        world.metabolites.ids[:3].append(pd.Index(["new"])),
        np.concatenate([world.metabolites.values[:3], new]),
    )
    hits = pd.DataFrame(
        {
            "query": ["p1"],
            "subject": ["e000"],
            "identity": [0.8],
            "query_coverage": [1.0],
            "subject_coverage": [0.5],
            "bitscore": [90.0],
        }
    )
    known = pd.DataFrame({"enzyme": ["e000"], "metabolite": [observed.ids[1]]})
    ask = Question(proteins, observed, hits, known)
    table = score_proteome(predictors["stack"], ask)
    assert len(table) == 2 * 4
    assert table["score"].between(0, 1).all()
    assert table["metabolite"].astype(str).is_monotonic_increasing
    falling = table.groupby("metabolite", observed=True)["score"].agg(
        lambda scores: scores.is_monotonic_decreasing
    )
    assert falling.all()
    transfer = score_proteome(Homologue(), ask, min_score=1e-6)
    assert transfer.astype({"protein": str, "metabolite": str}).to_dict("records") == [
        {"protein": "p1", "metabolite": observed.ids[1], "score": pytest.approx(0.4)}
    ]


@pytest.mark.skipif(shutil.which("diamond") is None, reason="diamond is not installed")
def test_a_known_enzyme_in_the_proteome_finds_itself() -> None:
    rng = np.random.default_rng(0)
    sequence = "".join(rng.choice(list("ACDEFGHIKLMNPQRSTVWY"), 200))
    hits = search({"protein": sequence}, {"hash": sequence})
    assert hits[["query", "subject"]].to_numpy().tolist() == [["protein", "hash"]]
    assert hits["identity"].iloc[0] == 1
