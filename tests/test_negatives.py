"""Hard, popularity-matched and random negatives."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.config.negatives import NegativeOptions
from gemwright.emi.negatives import KINDS, label_pairs
from gemwright.errors import InputError

POOL = pd.Index([f"m{i}" for i in range(8)])
# m0 is like m1 .. m7 in falling order
SIMILARITY = np.eye(8, dtype=np.float32)
SIMILARITY[0, 1:] = SIMILARITY[1:, 0] = [0.9, 0.8, 0.7, 0.5, 0.2, 0.1, 0.05]


def _pairs(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["enzyme", "metabolite"])


def _negatives(table: pd.DataFrame) -> list[str]:
    return table.loc[table["label"] == 0, "metabolite"].astype(str).tolist()


def _quantities(report: pd.DataFrame) -> dict[str, int]:
    return dict(zip(report["quantity"], report["value"], strict=True))


def test_top_negatives_are_the_most_similar_that_are_no_positives() -> None:
    # m2 is a known substrate, though its pair lies in another part
    known = _pairs(("e", "m0"), ("e", "m2"), ("other", "m1"))
    options = NegativeOptions(ratio=3, epsilon=0.6, selection="top")
    table, report = label_pairs(known.head(1), known, POOL, SIMILARITY, options)
    assert _negatives(table) == ["m1", "m3", "m4"]
    assert table["label"].tolist() == [1, 0, 0, 0]
    assert table["similarity"].tolist() == pytest.approx([1, 0.9, 0.7, 0.5])
    counts = _quantities(report)
    # m4 is not above epsilon
    assert (counts["topped_up"], counts["missing"], counts["indistinguishable"]) == (1, 0, 0)


def test_sampled_negatives_are_above_epsilon_as_long_as_there_are_any() -> None:
    known = _pairs(("e", "m0"))
    seen = set()
    for seed in range(20):
        options = NegativeOptions(ratio=2, epsilon=0.4, seed=seed)
        table, report = label_pairs(known, known, POOL, SIMILARITY, options)
        seen.update(_negatives(table))
        assert _quantities(report)["topped_up"] == 0
    assert seen == {"m1", "m2", "m3", "m4"}
    table, report = label_pairs(
        known, known, POOL, SIMILARITY, NegativeOptions(ratio=6, epsilon=0.4)
    )
    assert sorted(_negatives(table)) == ["m1", "m2", "m3", "m4", "m5", "m6"]
    assert _quantities(report)["topped_up"] == 2


def test_a_pool_that_runs_out_is_counted() -> None:
    known = _pairs(("e", "m0"))
    table, report = label_pairs(known, known, POOL, SIMILARITY, NegativeOptions(ratio=30))
    assert len(_negatives(table)) == 7
    assert _quantities(report)["missing"] == 23


def test_twins_of_the_true_substrate_are_counted() -> None:
    twins = SIMILARITY.copy()
    twins[0, 1] = twins[1, 0] = 1
    known = _pairs(("e", "m0"))
    _, report = label_pairs(known, known, POOL, twins, NegativeOptions(ratio=2, selection="top"))
    assert _quantities(report)["indistinguishable"] == 1


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 39)), min_size=1, max_size=40, unique=True
    ),
    st.sampled_from(KINDS),
    st.sampled_from(["sample", "top"]),
    st.integers(0, 3),
)
def test_negatives_are_never_known_and_never_repeated(
    rows: list[tuple[int, int]], kind: str, selection: str, seed: int
) -> None:
    pool = pd.Index([f"m{i:02d}" for i in range(40)])
    vectors = np.random.default_rng(0).random((40, 6))
    similarity = (1 / (1 + ((vectors[:, None] - vectors[None]) ** 2).sum(2))).astype(np.float32)
    known = _pairs(*((f"e{e}", f"m{m:02d}") for e, m in rows))
    part = known.iloc[::2]
    options = NegativeOptions(kind, ratio=3, epsilon=0.5, selection=selection, seed=seed)  # type: ignore[arg-type]
    table, report = label_pairs(part, known, pool, similarity, options)
    plain = table.astype({"enzyme": str, "positive": str, "metabolite": str})
    negatives = plain[plain["label"] == 0]
    positives = plain[plain["label"] == 1]
    truth = set(zip(known["enzyme"], known["metabolite"], strict=True))
    assert not truth & set(zip(negatives["enzyme"], negatives["metabolite"], strict=True))
    assert not plain.duplicated(["enzyme", "metabolite"]).any()
    assert set(zip(positives["enzyme"], positives["metabolite"], strict=True)) == set(
        zip(part["enzyme"], part["metabolite"], strict=True)
    )
    assert (positives["positive"] == positives["metabolite"]).all()
    assert negatives.groupby(["enzyme", "positive"]).size().max() <= 3 if len(negatives) else True
    counts = _quantities(report)
    assert counts["negatives"] + counts["missing"] == 3 * len(part)
    again, _ = label_pairs(part.sample(frac=1, random_state=1), known, pool, similarity, options)
    pd.testing.assert_frame_equal(table, again)


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_enzyme_does_in_another_part_is_no_negative(kind: str) -> None:
    # of eight metabolites e0 has m0 in this part and m1 to m5, the likest, in others
    known = _pairs(*(("e0", f"m{i}") for i in range(6)), ("e1", "m6"), ("e2", "m1"))
    part = known.iloc[[0, 6, 7]]
    table, _ = label_pairs(part, known, POOL, SIMILARITY, NegativeOptions(kind, ratio=2))  # type: ignore[arg-type]
    of_e0 = table[(table["enzyme"] == "e0") & (table["label"] == 0)]
    assert len(of_e0) > 0
    assert set(of_e0["metabolite"]) <= {"m6", "m7"}


def test_random_negatives_come_from_the_whole_pool_alike() -> None:
    known = _pairs(*((f"e{i:03d}", "m0") for i in range(700)))
    table, report = label_pairs(known, known, POOL, SIMILARITY, NegativeOptions("random", ratio=1))
    counts = pd.Series(_negatives(table)).value_counts()
    # 100 each are expected; m5 to m7 lie below epsilon, where hard negatives never start
    assert set(counts.index) == {f"m{i}" for i in range(1, 8)}
    assert counts.min() > 65
    assert counts.max() < 140
    assert _quantities(report)["topped_up"] == 0


def test_popularity_matched_negatives_leave_popularity_at_chance() -> None:
    rng = np.random.default_rng(0)
    weights = 1 / np.arange(1, 201)
    rows = {
        (f"e{e:03d}", f"m{m:03d}")
        for e in range(400)
        for m in rng.choice(200, 2, replace=False, p=weights / weights.sum())
    }
    known = _pairs(*sorted(rows))
    pool = pd.Index([f"m{i:03d}" for i in range(200)])
    similarity = rng.random((200, 200)).astype(np.float32)
    from sklearn.metrics import roc_auc_score

    count = known["metabolite"].value_counts()
    auroc = {}
    for kind in ("hard", "popularity"):
        options = NegativeOptions(kind, ratio=5, epsilon=0.0)  # type: ignore[arg-type]
        table, _ = label_pairs(known, known, pool, similarity, options)
        score = table["metabolite"].astype(str).map(count).fillna(0)
        auroc[kind] = roc_auc_score(table["label"], score)
    assert auroc["hard"] > 0.75
    assert auroc["popularity"] < 0.6


def test_bad_input_is_told() -> None:
    known = _pairs(("e", "lost"))
    with pytest.raises(InputError, match="not in the pool"):
        label_pairs(known, known, POOL, SIMILARITY)
    with pytest.raises(InputError, match="no positive"):
        label_pairs(known.head(0), known, POOL, SIMILARITY)
