"""Tables that stand beside the paper's and the peer's, and figures with fixed bytes."""

from pathlib import Path

import pandas as pd

from gemwright.emi.metrics import binary_metrics
from gemwright.io.files import sha256_file
from gemwright.io.user_tables import read_delimited
from gemwright.report.emi_figures import plot_emi, plot_leakage, plot_training
from gemwright.report.emi_tables import METRICS, class_ratio_table, emi_table
from gemwright.report.model_figures import plot_models
from gemwright.report.model_tables import (
    metabolome_table,
    models_table,
    peer_size,
    reasons_table,
    size_table,
)
from gemwright.report.style import save_figure
from gemwright.report.validation_figures import plot_phenotypes, plot_validation
from gemwright.report.validation_tables import own_lines, validation_table
from gemwright.report.versions import version_table

PRINTED = read_delimited(
    "gemwright/resources/paper_metagem_tables.tsv", ("table", "row", "metric", "value")
)


def evaluated(split):
    rows = []
    for predictor in ("popularity", "tower"):
        for negatives in ("hard", "popularity"):
            for ratio in (30.0, 2.7):
                for number, metric in enumerate((*METRICS, "threshold")):
                    value = 0.1 * (number + 1)
                    rows.append((split, predictor, negatives, ratio, metric, value, 10, 300))
    columns = ["split", "predictor", "negatives", "ratio", "metric", "value"]
    table = pd.DataFrame(rows, columns=[*columns, "n_positive", "n_negative"])
    return table.assign(encoder="kmer 1 x morgan 1", seed=7)


def test_our_rows_come_first_and_the_papers_are_marked():
    table = emi_table([evaluated("cdhit40"), evaluated("components40")], PRINTED)
    paper = table["predictor"].str.startswith("paper: ")
    assert not paper[:16].any()
    assert paper[16:].all()
    row = table[table["predictor"] == "paper: table1 30%"].iloc[0]
    assert (row["auroc"], row["mcc"]) == (0.9749, 0.8059)
    assert pd.isna(row["seed"]), "no seed of ours made the paper's figures"
    assert set(table.loc[~paper, "seed"]) == {7}


def test_the_papers_rows_imply_another_class_ratio_than_stated():
    table = class_ratio_table(PRINTED)
    assert (table["stated_negatives_per_positive"] == 30).all()
    assert table["negatives_per_positive"].between(2, 5).all()


def test_metrics_at_the_stated_ratio_need_no_skill():
    always_no = binary_metrics(
        pd.Series([1] + [0] * 30).to_numpy(), pd.Series([0.0] * 31).to_numpy(), 0.5
    )
    assert round(always_no["accuracy"], 3) == 0.968


def test_metabolomes_say_what_they_rest_on():
    observed = pd.DataFrame(
        {
            "metabolite": ["glc__D", "pyr", "xyz"],
            "evidence": ["organism", "bacteria", "bacteria"],
        }
    )
    structures = pd.DataFrame({"bigg_id": ["glc__D", "pyr"]})
    row = metabolome_table({"bsub": observed}, {"bsub": "B. subtilis"}, structures).iloc[0]
    assert (row["measured_in_organism"], row["from_core_list"], row["with_structure"]) == (1, 2, 2)
    assert "no measured list" in row["note"]


def test_sizes_stand_beside_table_three_and_the_peer():
    statistics = pd.DataFrame(
        {"statistic": ["genes", "reactions", "metabolites"], "value": ["10.0", "20.0", "15.0"]}
    )
    table = size_table({("fused", "ecol"): statistics}, {"ecol": (1, 2, 3)}, PRINTED)
    by_method = table.set_index("method")
    assert by_method.loc["fused", "genes"] == 10
    assert by_method.loc["carveme", "reactions"] == 2
    assert by_method.loc["paper: table3 MetaGEM", "genes"] == 1603
    assert set(table["organism"]) == {"ecol"}


def test_every_model_has_a_row():
    rows = {
        "genes": 10, "reactions": 20, "species": 9, "metabolites": 8, "reactions: gap-filled": 2,
        "mass balanced (share)": 0.9, "growth on M9 (1/h)": 0.5, "growth on LB (1/h)": 0.7,
        "energy carriers charged from none": 0, "energy carriers charged from water": 3,
    }  # fmt: skip
    statistics = pd.DataFrame({"statistic": list(rows), "value": list(rows.values())})
    keys = [("fused", "ecol"), ("fused", "bsub"), ("emi", "ecol")]
    table = models_table(dict.fromkeys(keys, statistics), {("fused", "bsub"): "homology"})
    assert table[["organism", "method", "made_by"]].values.tolist() == [
        ["bsub", "fused", "homology"], ["ecol", "fused", "fused"], ["ecol", "emi", "emi"],
    ]  # fmt: skip
    first = table.iloc[0]
    assert (first["genes"], first["gap_filled"], first["mass_balanced"]) == (10, 2, 0.9)
    assert (first["medium"], first["growth"], first["carriers_charged"]) == ("M9", 0.5, 3)


