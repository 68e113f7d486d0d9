"""Kinetic models from end to end: the target `rekindle` on a small configuration."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mirror import MIRROR, needs_mirror
from project_copy import checksums, copy_project, succeeded
from small_project import PHYSIOLOGIES, command, copy_compiled, run, small_project

from gemwright.io.tables import read_metadata, read_parquet
from gemwright.kinetics.sampled_sets import shares_of

pytestmark = pytest.mark.e2e

SOURCES = [
    "rejection sampling",
    "box 0.2 to 0.8",
    "generator, saturation",
    "generator, paper",
    "generator, saturation, shuffled labels",
    "generator, saturation, by time constant",
    "box as wide as generator, saturation",
    "widest box, narrower than generator, paper",
]
FIGURES = [
    "training", "time_constants", "perturbations", "ranking", "constraining",
    "subpopulations", "boundary", "projections", "costs", "transfer_features",
]  # fmt: skip
PLACE = "results/rekindle"
# made again in the second copy: a file of every kind of step but the tables
AGAIN = [
    f"{PLACE}/core_4/generated/saturation/sets.parquet",
    f"{PLACE}/core_4/perturbations/generated.parquet",
    f"{PLACE}/core_4/models",
    f"{PLACE}/transfer/scratch_to_core_4/10_sets/repeat1.parquet",
]


def lasting(folder):
    """Checksums of the results that every run has to give again; times differ."""
    return {
        name: digest
        for name, digest in checksums(folder).items()
        if not name.startswith("timings/")
    }


@pytest.fixture(scope="module")
def kinetic(finished, tmp_path_factory):
    """A copy of the finished project in which the target `rekindle` is finished, too."""
    folder = tmp_path_factory.mktemp("rekindle") / "project"
    shutil.copytree(finished, folder, symlinks=True)
    succeeded(run(folder, "rekindle"))
    return folder


def table(folder, name):
    return pd.read_csv(folder / "results/tables" / f"rekindle_{name}.csv", keep_default_na=False)


def test_every_file_is_there(kinetic):
    for physiology in PHYSIOLOGIES:
        names = {path.name for path in (kinetic / PLACE / physiology).iterdir()}
        assert names == {
            "model.yml", "state.parquet", "sets.parquet", "gan", "generated",
            "comparison", "parameters", "perturbations", "models",
        }  # fmt: skip
        for figure in FIGURES:
            for kind in ("svg", "png"):
                path = kinetic / f"results/figures/rekindle_{figure}_{physiology}.{kind}"
                assert path.stat().st_size > 1000, path
        kinds = {path.name for path in (kinetic / PLACE / physiology / "gan").iterdir()}
        assert kinds == {
            "saturation_label", "saturation_shuffled", "saturation_time_constant", "paper_label"
        }  # fmt: skip
    assert (kinetic / "results/timings/rekindle_core_1.csv").is_file()
    # a training leaves no checkpoint behind
    cache = kinetic / ".cache/gemwright/kinetic_generators"
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_sets_are_labelled_by_the_config(kinetic):
    for physiology in PHYSIOLOGIES:
        path = kinetic / PLACE / physiology / "sets.parquet"
        sets = read_parquet(path)
        assert len(sets) == 1500
        assert (sets["relevant"] == (sets["largest_eigenvalue"] < -9)).all()
        assert 0.05 < sets["relevant"].mean() < 0.95
        facts = read_metadata(path)
        assert facts["physiology"] == physiology
        assert (facts["seed"], facts["slowest"], facts["kernel"]) == ("2026", "-9", "compiled")
        generated = read_parquet(kinetic / PLACE / physiology / "generated/saturation/sets.parquet")
        assert len(generated) == 300


def test_table_1_stands_beside_the_papers_figures(kinetic):
    found = table(kinetic, "physiologies")
    assert found["physiology"].tolist() == PHYSIOLOGIES
    assert found["tala"].tolist() == ["+", "-"]
    shares = found[["relevant", "slow", "unstable"]].to_numpy(float)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-5)
    for source in SOURCES:
        assert f"best incidence: {source}" in found
        assert f"spread of the best: {source}" in found
    papers = ["paper: not relevant, of all four", "paper: relevant", "paper: best incidence"]
    assert set(papers) <= set(found)


def test_every_generator_has_its_controls_and_its_price(kinetic):
    found = table(kinetic, "generators")
    for physiology in PHYSIOLOGIES:
        part = found[found["physiology"] == physiology].set_index("source")
        assert part.index.tolist() == SOURCES
        incidence = part["incidence"].astype(float)
        assert incidence.between(0, 1).all()
        # what is learned is more than what is sampled and what was learned from chance
        guided = incidence["generator, saturation"]
        assert guided > incidence["rejection sampling"] + 0.1
        assert guided > incidence["generator, saturation, shuffled labels"] + 0.1
        # 30 epochs are too few to tell a training that failed
        assert (part["judged"].astype(int) == 0).all()
    costs = table(kinetic, "costs")
    assert set(costs["physiology"]) == set(PHYSIOLOGIES)
    assert set(costs["source"]) == set(SOURCES)
    assert set(costs["wanted"]) == {1_000, 10_000, 100_000, 1_000_000}
    windows = table(kinetic, "windows")
    assert set(windows["source"]) == set(SOURCES)
    assert set(windows["tau_to"].astype(float)) == {2.0}


def test_tables_have_both_physiologies_and_the_papers_columns(kinetic):
    columns = {
        "constraining": {"kind", "k", "relevant", "stable", "paper_relevant", "paper_stable"},
        "perturbations": {"source", "models", "runs", "returned", "paper"},
        "ranking": {"rank", "parameter", "inert", "kl", "inert_floor", "above_inert"},
        "disjointness": {"parameters", "source", "auc"},
    }
    for name, wanted in columns.items():
        found = table(kinetic, name)
        assert wanted <= set(found), name
        assert set(found["physiology"]) == set(PHYSIOLOGIES), name
    perturbations = table(kinetic, "perturbations")
    assert set(perturbations["source"]) == {"training", "generated", "transferred"}
    own = perturbations[perturbations["source"] != "transferred"]
    assert (own["runs"].astype(int) == 12).all()
    assert set(table(kinetic, "constraining")["kind"]) == {
        "none",
        "top",
        "alone",
        "random",
        "inert",
    }
    assert set(table(kinetic, "contradictions")) == {
        "topic",
        "one_place",
        "other_place",
        "what_we_do",
    }
    times = pd.read_csv(kinetic / "results/timings/rekindle_core_1.csv")
    assert times["step"].tolist() == ["sampling and labelling", "generation", "training"]
    assert (times["seconds"] > 0).all()
    assert times["paper"].notna().all()


def test_transfer_goes_both_ways(kinetic):
    found = table(kinetic, "transfer")
    assert "paper" in found
    assert (found["missing"].astype(int) == 0).all()
    pairs = {(row.mode, row.source, row.target, int(row.n_sets)) for row in found.itertuples()}
    assert pairs == {
        ("scratch", "", "core_1", 10), ("scratch", "", "core_4", 10),
        ("transfer", "core_1", "core_4", 10), ("transfer", "core_4", "core_1", 10),
        ("untuned", "core_1", "core_4", 0), ("untuned", "core_4", "core_1", 0),
    }  # fmt: skip
    gain = table(kinetic, "transfer_gain")
    assert gain["target"].tolist() == PHYSIOLOGIES


@pytest.mark.parametrize("physiology", PHYSIOLOGIES)
def test_other_tools_open_the_models(kinetic, physiology):
    import roadrunner

    folder = kinetic / PLACE / physiology / "models"
    models = pd.read_csv(folder / "models.csv")
    assert 1 <= len(models) <= 2
    for row in models.itertuples():
        runner = roadrunner.RoadRunner(str(folder / row.file))
        # at rest: nothing moves, against how fast it could
        rates = np.abs(runner.getRatesOfChange())
        assert rates.max() < 1e-6 * np.abs(runner.getReactionRates()).max()
        assert row.roadrunner_eigenvalue == pytest.approx(row.largest_eigenvalue, rel=1e-3)
        assert row.largest_eigenvalue < -9
    assert {"model.yml", "parameter_sets.h5", "parameters.parquet"} <= set(os.listdir(folder))


def test_a_second_run_has_nothing_to_do(kinetic):
    done = run(kinetic, "rekindle")
    assert "Nothing to be done" in done.stdout + done.stderr
    assert done.returncode == 0


# -- killed, and on one core


def workflow(*targets):
    return ["bash", "tools/run_workflow.sh", *command(*targets, cores=1)]


def until_checkpoint(folder, process):
    """Wait for the first checkpoint of a training."""
    cache = folder / ".cache/gemwright/kinetic_generators"
    for _ in range(12_000):
        if any(cache.rglob("checkpoint.safetensors")):
            return
        assert process.poll() is None, "it ended before its training had a checkpoint"
        time.sleep(0.02)
    raise AssertionError("there was no checkpoint within four minutes")


def test_a_killed_run_on_one_core_gives_the_same_bytes(kinetic, tmp_path):
    folder = small_project(tmp_path)
    shutil.copytree(kinetic / "results/strain_design", folder / "results/strain_design")
    process = subprocess.Popen(
        workflow(*AGAIN),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until_checkpoint(folder, process)
    finally:
        # Snakemake and the training at once
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    trained = f"{PLACE}/core_4/gan/saturation_label/seed1"
    assert not (folder / trained / "generator.safetensors").exists()
    succeeded(
        subprocess.run(
            workflow(*AGAIN),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
    )
    log = folder / "logs/train_kinetic_gan/core_4_saturation_label_1.log"
    assert "resumed after epoch" in log.read_text()
    again, first = lasting(folder), lasting(kinetic)
    assert f"{trained}/generator.safetensors".removeprefix("results/") in again
    assert len(again) > 15
    assert {name: first[name] for name in again} == again


# -- bad input: one message, a non-zero exit, nothing half-written


def assert_told(folder, done, messages, before):
    output = done.stdout + done.stderr
    assert done.returncode != 0
    for message in messages:
        assert message in output, output[-3000:]
    assert "Traceback" not in output
    assert checksums(folder) == before


@pytest.mark.parametrize(
    ("overlay", "messages"),
    [
        (
            "rekindle: {physiologies: [core_1, core_9]}",
            ["config: rekindle.physiologies names 'core_9'", "add it there (there are: core_1"],
        ),
        (
            "kinetics: {physiologies: {fdp: {rekindle: 1}}}\nrekindle: {physiologies: [fdp]}",
            ["config: kinetics.physiologies.fdp needs the authors' files", "'sources: live'"],
        ),
        (
            "kinetics: {saturation_bounds: [0.0, 1.5]}",
            ["config: kinetics.saturation_bounds.1: 1.5 should be less than or equal to 1"],
        ),
    ],
)
def test_bad_settings_are_told(kinetic, overlay, messages):
    (kinetic / "bad.yaml").write_text(overlay + "\n")
    before = checksums(kinetic)
    done = run(kinetic, "rekindle", configfiles=["bad.yaml"])
    assert_told(kinetic, done, messages, before)


def test_fluxes_that_do_not_balance_are_told(kinetic):
    rows = ["EX_glc__D_e\t-10", "GLCpts\t10", "PGI\t9", "PFK\t5"]
    (kinetic / "bad.tsv").write_text("\n".join(["reaction\tflux", *rows]) + "\n")
    before = checksums(kinetic)
    mine = "kinetics={physiologies: {mine: {gem: e_coli_core, fluxes: bad.tsv}}}"
    done = run(kinetic, f"{PLACE}/mine/sets.parquet", "--config", mine)
    messages = [
        "bad.tsv, species",
        "the fluxes do not balance",
        "give the fluxes of a steady state",
    ]
    assert_told(kinetic, done, messages, before)


# -- the paper's physiologies

PAPER_SHARES = {"fdp1": 0.591, "fdp2": 0.548, "fdp3": 0.599, "fdp4": 0.588}


@needs_mirror
def test_the_papers_physiologies_have_their_shares(tmp_path):
    folder = copy_project(tmp_path)
    copy_compiled(folder)
    (folder / "small2.yaml").write_text(f"mirror: {MIRROR}\nkinetics: {{sets: 2000}}\n")
    targets = [f"{PLACE}/{name}/sets.parquet" for name in PAPER_SHARES]
    succeeded(run(folder, *targets, configfiles=("config/paper.yaml", "small2.yaml")))
    for name, share in PAPER_SHARES.items():
        sets = read_parquet(folder / PLACE / name / "sets.parquet")
        found = shares_of(sets["largest_eigenvalue"].to_numpy(), sets["relevant"].to_numpy(bool))
        assert found["sets"] == 2000
        assert found["relevant"] == pytest.approx(share, abs=0.04)
    manifest = pd.read_csv(folder / "results/downloads/rekindle.tsv", sep="\t")
    assert len(manifest) >= 5
    assert Path(folder / "results/rekindle/fdp1/model.yml").is_file()
