"""The dual tower's equations, its loss and its file."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from gemwright.emi.tower import (  # noqa: E402
    DualTower,
    Entries,
    TowerOptions,
    joint_loss,
    load_tower,
    save_tower,
    score_matrix,
)
from gemwright.errors import InputError  # noqa: E402


def _tower(votes: int = 0, dropout: float = 0.0) -> DualTower:
    torch.manual_seed(1)
    return DualTower(
        TowerOptions(
            enzyme_dimension=5,
            metabolite_dimension=7,
            votes_dimension=votes,
            hidden=6,
            dimension=4,
            input_dropout=0.0,
            dropout=dropout,
            temperature=0.1,
            bias=-1.0,
        )
    )


def _vectors(rows: int, columns: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)


def test_score_is_the_sigmoid_of_scaled_cosine() -> None:
    tower = _tower()
    enzymes, metabolites = _vectors(3, 5, 0), _vectors(4, 7, 1)
    with torch.no_grad():
        z_e = tower.encode_enzymes(torch.from_numpy(enzymes)).numpy()
        z_m = tower.encode_metabolites(torch.from_numpy(metabolites)).numpy()
    assert np.allclose(np.linalg.norm(z_e, axis=1), 1, atol=1e-6)
    assert np.allclose(np.linalg.norm(z_m, axis=1), 1, atol=1e-6)
    temperature = np.exp(float(tower.log_temperature.detach()))
    assert temperature == pytest.approx(0.1)
    expected = 1 / (1 + np.exp(-(z_e @ z_m.T / temperature - 1.0)))
    scores = score_matrix(tower, enzymes, metabolites, batch=2)
    assert scores.dtype == np.float32
    assert np.allclose(scores, expected, atol=1e-6)


@pytest.mark.parametrize("triplet_weight", [0.0, 0.7])
@pytest.mark.parametrize("votes", [0, 4])
def test_loss_and_gradients_equal_a_pair_by_pair_reference(
    triplet_weight: float, votes: int
) -> None:
    tower = _tower(votes).double()
    enzymes = torch.from_numpy(_vectors(3, 5, 2)).double()
    metabolites = torch.from_numpy(_vectors(4, 7, 3)).double()
    voted = torch.from_numpy(np.abs(_vectors(3, 4, 4))).double() if votes else None
    # (enzyme, metabolite, label, place of its positive)
    pairs = [(0, 1, 1, 0), (0, 0, 0, 0), (0, 2, 0, 0), (1, 3, 1, 3), (1, 2, 0, 3), (2, 0, 1, 5)]
    entries = Entries(*(torch.tensor(column) for column in zip(*pairs, strict=True)))
    entries = Entries(entries.row, entries.column, entries.label.double(), entries.anchor)

    pool = tower.encode_metabolites(metabolites)
    fast = joint_loss(
        tower,
        tower.encode_enzymes(enzymes, voted, pool),
        pool,
        entries,
        triplet_weight,
        0.3,
    )
    fast.backward()
    gradients = {name: p.grad.clone() for name, p in tower.named_parameters()}
    tower.zero_grad()

    def one(vector: torch.Tensor, head: torch.nn.Module) -> torch.Tensor:
        hidden = torch.nn.functional.gelu(
            head.hidden.weight @ ((vector - head.centre) * head.scale) + head.hidden.bias
        )
        z = head.project.weight @ hidden + head.project.bias
        return z / z.norm()

    def cosine(e: int, m: int) -> torch.Tensor:
        z_e = one(enzymes[e], tower.enzyme_head)
        if voted is not None:
            total = sum(voted[e, k] * one(metabolites[k], tower.metabolite_head) for k in range(4))
            z_e = z_e + tower.votes_gain * total
            z_e = z_e / z_e.norm()
        return z_e @ one(metabolites[m], tower.metabolite_head)

    cross, triplets = [], []
    for e, m, label, anchor in pairs:
        p = torch.sigmoid(cosine(e, m) / tower.log_temperature.exp() + tower.bias)
        cross.append(-torch.log(p) if label else -torch.log(1 - p))
        if not label:
            d_positive = 1 - cosine(e, pairs[anchor][1])
            triplets.append(torch.clamp(d_positive - (1 - cosine(e, m)) + 0.3, min=0))
    slow = sum(cross) / len(cross) + triplet_weight * sum(triplets) / len(triplets)
    slow.backward()
    assert float(fast.detach()) == pytest.approx(float(slow.detach()), abs=1e-6)
    for name, parameter in tower.named_parameters():
        assert torch.allclose(gradients[name], parameter.grad, atol=1e-6), name


def test_votes_pull_an_enzyme_towards_the_metabolites_voted_for() -> None:
    tower = _tower(votes=4).eval()
    enzymes, metabolites = _vectors(1, 5, 5), _vectors(4, 7, 6)
    without = score_matrix(tower, enzymes, metabolites, np.zeros((1, 4), np.float32))
    votes = np.array([[0, 0, 5, 0]], dtype=np.float32)
    with_votes = score_matrix(tower, enzymes, metabolites, votes)
    assert with_votes[0, 2] > without[0, 2]
    assert with_votes[0].argmax() == 2
    # the pool may differ from the metabolites that are scored
    same = score_matrix(tower, enzymes, metabolites[2:3], votes, pool=metabolites)
    assert np.allclose(same[0, 0], with_votes[0, 2], atol=1e-6)
    with pytest.raises(ValueError, match="votes"):
        tower.encode_enzymes(torch.from_numpy(enzymes))


def test_saved_tower_is_the_same_and_so_are_its_bytes(tmp_path: Path) -> None:
    tower = _tower(votes=3, dropout=0.5)
    save_tower(tower, tmp_path / "a.safetensors", {"seed": 3, "encoder": "kmer", "b": [1, 2]})
    save_tower(tower, tmp_path / "b.safetensors", {"b": [1, 2], "encoder": "kmer", "seed": 3})
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()
    loaded, facts = load_tower(tmp_path / "a.safetensors")
    assert facts == {"seed": 3, "encoder": "kmer", "b": [1, 2]}
    assert loaded.options == tower.options
    assert not loaded.training
    for name, value in tower.state_dict().items():
        assert torch.equal(value, loaded.state_dict()[name])


def test_damaged_tower_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.safetensors"
    with pytest.raises(InputError, match="no readable tower"):
        load_tower(path)
    save_tower(_tower(), path, {})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="no readable tower"):
        load_tower(path)
