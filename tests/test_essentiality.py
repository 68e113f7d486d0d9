"""Gene essentiality on a tiny model, and the peer's tables."""

import pandas as pd
import pytest
from networks import branched
from peer_items import compare_items, confusion_on_shared

from gemwright.config.medium import MediumOptions
from gemwright.config.validation import ValidationSettings
from gemwright.errors import InputError
from gemwright.validation.confusion import confusion_table
from gemwright.validation.essentiality import read_essentiality, run_essentiality
from gemwright.validation.peer import (
    peer_essentiality,
    peer_model,
)


def tiny(**rules):
    return branched(rules=rules)


RULES = {"At": "t1 and t2", "DIRECT": "d1", "B1": "i1", "B2": "d1 or i1", "C1": "i1", "C2": "d1"}


def test_knock_outs_on_a_tiny_model():
    data = pd.DataFrame(
        {"gene": ["t1", "t2", "d1", "i1", "absent"], "observed": [True, False, False, True, True]}
    )
    result = run_essentiality(tiny(**RULES), data, ["a"], "org").set_index("gene")
    # d1 leaves B1 and B2, i1 leaves DIRECT; the transporter's subunits are both needed
    assert result["outcome"].to_dict() == {"d1": "TN", "i1": "FN", "t1": "TP", "t2": "FP"}
    assert result["growth_rate"].to_dict() == pytest.approx({"d1": 5, "i1": 5, "t1": 0, "t2": 0})
    assert result["reactions_lost"].to_dict() == {"d1": 2, "i1": 2, "t1": 1, "t2": 1}


def test_growth_at_the_threshold_is_growth():
    data = pd.DataFrame({"gene": ["d1", "t1"], "observed": [True, False]})
    rate = run_essentiality(tiny(**RULES), data, ["a"]).set_index("gene").loc["d1", "growth_rate"]
    for threshold, predicted in ((rate, False), (1.0001 * rate, True)):
        result = run_essentiality(
            tiny(**RULES), data, ["a"], settings=ValidationSettings(growth_threshold=threshold)
        )
        assert result.set_index("gene").loc["d1", "predicted"] == predicted


def test_a_list_of_essential_genes_only_makes_the_others_non_essential():
    data = pd.DataFrame({"gene": ["t1"], "observed": [True]})
    result = run_essentiality(tiny(**RULES), data, ["a"]).set_index("gene")
    assert result["observed"].to_dict() == {"d1": False, "i1": False, "t1": True, "t2": False}


def test_no_growth_means_nothing_to_evaluate(caplog):
    data = pd.DataFrame({"gene": ["t1", "d1"], "observed": [True, False]})
    result = run_essentiality(tiny(**RULES), data, ["q"], "org")
    assert set(result["outcome"]) == {""}
    assert "no growth" in caplog.text
    assert confusion_table(result).empty


def test_tables_are_checked(tmp_path):
    path = tmp_path / "e.tsv"
    path.write_text("bigg_id\tphenotype\nb\tNE\na\tE\na\tNE\n\tE\n")
    assert read_essentiality(path).values.tolist() == [["a", True], ["b", False]]
    path.write_text("bigg_id\tphenotype\na\tessential\n")
    with pytest.raises(InputError, match="line 2: phenotype is 'essential'"):
        read_essentiality(path)
    path.write_text("bigg_id\tphenotype\na\tNE\n")
    with pytest.raises(InputError, match="no gene is essential"):
        read_essentiality(path)


PRINTED = {
    "bsub": [37, 22, 31, 444], "ecol": [117, 21, 110, 1423], "paer": [84, 35, 182, 1368],
}  # fmt: skip


def test_the_peers_printed_matrices():
    table = confusion_table(peer_essentiality()).set_index("organism")
    for organism, expected in PRINTED.items():
        assert table.loc[organism, ["TP", "FP", "FN", "TN"]].tolist() == expected


def test_our_evaluator_on_the_peers_model_at_its_threshold():
    from gemwright.gem.medium import medium_compounds
    from gemwright.sources.bigg_snapshot import read_media
    from gemwright.sources.registry import locate

    medium = medium_compounds(read_media(), "LB")
    data = read_essentiality(locate("essentiality_bsub"))
    protocol = MediumOptions(protocol="all_limited")
    ours = run_essentiality(
        peer_model("bsub"),
        data,
        medium,
        "bsub",
        protocol,
        settings=ValidationSettings(growth_threshold=0.1),
    )
    theirs = peer_essentiality()
    sides = compare_items(ours, theirs[theirs["organism"] == "bsub"], ["organism", "gene"])
    print(sides[~sides["same"]])
    assert len(sides) == 534
    assert sides["same"].mean() > 0.99


def test_shared_items_only():
    ours = pd.DataFrame({"organism": "o", "gene": list("abcd"), "outcome": ["TP", "FN", "TN", ""]})
    peers = pd.DataFrame(
        {"organism": "o", "gene": list("bcde"), "outcome": ["TP", "TN", "TP", "FP"]}
    )
    table = confusion_on_shared(ours, peers, ["organism", "gene"]).set_index("model")
    columns = ["TP", "FP", "FN", "TN"]
    assert table.loc["ours", columns].tolist() == [0, 0, 1, 1]
    assert table.loc["peer", columns].tolist() == [1, 0, 0, 1]
