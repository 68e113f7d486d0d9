"""Interactions from gene associations, stoichiometry and model bounds."""

import pandas as pd
import pytest

from gemwright.config.interactions import InteractionOptions
from gemwright.emi.interactions import (
    CURRENCY_METABOLITES,
    PAIR_COLUMNS,
    build_interactions,
    structure_coverage,
    transport_reactions,
)
from gemwright.errors import InputError


def _network() -> dict[str, pd.DataFrame]:
    """One reaction for each case: a -> b with atp, by bounds and by compartments."""
    equations = {
        "FWD": {"a_c": -1, "atp_c": -1, "b_c": 1, "adp_c": 1},
        "REV": {"c_c": -1, "d_c": 1},
        "BACK": {"e_c": -1, "f_c": 1},
        "BLOCKED": {"g_c": -1, "k1_c": 1},
        "MOVE": {"a_e": -1, "a_c": 1},
        "PUMP": {"a_c": -1, "h_c": -4, "b_c": 1, "h_e": 3},
    }
    bounds = {
        "FWD": (0, 1000),
        "REV": (-1000, 1000),
        "BACK": (-1000, 0),
        "BLOCKED": (0, 0),
        "MOVE": (0, 1000),
        "PUMP": (0, 1000),
    }
    stoichiometry = pd.DataFrame(
        [(r, s, float(v)) for r, equation in equations.items() for s, v in equation.items()],
        columns=["reaction", "species", "coefficient"],
    )
    names = sorted(set(stoichiometry["species"]))
    species = pd.DataFrame(
        {
            "species": names,
            "metabolite": [name[:-2] for name in names],
            "compartment": [name[-1] for name in names],
        }
    )
    gprs = pd.DataFrame(
        [("m1", f"g_{r}", r) for r in equations], columns=["model", "gene", "reaction"]
    )
    proteins = pd.DataFrame(
        [("m1", f"g_{r}", f"e_{r}") for r in equations], columns=["model", "gene", "enzyme"]
    )
    model_bounds = pd.DataFrame(
        [("m1", r, float(low), float(high)) for r, (low, high) in bounds.items()],
        columns=["model", "reaction", "lower_bound", "upper_bound"],
    )
    structures = pd.DataFrame({"bigg_id": [*list("abcdefg"), "k1"], "smiles": "C"})
    return {
        "gprs": gprs,
        "proteins": proteins,
        "stoichiometry": stoichiometry,
        "species": species,
        "model_bounds": model_bounds,
        "structures": structures,
    }


def _pairs(table: pd.DataFrame) -> set[tuple[str, str]]:
    return {
        (e.removeprefix("e_"), m) for e, m in zip(table["enzyme"], table["metabolite"], strict=True)
    }


def test_direction_follows_the_models_bounds() -> None:
    table, _ = build_interactions(**_network())
    assert list(table.columns) == PAIR_COLUMNS
    assert _pairs(table) == {
        ("FWD", "a"),
        ("REV", "c"),
        ("REV", "d"),
        ("BACK", "f"),
        ("BLOCKED", "g"),
        ("PUMP", "a"),
    }
    side = dict(zip(_short(table), table["side"], strict=True))
    assert side["REV", "c"] == side["REV", "d"] == "reversible"
    assert side["FWD", "a"] == side["BACK", "f"] == side["BLOCKED", "g"] == "substrate"


def _short(table: pd.DataFrame) -> list[tuple[str, str]]:
    return [(e[2:], m) for e, m in zip(table["enzyme"], table["metabolite"], strict=True)]


def test_both_sides_ignores_the_bounds() -> None:
    table, _ = build_interactions(
        **_network(), options=InteractionOptions(models=None, directions="both_sides")
    )
    assert {("FWD", "b"), ("BACK", "e"), ("BLOCKED", "k1")} <= _pairs(table)
    assert set(table["side"]) == {"reversible"}


