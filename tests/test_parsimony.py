"""Parsimonious fluxes, and what confidence does to them."""

import numpy as np
import pandas as pd
import pytest
from networks import branched

from gemwright.gem.flux import FluxModel
from gemwright.gem.parsimony import confidence_costs, parsimonious_fluxes
from gemwright.kinetics.flux_states import flux_state


def provenance(**confidence):
    return pd.DataFrame({"reaction": list(confidence), "confidence": list(confidence.values())})


def test_the_shortest_way_is_taken_and_what_has_no_gene_costs_double():
    flux = FluxModel.of(branched())
    found = parsimonious_fluxes(flux)
    assert found["DIRECT"] == pytest.approx(10, rel=1e-6)
    assert found["B1"] == found["C1"] == 0
    # the bounds are as they were
    assert flux.growth() == pytest.approx(5)
    costs = confidence_costs(
        provenance(DIRECT=np.nan, B1=1.0, B2=1.0, C1=0.5, C2=1.0, EX_a_e=np.nan)
    )
    assert costs == {"DIRECT": 2, "B1": 1, "B2": 1, "C1": 1.5, "C2": 1, "EX_a_e": 1}
    costs["DIRECT"] = 2.5
    found = parsimonious_fluxes(flux, costs)
    assert found["B1"] == found["B2"] == pytest.approx(10, rel=1e-6)
    assert found["DIRECT"] == 0


def test_reactions_may_run_backwards_and_an_impossible_model_has_no_fluxes():
    flux = FluxModel.of(branched())
    flux.set_bounds({"EX_a_e": (-10, -1)})
    assert parsimonious_fluxes(flux)["EX_a_e"] == pytest.approx(-10, rel=1e-6)
    flux.set_bounds({"At": (0, 0)})
    assert parsimonious_fluxes(flux) is None


def test_flux_states_of_kinetic_models_cost_by_confidence():
    model = branched()
    assert "DIRECT" in flux_state(model).fluxes
    weighted = flux_state(model, costs={"DIRECT": 2.5}).fluxes
    assert "DIRECT" not in weighted
    assert weighted["B1"] == pytest.approx(9)
