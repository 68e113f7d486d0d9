"""Homologue votes, popularity and the stack."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.embedding.protocol import Embeddings
from gemwright.emi.data import EmiData
from gemwright.emi.homologues import VoteOptions, homologue_votes
from gemwright.emi.models.homologue_or_popularity import HomologueOrPopularity
from gemwright.emi.models.popularity import Popularity
from gemwright.emi.models.stack import FEATURES, Stack
from gemwright.emi.models.tower import Tower
from gemwright.emi.question import Question

METABOLITES = pd.Index(["m0", "m1", "m2"])


def _hits(rows: list[tuple[str, str, float]], coverage: float = 1.0) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["query", "subject", "identity"])
    return table.assign(query_coverage=coverage, subject_coverage=1.0, bitscore=100.0)


def _known(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["enzyme", "metabolite"])


def question(enzymes: str, known: pd.DataFrame, hits: pd.DataFrame) -> Question:
    """Ask about enzymes of one letter, whose vectors no control looks at."""
    ids = pd.Index(list(enzymes))
    vectors = Embeddings(ids, np.zeros((len(ids), 1), np.float32))
    pool = Embeddings(METABOLITES, np.zeros((len(METABOLITES), 1), np.float32))
    return Question(vectors, pool, hits, known)


def test_popularity_is_the_share_of_enzymes() -> None:
    known = _known(("a", "m0"), ("b", "m0"), ("b", "m1"), ("c", "m0"), ("d", "m1"))
    scores = Popularity().predict(question("xy", known, _hits([])))
    assert scores.tolist() == 2 * [pytest.approx([3 / 4, 2 / 4, 0])]


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


def test_votes_over_other_metabolites_are_the_same_votes() -> None:
    known = _known(("a", "m0"), ("a", "m2"), ("b", "gone"))
    hits = _hits([("q", "a", 0.8), ("r", "b", 0.3)])
    ask = question("qr", known, hits)
    over = pd.Index(["m2", "new", "m0", "gone"])
    for options in (VoteOptions(), VoteOptions(combine="max", coverage=False)):
        for wanted in (over, METABOLITES):
            plain = homologue_votes(ask.enzymes.ids, wanted, hits, known, options)
            assert np.array_equal(ask.votes(wanted, options).toarray(), plain.toarray())


def test_popularity_stands_in_only_where_there_is_no_homologue() -> None:
    known = _known(*[("a", "m1")] * 2, *zip("bcde", ["m1", "m1", "m2", "m0"], strict=True))
    known = pd.concat([known, _known(("f", "m2"))])
    hits = _hits([("q", "e", 0.2)])
    scores = HomologueOrPopularity().predict(question("qr", known, hits))
    assert scores[0].tolist() == pytest.approx([0.6, 0, 0])
    assert scores[1].tolist() == pytest.approx([0.5 / 3, 0.5, 1 / 3])


class FixedTower(Tower):
    """A tower that says what it is told to."""

    def __init__(self, scores: np.ndarray) -> None:
        self.scores = scores

    def predict(self, question: Question) -> np.ndarray:
        return self.scores


def test_the_stack_ranks_better_than_its_parts() -> None:
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    enzymes, known_enzymes = [f"q{i:03d}" for i in range(200)], [f"k{i:03d}" for i in range(300)]
    pool = pd.Index([f"m{i:02d}" for i in range(30)])
    known = pd.DataFrame({"enzyme": known_enzymes, "metabolite": rng.choice(pool, 300)})
    table = [
        (one, other, rng.random()) for one in enzymes[60:] for other in rng.choice(known_enzymes, 4)
    ]
    hits = _hits(table)
    vectors = Embeddings(pd.Index(enzymes), np.zeros((200, 1), np.float32))
    metabolites = Embeddings(pool, np.zeros((30, 1), np.float32))
    votes = Question(vectors, metabolites, hits, known).votes().toarray()
    scores = rng.random((200, 30)).astype(np.float32)
    truth = (rng.random((200, 30)) < 0.05 + 0.3 * scores**4 + 0.6 * (votes > 0.1)).astype(int)
    row, column = np.indices(truth.shape).reshape(2, -1)
    pairs = {"enzyme": vectors.ids[row], "metabolite": pool[column], "label": truth.ravel()}
    labelled = pd.DataFrame(pairs).assign(part="validation", negatives="hard")
    split = pd.DataFrame({"enzyme": known_enzymes, "part": "train"})
    stack = Stack(FixedTower(scores))
    stack.fit(EmiData(known, split, labelled, vectors, metabolites, hits))
    stacked = stack.predict(Question(vectors, metabolites, hits, known))
    assert ((stacked > 0) & (stacked < 1)).all()
    label = truth.ravel()
    alone = max(roc_auc_score(label, scores.ravel()), roc_auc_score(label, votes.ravel()))
    assert roc_auc_score(label, stacked.ravel()) > alone + 0.02
    # logistic regression is calibrated in the mean on what it was fitted on
    assert stacked.mean() == pytest.approx(label.mean(), abs=1e-3)


def test_the_stacks_formula() -> None:
    stack = Stack(FixedTower(np.array([[0.7, 0.5, 0.5]], dtype=np.float32)))
    values = dict.fromkeys(FEATURES, 0.0) | {"tower logit": 2.0, "vote": 1.0}
    stack.coefficients, stack.intercept = tuple(values.values()), -0.5
    score = stack.predict(question("q", _known(("a", "m0")), _hits([("q", "a", 0.4)])))
    logit = 2 * np.log(0.7 / 0.3) + 0.4 - 0.5
    assert score[0] == pytest.approx(1 / (1 + np.exp([-logit, 0.5, 0.5])), abs=1e-5)
