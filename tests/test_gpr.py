"""Algebra of gene rules."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_strain import evaluate_gpr

from gemwright.errors import InputError
from gemwright.gem.gpr import (
    compose_gpr,
    format_gpr,
    gene_losses,
    genes_of,
    lethal_genes,
    parse_gpr,
    parse_rules,
    rule_genes,
)

GENES = ["a1", "b2", "c3", "d4", "e.5"]
rules = st.recursive(
    st.sampled_from(GENES),
    lambda inner: st.tuples(
        st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)
    ),
    max_leaves=8,
)


def subsets():
    return [
        frozenset(lost)
        for size in range(len(GENES) + 1)
        for lost in itertools.combinations(GENES, size)
    ]


@given(rules)
def test_text_keeps_the_truth_table(rule):
    again = parse_gpr(format_gpr(rule))
    assert genes_of(again) == genes_of(rule)
    assert all(evaluate_gpr(again, lost) == evaluate_gpr(rule, lost) for lost in subsets())


@given(rules)
def test_lethal_genes_are_those_that_evaluation_finds(rule):
    expected = {gene for gene in genes_of(rule) if not evaluate_gpr(rule, {gene})}
    assert lethal_genes(rule) == expected


@given(st.lists(st.sets(st.sampled_from(GENES), min_size=1), min_size=1, max_size=5))
def test_composition_is_or_over_complexes_of_and_over_subunits(complexes):
    rule = compose_gpr(complexes)
    for lost in subsets():
        on = any(lost.isdisjoint(genes) for genes in complexes)
        assert evaluate_gpr(rule, lost) == on


@given(st.permutations([["a1"], ["b2", "c3"], ["c3", "b2"], ["a1", "d4"]]))
def test_composition_is_canonical(complexes):
    assert format_gpr(compose_gpr(complexes)) == "a1 or (b2 and c3)"


def test_and_binds_tighter_than_or():
    assert format_gpr(parse_gpr("a or b and c")) == "a or (b and c)"
    assert format_gpr(parse_gpr("(a OR b) && c")) == "(a or b) and c"


def test_no_genes_is_always_on():
    assert parse_gpr("  ") is None
    assert compose_gpr([]) is None
    assert compose_gpr([["a"], []]) is None
    assert evaluate_gpr(None, {"a"})
    assert lethal_genes(None) == frozenset()
    assert format_gpr(None) == ""


@pytest.mark.parametrize("text", ["a and", "and a", "(a or b", "a b", "a) or b", "a or ()"])
def test_bad_rules_are_told(text):
    with pytest.raises(InputError, match="gene rule"):
        parse_gpr(text)


def test_losses_of_single_genes():
    texts = {"R1": "a and b", "R2": "a or b", "R3": "a", "R4": "(a and c) or (a and d)"}
    table = gene_losses(parse_rules({**texts, "R5": ""}))
    assert list(table.itertuples(index=False, name=None)) == [
        ("a", "R1"), ("a", "R3"), ("a", "R4"), ("b", "R1"),
    ]  # fmt: skip
    assert rule_genes([parse_gpr("a and b"), "c"]) == ["a", "b", "c"]
