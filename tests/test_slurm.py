"""`snakemake --profile slurm-gpu` on a real Slurm, and what it survives there.

Each drill says what was killed, makes sure that it was killed at work, and ends with the same
files as a run that was left alone.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from drill_project import assert_same_so_far, script_process, until
from project_copy import checksums, succeeded
from slurm_cluster import SlurmCluster, missing
from small_project import MODEL, small_project

pytestmark = pytest.mark.slurm

# made by one job of some 550 MB and seconds, from nothing
TARGET = "results/data/species.parquet"
RULE = "extract_snapshot"
# the profile puts these into one job of Slurm's
SPLIT = ["results/splits/components40.parquet", "results/emi/components40/pairs.parquet"]
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
# asked every 3 s instead of 20 s: the jobs here are short
PATIENCE = ["--slurm-init-seconds-before-status-checks", "3", "--max-status-checks-per-second", "1"]


@pytest.fixture(scope="module")
def cluster():
    lacking = missing()
    if lacking and os.environ.get("CI") != "true":
        pytest.skip(lacking)
    assert not lacking
    cluster = SlurmCluster()
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def project(finished, tmp_path):
    """The finished small project without the tables of the snapshot, which `TARGET` is one of."""
    folder = tmp_path / "project"
    shutil.copytree(finished, folder, symlinks=True)
    shutil.rmtree(folder / "results" / "data")
    return folder


def command(*arguments):
    return ["snakemake", *arguments, "--profile", "slurm-gpu", *PATIENCE]


def small(*arguments):
    return command(TARGET, *arguments)


def run(folder, words):
    return subprocess.run(
        words, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=900
    )


@contextmanager
def started(folder, words):
    """Snakemake in the background, its output in a file; ended if the test fails."""
    with (folder / "output.txt").open("w") as output:
        process = subprocess.Popen(
            words, cwd=folder, env=ENVIRONMENT, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def new_jobs(cluster, before):
    jobs = cluster.jobs()
    return jobs[~jobs.index.isin(before.index)]


def test_gpu_rules_land_on_the_gpu_partition(cluster, finished, tmp_path):
    """The literal command where the trainings from scratch, and tables with their figures, are
    missing: nothing else needs the sets of those trainings.
    """
    folder = tmp_path / "project"
    shutil.copytree(finished, folder, symlinks=True)
    for path in (folder / "results" / "rekindle" / "transfer").glob("scratch_to_*"):
        shutil.rmtree(path)
    for path in (folder / "results").glob("*/rekindle_*"):
        path.unlink()
    shutil.rmtree(folder / "logs" / "train_on_few_sets")
    before = cluster.jobs()
    succeeded(run(folder, ["snakemake", "--profile", "slurm-gpu"]))
    jobs = new_jobs(cluster, before)
    assert set(jobs["state"]) == {"COMPLETED"}
    # both trainings share one, tables and their figures another
    assert len(jobs) == 3
    on_gpu = jobs[jobs["partition"] == "gpu"]
    assert len(on_gpu) == 1
    assert on_gpu["what"].str.contains("train_on_few_sets").all()
    assert jobs["gpu"].tolist() == (jobs["partition"] == "gpu").tolist()
    devices = cluster.devices()
    for job, row in jobs.iterrows():
        assert devices[job] == ({"0"} if row["partition"] == "gpu" else {"-"}), row["what"]
    # what ran there saw the GPU that Slurm gave it, found that it is none, and said so
    logs = list((folder / "logs" / "train_on_few_sets").glob("*.log"))
    assert len(logs) == 2
    for log in logs:
        assert "device: cpu, for no GPU was found (CUDA_VISIBLE_DEVICES: 0)" in log.read_text()
    assert checksums(folder) == checksums(finished)
    assert "Nothing to be done" in run(folder, ["snakemake", "--profile", "slurm-gpu"]).stderr


@pytest.mark.drill
def test_out_of_memory(cluster, finished, project):
    """Slurm kills the job twice for its memory; the third try has four times as much."""
    before = cluster.jobs()
    memory = f"{RULE}:mem_mb=250 * 2 ** (attempt - 1)"
    succeeded(run(project, small("--set-resources", memory)))
    jobs = new_jobs(cluster, before)
    assert jobs["megabytes"].tolist() == ["250M", "500M", "1000M"]
    assert jobs["state"].tolist() == ["FAILED", "FAILED", "COMPLETED"]
    for job in jobs.index[:2]:
        log = (project / f"logs/slurm/rule_{RULE}/{job}.log").read_text()
        assert "exceeded memory limit" in log
    assert checksums(project) == checksums(finished)


def test_killed_job_of_a_group(cluster, finished, tmp_path):
    """kill -9 of a script at work: Snakemake hands in the job again, with all of its group."""
    project = tmp_path / "project"
    shutil.copytree(finished, project, symlinks=True)
    for target in SPLIT:
        (project / target).unlink()
    before = cluster.jobs()
    with started(project, command(*SPLIT)) as process:
        os.kill(until(lambda: script_process(project, "label_pairs")), signal.SIGKILL)
        assert process.wait(timeout=200) == 0
    jobs = new_jobs(cluster, before)
    assert jobs["state"].tolist() == ["FAILED", "COMPLETED"]
    assert jobs["what"].str.startswith("splits").all()
    assert checksums(project) == checksums(finished)


@pytest.mark.drill
def test_interrupted_master(cluster, finished, project):
    """Ctrl-C: the jobs are cancelled, nothing half-made stays, and the same command goes on."""
    before = cluster.jobs()
    with started(project, small()) as process:
        until(lambda: script_process(project, RULE))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=100) != 0
    until(lambda: set(new_jobs(cluster, before)["state"]) == {"CANCELLED"})
    assert not (project / TARGET).exists()
    succeeded(run(project, small()))
    assert new_jobs(cluster, before)["state"].tolist() == ["CANCELLED", "COMPLETED"]
    assert checksums(project) == checksums(finished)


def test_killed_master(cluster, finished, project):
    """kill -9 of Snakemake: its job ends and records itself, and nothing is left to be done."""
    before = cluster.jobs()
    with started(project, small()) as process:
        script = until(lambda: script_process(project, RULE))
        os.kill(script, signal.SIGSTOP)
        process.kill()
        process.wait()
    refused = run(project, small())
    os.kill(script, signal.SIGCONT)
    assert refused.returncode != 0
    assert "--unlock" in refused.stderr
    until(lambda: set(new_jobs(cluster, before)["state"]) == {"COMPLETED"})
    succeeded(run(project, small("--unlock")))
    again = run(project, small())
    succeeded(again)
    assert "Nothing to be done" in again.stderr
    assert len(new_jobs(cluster, before)) == 1
    assert checksums(project) == checksums(finished)


@pytest.mark.drill
def test_controller_that_does_not_answer(cluster, finished, project):
    """The controller is stopped for 30 s while the job runs and ends: the master waits it out."""
    before = cluster.jobs()
    with started(project, small()) as process:
        until(lambda: script_process(project, RULE))
        cluster.controller(signal.SIGSTOP)
        try:
            time.sleep(30)
            assert process.poll() is None
        finally:
            cluster.controller(signal.SIGCONT)
        assert process.wait(timeout=200) == 0
    assert new_jobs(cluster, before)["state"].tolist() == ["COMPLETED"]
    assert checksums(project) == checksums(finished)


@pytest.mark.drill
def test_time_limit(cluster, finished, project):
    """A job that hangs is killed by Slurm after its minute; the next try has two, and passes."""
    before = cluster.jobs()
    limit = f"{RULE}:runtime=1 * 2 ** (attempt - 1)"
    with started(project, small("--set-resources", limit)) as process:
        os.kill(until(lambda: script_process(project, RULE)), signal.SIGSTOP)
        assert process.wait(timeout=400) == 0
    jobs = new_jobs(cluster, before)
    assert jobs["state"].tolist() == ["TIMEOUT", "COMPLETED"]
    assert jobs["minutes"].tolist() == ["00:01:00", "00:02:00"]
    assert checksums(project) == checksums(finished)


@pytest.mark.drill
def test_the_whole_default_target(cluster, finished, tmp_path):
    """`snakemake --profile slurm-gpu` from a fresh copy, to the files of a run without Slurm."""
    folder = small_project(tmp_path / "project")
    before = cluster.jobs()
    succeeded(run(folder, ["snakemake", "--profile", "slurm-gpu"]))
    jobs = new_jobs(cluster, before)
    assert set(jobs["state"]) == {"COMPLETED"}
    assert pd.Series(jobs["gpu"] == (jobs["partition"] == "gpu")).all()
    assert_same_so_far(folder, finished, MODEL)
