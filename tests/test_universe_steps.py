"""Corrections of a universe, and the merging of reactions that are equal but for protons."""

import functools

import pandas as pd
import pytest
from networks import tables

from gemwright.gem.sealing import seal
from gemwright.sources import bigg_snapshot
from gemwright.universe.corrections import correct_formulas, correct_universe, read_corrections
from gemwright.universe.extended import extend_universe
from gemwright.universe.merging import merge_equal, pool_bounds, pool_genes
from gemwright.universe.weights import as_prices, balanced_reactions, direction_weights


@functools.cache
def snapshot():
    return (
        bigg_snapshot.read_universe("bigg"),
        bigg_snapshot.read_model_bounds(),
        bigg_snapshot.read_model_organisms(),
        bigg_snapshot.read_gprs(),
    )


@functools.cache
def extended():
    universal, bounds, *_ = snapshot()
    return extend_universe(bigg_snapshot.read_universe("gramneg"), universal, bounds)


def corrections(*rows):
    return pd.DataFrame(rows, columns=["reaction", "what"]).assign(reason="", source="")


def bounds_of(model, reaction):
    row = model.reactions.set_index("reaction").loc[reaction]
    return [row["lower_bound"], row["upper_bound"]]


def test_corrections_take_out_close_and_double():
    model = tables(
        {
            "R1": (-5, 5, {"a_c": -1, "b_c": 1}),
            "R2": (-5, 5, {"a_c": -1, "c_c": 1}),
            "R3": (-5, 5, {"a_c": -1, "d_c": 1}),
            "R4": (0, 5, {"a_c": -1, "fdxrd_c": 1, "fdxox_c": -1}),
        },
        objective="",
    )
    table = corrections(
        ("R1", "removed"),
        ("R3", "backwards closed"),
        ("R2", "forwards closed"),
        ("R4", "ferredoxin doubled"),
        ("R9", "removed"),
    )
    corrected, done = correct_universe(model, table)
    assert list(corrected.reactions["reaction"]) == ["R2", "R3", "R4"]
    assert "b_c" not in set(corrected.species["species"])
    assert bounds_of(corrected, "R2") == [-5, 0]
    assert bounds_of(corrected, "R3") == [0, 5]
    rows = corrected.stoichiometry.set_index(["reaction", "species"])["coefficient"]
    assert rows["R4"].to_dict() == {"a_c": -1, "fdxrd_c": 2, "fdxox_c": -2}
    assert list(done["reaction"]) == ["R1", "R2", "R3", "R4"]
    assert done["equation"][0] == "a_c -> b_c"
    with pytest.raises(ValueError, match="turned"):
        correct_universe(model, corrections(("R1", "turned")))


def test_the_corrections_of_the_package_fit_the_snapshot():
    universal = snapshot()[0]
    table = read_corrections()
    assert not table["reaction"].duplicated().any()
    assert (table[["reason", "source"]] != "").all(axis=None)
    corrected, done = correct_universe(extended())
    assert sorted(done["reaction"]) == sorted(table["reaction"])
    before = balanced_reactions(extended(), universal)
    after = balanced_reactions(corrected, universal)
    doubled = set(table.loc[table["what"] == "ferredoxin doubled", "reaction"])
    assert not doubled & before
    assert doubled <= after
    gone = set(table.loc[table["what"] == "removed", "reaction"])
    assert {"HADPCOADH", "DHPACCOAHIT", "PHACOAOR", "COCO2", "H2ASE_syn"} <= gone
    assert not gone & set(corrected.reactions["reaction"])
    # hydrogen is left to hydrogenases, transport, and the hydrolysis of phosphite
    rows = corrected.stoichiometry
    hydrogen = set(rows.loc[rows["species"].isin(["h2_c", "h2_p"]), "reaction"])
    assert hydrogen == {
        "FHL", "FNRR3", "H2td", "H2tex", "H2tpp", "HYD1pp", "HYD2", "HYD2pp", "HYD3pp", "PPTHpp",
    }  # fmt: skip


def test_the_formula_of_fadh2_lets_its_reactions_balance():
    universal = snapshot()[0]
    corrected = correct_formulas(universal)
    before, after = (
        balanced_reactions(universal, universal),
        balanced_reactions(corrected, corrected),
    )
    assert before - after == {"HMR_3522"}, "of people"
    assert len(after - before) > 100
    assert "SUCD1" in after - before


def twins():
    return tables(
        {
            "ONE": (0, 9, {"a_c": -1, "b_c": 1}),
            "PROTON": (-9, 9, {"a_c": -1, "b_c": 1, "h_c": 1}),
            "TURNED": (-9, 9, {"b_c": -1, "a_c": 1}),
            "DOUBLE": (0, 9, {"a_c": -2, "b_c": 2}),
            "UNIPORT": (0, 9, {"a_e": -1, "a_c": 1}),
            "SYMPORT": (0, 9, {"a_e": -1, "h_e": -1, "a_c": 1, "h_c": 1}),
            "UNEVEN": (0, 9, {"a_e": -1, "h_e": -1, "a_c": 1}),
            "EX_a_e": (-9, 9, {"a_e": -1}),
            "DM_a_e": (0, 9, {"a_e": -1}),
            "ATPM": (0, 9, {"a_c": -1, "b_c": 1}),
        },
        objective="",
    )


