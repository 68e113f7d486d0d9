"""Training and prediction: repeatable, resumable, blind to the labels of test targets."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from toy_deletions import toy_strategies

from gemwright.config.deletion_networks import NetworkOptions
from gemwright.deepgdel import training
from gemwright.deepgdel.network_prediction import predict_network
from gemwright.deepgdel.networks import NETWORKS
from gemwright.deepgdel.training import train_network
from gemwright.errors import InputError
from gemwright.learning.checkpoints import CHECKPOINT

TINY = NetworkOptions(
    embedding=4,
    hidden=6,
    epochs=4,
    updates=3,
    rate_factor=1.0,
    seed=1,
    device="cpu",
    checkpoint_every=2,
)


TRAIN, TEST = np.arange(12), np.array([12, 13])


@pytest.fixture(scope="module")
def data():
    return toy_strategies()


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_trains_and_predicts(name, data, tmp_path):
    weights, history = train_network(data, TRAIN, name, TINY, tmp_path)
    assert history.columns.tolist() == training.HISTORY_COLUMNS and len(history) == 4
    assert np.isfinite(history[["status", "validation"]]).all(axis=None) and history["best"][0]
    assert (history["metabolites"] > 0).all() == (name not in ("dnn", "gene_only"))
    assert (history["genes"] > 0).all() == (name in ("deepgdel", "gene_only", "shuffled"))
    assert [path.name for path in tmp_path.iterdir()] == [weights.name]
    chances = predict_network(data, TEST, weights)
    assert chances.shape == (2, 12) and chances.dtype == np.float64
    assert (chances[:, 0] == 1).all() and (chances[:, 1] == 0).all()
    assert ((chances[:, 2:] > 0) & (chances[:, 2:] < 1)).all()
    if name == "gene_only":
        np.testing.assert_array_equal(chances[0], chances[1])
    if name == "metabolite_only":
        assert (np.ptp(chances[:, 2:], axis=1) == 0).all()


def test_same_bytes_whatever_the_labels_of_test_targets(data, tmp_path):
    other = data.remains.copy()
    other[TEST] = 1 - other[TEST]
    weights, chances = [], []
    for number, one in enumerate((data, replace(data, remains=other))):
        path, _ = train_network(one, TRAIN[::-1], "deepgdel", TINY, tmp_path / str(number))
        weights.append(path.read_bytes())
        chances.append(predict_network(one, TEST, path))
    assert weights[0] == weights[1]
    np.testing.assert_array_equal(*chances)


def test_same_bytes_after_a_break(data, tmp_path, monkeypatch):
    whole, history = train_network(data, TRAIN, "deepgdel", TINY, tmp_path / "whole")
    validate, calls = training._Inputs.validate, []

    def stop(self, network):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return validate(self, network)

    monkeypatch.setattr(training._Inputs, "validate", stop)
    with pytest.raises(KeyboardInterrupt):
        train_network(data, TRAIN, "deepgdel", TINY, tmp_path / "broken")
    checkpoints = list((tmp_path / "broken").iterdir())
    assert len(checkpoints) == 1 and checkpoints[0].name == CHECKPOINT
    calls.clear()
    checkpoint = checkpoints[0].read_bytes()
    broken, again = train_network(data, TRAIN, "deepgdel", TINY, tmp_path / "broken")
    assert len(calls) == 2  # two of four epochs were done
    assert broken.read_bytes() == whole.read_bytes()
    assert again.equals(history) and list((tmp_path / "broken").iterdir()) == [broken]
    # a damaged checkpoint counts as missing
    monkeypatch.setattr(training._Inputs, "validate", validate)
    broken.unlink()
    checkpoints[0].write_bytes(checkpoint[:-1])
    train_network(data, TRAIN, "deepgdel", TINY, tmp_path / "broken")
    assert broken.read_bytes() == whole.read_bytes()


def test_finished_weights_are_taken_and_others_are_not(data, tmp_path, monkeypatch):
    weights, history = train_network(data, TRAIN, "identity", TINY, tmp_path)
    first = weights.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(training, "block_loss", None)
        _, again = train_network(
            data, TRAIN[::-1], "identity", replace(TINY, checkpoint_every=1), tmp_path
        )
    assert again.equals(history)
    train_network(data, TRAIN, "identity", replace(TINY, seed=2), tmp_path)
    assert weights.read_bytes() != first


def test_damaged_files_are_told(data, tmp_path):
    weights, _ = train_network(data, TRAIN, "identity", TINY, tmp_path)
    whole = weights.read_bytes()
    weights.write_bytes(whole[:100])
    with pytest.raises(InputError, match="no readable network"):
        predict_network(data, TEST, weights)
    # in the cache it counts as missing
    train_network(data, TRAIN, "identity", TINY, tmp_path)
    assert weights.read_bytes() == whole
    other = replace(data, sequences=("MM", *data.sequences[1:]))
    with pytest.raises(InputError, match="other genes"):
        predict_network(other, TEST, weights)


def test_unseen_characters_are_unknown(data, tmp_path):
    smiles = list(data.smiles)
    smiles[12], smiles[13] = "CXXO", "CYZO"
    strange = replace(data, smiles=tuple(smiles))
    weights, _ = train_network(strange, TRAIN, "deepgdel", TINY, tmp_path)
    known, _ = train_network(data, TRAIN, "deepgdel", TINY, tmp_path / "known")
    assert weights.read_bytes() == known.read_bytes()
    chances = predict_network(strange, TEST, weights)
    assert np.isfinite(chances).all()
    np.testing.assert_array_equal(chances[0], chances[1])


def test_prediction_of_a_target_does_not_depend_on_the_others(data, tmp_path):
    weights, _ = train_network(data, TRAIN, "deepgdel", TINY, tmp_path)
    both = predict_network(data, np.array([13, 4, 13]), weights)
    np.testing.assert_allclose(both[:1], predict_network(data, TEST[1:], weights), atol=1e-6)
    np.testing.assert_array_equal(both[0], both[2])
    assert predict_network(data, TEST[:0], weights).shape == (0, 12)


def test_patience_stops_and_the_best_epoch_is_kept(data, tmp_path):
    options = replace(TINY, epochs=60, learning_rate=0.05, patience=3)
    weights, history = train_network(data, TRAIN, "deepgdel", options, tmp_path)
    best = int(np.flatnonzero(history["best"])[-1])
    assert len(history) == best + 4 < 60
    assert history["validation"].min() == history["validation"][best]
    upto = replace(options, epochs=best + 1, patience=0)
    other, _ = train_network(data, TRAIN, "deepgdel", upto, tmp_path / "upto")
    np.testing.assert_array_equal(
        predict_network(data, TEST, weights), predict_network(data, TEST, other)
    )


def test_without_validation_the_last_epoch_counts(data, tmp_path):
    options = replace(TINY, validation_share=0.0, patience=1)
    _, history = train_network(data, TRAIN, "dnn", options, tmp_path)
    assert len(history) == 4 and history["best"].all() and history["validation"].isna().all()


def test_the_rule_is_learned(tmp_path):
    """Held-out targets that share a structure's length with training ones are predicted."""
    data = toy_strategies(n=24, m=8)
    options = NetworkOptions(
        embedding=24,
        hidden=24,
        learning_rate=0.03,
        rate_factor=1.0,
        updates=2,
        epochs=120,
        patience=30,
        device="cpu",
    )
    test = np.arange(16, 24)
    weights, _ = train_network(data, np.arange(16), "deepgdel", options, tmp_path)
    chances = predict_network(data, test, weights)
    assert ((chances > 0.5) == (data.remains[test] == 1)).mean() > 0.9


def test_wrong_input_is_told(data, tmp_path):
    with pytest.raises(InputError, match="not known"):
        train_network(data, TRAIN, "lstm", TINY, tmp_path)
    with pytest.raises(InputError, match="too few"):
        train_network(data, TRAIN[:1], "deepgdel", TINY, tmp_path)
    with pytest.raises(InputError, match="balance"):
        train_network(data, TRAIN, "deepgdel", replace(TINY, balance="genes"), tmp_path)
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="CUDA"):
            train_network(data, TRAIN, "deepgdel", replace(TINY, device="cuda"), tmp_path)


def test_the_rate_factor_is_for_the_networks_with_an_lstm(data, tmp_path):
    def losses(name, rate, factor):
        options = replace(TINY, learning_rate=rate, rate_factor=factor, checkpoint_every=0)
        folder = tmp_path / f"{name}{rate}{factor}"
        return train_network(data, TRAIN, name, options, folder)[1]["status"].tolist()

    assert losses("gene_only", 1e-3, 10.0) == losses("gene_only", 1e-2, 1.0)
    assert losses("gene_only", 1e-3, 10.0) != losses("gene_only", 1e-3, 1.0)
    assert losses("dnn", 1e-3, 10.0) == losses("dnn", 1e-3, 1.0)