def test_currency_and_transport_are_kept_on_request() -> None:
    network = _network()
    network["structures"] = pd.concat(
        [network["structures"], pd.DataFrame({"bigg_id": ["atp", "h"], "smiles": "C"})]
    )
    options = InteractionOptions(models=None, include_currency=True, include_transport=True)
    pairs = _pairs(build_interactions(**network, options=options)[0])
    assert {("FWD", "atp"), ("PUMP", "h"), ("MOVE", "a")} <= pairs
    assert "atp" in CURRENCY_METABOLITES
    without = _pairs(build_interactions(**network)[0])
    assert not {("FWD", "atp"), ("PUMP", "h"), ("MOVE", "a")} & without


def test_a_pump_of_protons_alone_is_transport_and_an_oxidase_is_not() -> None:
    network = _network()
    participants = network["stoichiometry"].merge(network["species"], on="species")
    assert transport_reactions(participants) == {"MOVE"}
    protons = pd.DataFrame(
        {
            "reaction": "ATPS",
            "metabolite": ["h", "adp", "pi", "h", "atp", "h2o"],
            "compartment": ["e", "c", "c", "c", "c", "c"],
            "coefficient": [-4.0, -1, -1, 3, 1, 1],
        }
    )
    assert transport_reactions(protons) == {"ATPS"}


def test_evidence_of_several_models_and_reactions_is_collapsed() -> None:
    network = _network()
    # the same sequence in a second model, where the reaction runs both ways, and a second reaction
    network["gprs"] = pd.concat(
        [
            network["gprs"],
            pd.DataFrame(
                [("m2", "x", "FWD"), ("m1", "g_FWD", "PUMP")],
                columns=["model", "gene", "reaction"],
            ),
        ]
    )
    network["proteins"] = pd.concat(
        [
            network["proteins"],
            pd.DataFrame([("m2", "x", "e_FWD")], columns=["model", "gene", "enzyme"]),
        ]
    )
    network["model_bounds"] = pd.concat(
        [
            network["model_bounds"],
            pd.DataFrame(
                [("m2", "FWD", -10.0, 10.0)],
                columns=["model", "reaction", "lower_bound", "upper_bound"],
            ),
        ]
    )
    table, funnel = build_interactions(**network)
    row = table.set_index(["enzyme", "metabolite"]).loc[("e_FWD", "a")]
    assert (row["n_reactions"], row["reactions"], row["models"], row["side"]) == (
        2,
        "FWD;PUMP",
        "m1;m2",
        "both",
    )
    assert not table.duplicated(["enzyme", "metabolite"]).any()
    assert funnel["pairs"].is_monotonic_decreasing
    assert funnel["pairs"].iloc[-1] == len(table)
    only_m1, _ = build_interactions(**network, options=InteractionOptions(models=["m1"]))
    assert only_m1.set_index(["enzyme", "metabolite"]).loc[("e_FWD", "a"), "side"] == "substrate"


def test_only_metabolites_with_a_structure_stay_and_coverage_counts_them() -> None:
    network = _network()
    structures = pd.DataFrame({"bigg_id": ["a", "c", "d"], "smiles": ["C", "C", ""]})
    everything, _ = build_interactions(**{**network, "structures": None})
    coverage = structure_coverage(everything, structures).set_index("item")
    assert coverage.loc["pairs", ["total", "with_structure"]].tolist() == [6, 3]
    assert coverage.loc["metabolites", ["total", "with_structure"]].tolist() == [5, 2]
    table, _ = build_interactions(**{**network, "structures": structures})
    assert set(table["metabolite"]) == {"a", "c"}


def test_bad_input_is_told() -> None:
    network = _network()
    with pytest.raises(InputError, match="unknown model"):
        build_interactions(**network, options=InteractionOptions(models=["m9"]))
    with pytest.raises(InputError, match="lacks the column"):
        build_interactions(**{**network, "gprs": network["gprs"].drop(columns="gene")})
    with pytest.raises(InputError, match="no enzyme-metabolite pair"):
        build_interactions(**{**network, "structures": network["structures"].head(0)})
