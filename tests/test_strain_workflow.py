"""Gene deletion strategies from end to end: the target `deepgdel` on a small configuration."""

import re
import subprocess
import sys

import pandas as pd
import pytest
from project_copy import checksums, copy_project, succeeded

from gemwright.gem.load import read_model
from gemwright.gem.sbml_writer import write_sbml
from gemwright.io.tables import read_parquet
from gemwright.strain_design.strain import StrainModel

pytestmark = pytest.mark.e2e

SMALL = """
strain_design:
  computed_targets: 10
  targets: {e_coli_core: [succ_e]}
  own_strategies: {e_coli_core: own.tsv}
deepgdel:
  folds: 2
  seeds: [1]
  epochs: 2
  networks: [deepgdel, identity]
  methods: [prior, nearest_structure, kernel_structure, best]
"""
FOLDER = "results/strain_design/e_coli_core"
OWN = f"{FOLDER}/own_strategies.csv"
DESIGNS = f"{FOLDER}/designs"


def run(folder, *targets, config=()):
    options = ["--cores", "2", "--configfile", "small.yaml"]
    if config:
        options += ["--config", *config]
    return subprocess.run(
        [sys.executable, "-m", "snakemake", *targets, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = copy_project(tmp_path_factory.mktemp("strains"))
    (folder / "small.yaml").write_text(SMALL)
    (folder / "own.tsv").write_text("target\tdeleted\netoh_e\tb2284;b0351\nsucc_e\tb0008\n")
    done = run(folder, "deepgdel", OWN)
    succeeded(done)
    return folder


def test_strategies_of_the_model_alone_are_coupled_and_maximal(finished):
    summary = pd.read_csv(finished / FOLDER / "strategies.csv")
    assert len(summary) == 10
    found = summary[summary["outcome"] == "coupled"]
    assert len(found) >= 8
    assert found["maximal"].astype(bool).all()
    assert (found[["growth_rate", "production_rate", "fewest_production_rate"]] >= 1e-3).all(None)
    assert (found["fewest_deletions"] <= found["deletions"]).all()
    audit = read_parquet(finished / "results/deepgdel/e_coli_core/audit.parquet")
    assert audit["coupled"].all()
    assert audit["maximal"].all()


def test_tables_hold_every_method_beside_the_paper(finished):
    table = pd.read_csv(finished / "results/tables/deletion_methods.csv")
    ours = {"prior", "nearest_structure", "kernel_structure", "best", "deepgdel", "identity"}
    for protocol in ("paper", "grouped"):
        assert set(table.loc[table["protocol"] == protocol, "method"]) == ours
    printed = table[table["protocol"] == "as printed"].set_index("method")
    assert printed.loc["paper: deepgdel", "accuracy"] == 71.9
    assert printed.loc["paper: bpm", "auc_sd_printed"] == 8.29
    counts = pd.read_csv(finished / "results/tables/deletion_data.csv").set_index("item")
    for item in ("#Genes", "#Growth essential genes", "#Metabolites", "#Reactions"):
        assert counts.loc[item, "difference"] == 0
    assert counts.loc["#GCP-possible metabolites, not coupled in the wild type", "ours"] == 48


def test_predicted_strategies_are_judged(finished):
    table = pd.read_csv(finished / "results/tables/deletion_verified.csv")
    assert {"best", "deepgdel", "prior"} <= set(table["method"])
    assert (table["solved_as_predicted"] <= table["solved"]).all()
    assert (table["solved"] <= table["targets"]).all()


def test_the_designed_strain_makes_its_target_in_another_tool(finished):
    import cobra

    designs = pd.read_csv(finished / "results/tables/strain_designs_e_coli_core.csv")
    best = designs.iloc[0]
    assert best["rank"] == 1
    model = cobra.io.read_sbml_model(str(finished / DESIGNS / "succ_e_1.xml"))
    growth = model.slim_optimize()
    assert growth == pytest.approx(best["growth_rate"], rel=1e-5)
    biomass = next(r for r in model.reactions if r.objective_coefficient)
    biomass.lower_bound = growth * (1 - 1e-9)
    model.objective = model.reactions.EX_succ_e
    model.objective_direction = "min"
    assert model.slim_optimize() == pytest.approx(best["production_guaranteed"], rel=1e-4)


def test_own_strategies_are_judged(finished):
    own = pd.read_csv(finished / OWN).set_index("target")
    assert own.loc["etoh_e", "coupled"]
    assert not own.loc["succ_e", "coupled"]


def test_a_second_run_has_nothing_to_do_and_a_fresh_one_gives_the_same_bytes(finished, tmp_path):
    done = run(finished, "deepgdel", OWN)
    assert "Nothing to be done" in done.stdout + done.stderr
    other = copy_project(tmp_path)
    (other / "small.yaml").write_text(SMALL)
    folder = "results/deepgdel/e_coli_core"
    targets = [f"{folder}/grouped/seed1/fold0/{kind}.parquet" for kind in ("methods", "networks")]
    done = run(other, *targets, f"{folder}/audit.parquet")
    succeeded(done)
    again, first = checksums(other), checksums(finished)
    assert len(again) > 10
    assert {name: first[name] for name in again} == again


# -- bad input: one message, a non-zero exit, nothing half-written


def assert_told(done, message, path):
    output = done.stdout + done.stderr
    assert done.returncode != 0
    assert message in output, output[-3000:]
    assert "Traceback" not in output
    assert not path.exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("succ_e\tb0008;b9999", "'b9999'"),
        ("succ_e\tb2779", "is essential"),
        ("sucx_e\tb0008", "'sucx_e'"),
        ("fru_e\tb0008", "'fru_e'"),
        ("succ_e\t", "names no gene"),
    ],
)
def test_mistakes_in_own_strategies_are_told_with_their_line(finished, line, message):
    (finished / "bad.tsv").write_text(f"target\tdeleted\netoh_e\tb2284\n{line}\n")
    own = "strain_design={own_strategies: {e_coli_core: bad.tsv}}"
    (finished / OWN).unlink(missing_ok=True)
    done = run(finished, OWN, config=[own])
    assert "bad.tsv, line 3" in done.stdout + done.stderr
    assert_told(done, message, finished / OWN)


