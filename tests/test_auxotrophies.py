"""Nutrients that a model cannot do without, on a network of three syntheses."""

import pandas as pd
import pytest
from networks import tables

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.errors import InputError
from gemwright.reconstruction.auxotrophies import NUTRIENTS, find_auxotrophies

NETWORK = {
    "EX_a_e": (-10, 1000, {"a_e": -1}),
    "EX_thm_e": (0, 1000, {"thm_e": -1}),
    "At": (0, 1000, {"a_e": -1, "a_c": 1}),
    "THMt": (0, 1000, {"thm_e": -1, "thm_c": 1}),
    "TRP1": (0, 1000, {"a_c": -1, "x_c": 1}),
    "TRP2": (0, 1000, {"x_c": -1, "trp__L_c": 1}),
    "BTN": (0, 1000, {"a_c": -1, "btn_c": 1}),
    "THM": (0, 1000, {"a_c": -1, "thm_c": 1}),
    "WALL": (0, 1000, {"a_c": -1, "wall_c": 1}),
    "OTHER": (0, 1000, {"a_c": -1, "wall_c": 1}),
    "Growth": (0, 1000, {"trp__L_c": -0.05, "btn_c": -0.001, "thm_c": -0.001, "wall_c": -1}),
}
UNIVERSE = tables(NETWORK)


def found(filled=(), without=(), medium=("a",), genes=None):
    model = UNIVERSE.part("cell", [name for name in NETWORK if name not in without])
    provenance = pd.DataFrame({"reaction": list(model.reactions["reaction"])})
    is_filled = provenance["reaction"].isin(filled)
    provenance = provenance.assign(
        reason=is_filled.map({True: "gap-filled for M", False: "homologue"}),
        alpha=is_filled.map({True: 0.8, False: 0.1}),
        confidence=is_filled.map({True: 0.2, False: 0.9}),
        gpr=provenance["reaction"].map(genes or {}).fillna(""),
    )
    table = find_auxotrophies(model, provenance, UNIVERSE, list(medium))
    return table.set_index("nutrient")


def needs(table, column):
    return set(table.index[table[column].astype(bool)])


def test_a_cell_that_makes_everything_needs_nothing():
    table = found()
    assert list(table.index) == [nutrient for _, nutrient in NUTRIENTS]
    assert needs(table, "needed") == needs(table, "needed_by_genes") == set()
    assert table.loc["thiamine (B1)", "taken_up"] == ("thm",)
    assert table.loc["biotin (B7)", "taken_up"] == ()


def test_gap_filled_steps_are_what_the_genes_lack():
    table = found(filled=("TRP1", "TRP2", "BTN"), genes={"TRP2": "g1", "TRP1": ""})
    assert needs(table, "needed") == set()
    assert needs(table, "needed_by_genes") == {"trp__L", "biotin (B7)"}
    assert table.loc["trp__L", "missing"] == ("TRP1", "TRP2")
    assert table.loc["trp__L", "best_genes"] == "TRP2: g1"
    assert table.loc["trp__L", "best_confidence"] == 0.2
    assert table.loc["biotin (B7)", "missing"] == ("BTN",)
    assert table.loc["biotin (B7)", "best_genes"] == ""


def test_what_no_nutrient_replaces_is_no_auxotrophy():
    table = found(filled=("WALL", "BTN"), without=("OTHER",))
    assert needs(table, "needed_by_genes") == {"biotin (B7)"}
    assert table.loc["biotin (B7)", "missing"] == ("BTN",)


def test_a_nutrient_of_the_medium_that_the_model_lacks_is_made_by_the_universe():
    table = found(without=("THM",), medium=("a", "thm"))
    assert needs(table, "needed") == needs(table, "needed_by_genes") == {"thiamine (B1)"}
    assert table.loc["thiamine (B1)", "missing"] == ("THM",)


def test_a_cell_that_lacks_what_is_no_nutrient_is_refused():
    with pytest.raises(InputError, match="does not grow with every amino acid"):
        found(without=("WALL", "OTHER"))


def test_the_growth_that_counts_is_the_target():
    # .05 of tryptophan for each unit of growth, 1 supplied: at most 20
    model = UNIVERSE.part("cell", [name for name in NETWORK if name != "TRP2"])
    provenance = pd.DataFrame(
        {"reaction": list(model.reactions["reaction"]), "reason": "homologue", "alpha": 0.1,
         "confidence": 0.9, "gpr": ""}
    )  # fmt: skip
    options = ReconstructionOptions(target_growth=9.0)
    table = find_auxotrophies(model, provenance, UNIVERSE, ["a"], options).set_index("nutrient")
    assert table.loc["trp__L", "needed"]
    with pytest.raises(InputError):
        find_auxotrophies(
            model, provenance, UNIVERSE, ["a"], ReconstructionOptions(target_growth=11)
        )
