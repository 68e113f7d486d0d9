"""Homologue votes, popularity and the stack."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.emi.controls import popularity, votes_or_popularity
from gemwright.emi.homologues import VoteOptions, homologue_votes
from gemwright.emi.stacking import FEATURES, Stack, fit_stack, read_stack
from gemwright.errors import InputError

METABOLITES = pd.Index(["m0", "m1", "m2"])


def _hits(rows: list[tuple[str, str, float]], coverage: float = 1.0) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["query", "subject", "identity"])
    return table.assign(query_coverage=coverage, subject_coverage=1.0, bitscore=100.0)


def _known(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["enzyme", "metabolite"])


def test_popularity_is_the_share_of_enzymes() -> None:
    known = _known(("a", "m0"), ("b", "m0"), ("b", "m1"), ("c", "m0"), ("d", "m1"))
    assert popularity(known, METABOLITES).tolist() == pytest.approx([3 / 4, 2 / 4, 0])


def test_votes_are_weighted_by_identity_and_coverage() -> None:
    known = _known(("a", "m0"), ("a", "m1"), ("b", "m1"), ("q", "m2"))
    hits = _hits([("q", "a", 0.8), ("q", "b", 0.2), ("q", "q", 1.0), ("q", "unknown", 0.9)])
    queries = pd.Index(["p", "q"])
    mean = homologue_votes(queries, METABOLITES, hits, known, VoteOptions(combine="mean"))
    # weighted share of those that have it, times the largest weight; never by itself
    assert mean.toarray()[1].tolist() == pytest.approx([0.8 * 0.8, 0.8, 0])
    assert mean.toarray()[0].tolist() == [0, 0, 0]
    largest = homologue_votes(queries, METABOLITES, hits, known, VoteOptions(combine="max"))
    assert largest.toarray()[1].tolist() == pytest.approx([0.8, 0.8, 0])
    half = hits.assign(query_coverage=0.5)
    assert homologue_votes(queries, METABOLITES, half, known).toarray()[1, 1] == pytest.approx(0.4)
    bits = VoteOptions(weight="bitscore", combine="max")
    assert homologue_votes(queries, METABOLITES, hits, known, bits).toarray()[
        1, 0
    ] == pytest.approx(0.5)


def test_cluster_mates_do_not_vote_if_hidden() -> None:
    known = _known(("a", "m0"), ("b", "m1"))
    hits = _hits([("q", "a", 0.8), ("q", "b", 0.3)])
    groups = pd.Series({"q": "c1", "a": "c1", "b": "c2"})
    votes = homologue_votes(pd.Index(["q"]), METABOLITES, hits, known, groups=groups)
    assert votes.toarray()[0].tolist() == pytest.approx([0, 0.3, 0])


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("qr"), st.sampled_from("abc")), st.floats(0.01, 1), max_size=6
    ),
    st.sets(st.tuples(st.sampled_from("abc"), st.sampled_from(list(METABOLITES))), min_size=1),
)
def test_votes_equal_a_plain_loop(
    edges: dict[tuple[str, str], float], known_pairs: set[tuple[str, str]]
) -> None:
    hits = _hits([(q, s, w) for (q, s), w in edges.items()])
    known = _known(*sorted(known_pairs))
    voters = {e for e, _ in known_pairs}
    for combine in ("max", "mean"):
        votes = homologue_votes(
            pd.Index(["q", "r"]), METABOLITES, hits, known, VoteOptions(combine=combine)
        ).toarray()
        for row, query in enumerate("qr"):
            weights = {s: w for (q, s), w in edges.items() if q == query and s in voters}
            for column, metabolite in enumerate(METABOLITES):
                have = [w for s, w in weights.items() if (s, metabolite) in known_pairs]
                if combine == "max":
                    expected = max(have, default=0)
                else:
                    total = sum(weights.values())
                    expected = max(weights.values(), default=0) * sum(have) / total if have else 0
                assert votes[row, column] == pytest.approx(expected, abs=1e-5)


def test_popularity_stands_in_only_where_there_is_no_homologue() -> None:
    votes = np.array([[0.2, 0, 0], [0, 0, 0]], dtype=np.float32)
    popular = np.array([0.1, 0.4, 0.2], dtype=np.float32)
    scores = votes_or_popularity(votes, popular)
    assert scores[0].tolist() == pytest.approx([0.6, 0, 0])
    assert scores[1].tolist() == pytest.approx([0.125, 0.5, 0.25])


def _problem() -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(0)
    votes = np.where(rng.random((200, 30)) < 0.1, rng.random((200, 30)), 0).astype(np.float32)
    votes[:60] = 0
    tower = rng.random((200, 30)).astype(np.float32)
    truth = (rng.random((200, 30)) < 0.05 + 0.3 * tower**4 + 0.6 * (votes > 0.3)).astype(int)
    row, column = np.indices(truth.shape).reshape(2, -1)
    return row, column, truth.ravel(), tower, votes, truth[:60].mean(axis=0).astype(np.float32)


def test_the_stack_ranks_better_than_its_parts_and_survives_the_disk(tmp_path: Path) -> None:
    from sklearn.metrics import roc_auc_score

    row, column, label, tower, votes, popular = _problem()
    stack = fit_stack(row, column, label, tower, votes, popular)
    scores = stack.predict(tower, votes, popular)
    assert ((scores > 0) & (scores < 1)).all()
    alone = max(roc_auc_score(label, tower.ravel()), roc_auc_score(label, votes.ravel()))
    assert roc_auc_score(label, scores.ravel()) > alone + 0.02
    # logistic regression is calibrated in the mean on what it was fitted on
    assert scores.mean() == pytest.approx(label.mean(), abs=1e-3)
    stack.write(tmp_path / "stack.json")
    assert read_stack(tmp_path / "stack.json") == stack
    (tmp_path / "stack.json").write_text("{}")
    with pytest.raises(InputError, match="no readable stack"):
        read_stack(tmp_path / "stack.json")


def test_the_stacks_formula() -> None:
    values = dict.fromkeys(FEATURES, 0.0) | {"tower logit": 2.0, "vote": 1.0}
    stack = Stack(tuple(values.values()), -0.5)
    tower = np.array([[0.7]], dtype=np.float32)
    logit = 2 * np.log(0.7 / 0.3) + 0.4 - 0.5
    score = stack.predict(tower, np.array([[0.4]], np.float32), np.array([0.1], np.float32))
    assert score[0, 0] == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-5)
