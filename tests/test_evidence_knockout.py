"""Knock-outs that do not trust weak bypasses, on a network whose ways can be counted."""

import pandas as pd
import pytest
from networks import branched

from gemwright.config.validation import ValidationSettings
from gemwright.gem.evidence_knockout import Evidence, knock_out_with_evidence, needed_reactions
from gemwright.gem.flux import FluxModel
from gemwright.gem.medium import medium_bounds
from gemwright.validation.essentiality import evidence_of, run_essentiality

RULES = {"At": "t1", "DIRECT": "d1", "B1": "i1", "B2": "i1", "C1": "k1", "C2": "k1"}
SURE, WEAK = 0.9, 0.35
CONFIDENCE = {"At": SURE, "DIRECT": SURE, "B1": WEAK, "B2": WEAK, "C1": WEAK, "C2": WEAK}


def knocked_out(confidence=CONFIDENCE, trusted=(), rules=RULES, medium=("a",)):
    model = branched(rules=rules)
    flux = FluxModel.of(model)
    flux.set_bounds(medium_bounds(model, list(medium), None))
    table = knock_out_with_evidence(flux, model.rules, Evidence(confidence, trusted))
    return table.set_index("gene")


def test_a_weak_bypass_is_not_trusted_for_a_sure_enzyme():
    table = knocked_out()
    assert table["lethal"].to_dict() == {"d1": True, "i1": False, "k1": False, "t1": True}
    # .8 of .9 is above the cap; what is weak itself may be replaced by what is as weak
    assert table.loc["d1", "least_confidence"] == 0.6
    assert table.loc["i1", "least_confidence"] == 0.0
    # any one of the two ways would do
    assert table.loc["d1", "not_trusted"] in (("B1", "B2"), ("C1", "C2"))
    assert table.loc["t1", "not_trusted"] == ()


@pytest.mark.parametrize(
    ("confidence", "lethal"), [(0.6, False), (0.59, True), (0.3, True), (0.95, False)]
)
def test_a_bypass_is_trusted_from_its_share_on(confidence, lethal):
    ways = dict.fromkeys(("B1", "B2"), confidence) | dict.fromkeys(("C1", "C2"), 0.1)
    assert knocked_out(CONFIDENCE | ways).loc["d1", "lethal"] == lethal
    # a less sure enzyme is replaced by less sure ones: .8 of .6 is .48, on the grid .45
    less = knocked_out(CONFIDENCE | ways | {"DIRECT": 0.6}).loc["d1"]
    assert less["least_confidence"] == 0.45
    assert less["lethal"] == (confidence < 0.45)


def test_what_is_trusted_or_without_a_gene_may_stand_in():
    assert not knocked_out(trusted=("B1", "B2")).loc["d1", "lethal"]
    without = {name: rule for name, rule in RULES.items() if name not in ("B1", "B2")}
    assert not knocked_out(rules=without).loc["d1", "lethal"]


def test_what_the_wild_type_needs_is_not_closed():
    model = branched(rules=RULES)
    flux = FluxModel.of(model)
    flux.set_bounds(medium_bounds(model, ["a"], None))
    flux.set_bounds({"DIRECT": (0.0, 0.0), "C1": (0.0, 0.0)})
    evidence = Evidence(CONFIDENCE, ())
    assert {"B1", "B2", "At"} <= needed_reactions(flux, evidence)
    table = knock_out_with_evidence(flux, model.rules, evidence).set_index("gene")
    # with every other way closed the weak one carries the wild type, and d1 changes nothing
    assert table.loc["d1", "least_confidence"] == 0.6
    assert table.loc["d1", "wild_growth"] > 0
    assert not table.loc["d1", "lethal"]


def test_essentiality_shows_both_and_takes_the_one_of_the_setting():
    model = branched(rules=RULES)
    data = pd.DataFrame({"gene": ["d1", "i1"], "observed": [True, False]})
    provenance = pd.DataFrame(
        {"reaction": list(CONFIDENCE), "reason": "homologue", "confidence": CONFIDENCE.values()}
    )
    evidence = evidence_of(model, provenance)
    assert evidence.trusted == {"At", "Qt"}
    aware = run_essentiality(model, data, ["a"], evidence=evidence)
    plain = run_essentiality(
        model, data, ["a"], evidence=evidence, settings=ValidationSettings(knock_outs="plain")
    )
    assert aware["outcome"].tolist() == ["TP", "TN"]
    assert plain["outcome"].tolist() == ["FN", "TN"]
    for table in (aware, plain):
        assert table["outcome_plain"].tolist() == ["FN", "TN"]
        assert table["outcome_evidence"].tolist() == ["TP", "TN"]
    assert aware["not_trusted"].tolist()[0] in (("B1", "B2"), ("C1", "C2"))
    assert aware["not_trusted"].tolist()[1] == ()
    assert run_essentiality(model, data, ["a"])["outcome"].tolist() == ["FN", "TN"]
    filled = provenance.assign(reason=["homologue", "homologue", *["gap-filled for M9"] * 4])
    assert evidence_of(model, filled).trusted == {"At", "Qt", "B1", "B2", "C1", "C2"}