def test_own_strategies_for_a_reconstruction_are_checked_before_it_is_made(finished):
    (finished / "bad.tsv").write_text("target\tdeleted\nsucc_e\tb0008;b9999\nsuc_e\tb9998\n")
    own = "strain_design={own_strategies: {ecol: bad.tsv}}"
    place = "results/strain_design/ecol/own_strategies.csv"
    done = run(finished, place, config=[own])
    told = (
        "1 of 3 are genes of the proteome, which has ids such as 'b0001'; unknown: line 2 'b9999'"
    )
    assert_told(done, told, finished / place)
    assert "line 3 'suc_e' is not known (did you mean" in done.stdout + done.stderr
    assert not (finished / "results/reconstruction/ecol/model.xml").exists()
    assert not re.search(r"\b(rule|localrule) (search_homologues|train_tower)", done.stderr)


def test_a_target_that_cannot_be_made_is_told(finished):
    targets = "strain_design={targets: {e_coli_core: [fru_e]}}"
    done = run(finished, DESIGNS, config=[targets])
    assert_told(done, "target 'fru_e'", finished / DESIGNS)


def test_a_model_that_does_not_grow_is_told(finished):
    model = read_model(finished / FOLDER / "model.xml")
    still = model.on_medium([])
    write_sbml(still, finished / "still.xml")
    with pytest.raises(ValueError, match="grow"):
        StrainModel(still)
    place = "results/strain_design/still"
    done = run(
        finished,
        f"{place}/targets.parquet",
        config=["strain_design={sources: {still: still.xml}}"],
    )
    assert_told(done, "model 'still'", finished / place / "targets.parquet")
