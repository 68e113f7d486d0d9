"""Strategies from the model alone, and their maximal and minimal forms, on e_coli_core."""

import numpy as np
import pandas as pd
import pytest
from mirror import MIRROR, needs_mirror
from networks import tables
from toy_strain import toy

from gemwright.sources.deepgdel import DeepGDelPaths, read_deepgdel
from gemwright.strain_design.audit import audit_labels
from gemwright.strain_design.local_search import export_gain, local_search
from gemwright.strain_design.models import bundled_e_coli_core
from gemwright.strain_design.reduction import (
    CoupledNetwork,
    extend_to_maximal,
    further_deletions,
    is_maximal,
    live_columns,
    reduce_to_minimal,
)
from gemwright.strain_design.search import (
    SearchOptions,
    find_strategy,
)
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.strategies import compute_strategies
from gemwright.strain_design.targets import find_diversion

DATA = (
    MIRROR
    / "raw.githubusercontent.com/MetNetComp/DeepGDel/937ba8296acb545b506c802f2070a4b747dfa0d4/Data"
)


@pytest.fixture(scope="module")
def core():
    return StrainModel(bundled_e_coli_core())


@pytest.fixture(scope="module")
def succinate(core):
    found = find_strategy(core, "succ_e")
    assert found is not None
    return found


def plainly(strain, target, deleted, order):
    """Greedy extension, every step judged on its own."""
    current = deleted.copy()
    again = True
    while again:
        again = False
        for gene in order:
            if not current[gene]:
                current[gene] = True
                if strain.judge(target, current).coupled:
                    again = True
                else:
                    current[gene] = False
    return current


def test_two_feasible_targets_are_proved_to_have_no_strategy(core):
    # found for the other 50: see benchmarks and the report
    ammonium, oxygen = find_diversion(core, "nh4_c"), find_diversion(core, "o2_c")
    assert ammonium is not None
    assert ammonium == pytest.approx({"EX_nh4_e": 1.0, "NH4t": -1.0, "DM_nh4_c": -1.0})
    assert oxygen is not None
    assert set(oxygen) == {"EX_o2_e", "O2t", "DM_o2_c"}
    assert find_diversion(core, "succ_e") is None


def test_a_strategy_is_coupled_and_maximal(core, succinate):
    assert core.verify("succ_e", succinate).coupled
    assert is_maximal(core, "succ_e", succinate)
    assert not (succinate & core.needed_genes).any()
    again = StrainModel(bundled_e_coli_core())
    assert np.array_equal(find_strategy(again, "succ_e"), succinate)


def test_maximal_means_that_no_single_gene_can_go(core, succinate):
    for gene in np.flatnonzero(~succinate):
        more = succinate.copy()
        more[gene] = True
        assert not core.judge("succ_e", more).coupled


def test_few_deletions(core, succinate):
    small = reduce_to_minimal(core, "succ_e", succinate)
    assert small.sum() <= 10
    assert core.verify("succ_e", small).coupled
    assert (succinate | ~small).all()
    for gene in np.flatnonzero(small):
        fewer = small.copy()
        fewer[gene] = False
        assert not core.judge("succ_e", fewer).coupled
    assert further_deletions(core, "succ_e", small).sum() > 20


@pytest.mark.parametrize("seed", [1, 2])
def test_proofs_change_nothing_about_the_greedy_order(core, succinate, seed):
    small = reduce_to_minimal(core, "succ_e", succinate)
    order = np.random.default_rng(seed).permutation(len(core.genes))
    names = [core.genes[gene] for gene in order]
    extended = extend_to_maximal(core, "succ_e", small, names)
    assert np.array_equal(extended, plainly(core, "succ_e", small, order))


def test_an_order_limits_what_is_changed(core, succinate):
    some = [gene for gene, gone in zip(core.genes, succinate, strict=True) if gone][:10]
    reduced = reduce_to_minimal(core, "succ_e", succinate, some)
    assert set(np.array(core.genes)[succinate & ~reduced]) <= set(some)


def test_a_strains_own_network_gives_the_same_verdict(core, succinate):
    network = CoupledNetwork(core, "succ_e", succinate)
    assert len(network.columns) < len(core.flux.reactions)
    case = network.worst_case(succinate)
    assert case is not None
    whole = core.judge("succ_e", succinate)
    assert case.coupling.growth_rate == pytest.approx(whole.growth_rate)
    assert case.coupling.production_rate == pytest.approx(whole.production_rate)


