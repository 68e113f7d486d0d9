"""CD-HIT clusters and connected components."""

import random
import shutil

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemwright.errors import InputError
from gemwright.homology.clusters import CdHitOptions, cluster_cdhit, parse_clstr, word_size
from gemwright.homology.components import ComponentOptions, all_against_all, cluster_components
from gemwright.homology.diamond import search
from gemwright.homology.ladder import cluster_ladder

LETTERS = "ACDEFGHIKLMNPQRSTVWY"
needs_cdhit = pytest.mark.skipif(shutil.which("cd-hit") is None, reason="cd-hit is not installed")
needs_diamond = pytest.mark.skipif(shutil.which("diamond") is None, reason="no diamond")


def _families() -> dict[str, str]:
    """Three unrelated families: 95 % alike, 60 % alike, and a loner."""
    rng = random.Random(0)

    def fresh(length: int = 300) -> str:
        return "".join(rng.choices(LETTERS, k=length))

    def mutant(sequence: str, share: float) -> str:
        spots = set(rng.sample(range(len(sequence)), round(share * len(sequence))))
        return "".join(
            rng.choice(LETTERS.replace(letter, "")) if i in spots else letter
            for i, letter in enumerate(sequence)
        )

    close, far = fresh(), fresh()
    return {
        "close1": close,
        "close2": mutant(close, 0.05),
        "close3": mutant(close, 0.05),
        "far1": far,
        "far2": mutant(far, 0.4),
        "loner": fresh(),
        "tiny": "MKVA",
    }


def _groups(table: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(part) for _, part in table.groupby("cluster")["enzyme"]}


def test_parse_clstr_reads_members_and_representatives() -> None:
    text = (
        ">Cluster 0\n0\t300aa, >b|x... at 95.0%\n1\t310aa, >a... *\n>Cluster 1\n0\t9aa, >c... *\n"
    )
    assert parse_clstr(text.splitlines(keepends=True)) == {"b|x": "a", "a": "a", "c": "c"}


@given(
    st.lists(
        st.lists(st.from_regex(r"[A-Za-z0-9_.|:-]{1,12}", fullmatch=True), min_size=1),
        unique_by=lambda members: members[0],
    )
)
def test_parse_clstr_returns_what_was_written(clusters: list[list[str]]) -> None:
    lines, expected, seen = [], {}, set()
    for number, members in enumerate(clusters):
        members = [name for name in dict.fromkeys(members) if name not in seen]
        seen.update(members)
        if not members:
            continue
        lines.append(f">Cluster {number}\n")
        for place, name in enumerate(members):
            mark = "*" if place == 0 else "at 88.2%"
            lines.append(f"{place}\t120aa, >{name}... {mark}\n")
            expected[name] = members[0]
    assert parse_clstr(lines) == expected


@pytest.mark.parametrize(
    "text", ["0\t3aa, >a... at 90%\n", "rubbish\n", "0\t3aa, >a... *\n1\t3aa, >b... *\n"]
)
def test_parse_clstr_refuses_other_files(text: str) -> None:
    with pytest.raises(ValueError, match=r"representatives|cluster format"):
        parse_clstr([">Cluster 0\n", *text.splitlines(keepends=True)])


def test_word_sizes_are_the_manuals() -> None:
    assert [word_size(value) for value in (0.9, 0.7, 0.6, 0.5, 0.4)] == [5, 5, 4, 3, 2]
    with pytest.raises(InputError, match="outside"):
        word_size(0.3)


@needs_cdhit
def test_cdhit_clusters_by_identity_whatever_the_order() -> None:
    sequences = _families()
    close = {"close1", "close2", "close3"}
    loners = {frozenset({"loner"}), frozenset({"tiny"})}
    at_90 = cluster_cdhit(sequences, CdHitOptions(0.9))
    assert _groups(at_90) == {frozenset(close), frozenset({"far1"}), frozenset({"far2"})} | loners
    at_40 = cluster_cdhit(sequences, CdHitOptions(0.4))
    assert _groups(at_40) == {frozenset(close), frozenset({"far1", "far2"})} | loners
    backwards = dict(reversed(sequences.items()))
    pd.testing.assert_frame_equal(at_40, cluster_cdhit(backwards, CdHitOptions(0.4, threads=2)))


