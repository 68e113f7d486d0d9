"""Diversity-penalised Top-k, eq. (9), against choices made by hand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemwright.reconstruction.selection import select_enzymes


def scores(table):
    rows = [(p, m, s) for m, row in table.items() for p, s in row.items()]
    return pd.DataFrame(rows, columns=["protein", "metabolite", "score"])


def picks(table, **options):
    chosen = select_enzymes(scores(table), **options)
    return {m: list(g["protein"]) for m, g in chosen.groupby("metabolite")}


HUB = {
    "m1": {"hub": 0.9, "x": 0.75, "y": 0.1},
    "m2": {"hub": 0.85, "x": 0.2, "y": 0.7},
    "m3": {"hub": 0.8, "x": 0.5, "z": 0.45},
}


def test_without_penalty_the_hub_takes_all():
    assert picks(HUB, top_k=1, diversity_penalty=0.0) == {m: ["hub"] for m in HUB}


def test_the_penalty_by_hand():
    # round 1: m1 takes hub (.9); m2: hub .85 - .2 = .65 < y .7; m3: hub .8 - .2 = .6 > x .5
    # round 2 counts anew: m1 takes x (.75); m2 takes hub (.85); m3: x .5 - .2 = .3 < z .45
    assert picks(HUB, top_k=2, diversity_penalty=0.2) == {
        "m1": ["hub", "x"], "m2": ["y", "hub"], "m3": ["hub", "z"],
    }  # fmt: skip
    table = select_enzymes(scores(HUB), 2, 0.2).set_index(["metabolite", "rank"])
    assert table.loc[("m3", 1), "adjusted_score"] == pytest.approx(0.6)
    assert table.loc[("m3", 1), "score"] == pytest.approx(0.8)
    assert table.loc[("m3", 2), "adjusted_score"] == pytest.approx(0.45)


def test_ties_go_to_the_smaller_id():
    assert picks({"m": {"b": 0.5, "a": 0.5, "c": 0.5}}, top_k=2) == {"m": ["a", "b"]}
    # with equal best scores m1 is served before m2
    tied = {"m2": {"a": 0.5, "b": 0.4}, "m1": {"a": 0.5, "b": 0.4}}
    assert picks(tied, top_k=1) == {"m1": ["a"], "m2": ["b"]}


def test_fewer_proteins_than_k():
    assert picks({"m": {"a": 0.5}}, top_k=3) == {"m": ["a"]}
    assert select_enzymes(scores({}), 2).empty


def test_a_pair_must_not_come_twice():
    table = pd.concat([scores(HUB), scores(HUB)])
    with pytest.raises(ValueError, match="several"):
        select_enzymes(table)


def naive(table, k, penalty):
    """The definition, without any shortcut."""
    order = sorted(table, key=lambda m: (-max(table[m].values()), m))
    taken = {m: [] for m in order}
    for _ in range(k):
        count = {}
        for m in order:
            free = {p: s for p, s in table[m].items() if p not in taken[m]}
            if free:
                best = min(free, key=lambda p: (-(free[p] - penalty * count.get(p, 0)), p))
                taken[m].append(best)
                count[best] = count.get(best, 0) + 1
    return taken


@given(
    st.dictionaries(
        st.sampled_from("mnopqr"),
        st.dictionaries(
            st.sampled_from("abcde"), st.integers(0, 8).map(lambda n: n / 8), min_size=1
        ),
        min_size=1,
    ),
    st.integers(1, 3),
    st.sampled_from([0.0, 0.25, 1.0]),
    st.randoms(),
)
def test_equals_the_definition_in_any_row_order(table, k, penalty, random):
    rows = scores(table).to_dict("records")
    random.shuffle(rows)
    chosen = select_enzymes(pd.DataFrame(rows), k, penalty)
    found = {m: list(g["protein"]) for m, g in chosen.groupby("metabolite")}
    assert found == naive(table, k, penalty)


def test_categories_without_a_row_are_no_metabolites():
    scores = pd.DataFrame({"protein": ["p", "q"], "metabolite": ["a", "b"], "score": [0.9, 0.8]})
    scores = scores.astype({"protein": "category", "metabolite": "category"})
    assert select_enzymes(scores[scores["metabolite"] == "a"])["metabolite"].tolist() == ["a"]
    assert select_enzymes(scores.iloc[:0]).empty