def test_live_columns_are_those_without_dead_ends():
    strain = StrainModel(toy())
    with strain.flux.bounds({"r3": (0, 0)}):
        live = [strain.flux.reactions[column] for column in live_columns(strain.flux)]
    # without r3 there is no m3, so that r6 stops too
    assert live == ["r1", "r2", "r4", "r5", "r7", "r8", "EX_m6"]


@pytest.mark.parametrize("target", ["2pg_c", "etoh_e", "glu__L_e", "co2_c", "h_e", "gln__L_c"])
def test_strategies_for_targets_of_all_kinds(core, target):
    found = find_strategy(core, target)
    assert found is not None
    assert core.verify(target, found).coupled
    assert is_maximal(core, target, found)


def test_a_table_of_strategies(core):
    wanted = pd.DataFrame({"target": ["o2_c", "atp_c", "13dpg_c"], "feasible": [True, False, True]})
    effort = SearchOptions(effort=0.1)
    states, table = compute_strategies(core, wanted, 100, 1, effort)
    assert table[["target", "outcome"]].to_numpy().tolist() == [
        ["13dpg_c", "coupled"],
        ["o2_c", "impossible"],
    ]
    row = table.iloc[0]
    deleted = core.gene_mask(states.loc[states["remains"] == 0, "gene"])
    assert deleted.sum() == row["deletions"]
    assert core.judge("13dpg_c", deleted).production_rate == pytest.approx(row["production_rate"])
    fewest = core.gene_mask(list(row["fewest_genes"]))
    assert fewest.sum() == row["fewest_deletions"] < row["deletions"]
    assert core.judge("13dpg_c", fewest).coupled
    assert len(compute_strategies(core, wanted, 1, 1, effort)[1]) == 1


def test_the_shadow_price_of_export(core, succinate):
    nothing = core.gene_mask([])
    assert -1 < export_gain(core, "succ_e", nothing) < 0
    assert export_gain(core, "succ_e", succinate) > 0
    assert export_gain(core, "succ_e", np.ones(len(core.genes), np.bool_)) == -np.inf


def test_local_search_finds_what_modes_do_not(core):
    found = local_search(core, "gln__L_c", core.gene_mask([]), restarts=6)
    assert found is not None
    assert core.verify("gln__L_c", found).coupled


@needs_mirror
def test_audit_of_the_authors_labels(core):
    folder = DATA / "e_coli_core"
    paths = DeepGDelPaths(
        folder / "Label/Label.zip", folder / "Gene_AA/Gene_AA.zip",
        folder / "Target metabolites_smile.csv",
    )  # fmt: skip
    labels = read_deepgdel({"e_coli_core": paths}).labels
    wide = labels.pivot(index="target", columns="gene", values="remains")
    table = audit_labels(core, list(wide.index), list(wide.columns), wide.to_numpy())
    assert table["coupled"].sum() == len(table) == 41
    assert table["maximal"].sum() == 6
    assert table["further"].mean() == pytest.approx(24.68, abs=0.01)


def three_routes():
    """Route A makes the target, B does not, C grows slower and needs no gene."""
    network = tables(
        {
            "EX_s": (-10, 0, {"s_e": -1}),
            "A": (0, 10, {"s_e": -1, "b_c": 1, "p_c": 1}),
            "B": (0, 9, {"s_e": -1, "b_c": 1}),
            "C": (0, 5, {"s_e": -1, "b_c": 0.5, "p_c": 0.5}),
            "EX_p_c": (0, 1000, {"p_c": -1}),
            "Growth": (0, 1000, {"b_c": -1}),
        },
        rules={"A": "a", "B": "h"},
    )
    return StrainModel(network)


def test_a_gene_is_tried_again_after_one_that_costs_nothing():
    strain = three_routes()
    nothing = strain.gene_mask([])
    assert strain.judge("p_c", nothing).coupled
    extended = extend_to_maximal(strain, "p_c", nothing)
    assert is_maximal(strain, "p_c", extended)
    assert extended.all()


def test_an_export_with_another_name_is_the_targets_production():
    network = tables(
        {
            "EX_s": (-10, 0, {"s_e": -1}),
            "MAKE": (0, 10, {"s_e": -1, "b_c": 1, "p_e": 1}),
            "EX_p(e)": (0, 1000, {"p_e": -1}),
            "Growth": (0, 1000, {"b_c": -1}),
        },
        rules={"MAKE": "g"},
    )
    strain = StrainModel(network)
    assert strain.production_reaction("p_e") == "EX_p(e)"
    assert strain.judge("p_e", strain.gene_mask([])).coupled
