"""The workflow from end to end on a small configuration, in a copy of the repository."""

import os
import random
import shutil
import signal
import subprocess
import time

import pandas as pd
import pytest
from drill_project import assert_same_so_far
from project_copy import succeeded
from small_project import LADDER, MODEL, TARGETS, command, run, small_project, write_sheet

from gemwright.io.fasta import read_fasta, write_fasta
from gemwright.io.tables import read_parquet
from gemwright.sources.registry import resolve

pytestmark = pytest.mark.e2e


def test_the_model_grows_and_other_tools_read_it(finished):
    import cobra
    import libsbml

    model, errors = cobra.io.validate_sbml_model(str(finished / MODEL))
    assert {kind: found for kind, found in errors.items() if found} == {}
    assert model.slim_optimize() >= 0.1 - 1e-6
    document = libsbml.readSBMLFromFile(str(finished / MODEL))
    document.checkConsistency()
    assert document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) == 0


def test_every_reaction_of_the_model_has_a_reason(finished):
    import cobra

    model = cobra.io.read_sbml_model(str(finished / MODEL))
    provenance = read_parquet(finished / "results/reconstruction/mini/provenance.parquet")
    assert set(provenance["reaction"]) == {reaction.id for reaction in model.reactions}
    assert (provenance["reason"] != "").all()
    with_rule = provenance.loc[provenance["gpr"] != "", "reaction"]
    assert set(with_rule) == {reaction.id for reaction in model.reactions if reaction.genes}


def test_tables_hold_every_tested_item(finished):
    phenotypes = read_parquet(finished / "results/validation/fused/mini/phenotypes.parquet")
    assert len(phenotypes) > 50
    assert set(phenotypes["outcome"]) <= {"TP", "FP", "FN", "TN"}
    metrics = read_parquet(finished / "results/emi/components40/metrics.parquet")
    assert {"popularity", "homologue", "tower", "stack"} <= set(metrics["predictor"])
    assert set(metrics["ratio"]) == {30.0, 2.7}


def test_a_second_run_has_nothing_to_do(finished):
    done = run(finished, *TARGETS)
    assert "Nothing to be done" in done.stdout + done.stderr


