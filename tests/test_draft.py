"""From homology to the draft: mapping, complexes, rules, support, checks."""

import numpy as np
import pandas as pd
import pytest
from networks import branched, tables

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.errors import InputError
from gemwright.gem.gpr import format_gpr
from gemwright.gem.species import reaction_metabolites, transported
from gemwright.inputs.checks import check_medium, check_metabolome
from gemwright.reconstruction.checks import check_universe
from gemwright.reconstruction.draft import build_draft, gene_rules
from gemwright.reconstruction.mapping import (
    all_complexes,
    homology_confidence,
    map_proteome,
    rule_complexes,
)
from gemwright.reconstruction.support import reaction_support

OPTIONS = ReconstructionOptions(method="emi", min_confidence=0.3)


def hits(rows):
    frame = pd.DataFrame(rows, columns=["protein", "enzyme", "identity", "bitscore"])
    return frame.assign(query_coverage=1.0, subject_coverage=1.0)


def models(rules):
    """Proteins and GPRs from ``{model: {reaction: [complexes as 'g1+g2']}}``."""
    gprs = pd.DataFrame(
        [
            (model, gene, complex_, reaction)
            for model, reactions in rules.items()
            for reaction, complexes in reactions.items()
            for complex_ in complexes
            for gene in complex_.split("+")
        ],
        columns=["model", "gene", "complex", "reaction"],
    )
    proteins = gprs[["model", "gene"]].drop_duplicates()
    return proteins.assign(enzyme=proteins["model"] + "." + proteins["gene"]), gprs


def rules_of(hit_rows, rules, options=OPTIONS):
    proteins, gprs = models(rules)
    mapping = map_proteome(hits(hit_rows), proteins, gprs, options)
    complexes = rule_complexes(all_complexes(mapping, options), options)
    rules = gene_rules(complexes)
    return {reaction: format_gpr(rules.get(reaction)) for reaction in complexes["reaction"]}


def test_confidence_rises_with_identity_and_falls_with_coverage():
    frame = pd.DataFrame({"identity": [0.3, 0.5, 0.7, 1.0], "query_coverage": 1.0})
    values = homology_confidence(frame.assign(subject_coverage=1.0))
    assert (np.diff(values) > 0).all()
    assert values.iloc[3] == pytest.approx(0.99)
    half = homology_confidence(frame.assign(subject_coverage=0.375))
    assert half.to_numpy() == pytest.approx(values.to_numpy() / 2)


def test_complexes_are_and_isozymes_are_or():
    rules = {"M": {"R1": ["g1+g2"], "R2": ["g1", "g3"], "R3": ["g4"]}}
    found = rules_of(
        [("p1", "M.g1", 0.9, 100), ("p2", "M.g2", 0.9, 100), ("p3", "M.g3", 0.9, 100)], rules
    )
    assert found == {"R1": "p1 and p2", "R2": "p1 or p3"}


def test_a_complex_needs_its_share_of_subunits():
    rules = {"M": {"R1": ["g1+g2+g3"]}}
    one = [("p1", "M.g1", 0.9, 100)]
    two = [*one, ("p2", "M.g2", 0.9, 100)]
    assert rules_of(one, rules) == {}
    assert rules_of(two, rules) == {"R1": "p1 and p2"}
    strict = ReconstructionOptions(subunit_share=1.0)
    assert rules_of(two, rules, strict) == {}


def test_only_reciprocal_best_hits_count():
    # p2 is nearer to g1 than to anything else, but p1 is much nearer to g1
    rows = [("p1", "M.g1", 0.9, 100), ("p2", "M.g1", 0.4, 50), ("p3", "M.g1", 0.9, 95)]
    assert rules_of(rows, {"M": {"R": ["g1"]}}) == {"R": "p1 or p3"}
    # within a model, p1 belongs to g1 and not to the weaker g2
    rows = [("p1", "M.g1", 0.9, 100), ("p1", "M.g2", 0.5, 60)]
    assert rules_of(rows, {"M": {"R": ["g1"], "Q": ["g2"]}}) == {"R": "p1"}


