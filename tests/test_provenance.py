"""The whole reconstruction on a universe that fits on a page, and what it says of itself."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import branched
from networks import tables as tables_of

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.errors import InputError
from gemwright.gem.flux import FluxModel
from gemwright.gem.gpr import rename_genes
from gemwright.gem.load import read_model
from gemwright.gem.sbml_writer import sbml_text, write_sbml
from gemwright.reconstruction.pipeline import reconstruct_from_tables
from gemwright.reconstruction.statistics import balance_shares, dead_ends, duplicate_reactions

# gene of the one BiGG model -> reaction; g7 and g8 are the subunits of C2's complex
GPRS = pd.DataFrame(
    [
        ("M", "g1", "g1", "B1"), ("M", "g2", "g2", "B2"), ("M", "g3", "g3", "At"),
        ("M", "g5", "g5", "DIRECT"), ("M", "g6", "g6", "C1"), ("M", "g7", "g7+g8", "C2"),
        ("M", "g8", "g7+g8", "C2"),
    ],
    columns=["model", "gene", "complex", "reaction"],
)  # fmt: skip
PROTEINS = pd.DataFrame(
    {"model": "M", "gene": [f"g{n}" for n in (1, 2, 3, 5, 6, 7, 8)]}
).assign(enzyme=lambda table: "M." + table["gene"])  # fmt: skip
# the organism has no homologue of g5 (DIRECT)
HITS = pd.DataFrame(
    [(f"p{n}", f"M.g{n}", 0.9, 200.0) for n in (1, 2, 3, 6, 7, 8)],
    columns=["protein", "enzyme", "identity", "bitscore"],
).assign(query_coverage=1.0, subject_coverage=1.0)
SCORES = pd.DataFrame(
    [("p1", "b", 0.9), ("p2", "b", 0.2), ("p7", "c", 0.3), ("p1", "c", 0.1), ("p6", "c", 0.05)],
    columns=["protein", "metabolite", "score"],
)
OBSERVED = pd.DataFrame({"metabolite": ["b"]})
PROTEOME = [f"p{n}" for n in range(1, 10)]


def run(observed=OBSERVED, scores=SCORES, **options):
    settings = ReconstructionOptions(method="emi", top_k=1, **options)
    return reconstruct_from_tables(
        "tiny",
        PROTEOME,
        scores,
        HITS,
        PROTEINS,
        GPRS,
        branched(),
        observed,
        {"food": ["a"]},
        settings,
    )


def test_every_reaction_is_explained():
    # b is observed and selects p1, hence B1; the cheapest way on from b is B2, for which the
    # proteome has p2; At carries a, which is in the draft
    result = run()
    table = result.provenance.set_index("reaction")
    assert table["reason"].to_dict() == {
        "At": "transport by homology",
        "B1": "predicted",
        "B2": "gap-filled for food, gene candidate",
        "EX_a_e": "exchange",
        "Growth": "biomass",
    }
    assert table.loc["B1", ["enzymes", "metabolite", "score"]].tolist() == [("p1",), "b", 0.9]
    assert table.loc["B2", ["gpr", "medium", "unblocks"]].tolist() == ["p2", "food", "d_c"]
    assert table.loc["B2", ["bigg_model", "bigg_genes", "identity"]].tolist() == ["M", "g2", 0.9]
    assert 0 < table.loc["B2", "alpha"] < 1
    assert list(result.selected["protein"]) == ["p1"]


def test_a_complex_brings_its_partners():
    result = run(observed=pd.DataFrame({"metabolite": ["c"]}))
    table = result.provenance.set_index("reaction")
    assert table.loc["C2", ["reason", "gpr", "enzymes", "partners"]].tolist() == [
        "predicted", "p7 and p8", ("p7",), ("p8",),
    ]  # fmt: skip
    assert table.loc["C1", "reason"] == "gap-filled for food, gene candidate"


def test_supported_reactions_enter_on_request():
    table = run(include_probability=0.55).provenance.set_index("reaction")
    # h = .955; B2: h (.5 + .5 * .2) = .57; C2: h (.5 + .5 * .3) = .62; C1: h (.5 + .5 * .05) = .50
    assert table.loc["B2", "reason"] == "supported"
    assert table.loc["C2", "reason"] == "supported"
    pair = ["pair_protein", "pair_metabolite", "pair_score", "enzymes"]
    assert table.loc["C2", pair].tolist() == ["p7", "c", 0.3, ()]
    assert "C1" not in table.index


def test_statistics_count_what_is_there():
    result = run()
    values = dict(zip(result.statistics["statistic"], result.statistics["value"], strict=True))
    assert values["genes"] == 3
    assert values["reactions"] == 5
    assert values["reactions: gap-filled"] == 1
    assert values["gap-filled with genes"] == 1
    assert values["growth on food (1/h)"] == pytest.approx(5.0)
    assert values["blocked with every exchange open"] == 0
    assert values["mass balanced (share)"] == 1.0
    assert values["dead ends"] == values["duplicate reactions"] == 0
    line = result.gap_filling.media.iloc[0]
    assert (line["growth_before"], line["added"]) == (0.0, 1)


def test_the_written_model_grows_as_reported(tmp_path):
    result = run()
    write_sbml(result.model, tmp_path / "tiny.xml")
    again = read_model(tmp_path / "tiny.xml")
    assert FluxModel.of(again.on_medium(["a"])).growth() == pytest.approx(5.0)
    assert FluxModel.of(again).growth() == pytest.approx(5.0)
    assert FluxModel.of(again.on_medium([])).growth() == 0.0


def test_the_same_input_in_any_row_order_gives_the_same_bytes(monkeypatch):
    first = run()
    second = run(scores=SCORES.sample(frac=1, random_state=5))
    assert sbml_text(first.model) == sbml_text(second.model)
    for name in ("provenance", "statistics", "selected"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
    shuffled = reconstruct_from_tables(
        "tiny", PROTEOME, SCORES, HITS.sample(frac=1, random_state=1),
        PROTEINS.sample(frac=1, random_state=2),
        GPRS.sample(frac=1, random_state=3), branched(), OBSERVED, {"food": ["a"]},
        ReconstructionOptions(method="emi", top_k=1),
    )  # fmt: skip
    assert sbml_text(first.model) == sbml_text(shuffled.model)


# what joins names and rules in text, words of rules, escapes, and names that are others' beginnings
NAMES = st.lists(
    st.one_of(
        st.sampled_from(["and", "or", "p+", "p", "+", "p1;p2", "(p", "p)", "__45__", "NA", "1"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=12),
    ),
    min_size=len(PROTEOME),
    max_size=len(PROTEOME),
    unique=True,
)  # fmt: skip
# p9 is as good as p7 for the complex, and p4 as p1
TIES = pd.concat(
    [HITS, pd.DataFrame({"protein": ["p9", "p4"], "enzyme": ["M.g7", "M.g1"], "identity": 0.9,
                         "bitscore": 200.0, "query_coverage": 1.0, "subject_coverage": 1.0})],
    ignore_index=True,
)  # fmt: skip
TIED_SCORES = pd.concat(
    [SCORES, pd.DataFrame([("p4", "b", 0.9)], columns=SCORES.columns)], ignore_index=True
)


def renamed_run(names, order=PROTEOME):
    """Run on proteins of other names; give everything under the first names."""
    new = dict(zip(PROTEOME, names, strict=True))
    old = {name: protein for protein, name in new.items()}
    result = reconstruct_from_tables(
        "tiny", [new[name] for name in order],
        TIED_SCORES.assign(protein=TIED_SCORES["protein"].map(new)),
        TIES.assign(protein=TIES["protein"].map(new)), PROTEINS, GPRS, branched(),
        pd.DataFrame({"metabolite": ["b", "c"]}), {"food": ["a"]},
        ReconstructionOptions(method="emi", top_k=1, include_probability=0.4),
    )  # fmt: skip
    assert set(result.model.genes) <= set(names)
    table = result.provenance.drop(columns=["gpr", "enzymes", "partners", "pair_protein"])
    proteins = {
        column: [{old[name] for name in cell} for cell in result.provenance[column]]
        for column in ("enzymes", "partners")
    }
    pairs = [old.get(name, "") for name in result.provenance["pair_protein"]]
    rules = {reaction: rename_genes(rule, old) for reaction, rule in result.model.rules.items()}
    selected = result.selected.assign(protein=result.selected["protein"].map(old))
    return result, (rules, table.to_csv(), proteins, pairs, selected.to_csv())


@pytest.mark.case("01-fasta-plus-in-ids")
@settings(max_examples=40)
@given(NAMES)
def test_renaming_the_proteins_renames_the_model(names):
    _, first = renamed_run(PROTEOME)
    _, again = renamed_run(names)
    assert again == first
    assert again[0]["C2"] == ("and", ("p7", "p8"))
    assert again[0]["B1"] == ("or", ("p1", "p4"))


def test_the_first_of_equal_proteins_is_taken():
    _, (rules, *_) = renamed_run(PROTEOME, order=PROTEOME[::-1])
    assert rules["C2"] == ("and", ("p8", "p9"))


def test_tables_of_another_proteome_are_refused():
    with pytest.raises(InputError, match=r"scores, protein 'p0': is not in the proteome"):
        run(scores=SCORES.assign(protein="p0"))


def test_unbalanced_reactions_are_counted():
    tables = branched()
    # q is CH4, all others are hexoses: one of the eight internal reactions makes b from nothing
    wrong = tables.stoichiometry.copy()
    wrong.loc[(wrong["reaction"] == "B1") & (wrong["species"] == "b_c"), "coefficient"] = 2.0
    mass, charge = balance_shares(replace(tables, stoichiometry=wrong))
    # DEAD turns a hexose into x, which has another formula
    assert mass == pytest.approx(1 - 2 / 8)
    assert charge == 1.0


def test_a_missing_charge_is_not_known():
    model = branched()
    charges = model.species["charge"].astype("Int64")
    charges[model.species["species"] == "b_c"] = 1
    changed = replace(model, species=model.species.assign(charge=charges))
    # B1 makes the only charge, B2 takes it away
    assert balance_shares(changed)[1] == pytest.approx(1 - 2 / 8)
    charges[model.species["species"] == "b_c"] = pd.NA
    changed = replace(model, species=model.species.assign(charge=charges))
    assert balance_shares(changed)[1] == 1.0
    charges[model.species["species"] != "b_c"] = 1
    changed = replace(model, species=model.species.assign(charge=charges))
    # B1 and B2 are not known; the transports, DIRECT, C1, C2 and DEAD keep a charge of 1
    assert balance_shares(changed)[1] == 1.0
    charges[:] = pd.NA
    assert np.isnan(balance_shares(replace(model, species=model.species.assign(charge=charges)))[1])


def test_dead_ends_are_made_or_taken_by_nothing():
    model = branched()
    # q comes in and is used by nothing; x is made and taken by one and the same reaction
    assert dead_ends(model) == ["q_c", "x_c"]
    table = model.reactions.set_index("reaction")
    table.loc["DEAD", ["lower_bound", "upper_bound"]] = [0.0, 1000.0]
    table.loc["C1", "upper_bound"] = 0.0
    changed = replace(model, reactions=table.reset_index())
    # nothing makes c any more
    assert dead_ends(changed) == ["c_c", "q_c", "x_c"]


def test_duplicates_are_equal_in_whichever_way_they_are_written():
    model = tables_of(
        {"A": (0, 1, {"x_c": -1, "y_c": 2}), "B": (0, 1, {"x_c": 1, "y_c": -2}),
         "C": (0, 1, {"x_c": -1, "y_c": 1}), "EX_x_e": (0, 1, {"x_c": -1}),
         "D": (0, 1, {"x_c": -2, "y_c": 2}), "EX_z_e": (0, 1, {"x_c": -1})},
        objective="A",
    )  # fmt: skip
    assert duplicate_reactions(model) == [("A", "B")]