@needs_diamond
def test_components_of_a_real_search() -> None:
    sequences = _families()
    hits = all_against_all(sequences)
    assert not (hits["query"].astype(str) == hits["subject"].astype(str)).any()
    table = cluster_components(list(sequences), hits, ComponentOptions(0.4))
    assert frozenset({"far1", "far2"}) in _groups(table)
    assert frozenset({"loner"}) in _groups(table)
    strict = cluster_components(list(sequences), hits, ComponentOptions(0.9))
    assert frozenset({"far1"}) in _groups(strict)


@needs_diamond
def test_coverage_is_of_the_query_and_of_the_subject() -> None:
    whole = _families()["close1"]
    hits = search({"half": whole[:150]}, {"whole": whole})
    # all seeds at once: the same search
    at_once = search({"half": whole[:150]}, {"whole": whole}, index_chunks=1)
    pd.testing.assert_frame_equal(at_once, hits)
    found = hits[["query", "subject", "query_coverage", "subject_coverage", "length"]]
    assert found.values.tolist() == [["half", "whole", 1.0, 0.5, 150]]


def _hits(rows: list[tuple[str, str, float, float, float]]) -> pd.DataFrame:
    columns = ["query", "subject", "identity", "query_coverage", "subject_coverage"]
    return pd.DataFrame(rows, columns=columns)


def test_components_join_by_chains_and_by_coverage() -> None:
    hits = _hits(
        [
            ("a", "b", 0.5, 1.0, 0.2),
            ("b", "c", 0.4, 1.0, 1.0),
            ("d", "c", 0.39, 1.0, 1.0),
            ("e", "x", 0.9, 1.0, 1.0),
        ]
    )
    names = list("edcba")
    table = cluster_components(names, hits, ComponentOptions(0.4))
    assert table.to_dict("list") == {"enzyme": list("abcde"), "cluster": list("aaade")}
    mutual = cluster_components(names, hits, ComponentOptions(0.4, min_mutual_coverage=0.5))
    assert mutual["cluster"].tolist() == list("abbde")
    either = cluster_components(names, hits, ComponentOptions(0.4, min_coverage=0.5))
    assert either["cluster"].tolist() == list("aaade")
    with pytest.raises(InputError, match="twice"):
        cluster_components(["a", "a"], hits)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.floats(0, 1)),
        max_size=30,
    ),
    st.floats(0.1, 0.9),
)
def test_no_hit_at_the_threshold_crosses_components(
    edges: list[tuple[str, str, float]], threshold: float
) -> None:
    hits = _hits([(a, b, identity, 1.0, 1.0) for a, b, identity in edges])
    table = cluster_components(list("abcdefgh"), hits, ComponentOptions(threshold))
    cluster = table.set_index("enzyme")["cluster"]
    for a, b, identity in edges:
        if identity >= threshold:
            assert cluster[a] == cluster[b]
    # as many components as vertices less the edges of a spanning forest
    parent = {name: name for name in "abcdefgh"}

    def root(name: str) -> str:
        return name if parent[name] == name else root(parent[name])

    for a, b, identity in edges:
        if identity >= threshold:
            parent[root(a)] = root(b)
    assert cluster.nunique() == len({root(name) for name in parent})


@needs_cdhit
@needs_diamond
def test_the_ladder_agrees_with_each_step_alone() -> None:
    sequences = _families()
    homologies = all_against_all(sequences)
    table = cluster_ladder(sequences, homologies, [0.3, 0.5, 0.9])
    steps = {key: group for key, group in table.groupby(["method", "identity"])}
    assert set(steps) == {
        ("cdhit", 0.5),
        ("cdhit", 0.9),
        *(("components", identity) for identity in (0.3, 0.5, 0.9)),
    }
    for (method, identity), group in steps.items():
        if method == "components":
            alone = cluster_components(list(sequences), homologies, ComponentOptions(identity))
        else:
            alone = cluster_cdhit(sequences, CdHitOptions(identity, steps=(0.9,)))
        assert _groups(group) == _groups(alone)
