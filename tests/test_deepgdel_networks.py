"""Tokens, buckets, balance and networks: masks, pads, and both trainers give the same gradients."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pair_training import pair_loss

from gemwright.deepgdel.balance import balanced_pairs, split_validation
from gemwright.deepgdel.block_training import (
    PairCounts,
    block_loss,
    count_pairs,
    encode_texts,
    gene_steps,
    length_buckets,
)
from gemwright.deepgdel.networks import (
    NETWORKS,
    DeletionNetwork,
    NetworkShape,
    SequenceAutoencoder,
)
from gemwright.deepgdel.tokens import (
    FIRST,
    PAD,
    UNKNOWN,
    Texts,
    Vocabulary,
    make_bucket,
    make_buckets,
    tokenise,
)
from gemwright.errors import InputError

SMILES = ("CCO", "CC(=O)[O-]", "c1ccccc1", "CCO", "O", "C")
SEQUENCES = ("MKVLAAGT", "MKV", "MINP", "MAAAAAAAAAAKLWY", "MINP", "MKQL", "MW")


def problem(name, seed=0, dtype=torch.float64):
    metabolites = tokenise(SMILES, Vocabulary.of(SMILES))
    genes = tokenise(SEQUENCES, Vocabulary.of(SEQUENCES))
    if name == "gene_only":
        metabolites = Texts((np.array([UNKNOWN]),), np.zeros(len(SMILES), dtype=np.int64))
    if name in ("identity", "metabolite_only"):
        genes = Texts((np.array([UNKNOWN]),) * len(SEQUENCES), np.arange(len(SEQUENCES)))
    torch.manual_seed(seed)
    network = DeletionNetwork(NetworkShape(name, 20, 30, 10, 15, len(genes), 5, 6)).to(dtype)
    generator = np.random.default_rng(seed)
    remains = generator.integers(0, 2, (len(SMILES), len(SEQUENCES))).astype(np.int8)
    chosen = generator.random(remains.shape) < 0.6
    return SimpleNamespace(**locals())


def gradients(network, loss):
    network.zero_grad()
    loss.total.backward()
    return {n: p.grad.clone() for n, p in network.named_parameters() if p.grad is not None}


def test_vocabulary_keeps_case_and_knows_what_it_does_not_know():
    vocabulary = Vocabulary.of(["Cc", "O"])
    assert vocabulary.characters == "COc" and vocabulary.size == 5
    assert vocabulary.encode("cCX").tolist() == [FIRST + 2, FIRST, UNKNOWN]
    assert vocabulary.encode("").tolist() == [UNKNOWN]


def test_equal_texts_are_one():
    texts = tokenise(["b", "a", "b"], Vocabulary("ab"))
    assert len(texts) == 2 and texts.text_of.tolist() == [1, 0, 1]


def test_padding_stands_behind_the_text():
    bucket = make_bucket(tokenise(["ab", "a"], Vocabulary("ab")), [0, 1, 1], 3)
    assert bucket.tokens.T.tolist() == [[2, PAD, PAD], [2, 3, PAD], [2, 3, PAD]]
    assert bucket.lengths.tolist() == [1, 2, 2]


@settings(max_examples=30)
@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=9),
    st.integers(1, 30),
    st.integers(0, 3),
    st.integers(1, 9),
)
def test_buckets_cost_least(lengths, most_tokens, step_cost, most_texts):
    texts = Texts(tuple(np.full(n, FIRST) for n in lengths), np.arange(len(lengths)))
    buckets = make_buckets(texts, np.arange(len(lengths)), most_tokens, step_cost, most_texts)
    items = [item for bucket in buckets for item in bucket.items.tolist()]
    assert sorted(items) == list(range(len(lengths)))
    cost = sum(len(b.tokens) * (len(b.items) + step_cost) for b in buckets)
    ordered = sorted(lengths)
    best = float("inf")
    for cuts in itertools.product([False, True], repeat=len(ordered) - 1):
        parts = np.split(ordered, np.flatnonzero(cuts) + 1)
        if all(
            len(p) == 1 or (len(p) <= most_texts and len(p) * p[-1] <= most_tokens) for p in parts
        ):
            best = min(best, sum(p[-1] * (len(p) + step_cost) for p in parts))
    assert cost == best


def test_steps_hold_every_bucket_once_and_differ_between_epochs():
    texts = Texts(tuple(np.full(n, FIRST) for n in range(1, 30)), np.arange(29))
    buckets = length_buckets(texts, np.arange(29), 8)
    first, again, other = (gene_steps(buckets, 4, seed) for seed in ((1, 0), (1, 0), (1, 1)))
    for steps in (first, other):
        numbers = [n for step in steps for bucket in step for n in bucket.items.tolist()]
        assert sorted(numbers) == list(range(29)) and len(steps) == 4
    key = [[[*b.items.tolist()] for b in step] for step in first]
    assert key == [[[*b.items.tolist()] for b in step] for step in again]
    assert key != [[[*b.items.tolist()] for b in step] for step in other]


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("seed", [0, 1])
def test_block_equals_pair_by_pair(name, seed):
    """The same pairs, encoded once by text or once by pair: equal losses and gradients."""
    p = problem(name, seed)
    counts = count_pairs(p.remains, p.chosen, p.metabolites, p.genes, np.arange(len(SMILES)))
    counts = PairCounts(counts.kept.double(), counts.deleted.double())
    weight = counts.weight.numpy()
    block = block_loss(
        p.network,
        make_buckets(p.metabolites, np.flatnonzero(weight.any(axis=1)), 16, 1, 3),
        make_buckets(p.genes, np.flatnonzero(weight.any(axis=0)), 20, 1, 3),
        counts,
    )
    own = gradients(p.network, block)
    for padding in ("batch", "uniform", "packed"):
        targets, genes = np.nonzero(p.chosen)
        pairs = pair_loss(p.network, p.metabolites, p.genes, targets, genes, p.remains, padding)
        for part in ("status", "metabolites", "genes"):
            torch.testing.assert_close(
                getattr(block, part), getattr(pairs, part), rtol=1e-6, atol=1e-12,
                check_dtype=False,
            )  # fmt: skip
        for key, gradient in gradients(p.network, pairs).items():
            torch.testing.assert_close(own[key], gradient, rtol=1e-6, atol=1e-12)


def test_batches_of_pairs_add_up_to_the_block():
    p = problem("deepgdel", 2, torch.float32)
    counts = count_pairs(p.remains, p.chosen, p.metabolites, p.genes, np.arange(len(SMILES)))
    items = np.flatnonzero(counts.weight.numpy().any(axis=0))
    buckets = [make_buckets(texts, i, 99, 1, 9) for texts, i in (
        (p.metabolites, np.flatnonzero(counts.weight.numpy().any(axis=1))), (p.genes, items)
    )]  # fmt: skip
    own = gradients(p.network, block_loss(p.network, *buckets, counts))
    targets, genes = np.nonzero(p.chosen)
    total = {key: torch.zeros_like(value) for key, value in own.items()}
    for start in range(0, len(targets), 8):
        part = slice(start, start + 8)
        loss = pair_loss(p.network, p.metabolites, p.genes, targets[part], genes[part], p.remains)
        for key, value in gradients(p.network, loss).items():
            total[key] += value * len(targets[part]) / len(targets)
    for key, value in own.items():
        torch.testing.assert_close(value, total[key], rtol=1e-5, atol=1e-5)


def test_the_autoencoder_by_hand():
    """Z and the loss of one text, from the equations, position by position."""
    shape = NetworkShape("deepgdel", 5, 5, 3, 3, 1, 3, 4)
    torch.manual_seed(0)
    side = SequenceAutoencoder(5, shape).double()
    tokens = torch.tensor([2, 4, 3])
    bucket = make_bucket(Texts((tokens.numpy(), np.array([2] * 6)), np.arange(2)), [0, 1])

    def lstm(module, inputs, h, c):
        states = []
        for x in inputs:
            gates = (
                module.weight_ih_l0 @ x + module.bias_ih_l0
                + module.weight_hh_l0 @ h + module.bias_hh_l0
            )  # fmt: skip
            i, f, g, o = gates.chunk(4)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            states.append(h)
        return torch.stack(states)

    nothing = torch.zeros(4, dtype=torch.float64)
    states = lstm(side.encoder, side.embedding.weight[tokens], nothing, nothing)
    normed = (states - states.mean(1, keepdim=True)) / (
        states.var(1, unbiased=False, keepdim=True) + 1e-5
    ).sqrt()
    z = (normed * side.norm.weight + side.norm.bias).mean(0)
    decoded = lstm(side.decoder, [z] * 3, side.start_hidden(z), side.start_cell(z))
    chances = torch.softmax(side.generate(decoded), dim=1)
    loss = -torch.log(chances[range(3), tokens - FIRST]).mean()
    found_z, found_loss = side(bucket)
    torch.testing.assert_close(found_z[0], z)
    torch.testing.assert_close(found_loss[0], loss)


def test_the_dnn_is_two_layers_on_the_concatenation():
    p = problem("dnn")
    network = p.network
    bucket_m, bucket_g = make_bucket(p.metabolites, [1]), make_bucket(p.genes, [3])
    embedded = [
        torch.cat(
            [
                side.embedding(bucket.tokens[:, 0]),
                torch.zeros(side.length - len(bucket.tokens), 5, dtype=torch.float64),
            ]
        ).flatten()
        for side, bucket in (
            (network.gene_side, bucket_g),
            (network.metabolite_side, bucket_m),
        )
    ]
    w1 = torch.cat([network.gene_side.weight, network.metabolite_side.weight]).T
    h1 = torch.relu(w1 @ torch.cat(embedded) + network.head.bias)
    found = network.grid_logits(
        network.metabolite_side.encode(bucket_m), network.gene_side.encode(bucket_g)
    )
    torch.testing.assert_close(found[0], network.head.output(h1))


def test_ablations_do_not_look_at_the_other_side():
    for name, side in (("gene_only", "metabolite_side"), ("metabolite_only", "gene_side")):
        p = problem(name)
        ones = getattr(p.network, side).encode(make_bucket(p.metabolites, [0]))
        assert (ones == 1).all() and not list(getattr(p.network, side).parameters())


def test_encoding_keeps_the_order_asked_for():
    p = problem("deepgdel")
    side = p.network.gene_side
    items = np.array([4, 0, 2])
    found = encode_texts(side, p.genes, items, torch.device("cpu"))
    for item, vector in zip(items, found, strict=True):
        torch.testing.assert_close(vector, side.encode(make_bucket(p.genes, [item]))[0])


def test_unknown_characters_and_pads_are_zero():
    side = problem("deepgdel").network.metabolite_side
    assert not side.embedding.weight[[PAD, UNKNOWN]].any()


def test_unknown_network():
    with pytest.raises(InputError, match="not known"):
        DeletionNetwork(NetworkShape("lstm", 3, 3, 1, 1, 1))


@settings(max_examples=40)
@given(st.integers(2, 12), st.integers(1, 12), st.integers(0, 10**6))
def test_balance(n, m, seed):
    generator = np.random.default_rng(seed)
    remains = (generator.random((n, m)) < generator.random(m)).astype(np.int8)
    chosen = balanced_pairs(remains, seed, "paper")
    np.testing.assert_array_equal(chosen, balanced_pairs(remains, seed, "paper"))
    if remains.min() == remains.max():
        assert chosen.all()
        return
    kept = remains == 1
    assert (chosen & kept).sum() == (chosen & ~kept).sum()
    rarer = np.minimum(kept.sum(axis=0), n - kept.sum(axis=0))
    varies = rarer > 0
    for state in (kept, ~kept):
        assert ((chosen & state).sum(axis=0)[varies] <= rarer[varies]).all()
    by_class = balanced_pairs(remains, seed, "classes")
    assert (by_class & kept).sum() == (by_class & ~kept).sum() == min(kept.sum(), (~kept).sum())


def test_balance_by_gene_before_classes():
    """Six kept and two deleted: two of each; the constant genes even out."""
    remains = np.array([[1, 1, 0]] * 6 + [[0, 1, 0]] * 2, dtype=np.int8)
    chosen = balanced_pairs(remains, 3, "paper")
    assert chosen[:, 0].sum() == 4 and chosen[6:, 0].all() and chosen[:, 1:].all()
    with pytest.raises(InputError, match="balance"):
        balanced_pairs(remains, 3, "genes")


def test_split_validation():
    fit, held = split_validation(np.arange(37), 0.1, 5)
    assert len(held) == 4 and sorted([*fit, *held]) == list(range(37))
    assert len(split_validation(np.arange(5), 0.0, 5)[1]) == 0
    with pytest.raises(InputError, match="too few"):
        split_validation(np.arange(1), 0.1, 5)
