"""What speaks for a reaction, homology in context and relatives; how probable that makes it."""

import numpy as np
import pandas as pd
import pytest
from networks import branched

from gemwright.reconstruction.curated_evidence import (
    curated_evidence,
    evidence_tables,
    fit_coefficients,
)
from gemwright.reconstruction.evidence import (
    FEATURES,
    is_judged,
    model_terms,
    reaction_evidence,
    reaction_probabilities,
    read_coefficients,
)

ORGANISMS = pd.DataFrame(
    [("M1", "Near", "Bacteria"), ("M2", "Near", "Bacteria"), ("F", "Far", "Archaea"),
     ("E", "Escherichia", "Bacteria"), ("S", "Shigella", "Bacteria"), ("Y", "Yeast", "Eukarya")],
    columns=["model", "genus", "kingdom"],
)  # fmt: skip


def table(columns, *rows):
    return pd.DataFrame(rows, columns=columns)


HELD = table(
    ["model", "reaction"],
    ("M1", "A"), ("M2", "A_copy1"), ("M1", "B"), ("F", "B"), ("F", "C"), ("Y", "D"),
    ("E", "A"), ("S", "C"),
)  # fmt: skip
GPRS = table(
    ["model", "gene", "complex", "reaction"],
    ("M1", "g1", "g1", "A"), ("M1", "g2", "g2", "B"), ("F", "g3", "g3", "B"),
    ("F", "g4", "g4", "C"), ("Y", "g5", "g5", "D"),
)  # fmt: skip
COMPLEXES = table(
    ["reaction", "model", "confidence"],
    ("A", "M1", 0.9), ("B", "M1", 0.5), ("B", "F", 0.2), ("D", "Y", 0.9), ("B", "M2", 0.4),
)  # fmt: skip


def evidence(hidden=()):
    found = reaction_evidence(COMPLEXES, GPRS, HELD, ORGANISMS, hidden)
    return found.set_index("reaction")


def test_evidence_of_a_small_set_of_models():
    found = evidence()
    assert list(found.columns) == FEATURES
    # the eukaryote's reaction is none of a cell's without a nucleus
    assert list(found.index) == ["A", "B", "C"]
    assert found["confidence"].tolist() == [0.9, 0.5, 0.0]
    assert found["second_genus"].tolist() == [0.0, 0.2, 0.0]
    assert found["supporting_genera"].tolist() == [1, 1, 0]
    assert found["support_share"].tolist() == [1.0, 0.5, 0.0]


def test_relatives_count_by_how_much_of_their_reactions_have_genes():
    # near: mean of .9 and .5; far: mean of .2 and 0; Escherichia without rules: the least
    near, far, coli = 0.7**4, 0.1**4, 0.01**4
    whole = near + far + coli
    # of Escherichia's two models, one a Shigella, each holds one of the two
    expected = [(near + coli / 2) / whole, (near / 2 + far) / whole, (far + coli / 2) / whole]
    assert evidence()["phylogenetic"].tolist() == pytest.approx(expected)


def test_hidden_models_say_nothing():
    found = evidence(("M1", "M2"))
    assert found.loc["B", "confidence"] == 0.2
    assert found.loc["A", "confidence"] == 0.0
    shown = reaction_evidence(
        COMPLEXES[COMPLEXES["model"] == "F"], GPRS[GPRS["model"] == "F"],
        HELD[~HELD["model"].isin(["M1", "M2"])], ORGANISMS[~ORGANISMS["genus"].eq("Near")],
    )  # fmt: skip
    pd.testing.assert_frame_equal(found.reset_index(), shown)


def test_probability_is_the_logistic_model_of_the_terms():
    terms = evidence().reset_index()
    terms.loc[len(terms)] = ["EX_a_e", 0.0, 0.0, 0, 0.0, 1.0]
    terms.loc[len(terms)] = ["At", 0.9, 0.0, 1, 1.0, 0.9]
    rows = {"enzyme": [-1, 1, 2, 3, 4, 5], "transport": [-2, 0, 0, 0, 0, 1]}
    names = ["intercept", *FEATURES]
    coefficients = pd.DataFrame.from_dict(rows, orient="index", columns=names)
    found = reaction_probabilities(terms, branched().stoichiometry, coefficients)
    a = terms.iloc[0]
    z = -1 + a["confidence"] + 3 * np.log2(2) + 4 * a["support_share"] + 5 * a["phylogenetic"]
    assert found[0] == pytest.approx(1 / (1 + np.exp(-z)))
    assert np.isnan(found[3])
    assert found[4] == pytest.approx(1 / (1 + np.exp(2 - 0.9)))


