"""The fuel audit on networks whose yields are known by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from networks import tables

from gemwright.gem.fuel_audit import audit_fuels, degree_of_reduction

FORMULAS = {
    "sugar": ("C6H12O6", 0), "acid": ("C2H3O2", -1), "gas": ("CO2", 0), "odd": ("C6H12OX", 0),
    "co2": ("CO2", 0), "h2o": ("H2O", 0), "o2": ("O2", 0), "h": ("H", 1), "pi": ("HO4P", -2),
    "atp": ("C10H12N5O13P3", -4), "adp": ("C10H12N5O10P2", -3), "nh4": ("H4N", 1),
}  # fmt: skip
ATP = {"atp_c": 1, "h2o_c": 1, "adp_c": -1, "pi_c": -1, "h_c": -1}


@pytest.mark.parametrize(
    ("formula", "charge", "electrons"),
    [
        ("C6H12O6", 0, 24), ("C2H3O2", -1, 8), ("CH4", 0, 8), ("CHO2", -1, 2),
        ("CO2", 0, 0), ("H2O", 0, 0), ("H4N", 1, 0), ("O4S", -2, 0), ("HO4P", -2, 0),
        ("O2", 0, -4), ("C3H7NO2S", 0, 18),
    ],
)  # fmt: skip
def test_electrons_of_a_formula(formula, charge, electrons):
    assert degree_of_reduction(formula, charge) == electrons


@pytest.mark.parametrize(
    ("formula", "charge"), [("", 0), ("C6H12OX", 0), ("CH2Cl", 0), ("C", None)]
)
def test_electrons_that_a_formula_does_not_tell(formula, charge):
    assert np.isnan(degree_of_reduction(formula, charge))


def energy(moles, **sides):
    return {**{name: moles * number for name, number in ATP.items()}, **sides}


def burning(**more):
    """Sugar and acid are burnt to CO2; the odd compound has a formula with a residue."""
    reactions = {
        "ATPM": (8, 1000, {name: -number for name, number in ATP.items()}),
        "BURN": (0, 1000, {"sugar_c": -1, "o2_c": -6, "co2_c": 6, **ATP, "h2o_c": 6 + 20,
                           "atp_c": 20, "adp_c": -20, "pi_c": -20, "h_c": -20}),
        "ACID": (0, 1000, energy(4, acid_c=-1, o2_c=-2, co2_c=2, h_c=-4 - 1, h2o_c=4 + 2)),
        "ODD": (0, 1000, energy(3, odd_c=-1, o2_c=-1)),
        **more,
    }  # fmt: skip
    outside = ("sugar", "acid", "odd", "o2", "co2", "h2o", "h", "gas")
    for name in outside:
        reactions[f"EX_{name}_e"] = (0, 1000, {f"{name}_e": -1})
        reactions[f"{name}t"] = (-1000, 1000, {f"{name}_e": -1, f"{name}_c": 1})
    model = tables(reactions, objective="")
    known = model.species["metabolite"].map(FORMULAS)
    species = model.species.assign(formula=known.str[0], charge=known.str[1].astype("Int64"))
    return replace(model, species=species)


def row(audit, compound):
    return audit.table.set_index("compound").loc[compound]


def test_a_sound_model_burns_what_its_formulas_hold():
    audit = audit_fuels(burning())
    assert list(audit.table["compound"]) == ["acid", "co2", "gas", "odd", "sugar"]
    sugar = row(audit, "sugar")
    assert sugar["atp"] == pytest.approx(20)
    assert sugar["atp_per_electron"] == pytest.approx(20 / 24)
    assert sugar["oxygen"] == pytest.approx(6)
    assert sugar["oxygen_of_formula"] == 6
    assert row(audit, "acid")["atp_per_electron"] == pytest.approx(4 / 8)
    states = dict(zip(audit.table["compound"], audit.table["state"], strict=True))
    assert states == {
        "sugar": "sound", "acid": "sound", "gas": "no energy", "co2": "no energy",
        "odd": "formula not counted",
    }  # fmt: skip
    assert audit.failing.empty
    assert audit.summary == {
        "compounds": 5.0,
        "fuels": 2.0,
        "median_atp_per_electron": pytest.approx((20 / 24 + 0.5) / 2),
        "largest_atp_per_electron": pytest.approx(20 / 24),
        "largest_of": "sugar",
        "failing": 0.0,
    }


def test_too_much_atp_is_named():
    rich = {"sugar_c": -1, "o2_c": -6, "co2_c": 6, "h2o_c": 6}
    audit = audit_fuels(burning(RICH=(0, 1000, {**energy(31), **rich, "h2o_c": 37})))
    assert row(audit, "sugar")["state"] == "too much ATP"
    assert list(audit.failing["compound"]) == ["sugar"]


def test_electrons_that_the_formula_lacks_are_named():
    # the sugar that burns with 7 O2 has 28 electrons; one that leaves as acid keeps its own
    wrong = {"sugar_c": -1, "o2_c": -7, "co2_c": 6, "h2o_c": 6 + 25}
    audit = audit_fuels(burning(WRONG=(0, 1000, {**energy(25), **wrong})))
    assert row(audit, "sugar")["oxygen"] == pytest.approx(7)
    assert row(audit, "sugar")["state"] == "too many electrons"
    split = {"sugar_c": -1, "acid_c": 4, "h_c": 4 - 25}
    made = audit_fuels(
        burning(SPLIT=(0, 1000, {**energy(25), **split}), ACID=(0, 0, {"acid_c": -1}))
    )
    assert row(made, "sugar")["oxygen"] == pytest.approx(8)
    assert row(made, "sugar")["state"] == "too many electrons"


def test_energy_without_electrons_is_told_apart():
    audit = audit_fuels(burning(CLEAVE=(0, 1000, energy(1, gas_c=-1, co2_c=1))))
    assert row(audit, "gas")["state"] == "no electrons"
    assert row(audit, "gas")["atp"] == pytest.approx(1)
    assert pd.isna(row(audit, "gas")["atp_per_electron"])


def test_a_model_without_maintenance_has_no_fuels():
    model = burning()
    audit = audit_fuels(model, maintenance="NGAM")
    assert set(audit.table["state"]) == {"no energy"}
    assert audit.summary["fuels"] == 0
