"""Growth on single sources: protocol on a tiny model, and the peer's tables."""

import pytest
from networks import tables
from peer_items import compare_items

from gemwright.config.medium import MediumOptions
from gemwright.config.validation import ValidationSettings
from gemwright.errors import InputError
from gemwright.validation.biolog import (
    NO_EXCHANGE,
    NO_UPTAKE,
    NO_USE,
    read_biolog,
    run_biolog,
)
from gemwright.validation.confusion import confusion_table, metrics
from gemwright.validation.peer import peer_biolog, peer_model

import pandas as pd  # isort: skip


def tiny():
    """Grows on glucose and x (carbon) with ammonium or y (nitrogen); z has no use, w no way in."""
    return tables(
        {
            "EX_glc__D_e": (-10, 1000, {"glc__D_e": -1}),
            "EX_x_e": (0, 1000, {"x_e": -1}),
            "EX_z_e": (0, 1000, {"z_e": -1}),
            "EX_w_e": (0, 1000, {"w_e": -1}),
            "EX_nh4_e": (0, 1000, {"nh4_e": -1}),
            "EX_y_e": (0, 1000, {"y_e": -1}),
            "G": (0, 1000, {"glc__D_e": -1, "c_c": 1}),
            "X": (0, 1000, {"x_e": -1, "c_c": 0.5}),
            "Z": (0, 1000, {"z_e": -1, "waste_c": 1}),
            "sink_waste": (0, 1000, {"waste_c": -1}),
            "N": (0, 1000, {"nh4_e": -1, "n_c": 1}),
            "Y": (0, 1000, {"y_e": -1, "n_c": 1}),
            "Growth": (0, 1000, {"c_c": -1, "n_c": -1}),
        }
    )


def rows(*items):
    return pd.DataFrame(
        [(source, met, met.upper(), seen) for source, met, seen in items],
        columns=["source", "metabolite", "compound", "observed"],
    )


def test_protocol_on_a_tiny_model():
    data = rows(
        ("C", "glc__D", True), ("C", "x", True), ("C", "z", True), ("C", "w", True),
        ("C", "none", True), ("C", "other", False), ("N", "y", False), ("N", "nh4", True),
        ("N", "x", False),
    )  # fmt: skip
    result = run_biolog(tiny(), data, ["glc__D", "nh4"], "org")
    assert list(result["outcome"]) == ["TP", "TP", "FN", "FN", "FN", "TN", "FP", "TP", "TN"]
    assert list(result["growth_rate"]) == pytest.approx([10, 5, 0, 0, 0, 0, 10, 10, 0])
    assert list(result["reason"]) == ["", "", NO_USE, NO_UPTAKE, NO_EXCHANGE, "", "", "", ""]
    assert set(result["organism"]) == {"org"}


def test_the_threshold_counts_as_growth():
    data = rows(("C", "x", True))
    at = run_biolog(
        tiny(), data, ["glc__D", "nh4"], settings=ValidationSettings(growth_threshold=5.0)
    )
    above = run_biolog(
        tiny(), data, ["glc__D", "nh4"], settings=ValidationSettings(growth_threshold=5.0001)
    )
    assert (at["outcome"][0], above["outcome"][0]) == ("TP", "FN")


def test_tables_are_read_and_errors_name_the_line(tmp_path):
    path = tmp_path / "c.tsv"
    path.write_text("bigg_id\tcompound\tgrowth\na\tA\t++\n\tB\t+\nc\tC\t\nd\tD\t--\na\tA2\t-\n")
    table = read_biolog({"C": path, "N": path})
    assert table.values.tolist() == [
        ["C", "d", "D", False], ["C", "a", "A2", False],
        ["N", "d", "D", False], ["N", "a", "A2", False],
    ]  # fmt: skip
    path.write_text("bigg_id\tcompound\tgrowth\na\tA\tyes\n")
    with pytest.raises(InputError, match=r"line 2: growth is 'yes'"):
        read_biolog({"C": path})
    with pytest.raises(InputError, match="'X' is no element"):
        read_biolog({"X": path})


def test_metrics_by_hand():
    values = metrics(tp=6, fp=2, fn=3, tn=9)
    assert values == pytest.approx(
        {
            "precision": 6 / 8, "sensitivity": 6 / 9, "specificity": 9 / 11, "f1": 12 / 17,
            "accuracy": 15 / 20, "mcc": (54 - 6) / (8 * 9 * 11 * 12) ** 0.5,
        }
    )  # fmt: skip
    assert metrics(0, 0, 0, 5)["precision"] != metrics(0, 0, 0, 5)["precision"]


def test_items_without_outcome_are_not_counted():
    items = pd.DataFrame({"organism": "o", "outcome": ["TP", "", "FN", "TP"]})
    table = confusion_table(items)
    assert table.loc[0, ["TP", "FP", "FN", "TN"]].tolist() == [2, 0, 1, 0]


PRINTED = {"bsub": [51, 5, 74, 15], "ecol": [111, 49, 38, 40], "paer": [25, 16, 9, 25]}


def test_the_peers_printed_matrices():
    table = confusion_table(peer_biolog()).set_index("organism")
    for organism, expected in PRINTED.items():
        assert table.loc[organism, ["TP", "FP", "FN", "TN"]].tolist() == expected


def test_our_evaluator_on_the_peers_model_at_its_threshold():
    from gemwright.gem.medium import medium_compounds
    from gemwright.sources.bigg_snapshot import read_media
    from gemwright.sources.registry import locate

    medium = medium_compounds(read_media(), "M9")
    data = read_biolog({"C": locate("biolog_paer_carbon")})
    # CarveMe limits every compound of a medium
    protocol = MediumOptions(protocol="all_limited")
    ours = run_biolog(
        peer_model("paer"),
        data,
        medium,
        "paer",
        protocol,
        settings=ValidationSettings(growth_threshold=0.1),
    )
    theirs = peer_biolog()
    sides = compare_items(
        ours, theirs[theirs["organism"] == "paer"], ["organism", "source", "metabolite"]
    )
    assert len(sides) == 75
    assert sides["same"].all(), sides[~sides["same"]]