def model_tables(rows):
    """Bounds of (genus, reaction, lower, upper), organisms and rules of one gene each."""
    bounds = pd.DataFrame(rows, columns=["model", "reaction", "lower_bound", "upper_bound"])
    organisms = pd.DataFrame({"model": sorted(set(bounds["model"]))})
    organisms = organisms.assign(genus=organisms["model"], kingdom="Bacteria")
    gprs = bounds[["model", "reaction"]].assign(gene="g")
    return bounds, organisms, gprs.assign(complex=gprs["model"] + gprs["reaction"])


def merged_twins(rows):
    model = twins()
    bounds, organisms, gprs = model_tables(rows)
    return merge_equal(model, model, bounds, organisms, gprs)


def test_reactions_equal_but_for_protons_are_one():
    rows = [
        ("A", "PROTON", 0, 9),
        ("B", "PROTON", 0, 9),
        ("C", "TURNED", -9, 9),
        ("C", "ONE_copy1", 0, 9),
    ]
    merging = merged_twins(rows)
    assert merging.merged[["reaction", "kept", "turned"]].to_numpy().tolist() == [
        ["ONE", "PROTON", False],
        ["TURNED", "PROTON", True],
    ]
    assert list(merging.merged["genera"]) == [1, 1]
    assert list(merging.merged["kept_genera"]) == [2, 2]
    # protons that cross a membrane count, and so do multiples, boundaries and maintenance
    assert set(merging.model.reactions["reaction"]) == {
        "PROTON", "DOUBLE", "UNIPORT", "SYMPORT", "UNEVEN", "EX_a_e", "DM_a_e", "ATPM",
    }  # fmt: skip
    bounds, _, gprs = model_tables(rows)
    pooled = pool_bounds(bounds, merging.merged)
    assert pooled.to_numpy().tolist() == [
        ["A", "PROTON", 0, 9],
        ["B", "PROTON", 0, 9],
        ["C", "PROTON", -9, 9],
        ["C", "PROTON", 0, 9],
    ]
    assert set(pool_genes(gprs, merging.merged)["reaction"]) == {"PROTON"}


@pytest.mark.parametrize(
    ("turned", "expected"),
    [
        # ONE stays as it is, but for what most genera run
        ([("C", "TURNED", 0, 9)], [0, 9]),
        ([("C", "TURNED", 0, 9), ("A", "TURNED", 0, 9), ("B", "TURNED", 0, 9)], [-9, 9]),
    ],
)
def test_a_direction_of_the_others_needs_most_genera(turned, expected):
    rows = [(genus, "ONE", 0, 9) for genus in "ABCD"]
    merging = merged_twins([*rows, *turned])
    assert set(merging.merged["kept"]) == {"ONE"}
    assert bounds_of(merging.model, "ONE") == expected


@functools.cache
def merged_snapshot():
    universal, bounds, organisms, gprs = snapshot()
    return merge_equal(extended(), universal, bounds, organisms, gprs)


def test_the_universe_has_218_ids_too_many():
    merging = merged_snapshot()
    assert len(merging.merged) == 218
    assert not set(merging.merged["kept"]) & set(merging.merged["reaction"])
    assert bounds_of(merging.model, "GLYCL") == [0, 1000], "no glycine from CO2 by one model's id"
    assert bounds_of(merging.model, "GLBRAN2") == [-1000, 1000], "glycogen is debranched"
    _, bounds, _, gprs = snapshot()
    pooled = pool_genes(gprs, merging.merged)
    assert not set(pooled["reaction"]) & set(merging.merged["reaction"])
    assert len(pooled[pooled["reaction"] == "GLYCL"]) > (gprs["reaction"] == "GLYCL").sum()
    assert len(pool_bounds(bounds, merging.merged)) == len(bounds)


@pytest.mark.e2e
def test_the_universe_needs_six_closings_once_it_is_corrected_and_merged():
    universal, bounds, organisms, gprs = snapshot()
    corrected, _ = correct_universe(extended())
    merging = merge_equal(corrected, universal, bounds, organisms, gprs)
    weights = direction_weights(
        merging.model, universal, pool_bounds(bounds, merging.merged), organisms, gprs
    )
    sealing = seal(merging.model, as_prices(weights))
    assert list(sealing.closed["reaction"]) == [
        "BTS2", "FE3t", "GCDH", "ITPOXAL", "SUCD2", "UNK2",
    ]  # fmt: skip
    assert sealing.cost == pytest.approx(3.194, abs=2e-3)
