"""Repair of predicted strategies."""

import numpy as np
import pytest
from toy_strain import genes_of, toy

from gemwright.strain_design.models import bundled_e_coli_core
from gemwright.strain_design.modes import ACTIVE, Demand, ModeFinder, critical_genes, keep_on
from gemwright.strain_design.reduction import reduce_to_minimal
from gemwright.strain_design.repair import repair_strategy
from gemwright.strain_design.search import find_strategy
from gemwright.strain_design.steering import Steering
from gemwright.strain_design.strain import StrainModel

TARGETS = ["succ_e", "akg_c", "ac_e"]


@pytest.fixture(scope="module")
def core():
    return StrainModel(bundled_e_coli_core())


@pytest.fixture(scope="module")
def strategies(core):
    return {target: find_strategy(core, target) for target in TARGETS}


@pytest.fixture(scope="module")
def strain():
    return StrainModel(toy())


@pytest.mark.parametrize(
    ("predicted", "method", "repaired"),
    [
        ("34", "none needed", "34"),
        ("134", "none needed", "134"),
        ("", "genes deleted", "34"),
        ("3", "genes deleted", "34"),
        ("234", "genes re-added", "34"),
        ("12345", "genes re-added", "134"),
        ("235", "re-added and deleted", "34"),
    ],
)
def test_the_toy_example_is_repaired_with_the_fewest_changes(strain, predicted, method, repaired):
    repair = repair_strategy(strain, "m6", strain.gene_mask(genes_of(predicted)), search=False)
    assert repair.method == method
    assert np.array_equal(repair.deleted, strain.gene_mask(genes_of(repaired)))
    assert repair.changed == len(set(predicted) ^ set(repaired))
    assert repair.coupling.coupled


def test_what_cannot_be_repaired_comes_back_unchanged(strain):
    predicted = strain.gene_mask(["g1"])
    repair = repair_strategy(strain, "m1", predicted)
    assert repair.method == "failed"
    assert not repair.coupling.coupled
    assert repair.changed == 0
    assert np.array_equal(repair.deleted, predicted)


@pytest.mark.parametrize("target", TARGETS)
def test_a_gene_deleted_too_many_is_re_added(core, strategies, target):
    predicted = strategies[target].copy()
    needed = np.flatnonzero(~predicted)[::7]
    for gene in needed:
        predicted[gene] = True
    assert not core.judge(target, predicted).coupled
    repair = repair_strategy(core, target, predicted, search=False)
    assert repair.coupling.coupled
    assert repair.changed <= 2 * len(needed)


@pytest.mark.parametrize("target", TARGETS)
def test_a_missing_deletion_is_added(core, strategies, target):
    small = reduce_to_minimal(core, target, strategies[target])
    predicted = small.copy()
    predicted[np.flatnonzero(small)[0]] = False
    repair = repair_strategy(core, target, predicted, search=False)
    assert repair.coupling.coupled
    assert repair.method != "model search"


def test_no_single_change_of_a_repair_is_needless(core, strategies):
    predicted = strategies["succ_e"] ^ (np.arange(len(core.genes)) % 10 == 3)
    repair = repair_strategy(core, "succ_e", predicted, search=False)
    assert repair.coupling.coupled
    for gene in np.flatnonzero(repair.deleted ^ predicted):
        back = repair.deleted.copy()
        back[gene] = predicted[gene]
        assert not core.judge("succ_e", back).coupled


def test_probabilities_choose_between_repairs(strain):
    # m6 grows on r2-r4-r7 whether g1 stays or not: a prediction's doubt decides nothing else
    predicted = strain.gene_mask(genes_of("2345"))
    remains = np.array([0.9, 0.4, 0.1, 0.1, 0.4])
    repair = repair_strategy(strain, "m6", predicted, remains)
    assert np.array_equal(repair.deleted, strain.gene_mask(genes_of("34")))
    # isozymes: the likelier one is re-added
    iso = StrainModel(toy(rules=["", "", "g1", "g2 or g6", "g3", "g4", "g5", "", ""]))
    everything = np.ones(6, np.bool_)
    for likely, other in (("g2", "g6"), ("g6", "g2")):
        remains = np.array([0.3 if gene == likely else 0.1 for gene in iso.genes])
        found = repair_strategy(iso, "m6", everything, remains)
        assert not found.deleted[iso.states.index[likely]]
        assert found.deleted[iso.states.index[other]]


def test_the_same_prediction_is_repaired_the_same_way(strategies):
    predicted = strategies["akg_c"] ^ (np.arange(137) % 9 == 1)
    first, second = (
        repair_strategy(StrainModel(bundled_e_coli_core()), "akg_c", predicted).deleted
        for _ in range(2)
    )
    assert np.array_equal(first, second)


def test_the_search_is_told_apart_and_can_be_switched_off(core):
    predicted = core.gene_mask([])
    alone = repair_strategy(core, "acald_c", predicted, search=False)
    assert alone.method in ("failed", "genes deleted")
    with_search = repair_strategy(core, "co2_c", ~predicted)
    assert with_search.method in ("model search", "genes re-added")
    assert with_search.coupling.coupled


def test_modes_meet_their_demand_and_are_sparse(core):
    finder = ModeFinder(core, "succ_c")
    demand = Demand(0.2, 1.0)
    dense = finder.best(finder.growth, demand)
    fluxes = finder.sparse(demand, np.ones(finder.size))
    assert dense is not None
    assert fluxes is not None
    assert np.abs(core.flux.matrix @ fluxes).max() < 1e-6
    assert fluxes[finder.growth] >= 0.2 - 1e-9
    assert fluxes[finder.production] >= 1.0 - 1e-9
    assert (np.abs(fluxes) > ACTIVE).sum() < 60
    assert np.abs(fluxes).sum() < np.abs(dense).sum()
    assert finder.sparse(Demand(5.0, 1.0), np.ones(finder.size)) is None


def test_genes_for_reactions_that_must_be_on(strain):
    everything = np.ones(5, np.bool_)
    active = np.isin(strain.flux.reactions, ["r5", "r7"])
    prices = np.array([1.0, 1.0, 1.0, 2.0, 1.0])
    # r5 needs g3 or g4, and the dearer one is left out
    kept = keep_on(strain, active, everything, prices)
    assert np.array_equal(kept, strain.gene_mask(["g1", "g4"]))
    kept = keep_on(strain, active, everything, np.array([1.0, 1.0, 3.0, 2.0, 1.0]))
    assert np.array_equal(kept, strain.gene_mask(["g1", "g3"]))
    among = ~strain.gene_mask(["g3"])
    off = critical_genes(strain, strain.gene_mask(["g3"]), among)
    lost = {
        gene: {strain.flux.reactions[column] for column in np.flatnonzero(row)}
        for gene, row in zip(np.array(strain.genes)[among], off, strict=True)
    }
    assert lost == {"g1": {"r3"}, "g2": {"r4", "r7"}, "g4": {"r5", "r6"}, "g5": {"r7"}}


def test_targets_that_cannot_be_made_are_known(core):
    assert not Steering(core, "atp_c").possible
    assert not Steering(core, "glc__D_e").possible
    assert Steering(core, "succ_e").possible
