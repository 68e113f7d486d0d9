"""From interactions to scores of a proteome, on a small made-up world."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("torch")

from toy_interactions import OPTIONS, toy_world

from gemwright.embedding.protocol import Embeddings
from gemwright.emi.evaluation import RESULT_COLUMNS
from gemwright.emi.prediction import PREDICTORS, EmiModel, predict, read_model
from gemwright.emi.scoring import score_proteome
from gemwright.emi.stages import (
    EmiData,
    ModelOptions,
    evaluate_model,
    interactions_of,
    train_model,
)
from gemwright.errors import InputError
from gemwright.homology.diamond import search


@pytest.fixture(scope="module")
def world() -> EmiData:
    return toy_world()


@pytest.fixture(scope="module")
def model(world: EmiData) -> EmiModel:
    """Trained once for the module."""
    return train_model(world, OPTIONS)[0]


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


def test_the_table_of_results_has_every_predictor(world: EmiData, model: EmiModel) -> None:
    results = evaluate_model(model, world, "families", seed=7)
    assert list(results.columns) == RESULT_COLUMNS
    assert not results.duplicated(["predictor", "negatives", "ratio", "metric"]).any()
    assert len(results) == len(PREDICTORS) * 3 * 2 * 6
    assert results["value"].notna().all()
    table = results[results["ratio"] == 30.0].pivot(
        index=["negatives", "predictor"], columns="metric", values="value"
    )
    assert set(table.loc["hard"].index) == set(PREDICTORS)
    auroc = table["auroc"]
    assert auroc["hard", "tower"] > 0.8
    assert auroc["hard", "stack"] > auroc["hard", "popularity"]
    # any predictor of the metabolite alone is near chance here
    assert abs(auroc["popularity", "popularity"] - 0.5) < 0.2


def test_predictions_do_not_see_the_test_part(world: EmiData, model: EmiModel) -> None:
    parts = ("train", "validation")
    known = interactions_of(world.interactions, world.split, parts)
    hidden = world.split.loc[world.split["part"] == "test", "enzyme"]
    names = pd.Index(sorted(hidden))
    first = predict(model, world.enzymes.select(names), world.metabolites, world.hits, known)
    # other labels for the test part change nothing
    shuffled = world.interactions.copy()
    rows = shuffled["enzyme"].isin(hidden)
    shuffled.loc[rows, "metabolite"] = np.roll(shuffled.loc[rows, "metabolite"], 7)
    again = predict(
        model,
        world.enzymes.select(names),
        world.metabolites,
        world.hits,
        interactions_of(shuffled, world.split, parts),
    )
    for name in PREDICTORS:
        assert np.array_equal(first[name], again[name]), name


def test_a_model_survives_the_disk_byte_by_byte(
    world: EmiData, model: EmiModel, tmp_path: Path
) -> None:
    model.write(tmp_path / "a")
    again, _ = train_model(world, OPTIONS)
    again.write(tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["pool.parquet", "stack.json", "tower.safetensors"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    back = read_model(tmp_path / "a")
    assert back.votes == model.votes
    assert back.facts["enzyme_encoder"] == "made-up 1"
    known = world.interactions
    one = predict(model, world.enzymes, world.metabolites, world.hits, known)
    other = predict(back, world.enzymes, world.metabolites, world.hits, known)
    for name in PREDICTORS:
        assert np.array_equal(one[name], other[name])


def test_hiding_clusters_changes_what_training_sees(world: EmiData, model: EmiModel) -> None:
    other, _ = train_model(world, ModelOptions(replace(OPTIONS.training, hide="cluster")))
    assert other.facts["hide"] == "cluster"
    assert float(other.tower.bias.detach()) != float(model.tower.bias.detach())


def test_training_needs_a_validation_part(world: EmiData) -> None:
    split = world.split.assign(part="train")
    with pytest.raises(InputError, match="validation"):
        train_model(replace(world, split=split), OPTIONS)


def test_proteome_scores_are_sorted_and_cover_metabolites_never_seen(
    world: EmiData, model: EmiModel
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
    table = score_proteome(proteins, observed, hits, known, model)
    assert len(table) == 2 * 4
    assert table["score"].between(0, 1).all()
    assert table["metabolite"].astype(str).is_monotonic_increasing
    falling = table.groupby("metabolite", observed=True)["score"].agg(
        lambda scores: scores.is_monotonic_decreasing
    )
    assert falling.all()
    transfer = score_proteome(proteins, observed, hits, known, None, "homologue", min_score=1e-6)
    assert transfer.astype({"enzyme": str, "metabolite": str}).to_dict("records") == [
        {"enzyme": "p1", "metabolite": observed.ids[1], "score": pytest.approx(0.4)}
    ]
    with pytest.raises(InputError, match="scorer"):
        score_proteome(proteins, observed, hits, known, None, "stack")
    without = EmiModel(model.tower, model.pool)
    with pytest.raises(InputError, match="scorer"):
        score_proteome(proteins, observed, hits, known, without, "stack")


@pytest.mark.skipif(shutil.which("diamond") is None, reason="diamond is not installed")
def test_a_known_enzyme_in_the_proteome_finds_itself() -> None:
    rng = np.random.default_rng(0)
    sequence = "".join(rng.choice(list("ACDEFGHIKLMNPQRSTVWY"), 200))
    hits = search({"protein": sequence}, {"hash": sequence})
    assert hits[["query", "subject"]].to_numpy().tolist() == [["protein", "hash"]]
    assert hits["identity"].iloc[0] == 1
