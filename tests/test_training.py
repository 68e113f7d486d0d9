"""Training of the tower: it learns, stops, resumes, and repeats itself exactly."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

torch = pytest.importorskip("torch")

from gemwright.config.negatives import NegativeOptions  # noqa: E402
from gemwright.config.training import TrainingOptions  # noqa: E402
from gemwright.embedding.protocol import Embeddings  # noqa: E402
from gemwright.emi.negatives import label_pairs  # noqa: E402
from gemwright.emi.tower import save_tower, score_matrix  # noqa: E402
from gemwright.emi.training import TrainingData, train_tower  # noqa: E402
from gemwright.errors import InputError  # noqa: E402
from gemwright.learning.checkpoints import CHECKPOINT  # noqa: E402

OPTIONS = TrainingOptions(
    input_dropout=0.2,
    inputs="sequence",
    hidden=16,
    dimension=8,
    epochs=6,
    patience=0,
    batch_enzymes=16,
    learning_rate=1e-2,
    device="cpu",
    threads=1,
)


def _data(seed: int, n: int = 60) -> TrainingData:
    """Enzymes whose vector says which of twelve metabolites they act on."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 12, n)
    enzymes = pd.Index([f"e{seed}_{i:03d}" for i in range(n)])
    vectors = np.eye(12)[kind] + 0.1 * rng.normal(size=(n, 12))
    metabolites = pd.Index([f"m{i:02d}" for i in range(12)])
    known = pd.DataFrame({"enzyme": enzymes, "metabolite": metabolites[kind]})
    labelled, _ = label_pairs(
        known,
        known,
        metabolites,
        np.full((12, 12), 0.9, np.float32),
        NegativeOptions(ratio=5, seed=seed),
    )
    votes = csr_array(
        (np.ones(n, np.float32), (np.arange(n), kind)), shape=(n, 12), dtype=np.float32
    )
    return TrainingData(
        labelled,
        Embeddings(enzymes, vectors.astype(np.float32)),
        Embeddings(metabolites, np.eye(12, dtype=np.float32)),
        votes,
    )


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TQDM_DISABLE", "1")


def test_training_learns_what_the_vectors_say() -> None:
    training, validation = _data(0, 120), _data(1)
    tower, history = train_tower(training, validation, replace(OPTIONS, epochs=25))
    assert history["loss"].iloc[-1] < 0.5 * history["loss"].iloc[0]
    assert history["validation_aupr"].iloc[-1] > 0.9
    scores = score_matrix(tower, validation.enzymes.values, validation.metabolites.values)
    truth = validation.votes.toarray().argmax(axis=1)
    assert (scores.argmax(axis=1) == truth).mean() > 0.9


def test_same_seed_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    content = []
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        tower, _ = train_tower(_data(0), _data(1), replace(OPTIONS, seed=seed))
        path = tmp_path / name
        save_tower(tower, path, {})
        content.append(path.read_bytes())
    assert content[0] == content[1]
    assert content[0] != content[2]


def test_the_order_of_the_pairs_does_not_matter() -> None:
    training = _data(0)
    shuffled = replace(training, labelled=training.labelled.sample(frac=1, random_state=0))
    first, _ = train_tower(training, None, OPTIONS)
    second, _ = train_tower(shuffled, None, OPTIONS)
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("inputs", ["sequence", "sequence+homologues"])
def test_a_resumed_run_equals_an_unbroken_one(tmp_path: Path, inputs: str) -> None:
    options = replace(OPTIONS, inputs=inputs, dropout=0.3, votes_dropout=0.3)
    whole, whole_history = train_tower(_data(0), _data(1), options)
    train_tower(_data(0), _data(1), replace(options, epochs=2), tmp_path)
    assert (tmp_path / CHECKPOINT).is_file()
    resumed, history = train_tower(_data(0), _data(1), options, tmp_path)
    pd.testing.assert_frame_equal(history, whole_history)
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(one, other)


def test_checkpoints_of_other_options_are_refused(tmp_path: Path) -> None:
    train_tower(_data(0), None, replace(OPTIONS, epochs=1), tmp_path)
    with pytest.raises(InputError, match="other data or options"):
        train_tower(_data(0), None, replace(OPTIONS, margin=0.9), tmp_path)


def test_a_damaged_checkpoint_counts_as_missing(tmp_path: Path, caplog) -> None:
    whole, _ = train_tower(_data(0), None, OPTIONS)
    train_tower(_data(0), None, replace(OPTIONS, epochs=1), tmp_path)
    path = tmp_path / CHECKPOINT
    path.write_bytes(path.read_bytes()[:-10])
    again, _ = train_tower(_data(0), None, OPTIONS, tmp_path)
    assert "no readable checkpoint" in caplog.text
    for one, other in zip(whole.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


def test_early_stopping_keeps_the_best_epoch() -> None:
    # a huge step spoils the weights after the first epochs
    options = replace(OPTIONS, epochs=40, patience=3, learning_rate=0.2)
    tower, history = train_tower(_data(0), _data(1), options)
    best = int(history["validation_aupr"].idxmax())
    assert len(history) == best + 1 + 3 < 40
    assert history["best"].iloc[best]
    assert not history["best"].iloc[best + 1 :].any()
    assert float(tower.bias.detach()) == pytest.approx(history["bias"].iloc[best])


def test_votes_are_an_input_and_missing_ones_are_told() -> None:
    options = replace(OPTIONS, inputs="sequence+homologues", epochs=10)
    blind = _data(0)
    noise = np.random.default_rng(0).normal(size=blind.enzymes.values.shape).astype(np.float32)
    blind = replace(blind, enzymes=Embeddings(blind.enzymes.ids, noise))
    tower, _ = train_tower(blind, None, options)
    scores = score_matrix(tower, noise, blind.metabolites.values, blind.votes)
    truth = blind.votes.toarray().argmax(axis=1)
    assert (scores.argmax(axis=1) == truth).mean() > 0.9
    with pytest.raises(InputError, match="needs votes"):
        train_tower(replace(blind, votes=None), None, options)


def test_pairs_without_vectors_are_told() -> None:
    training = _data(0)
    fewer = Embeddings(training.enzymes.ids[1:], training.enzymes.values[1:])
    with pytest.raises(InputError, match="no vector"):
        train_tower(replace(training, enzymes=fewer), None, OPTIONS)
