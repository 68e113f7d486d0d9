"""Phosphate that an alkaline phosphatase sets free."""

import pandas as pd
import pytest
from networks import tables

from gemwright.config.validation import ValidationSettings
from gemwright.sources.bigg_snapshot import read_universe
from gemwright.validation.biolog import run_biolog
from gemwright.validation.phosphatase import (
    phosphatase_confidence,
    phosphomonoesters,
    released_compounds,
)

PROTEINS = pd.DataFrame(
    {"model": ["iML1515", "iML1515"], "gene": ["b0383", "b0001"], "enzyme": ["phoA", "thrL"]}
)


def hits(enzyme, identity):
    rows = [(enzyme, identity, 1.0, 1.0)]
    return pd.DataFrame(rows, columns=["enzyme", "identity", "query_coverage", "subject_coverage"])


def equations(**sides):
    rows = [
        (name, species, float(value))
        for name, side in sides.items()
        for species, value in side.items()
    ]
    return pd.DataFrame(rows, columns=["reaction", "species", "coefficient"])


ESTER = {"x_c": -1, "h2o_c": -1, "y_c": 1, "pi_c": 1}


def test_phosphomonoesters_of_reactions_either_way_protons_aside():
    assert phosphomonoesters(equations(R=ESTER)) == {"x"}
    assert phosphomonoesters(equations(R=ESTER | {"h_c": 2})) == {"x"}
    turned = {species: -value for species, value in ESTER.items()}
    assert phosphomonoesters(equations(R=turned)) == {"x"}
    assert phosphomonoesters(equations(R=ESTER | {"z_c": 1})) == set()
    assert phosphomonoesters(equations(R=ESTER | {"y_c": 2})) == set()
    assert phosphomonoesters(equations(R={"x_c": -1, "h2o_e": -1, "y_c": 1, "pi_c": 1})) == set()
    # phosphate and water on one side is no hydrolysis
    assert phosphomonoesters(equations(R={"x_c": 1, "h2o_c": -1, "y_c": 1, "pi_c": -1})) == set()


def test_bigg_has_409_of_them():
    found = phosphomonoesters(read_universe("bigg").stoichiometry)
    assert len(found) == 409
    assert {"g6p", "glyc3p", "ump", "3pg"} <= found
    assert not {"glc__D", "pi", "h2o"} & found


def test_only_a_homologue_of_a_phosphatase_sets_free():
    assert phosphatase_confidence(hits("phoA", 0.99), PROTEINS) > 0.9
    assert phosphatase_confidence(hits("thrL", 0.99), PROTEINS) == 0.0
    network = equations(R=ESTER)
    assert released_compounds(hits("phoA", 0.99), PROTEINS, network) == {"x"}
    assert released_compounds(hits("phoA", 0.22), PROTEINS, network) == set()


@pytest.mark.parametrize("counts", [True, False])
def test_a_released_compound_counts_as_phosphate_and_as_nothing_else(counts):
    # x cannot be taken up; growth takes one phosphate and one carbon
    model = tables(
        {
            "EX_glc__D_e": (-10, 1000, {"glc__D_e": -1}),
            "EX_pi_e": (0, 1000, {"pi_e": -1}),
            "EX_x_e": (0, 1000, {"x_e": -1}),
            "Growth": (0, 1000, {"glc__D_e": -1, "pi_e": -1}),
        }
    )
    data = pd.DataFrame(
        [("C", "x", "x", True), ("P", "x", "x", True), ("P", "z", "z", True)],
        columns=["source", "metabolite", "compound", "observed"],
    )
    settings = ValidationSettings(phosphatase=counts)
    table = run_biolog(model, data, ["glc__D", "pi"], released={"x"}, settings=settings)
    assert table["outcome_released"].tolist() == ["FN", "TP", "FN"]
    assert table["outcome_taken_up"].tolist() == ["FN", "FN", "FN"]
    assert table["predicted"].tolist() == [False, counts, False]
    assert (table["reason"] == "").tolist() == [False, counts, False]