def test_shipped_coefficients_speak_for_what_has_evidence():
    shipped = read_coefficients()
    assert list(shipped.columns) == ["intercept", *FEATURES]
    known = pd.DataFrame(
        [("A", 0.0, 0.0, 0, 0.0, 0.0), ("B", 0.95, 0.9, 10, 1.0, 0.9)],
        columns=["reaction", *FEATURES],
    )
    for name in ("A", "At"):
        known.loc[0, "reaction"] = name
        low, high = reaction_probabilities(known, branched().stoichiometry)
        assert low < 0.1 < 0.9 < high


def test_what_is_not_judged():
    names = ["PGI", "EX_glc__D_e", "DM_x", "sink_x", "ATPM", "Growth", "BIOMASS_x", "GROWTHx"]
    assert is_judged(pd.Series(names)).tolist() == [True, *[False] * 6, True]


def learned(flip=False):
    """Evidence of three genera in which confidence alone decides; the truth turned in one."""
    generator = np.random.default_rng(1)
    rows = pd.DataFrame({"confidence": generator.random(3000)})
    rows["genus"] = np.repeat(["a", "b", "c"], 1000)
    rows["present"] = generator.random(3000) < 1 / (1 + np.exp(3 - 6 * rows["confidence"]))
    if flip:
        rows.loc[rows["genus"] == "a", "present"] = ~rows.loc[rows["genus"] == "a", "present"]
    other = generator.random((3000, 3))
    rows[["second_genus", "support_share", "phylogenetic"]] = other
    rows["supporting_genera"] = generator.integers(0, 5, 3000)
    return rows.assign(model=rows["genus"], reaction="R", transport=False)


def test_the_fit_finds_what_decides():
    fitted = fit_coefficients(learned()).set_index("term")["coefficient"]
    assert fitted["confidence"] == pytest.approx(6, abs=0.5)
    assert fitted["intercept"] == pytest.approx(-3, abs=0.5)
    assert fitted.drop(["confidence", "intercept"]).abs().max() < 0.4


def test_no_genus_is_judged_by_its_own_labels():
    worth, reliability = evidence_tables(learned())
    plain = worth.set_index("evidence")["auroc"]
    assert plain["homology (best confidence)"] > 0.85
    assert plain["phylogenetic share"] == pytest.approx(0.5, abs=0.06)
    assert (reliability["mean_predicted"] - reliability["present"]).abs().max() < 0.1
    # two genera that contradict each other: each is told the other's rule
    rows = learned(flip=True)
    turned, _ = evidence_tables(rows[rows["genus"] != "c"].reset_index(drop=True))
    assert turned.set_index("evidence")["auroc"]["homology (best confidence)"] < 0.2


def test_the_curated_model_does_not_speak_for_itself():
    hits = table(
        ["protein", "enzyme", "identity", "query_coverage", "subject_coverage", "bitscore"],
        ("p", "own", 1.0, 1.0, 1.0, 200.0), ("p", "far", 0.5, 1.0, 1.0, 100.0),
    )  # fmt: skip
    proteins = table(["model", "gene", "enzyme"], ("M1", "g1", "own"), ("F", "g3", "far"))
    found = curated_evidence(
        {"M1": hits}, proteins, GPRS, HELD, ORGANISMS, branched().stoichiometry
    ).set_index("reaction")
    assert found["present"].to_dict() == {"A": True, "B": True, "C": False}
    assert found.loc["A", "confidence"] == 0.0
    assert 0 < found.loc["B", "confidence"] < 0.9
    # of A one of Escherichia's two models is left; F has genes for half of its two reactions
    far, coli = (found.loc["B", "confidence"] / 2) ** 4, 0.01**4
    assert found.loc["A", "phylogenetic"] == pytest.approx(coli / 2 / (far + coli))
    assert model_terms(found).shape == (3, 5)