def test_peer_size_is_read_from_its_shipped_model():
    genes, reactions, metabolites = peer_size("ecol")
    assert genes == 1671
    assert reactions > 2_000
    assert metabolites > 1_000


def test_validation_shows_the_peer_as_shipped():
    ours = pd.DataFrame({"outcome": ["TP", "FP", "FN", "TN", ""], "protocol": "carbon_limited"})
    ours = ours.assign(outcome_taken_up="TN", outcome_plain="FN")
    table = validation_table({("fused", "paer"): ours}, "phenotypes", {"paer": "paer"})
    by_method = table.set_index("method")[["TP", "FP", "FN", "TN"]]
    assert by_method.loc["fused"].tolist() == [1, 1, 1, 1]
    assert by_method.loc["fused (without phosphatase)"].tolist() == [0, 0, 0, 5]
    assert own_lines(table)["method"].tolist() == ["fused", "carveme as shipped"]
    assert table["protocol"].tolist() == [*["carbon_limited"] * 2, "all_limited"]
    assert by_method.loc["carveme as shipped"].tolist() == [25, 16, 9, 25]
    genes = validation_table({("fused", "bsub"): ours}, "essentiality", {"bsub": "bsub"})
    shipped = genes.set_index("method").loc["carveme as shipped", ["TP", "FP", "FN", "TN"]]
    assert shipped.tolist() == [37, 22, 31, 444]
    assert genes["method"].tolist()[:2] == ["fused", "fused (plain knock-outs)"]
    assert genes["FN"].tolist()[:2] == [1, 5]


def test_versions_name_settings_packages_and_hashes(tmp_path):
    lock = Path(__file__).parents[1] / "requirements.lock"
    table = version_table({"seed": "7"}, lock).set_index("name")
    assert table.loc["seed", "version"] == "7"
    assert table.loc["carveme", "version"] == "1.6.6"
    assert len(table.loc["bigg_universe", "sha256"]) == 64
    other = tmp_path / "requirements.lock"
    other.write_text(lock.read_text().replace("carveme==1.6.6", "carveme==9.9"))
    versions = version_table({}, other).set_index("name")["version"]
    assert versions["carveme"] == "1.6.6 (lock: 9.9)"


def figures():
    provenance = pd.DataFrame({"reason": ["predicted", "gap-filled for M9"], "gpr": ["b1", ""]})
    reasons = reasons_table({("fused", "ecol"): provenance})
    assert reasons["reason"].tolist() == ["gap-filled", "predicted"]
    items = pd.DataFrame(
        {"source": "C", "metabolite": list("abcd"), "outcome": ["TP", "FP", "FN", "TN"]}
    ).assign(protocol="carbon_limited", outcome_taken_up="TN")
    validation = validation_table({("fused", "ecol"): items}, "phenotypes", {"ecol": "ecol"})
    history = pd.DataFrame(
        {"epoch": [0, 1], "loss": [1, 0.5], "validation_aupr": [0.1, 0.2], "best": [False, True]}
    )
    leakage = pd.DataFrame({"split": "a", "threshold": [0.3, 0.4], "share": [0.5, 0.1]})
    return {
        "emi": plot_emi(emi_table([evaluated("cdhit40")], PRINTED)),
        "leakage": plot_leakage(leakage),
        "models": plot_models(reasons),
        "phenotypes": plot_phenotypes({"ecol": items}),
        "training": plot_training({"final": history}),
        "validation": plot_validation(validation, "phenotypes"),
    }


def test_figures_are_the_same_bytes_for_the_same_data(tmp_path):
    for turn in ("one", "two"):
        for name, figure in figures().items():
            save_figure(figure, tmp_path / turn / f"{name}.svg", tmp_path / turn / f"{name}.png")
    for path in sorted((tmp_path / "one").iterdir()):
        assert sha256_file(path) == sha256_file(tmp_path / "two" / path.name), path.name
        assert path.stat().st_size > 2_000