def test_a_run_killed_again_and_again_gives_the_same_bytes(finished, tmp_path):
    folder = small_project(tmp_path)
    chance = random.Random(5)
    kills = 0
    # the ladder is made beside the rest, of the same files by the same code
    targets = [target for target in TARGETS if target != LADDER]
    for _ in range(3):
        process = subprocess.Popen(
            ["bash", "tools/run_workflow.sh", *command(*targets)],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(timeout=chance.uniform(14, 30))
        except subprocess.TimeoutExpired:
            kills += 1
            # the shell and Snakemake at once, but not the jobs: they have to notice
            children = subprocess.run(
                ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
            )
            for pid in [process.pid, *map(int, children.stdout.split())]:
                os.kill(pid, signal.SIGKILL)
            process.wait()
        else:
            break
    assert kills >= 2
    time.sleep(1)
    done = subprocess.run(
        ["bash", "tools/run_workflow.sh", *command(*targets)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    succeeded(done)
    assert all((folder / target).exists() for target in targets)
    assert_same_so_far(folder, finished, MODEL)


def test_the_ladder_of_splits_has_every_threshold(finished):
    table = pd.read_csv(finished / "results/tables/leakage_ladder.csv")
    done = {method: set(part["identity"]) for method, part in table.groupby("method")}
    assert done == {"components": {0.3, 0.4, 0.5, 0.7, 0.9}, "cdhit": {0.4, 0.5, 0.7, 0.9}}
    assert set(table["seed"]) == {1, 2, 3}
    own = table[table["threshold"] == table["identity"]].set_index("method")["share"]
    assert (own["components"] == 0).all()
    assert (finished / "results/figures/leakage_ladder.svg").stat().st_size > 1000
    assert (finished / "results/splits/strict.csv").exists()


# -- bad input: one message, a non-zero exit, nothing half-written


@pytest.fixture(scope="module")
def spoilt(finished, tmp_path_factory):
    """A copy of the finished project, to be given bad input; what was made for `mini` is gone."""
    folder = tmp_path_factory.mktemp("spoilt") / "project"
    shutil.copytree(finished, folder, symlinks=True)
    shutil.rmtree(folder / "results" / "organisms")
    return folder


FASTA = ">b1\nMKVLWAALLVTFLAGCQAKVEQAVETEPEPELRQQTEWQSGQRWELALGRFWDYLRWVQTLSEQ\n"


@pytest.mark.parametrize(
    ("files", "changes", "message"),
    [
        (
            {"bad.faa": FASTA + ">b2\nMKV1LW\n"},
            {"proteome": "bad.faa"},
            "bad.faa, line 4: illegal residue '1'",
        ),
        ({"bad.faa": ""}, {"proteome": "bad.faa"}, "bad.faa: the FASTA file has no sequence"),
        (
            {"bad.faa": FASTA + FASTA},
            {"proteome": "bad.faa"},
            "bad.faa, line 3: the identifier 'b1' was used on line 1",
        ),
        (
            {"bad.tsv": "bigg_id\tsource\nglc__D\tme\nglcD\tme\n"},
            {"metabolome": "bad.tsv"},
            "bad.tsv, line 3: 'glcD' is not known (did you mean glc__D",
        ),
        (
            {"bad.tsv": "bigg_id\tname\nglc__D\tglucose\n"},
            {"metabolome": "bad.tsv"},
            "bad.tsv: the table of observed metabolites lacks the column(s) source",
        ),
        (
            {"bad.tsv": "compound\nglc__D\nunobtainium\n"},
            {"media": "bad.tsv"},
            "bad.tsv, line 3: 'unobtainium' is not known",
        ),
        ({}, {"media": "M99"}, "unknown medium 'M99'"),
        ({}, {"universe": "gramneutral"}, "unknown universe 'gramneutral'"),
    ],
)
def test_bad_input_is_told_in_one_message(spoilt, files, changes, message):
    for name, content in files.items():
        (spoilt / name).write_text(content)
    write_sheet(spoilt, **changes)
    done = run(spoilt, "results/organisms/mini/proteome.parquet")
    output = done.stdout + done.stderr
    assert done.returncode != 0
    assert message in output
    assert "Traceback" not in output
    left = [path.name for path in (spoilt / "results" / "organisms").rglob("*") if path.is_file()]
    assert left == []


def test_a_config_typo_is_told(finished):
    done = run(finished, MODEL, "--config", "sede=3")
    output = done.stdout + done.stderr
    assert done.returncode != 0
    assert "unknown key 'sede'; did you mean 'seed'?" in output
    assert "Traceback" not in output


def test_nothing_is_downloaded_unless_the_sources_are_live(finished):
    done = run(finished, "results/downloads/rhea.tsv")
    output = done.stdout + done.stderr
    assert done.returncode != 0
    assert "nothing is downloaded; set 'sources: live'" in output
    done = run(finished, MODEL, "--config", "interactions={route: ec}")
    assert "interactions.route is 'ec', which needs the databases" in done.stdout + done.stderr


def test_a_model_that_cannot_grow_names_the_precursors(spoilt):
    salts = ["ca2", "cl", "cobalt2", "cu2", "fe2", "fe3", "k", "mg2", "mn2", "mobd", "zn2"]
    medium = "\n".join(["compound", "glc__D", "h", "h2o", "o2", "pi", "so4", *salts])
    (spoilt / "no_nitrogen.tsv").write_text(medium + "\n")
    # the universe cannot grow, whatever the proteins: few are searched in seconds
    proteome = read_fasta(resolve("dataset:proteome_bsub"))
    write_fasta(dict(list(proteome.items())[:40]), spoilt / "few.faa")
    write_sheet(spoilt, proteome="few.faa", media="no_nitrogen.tsv")
    before = (spoilt / MODEL).exists()
    done = run(spoilt, MODEL)
    output = done.stdout + done.stderr
    assert done.returncode != 0
    assert "cannot grow" in output
    assert "ala__L_c" in output, "alanine cannot be made without nitrogen"
    assert "glycogen" not in output.split("cannot be made:")[-1][:2000]
    assert "Traceback" not in output
    assert before
    assert not (spoilt / MODEL).exists(), "an old model must not pass for the new one"
