"""Tables VI to IX beside ours, and the figures of the deletion predictors."""

import numpy as np
import pandas as pd
import pytest

from gemwright.deepgdel.evaluation import GENE_SETS
from gemwright.errors import InputError
from gemwright.io.files import sha256_file
from gemwright.io.user_tables import read_delimited
from gemwright.report.deletion_figures import HARD_GENES, plot_deletion_methods
from gemwright.report.deletion_tables import count_table, methods_table
from gemwright.report.style import save_figure
from gemwright.strain_design.audit import audit_labels
from gemwright.strain_design.essential import essential_genes
from gemwright.strain_design.models import bundled_e_coli_core
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.summaries import audit_summary, model_counts
from gemwright.strain_design.targets import feasible_targets

PRINTED = read_delimited(
    "gemwright/resources/paper_deepgdel_tables.tsv",
    ("table", "model", "method", "metric", "value", "deviation"),
)


def metrics():
    rows = [
        ("e_coli_core", protocol, seed, fold, method, metric, value + 0.01 * fold + 0.1 * seed, 4)
        for protocol in ("paper", "grouped")
        for seed in (1, 2)
        for fold in (0, 1)
        for method, value in (("prior", 0.4), ("deepgdel", 0.3))
        for metric in ("accuracy", "precision", "recall", "f1", "auc", "accuracy, all genes")
    ]
    columns = ["model", "protocol", "seed", "fold", "method", "metric", "value", "n"]
    frame = pd.DataFrame(rows, columns=columns)
    scored = frame[frame["metric"] == "auc"].assign(metric="scored genes", value=66.0)
    return pd.concat([frame, scored]).assign(genes=HARD_GENES)


def test_means_and_deviations_are_over_folds_and_over_seeds():
    table = methods_table([metrics()], PRINTED, "computed")
    row = table[(table["protocol"] == "paper") & (table["method"] == "prior")].iloc[0]
    assert row["accuracy"] == pytest.approx(55.5)
    values = [50, 51, 60, 61]
    assert row["accuracy_sd_folds"] == pytest.approx(np.std(values, ddof=1))
    assert row["accuracy_sd_seeds"] == pytest.approx(np.std([50.5, 60.5], ddof=1))
    assert (row["seeds"], row["folds"], row["scored_genes"]) == (2, 4, 66)


def test_the_papers_rows_stand_below_and_only_of_models_that_were_run():
    table = methods_table([metrics()], PRINTED, "computed")
    paper = table[table["protocol"] == "as printed"].set_index("method")
    assert set(table["model"]) == {"e_coli_core"}
    assert paper.loc["paper: deepgdel", ["accuracy", "f1", "auc"]].tolist() == [71.9, 70.14, 71.88]
    assert paper.loc["paper: gene_only", "recall"] == 41.38
    assert paper["accuracy_sd_folds"].isna().all()


def test_counts_stand_beside_the_printed_ones():
    counts = pd.DataFrame(
        {
            "table": ["VI", "VI"],
            "item": ["#Genes", "#Genes, counted otherwise"],
            "value": [138, 7],
            "note": ["so", "otherwise"],
        }
    )
    table = count_table({"e_coli_core": counts}, PRINTED)
    assert table["ours"].tolist() == [138, 7]
    assert table["paper"].tolist() == [137, pd.NA]
    assert table["difference"].tolist() == [1, pd.NA]


def test_the_figure_of_methods_has_fixed_bytes(tmp_path):
    table = methods_table([metrics()], PRINTED, "computed")
    sums = set()
    for number in range(2):
        svg, png = tmp_path / f"{number}.svg", tmp_path / f"{number}.png"
        save_figure(plot_deletion_methods(table), svg, png)
        sums.add((sha256_file(svg), sha256_file(png)))
    assert len(sums) == 1


@pytest.fixture(scope="module")
def core():
    return StrainModel(bundled_e_coli_core())


def test_the_audit_tells_what_is_coupled_and_what_is_maximal(core):
    remains = np.ones((2, len(core.genes)), np.int8)
    remains[0, core.genes.index("b2284")] = remains[1, core.genes.index("b0008")] = 0
    audit = audit_labels(core, ["etoh_e", "succ_e"], core.genes, remains)
    assert audit["coupled"].tolist() == [True, False]
    assert audit["extension"].isna().tolist() == [False, True]
    summary = audit_summary({"e_coli_core": audit}).iloc[0]
    assert summary[["strategies", "coupled", "maximal"]].tolist() == [2, 1, 0]
    assert summary["mean_extension"] == audit["extension"].iloc[0] > 50
    with pytest.raises(InputError, match="'zz': is not in model"):
        audit_labels(core, ["etoh_e"], (*core.genes[:-1], "zz"), remains[:1])


def test_what_table_vi_counts(core):
    counts = model_counts(core.model, essential_genes(core), feasible_targets(core))
    values = counts.set_index("item")["value"]
    assert values["#Growth essential genes"] == 7
    assert values["#Metabolites"] == 72
    assert values["#Reactions"] == 95
    assert values["#GCP-possible metabolites"] == 52
    assert values["#GCP-possible metabolites, not coupled in the wild type"] == 48


def test_the_figure_shows_genes_that_every_protocol_scores():
    assert all(HARD_GENES in sets for sets in GENE_SETS.values())