def test_the_nearest_model_gives_the_rule():
    rules = {"FAR": {"R": ["a", "b"]}, "NEAR": {"R": ["g+h"]}}
    rows = [
        ("p1", "NEAR.g", 0.9, 100), ("p2", "NEAR.h", 0.9, 100),
        ("p1", "FAR.a", 0.5, 60), ("p2", "FAR.b", 0.5, 60),
    ]  # fmt: skip
    assert rules_of(rows, rules) == {"R": "p1 and p2"}
    every = ReconstructionOptions(gpr_source="all_models")
    assert rules_of(rows, rules, every) == {"R": "p1 or p2"}
    without = ReconstructionOptions(exclude_models=("NEAR",))
    assert rules_of(rows, rules, without) == {"R": "p1 or p2"}


def test_spontaneous_genes_are_always_on():
    rules = {"M": {"FREE": ["s0001"], "MIXED": ["s0001", "g1"], "R": ["g1"]}}
    found = rules_of([("p1", "M.g1", 0.9, 100)], rules)
    assert found == {"FREE": "", "MIXED": "", "R": "p1"}


def test_copies_of_a_reaction_are_one():
    rules = {"M": {"R_copy1": ["g1"], "R_copy2": ["g2"]}}
    rows = [("p1", "M.g1", 0.9, 100), ("p2", "M.g2", 0.9, 100)]
    assert rules_of(rows, rules) == {"R": "p1 or p2"}


def complexes_for(**genes):
    rows = [(reaction, tuple(text.split("+")), 0.8, 0.7) for reaction, text in genes.items()]
    return pd.DataFrame(rows, columns=["reaction", "genes", "confidence", "identity"])


SELECTED = pd.DataFrame(
    {"metabolite": ["b"], "protein": ["p1"], "score": [0.9], "adjusted_score": 0.9, "rank": 1}
)
OBSERVED = pd.DataFrame({"metabolite": ["b"]})


def reasons(options=OPTIONS, observed=OBSERVED, **genes):
    draft = build_draft(branched(), complexes_for(**genes), SELECTED, observed, options)
    return dict(zip(draft["reaction"], draft["reason"], strict=True)), draft


def test_reactions_of_selected_enzymes_and_their_partners():
    found, draft = reasons(B1="p1+p5", B2="p1", C1="p7")
    assert found == {"B1": "predicted", "B2": "predicted", "Growth": "biomass"}
    assert draft.set_index("reaction").loc["B1", "rule"] == ("and", ("p1", "p5"))


def test_the_control_takes_every_homologue():
    options = ReconstructionOptions(method="homology", transport="none")
    found, _ = reasons(options, B1="p1", C1="p7", At="p8")
    assert found == {"B1": "homologue", "C1": "homologue", "Growth": "biomass"}


def test_transport_follows_the_option():
    # a is carried by At and Qt carries q; only a is in the draft
    genes = {"B1": "p1", "At": "p8", "Qt": "p9"}
    by_homology, _ = reasons(**genes)
    assert by_homology["At"] == "transport by homology"
    assert by_homology["EX_a_e"] == "exchange"
    assert "Qt" not in by_homology
    seen = pd.DataFrame({"metabolite": ["b", "q"]})
    assert reasons(observed=seen, **genes)[0]["Qt"] == "transport by homology"
    assert (
        "At" not in reasons(ReconstructionOptions(method="emi", transport="selected"), **genes)[0]
    )
    own, _ = reasons(ReconstructionOptions(method="emi", transport="selected"), At="p1")
    assert own["At"] == "predicted"
    assert "At" not in reasons(ReconstructionOptions(method="emi", transport="none"), At="p1")[0]


