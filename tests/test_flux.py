"""The linear programs, against optima known by hand and against cobra."""

import pandas as pd
import pytest
from networks import branched

from gemwright.config.medium import MediumOptions
from gemwright.errors import InputError
from gemwright.gem.cobra import from_cobra
from gemwright.gem.flux import FluxModel
from gemwright.gem.knockout import knock_out_genes
from gemwright.gem.medium import medium_bounds, medium_compounds


def test_growth_is_half_of_the_uptake():
    flux = FluxModel.of(branched())
    solution = flux.optimise()
    assert solution.value == pytest.approx(5.0)
    assert solution.fluxes[flux.index["EX_a_e"]] == pytest.approx(-10.0)
    assert flux.optimise("C2").value == pytest.approx(10.0)
    assert flux.optimise({"B2": 2.0, "C2": 1.0}).value == pytest.approx(20.0)
    assert flux.optimise("EX_a_e", maximise=False).value == pytest.approx(-10.0)
    assert flux.optimise().value == pytest.approx(5.0)


def test_bounds_come_back_also_after_an_error():
    flux = FluxModel.of(branched())
    with pytest.raises(RuntimeError), flux.bounds({"EX_a_e": (-4, 0), "B1": (0, 0)}):
        assert flux.growth() == pytest.approx(2.0)
        raise RuntimeError
    assert flux.growth() == pytest.approx(5.0)
    assert (flux.lower[flux.index["EX_a_e"]], flux.upper[flux.index["B1"]]) == (-10, 1000)


def test_nested_bounds():
    flux = FluxModel.of(branched())
    with flux.bounds({"EX_a_e": (-4, 0)}):
        with flux.bounds({"EX_a_e": (-2, 0)}):
            assert flux.growth() == pytest.approx(1.0)
        assert flux.growth() == pytest.approx(2.0)


def test_infeasible_is_no_growth():
    flux = FluxModel.of(branched())
    with flux.bounds({"At": (3, 5), "EX_a_e": (-1, 0)}):
        assert flux.optimise().status == "infeasible"
        assert flux.growth() == 0.0


def test_blocked_reactions_are_exactly_the_dead_ends():
    # DEAD ends in x; Qt has no supply, and so has its exchange
    assert FluxModel.of(branched()).blocked_reactions() == ["DEAD", "EX_q_e", "Qt"]


def test_blocked_reactions_agree_with_flux_variability():
    from cobra.io import load_model as cobra_model

    model = cobra_model("textbook")
    model.reactions.EX_o2_e.lower_bound = 0
    flux = FluxModel(*cobra_tables(model))
    column = flux.index
    expected = sorted(
        name
        for name in column
        if abs(flux.optimise(name).value) < 1e-6
        and abs(flux.optimise(name, maximise=False).value) < 1e-6
    )
    assert expected
    assert flux.blocked_reactions() == expected


def cobra_tables(model):
    reactions = pd.DataFrame(
        [(r.id, r.lower_bound, r.upper_bound) for r in model.reactions],
        columns=["reaction", "lower_bound", "upper_bound"],
    )
    stoichiometry = pd.DataFrame(
        [(r.id, m.id, c) for r in model.reactions for m, c in r.metabolites.items()],
        columns=["reaction", "species", "coefficient"],
    )
    return reactions, stoichiometry, "Biomass_Ecoli_core"


def test_knock_outs_equal_those_of_cobra():
    from cobra.flux_analysis import single_gene_deletion
    from cobra.io import load_model as cobra_model

    model = cobra_model("textbook")
    theirs = single_gene_deletion(model, processes=1)
    expected = {next(iter(ids)): g for ids, g in zip(theirs["ids"], theirs["growth"], strict=True)}
    read = from_cobra(model)
    ours = knock_out_genes(FluxModel.of(read), read.rules)
    assert len(ours) == len(expected) == 137
    for gene, growth in zip(ours["gene"], ours["growth_rate"], strict=True):
        other = expected[gene]
        assert growth == pytest.approx(0.0 if other != other else other, abs=1e-6)


def test_medium_opens_its_compounds_only():
    bounds = medium_bounds(branched(), ["a", "unknown"], MediumOptions(max_uptake=7.0))
    assert bounds == {"EX_a_e": (-7.0, 1000.0), "EX_q_e": (0.0, 1000.0)}
    media = pd.DataFrame({"medium": ["M", "M", "N"], "compound": ["b", "a", "c"]})
    assert medium_compounds(media, "M") == ["a", "b"]
    with pytest.raises(InputError, match="M, N"):
        medium_compounds(media, "O")
