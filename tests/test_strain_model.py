"""Growth coupling on the paper's toy example (exact), and messages for bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_strain import RATES, TYPES, evaluate_gpr, genes_of, toy

from gemwright.errors import InputError
from gemwright.gem.gene_states import GeneStates
from gemwright.gem.gpr import lethal_genes
from gemwright.strain_design.audit import audit_labels
from gemwright.strain_design.essential import essential_genes
from gemwright.strain_design.reduction import extend_to_maximal, is_maximal, reduce_to_minimal
from gemwright.strain_design.strain import StrainModel, Thresholds
from gemwright.strain_design.targets import check_target, feasible_targets, find_diversion

PATTERNS = [(kind, digits) for kind, patterns in TYPES.items() for digits in patterns]


@pytest.fixture(scope="module")
def strain():
    return StrainModel(toy())


def test_the_table_lists_all_patterns_once():
    assert len(PATTERNS) == len({digits for _, digits in PATTERNS}) == 32


@pytest.mark.parametrize(("kind", "digits"), PATTERNS)
def test_all_32_patterns_of_the_toy_example(strain, kind, digits):
    growth, least, most = RATES[kind]
    deleted = strain.gene_mask(genes_of(digits))
    coupling = strain.judge("m6", deleted)
    assert coupling.growth_rate == pytest.approx(growth, abs=1e-9)
    assert coupling.coupled == (kind == 4)
    if kind == 5:
        assert np.isnan(coupling.production_rate)
        return
    assert coupling.production_rate == pytest.approx(least, abs=1e-9)
    with (
        strain.flux.closed(strain.lost_columns(deleted)),
        strain.flux.bounds({"r8": (growth, 10)}),
    ):
        assert strain.flux.optimise("EX_m6").value == pytest.approx(most, abs=1e-9)


def test_only_two_strategies_couple_m6(strain):
    coupled = {d for _, d in PATTERNS if strain.judge("m6", strain.gene_mask(genes_of(d))).coupled}
    assert coupled == {"34", "134"}


def test_the_papers_prediction_for_m1_is_not_coupled_and_nothing_is(strain):
    # counter-examples to the BPM example of IV-C: m1 is taken up by r1, and the auxiliary export
    # only ever competes with growth
    assert not strain.judge("m1", strain.gene_mask(genes_of("134"))).coupled
    assert not any(strain.judge("m1", strain.gene_mask(genes_of(d))).coupled for _, d in PATTERNS)


def test_m1_is_proved_to_be_diverted_where_its_uptake_can_turn_round():
    # r1 as it is only runs inwards, with a limit: no proof; a reversible one gives the proof
    assert find_diversion(StrainModel(toy()), "m1") is None
    upper = [1000, 10, 6, 4, 10, 6, 4, 10, 10]
    both_ways = StrainModel(toy(lower=[-1000, 0, 0, 0, 0, 0, 0, 0, 0], upper=upper))
    diversion = find_diversion(both_ways, "m1")
    assert diversion == pytest.approx({"r1": -1.0, "DM_m1": -1.0})


def test_maximal_and_minimal_forms(strain):
    small, large = (strain.gene_mask(genes_of(d)) for d in ("34", "134"))
    assert np.array_equal(extend_to_maximal(strain, "m6", small), large)
    assert np.array_equal(reduce_to_minimal(strain, "m6", large), small)
    assert is_maximal(strain, "m6", large)
    assert not is_maximal(strain, "m6", small)
    nothing = strain.gene_mask([])
    for change in (extend_to_maximal, reduce_to_minimal):
        with pytest.raises(ValueError, match="not coupled"):
            change(strain, "m6", nothing)


def test_figures_of_the_toy_model(strain):
    assert not essential_genes(strain)["essential"].any()
    table = feasible_targets(strain).set_index("target")
    assert table.loc["m6", "reaction"] == "EX_m6"
    assert table["auxiliary"].tolist() == [True] * 5 + [False]
    # growth of 0.001 costs m1 nothing (r2-r4-r7 make it), and one unit of m5 each
    assert table.loc["m1", "production_max"] == pytest.approx(10.0)
    assert table.loc["m6", "production_max"] == pytest.approx(10.0)
    assert table["feasible"].sum() == 6


def test_audit_of_labels(strain):
    genes = ["g5", "g4", "g3", "g2", "g1"]  # in another order than the model's
    remains = np.array([[1, 0, 0, 1, 0], [1, 0, 0, 1, 1], [1, 1, 1, 1, 1]], np.int8)
    table = audit_labels(strain, ["m6", "m6", "m6"], genes, remains)
    assert table["coupled"].tolist() == [True, True, False]
    assert table["maximal"].tolist()[:2] == [True, False]
    assert table["further"].tolist()[:2] == [0, 1]
    assert table["extension"].tolist()[:2] == [0, 1]
    assert table["maximal"].isna().tolist() == [False, False, True]
    plain = audit_labels(strain, ["m6"], genes, remains[:1], maximality=False)
    assert list(plain) == ["target", "deletions", "growth_rate", "production_rate", "coupled"]
    with pytest.raises(InputError, match="are 3 x 5 for 1 targets"):
        audit_labels(strain, ["m6"], genes, remains)


def test_thresholds_are_honoured():
    demanding = StrainModel(toy(), Thresholds(growth=4.5, production=0.001))
    assert not demanding.judge("m6", demanding.gene_mask(genes_of("34"))).coupled


def test_bad_genes_targets_and_strategies(strain):
    with pytest.raises(InputError, match=r"gene 'b1': is not in model 'toy' \(nor are 1 others\)"):
        strain.gene_mask(["g1", "b2", "b1"])
    with pytest.raises(InputError, match="target 'm9': is no species of model 'toy'"):
        strain.judge("m9", strain.gene_mask([]))
    starved = StrainModel(toy(upper=[0, 10, 6, 4, 10, 6, 4, 10, 10]))
    with pytest.raises(InputError, match="target 'm1': has no producing reaction"):
        check_target(starved, "m1")
    # r6 makes m6 from m1 and m3, r7 from m4; without r4 and r1 nothing reaches them
    cut = StrainModel(toy(upper=[10, 10, 0, 0, 10, 6, 4, 10, 10]))
    with pytest.raises(InputError, match="cannot be produced on this medium, though r6, r7"):
        check_target(cut, "m6")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"objective": "nope"}, "has no objective"),
        ({"rules": [""] * 9}, "has no gene rule"),
        ({"upper": [0, 0, 6, 4, 10, 6, 4, 10, 10]}, "grows at 0 /h, less than 0.001"),
        ({"lower": [0, 9, 0, 0, 0, 0, 0, 0, 8], "upper": [1, 10, 6, 4, 10, 6, 4, 10, 9]},
         "has no largest growth: its flux problem is infeasible"),
    ],
)  # fmt: skip
def test_models_that_are_no_use(changes, message):
    with pytest.raises(InputError, match=message):
        StrainModel(toy(**changes))


def test_a_species_of_another_compartment_is_suggested(strain):
    model = toy()
    model.stoichiometry["species"] += "_c"
    with pytest.raises(InputError, match="write 'm1_c' if"):
        StrainModel(model).production_reaction("m1_e")


names = st.sampled_from([f"g{number}" for number in range(6)])
trees = st.recursive(
    names,
    lambda parts: st.tuples(
        st.sampled_from(["and", "or"]), st.lists(parts, min_size=2, max_size=3).map(tuple)
    ),
    max_leaves=8,
)


@given(st.lists(trees, min_size=1, max_size=4), st.lists(st.sets(names), min_size=1, max_size=5))
def test_compiled_rules_equal_evaluated_ones(rules, losses):
    named = {f"r{number}": rule for number, rule in enumerate(rules)}
    states = GeneStates(named, [*named, "free"])
    present = np.array([[gene not in lost for gene in states.genes] for lost in losses])
    on = states.on(present)
    assert on.shape == (len(losses), len(rules) + 1)
    assert on[:, -1].all()
    for row, lost in enumerate(losses):
        expected = [evaluate_gpr(rule, lost) for rule in rules]
        assert on[row, :-1].tolist() == expected
        assert np.array_equal(states.on(present[row]), on[row])


@given(trees)
def test_price_of_a_rule(rule):
    states = GeneStates({"r": rule}, ["r", "free"])
    assert states.cost(np.zeros(len(states.genes))).tolist() == [0.0, 0.0]
    # a rule is free exactly if the genes without a price satisfy it
    lethal = lethal_genes(rule)
    for gene in states.genes:
        prices = np.array([float(other == gene) for other in states.genes])
        assert (states.cost(prices)[0] > 0) == (gene in lethal)