def test_what_a_transporter_carries():
    model = tables(
        {
            "SYM": (0, 1000, {"glc__D_e": -1, "h_e": -1, "glc__D_c": 1, "h_c": 1}),
            "PTS": (0, 1000, {"glc__D_e": -1, "pep_c": -1, "g6p_c": 1, "pyr_c": 1}),
            "Ht": (0, 1000, {"h_e": -1, "h_c": 1}),
            "IN": (0, 1000, {"g6p_c": -1, "f6p_c": 1}),
        },
        "",
    )
    carried = transported(model.stoichiometry).groupby("reaction")["metabolite"].agg(set)
    assert carried["SYM"] == {"glc__D"}
    assert carried["PTS"] == {"glc__D", "pep", "g6p", "pyr"}
    assert carried["Ht"] == {"h"}
    assert "IN" not in carried
    assert "h" not in set(reaction_metabolites(model.stoichiometry)["metabolite"])


def test_support_by_hand():
    complexes = complexes_for(B1="p1+p5", B2="p1", C1="p7")
    scores = pd.DataFrame(
        {"protein": ["p1", "p5", "p9"], "metabolite": ["b", "a", "b"], "score": [0.4, 0.9, 1.0]}
    )
    table = reaction_support(complexes, scores, branched().stoichiometry, OPTIONS)
    table = table.set_index("reaction")
    # h (p + (1 - p) s) with h = .8, p = .5: B1 has a (p5, .9), B2 has b (p1, .4), C1 nothing
    assert table["probability"].to_dict() == pytest.approx({"B1": 0.76, "B2": 0.56, "C1": 0.4})
    assert table["alpha"].to_dict() == pytest.approx({"B1": 0.24, "B2": 0.44, "C1": 0.6})
    assert tuple(table.loc["B1", ["protein", "metabolite"]]) == ("p5", "a")
    bare = reaction_support(complexes, scores.iloc[:0], branched().stoichiometry, OPTIONS)
    assert set(bare["probability"]) == {0.8}


def test_options_are_checked():
    with pytest.raises(InputError, match="'some' should be 'homology', 'selected' or 'none'"):
        ReconstructionOptions(method="emi", transport="some")
    with pytest.raises(InputError, match="top_k"):
        ReconstructionOptions(top_k=0)


def test_unknown_medium_compounds_are_named_with_close_ones(caplog):
    known = {"glc__D", "a", "q", "nh4"}
    with pytest.raises(InputError) as error:
        check_medium("mine", ["a", "glc_D"], known, branched())
    assert "glc_D" in str(error.value)
    assert "did you mean glc__D" in str(error.value)
    assert check_medium("mine", ["q", "a", "nh4"], known, branched()) == ["a", "q"]
    assert "nh4" in caplog.text
    with pytest.raises(InputError, match="no compound"):
        check_medium("mine", [], known, branched())


def test_metabolome_errors_name_the_line(tmp_path):
    path = tmp_path / "seen.tsv"
    known = {"glc__D", "pyr"}
    path.write_text("bigg_id\tsource\nglc__D\tours\npyr\ttheirs\nglc__D\tagain\n")
    table = check_metabolome(path, known)
    assert list(table["metabolite"]) == ["glc__D", "pyr"]
    assert list(table["source"]) == ["ours", "theirs"]
    path.write_text("bigg_id\tsource\nglc__D\tx\nglcD\tx\n")
    with pytest.raises(InputError, match=r"seen.tsv, line 3: 'glcD'.*did you mean glc__D"):
        check_metabolome(path, known)
    path.write_text("bigg_id\tsource\npyr_c\tx\n")
    assert list(check_metabolome(path, known)["metabolite"]) == ["pyr"]
    path.write_text("id\tsource\npyr\tx\n")
    with pytest.raises(InputError, match="bigg_id"):
        check_metabolome(path, known)
    path.write_text("bigg_id\tsource\n")
    with pytest.raises(InputError, match="no metabolite"):
        check_metabolome(path, known)


def test_a_universe_needs_biomass_and_exchange():
    check_universe(branched())
    with pytest.raises(InputError, match="biomass"):
        check_universe(tables({"EX_a_e": (0, 1, {"a_e": -1})}, ""))
    with pytest.raises(InputError, match="exchange"):
        check_universe(tables({"Growth": (0, 1, {"a_c": -1})}))
