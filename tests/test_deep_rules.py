"""Gene rules of thousands of levels or parts: no step works by recursion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import branched
from sbml_dialects import Dialect, written

from gemwright.errors import InputError
from gemwright.gem.cobra import from_cobra, to_cobra
from gemwright.gem.flux import FluxModel
from gemwright.gem.gene_states import GeneStates
from gemwright.gem.gpr import (
    depth_of,
    format_gpr,
    gene_complexes,
    gene_losses,
    genes_of,
    lethal_genes,
    parse_gpr,
    parse_rules,
    without_genes,
)
from gemwright.gem.knockout import knock_out_genes
from gemwright.gem.load import read_model
from gemwright.gem.sbml_writer import write_sbml
from gemwright.io.limits import RULE_DEPTH


def ladder(levels):
    """Rule ``g0 and (g1 or (g2 and ...))``."""
    words = [f"g{level} {('and', 'or')[level % 2]} (" for level in range(levels)]
    return f"{''.join(words)}last{')' * levels}"


@pytest.mark.parametrize("levels", [1, 700, 4_000])
def test_a_rule_of_many_levels(levels):
    rule = parse_gpr(ladder(levels))
    assert depth_of(rule) == levels
    assert len(genes_of(rule)) == levels + 1
    assert parse_gpr(format_gpr(rule)) is not None
    assert lethal_genes(rule) == ({"g0"} if levels > 1 else {"g0", "last"})
    assert without_genes(rule, {"g0"}) is None
    assert without_genes(rule, {"elsewhere"}) is rule
    if levels > 2:
        assert "g1" not in genes_of(without_genes(rule, {"g1"}))


def test_parentheses_are_no_levels():
    assert parse_gpr("(" * 20_000 + "a or b" + ")" * 20_000) == ("or", ("a", "b"))
    wide = " or ".join(f"(a{number} and b{number})" for number in range(5_000))
    assert len(gene_complexes(parse_gpr(wide))) == 5_000
    with pytest.raises(InputError, match=f"more than {RULE_DEPTH:,} levels"):
        parse_gpr(ladder(RULE_DEPTH + 10))


def test_equal_rules_of_a_model_are_one_object():
    text = ladder(600)
    rules = parse_rules({"a": text, "b": f" {text}", "c": f"({text})"})
    assert rules["a"] is rules["b"] is rules["c"]
    assert set(gene_losses(rules)["gene"]) == {"g0"}


def test_states_of_a_deep_rule():
    rules = parse_rules({"r": ladder(700)})
    states = GeneStates(rules, ["r"])
    present = np.ones((2, len(states.genes)), np.bool_)
    present[1, states.index["g0"]] = False
    assert states.on(present).tolist() == [[True], [False]]


@pytest.mark.parametrize("levels", [30, 700])
def test_a_deep_rule_through_files_and_knock_outs(tmp_path, levels):
    model = branched(rules={"At": ladder(levels)}).on_medium({"a": 7.5})
    write_sbml(model, tmp_path / "deep.xml")
    again = read_model(tmp_path / "deep.xml")
    assert format_gpr(again.rules["At"]) == format_gpr(model.rules["At"])
    growths = knock_out_genes(FluxModel.of(again), again.rules).set_index("gene")["growth_rate"]
    assert growths["g0"] == 0
    assert growths["g1"] == pytest.approx(3.75)


def test_a_deep_rule_goes_to_cobra_as_its_complexes():
    model = branched(rules={"At": ladder(120)})
    made = to_cobra(model)
    rule = from_cobra(made).rules["At"]
    assert depth_of(rule) == 2
    assert lethal_genes(rule) == {"g0"}
    assert set(gene_complexes(rule)) <= set(gene_complexes(model.rules["At"]))
    text = ladder(60).replace("last", " and ".join(f"(a{n} or b{n})" for n in range(20)))
    with pytest.raises(InputError, match=r"reaction 'At': its gene rule has more than 50 levels"):
        to_cobra(branched(rules={"At": text}))


def test_a_deep_rule_in_the_notes_of_level_2(tmp_path):
    path = tmp_path / "old.xml"
    path.write_bytes(written(Dialect(core="L2V1", fbc=0), rules={"PFK": ladder(700)}))
    assert lethal_genes(read_model(path).rules["PFK"]) == {"g0"}


rules = st.recursive(
    st.sampled_from("abcdefg"),
    lambda inner: st.tuples(
        st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)
    ),
)


@given(rules)
def test_rules_are_read_as_they_are_written(rule):
    assert parse_gpr(format_gpr(rule)) == rule
    complexes = [set(genes) for genes in gene_complexes(rule)]
    assert lethal_genes(rule) == frozenset(set.intersection(*complexes))
    for gene in genes_of(rule):
        left = without_genes(rule, {gene})
        assert (left is None) == (gene in lethal_genes(rule))
