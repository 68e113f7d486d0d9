"""Fault drills on one machine: what was killed or spoilt, and the proof that nothing was lost.

Each ends with the same files, to the bit, as the undisturbed run of the fixture `finished`.
"""

import gzip
import os
import random
import shutil
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from drill_project import (
    ORGANISM,
    Run,
    assert_same_results,
    assert_same_so_far,
    copy_without,
    half_written,
    has_ended,
    read_only,
    small_disk,
    until,
)
from mirror import MIRROR, needs_mirror
from misbehaving_server import MisbehavingServer, Reply, ranged
from project_copy import PROJECT, checksums, copy_project, succeeded
from small_project import run, small_project

from gemwright.embedding.store import EmbeddingStore

e2e = pytest.mark.e2e

INTERACTIONS = "results/interactions/interactions.parquet"
VECTORS = "results/reconstruction/mini/proteome_vectors.parquet"
WRAPPER = ("bash", "tools/run_workflow.sh")


@pytest.fixture(autouse=True)
def nothing_goes_on():
    yield
    Run.end_all()


def refused(done: subprocess.CompletedProcess) -> str:
    """Output of a run that has to have failed, and without a traceback."""
    output = done.stdout + done.stderr
    assert done.returncode != 0, output
    assert "Traceback" not in output
    return output


def goes_on(folder, *arguments) -> str:
    """Output of a run that has to succeed."""
    done = run(folder, *arguments)
    succeeded(done)
    return done.stdout + done.stderr


def results(folder):
    return sorted(path.name for path in (folder / "results").rglob("*") if path.is_file())


def flip(path, bit):
    """Flip one bit of a file; its date, which is all that Snakemake looks at, stays."""
    dates = path.stat()
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(bytes(content))
    os.utime(path, ns=(dates.st_atime_ns, dates.st_mtime_ns))


# -- jobs and masters killed


@e2e
def test_a_killed_job_is_told_and_done_again(finished, tmp_path):
    """SIGKILL to a job's process, as the out-of-memory killer does, after two of its files were
    finished and while a third was half-written. The user types the same command again.
    """
    folder = small_project(tmp_path)
    going = Run.start(folder, INTERACTIONS)
    job = going.freeze_while_writing("extract_snapshot", "results/data/proteins.parquet")
    assert not (folder / "results/data/stoichiometry.parquet").exists()
    (torn,) = half_written(folder)
    os.kill(job, signal.SIGKILL)
    code, output = going.end()
    assert code == 1
    assert "extract_snapshot" in output
    assert "died with <Signals.SIGKILL: 9>" in output
    assert "Traceback" not in output
    # no finished-looking file of a job that did not finish
    assert results(folder) == [".gitkeep", torn]
    goes_on(folder, INTERACTIONS)
    assert_same_so_far(folder, finished, INTERACTIONS)


@e2e
def test_a_killed_master_takes_its_jobs_along(finished, tmp_path):
    """SIGKILL to Snakemake alone, while a job of it has a file half-written. The job ends by
    itself and tidies up. The user types the same command, is refused, and types it with
    `--unlock`, then with `--rerun-incomplete`; `tools/run_workflow.sh` would do both.
    """
    folder = copy_without(finished, tmp_path / "project", "results/organisms")
    going = Run.start(folder, ORGANISM)
    job = going.freeze_while_writing("prepare_organism")
    going.process.kill()
    assert going.end()[0] == -signal.SIGKILL
    assert not has_ended(job)
    os.kill(job, signal.SIGCONT)
    # an orphan would go on writing while the next run starts
    until(lambda: has_ended(job), seconds=10)
    assert half_written(folder) == []
    assert not (folder / "results/organisms/mini/media.parquet").exists()
    assert "Traceback" not in going.output.read_text()
    assert "--unlock" in refused(run(folder, ORGANISM, "--rerun-incomplete"))
    assert "Unlocked" in goes_on(folder, ORGANISM, "--unlock")
    goes_on(folder, ORGANISM, "--rerun-incomplete")
    assert_same_results(folder, finished)


def interrupted(finished, folder, interrupt):
    """Copy the project, start a run, and interrupt it while its job has a file half-written."""
    copy_without(finished, folder, "results/organisms")
    going = Run.start(folder, ORGANISM)
    job = going.freeze_while_writing("prepare_organism")
    interrupt(going.process.pid, signal.SIGINT)
    os.kill(job, signal.SIGCONT)
    code, output = going.end()
    assert code == 1
    assert "Terminating processes on user request" in output
    assert "Traceback" not in output
    assert has_ended(job)
    assert half_written(folder) == []
    return folder


@e2e
def test_ctrl_c_ends_the_run_cleanly(finished, tmp_path):
    """SIGINT to Snakemake and its job, as Ctrl-C in a terminal does, while the job has a file
    half-written. The user types the same command again.
    """
    folder = interrupted(finished, tmp_path / "project", os.killpg)
    assert not list((folder / "results/organisms").rglob("*.parquet"))
    goes_on(folder, ORGANISM)
    assert_same_results(folder, finished)


@e2e
def test_an_interrupted_master_waits_for_its_job(finished, tmp_path):
    """SIGINT to Snakemake alone, as `kill -INT` of a run in the background, while its job has a
    file half-written. Snakemake waits for the job and takes no note of its files. The user types
    the same command, is refused, and types it with `--rerun-incomplete`.
    """
    folder = interrupted(finished, tmp_path / "project", os.kill)
    assert "--rerun-incomplete" in refused(run(folder, ORGANISM))
    goes_on(folder, ORGANISM, "--rerun-incomplete")
    assert_same_results(folder, finished)


@e2e
def test_a_job_that_fails_for_ever_stops_what_needs_it(finished, tmp_path):
    """One bit is flipped in the clusters of a split. By the cluster's profile (here without Slurm)
    the split is tried three times, what needs it is left, and another split, begun after that, is
    made. The user deletes the file that the log names, and types the same command again.
    """
    split, strict, other = (
        f"results/splits/{name}" for name in ("components40.parquet", "strict.csv", "final.parquet")
    )
    folder = copy_without(finished, tmp_path / "project", split, strict, other)
    damaged = folder / "results/splits/components40_clusters.parquet"
    flip(damaged, 4 * damaged.stat().st_size)
    # one split at a time, and the one that fails first
    order = ("--prioritize", split, "--set-threads", "split_enzymes=2")
    arguments = (strict, other, *order, "--profile", "slurm-gpu", "--executor", "local")
    output = refused(run(folder, *arguments))
    log = "logs/split_enzymes/components40.log"
    assert output.count("Trying to restart job") == 2
    assert f"log: {log}" in output
    assert f"{damaged.relative_to(folder)}: cannot be read" in (folder / log).read_text()
    assert not (folder / strict).exists()
    assert not (folder / "logs/check_strict_splits.log").exists()
    assert (folder / other).stat().st_mtime > (folder / log).stat().st_mtime
    damaged.unlink()
    goes_on(folder, *arguments)
    assert_same_results(folder, finished)


# -- disks


@e2e
def test_a_full_disk_is_told_and_nothing_is_lost(finished, tmp_path):
    """The results lie on a disk with 300 kB left, and the job's first file has 850 kB. The user
    frees space (here, the disk gets larger) and types the same command again.
    """
    folder = copy_without(finished, tmp_path / "project", "results/organisms")
    before = checksums(folder)
    with small_disk(folder / "results", free=300_000) as resize:
        output = refused(run(folder, ORGANISM))
        disk = folder / "results"
        assert f"gemwright: {ORGANISM}: cannot be written, because the disk at {disk} is full" in (
            output
        )
        assert "(No space left on device); free space there" in output
        assert output.count("No space left") == 1
        assert checksums(folder) == before
        resize(10_000_000)
        goes_on(folder, ORGANISM)
        assert_same_results(folder, finished)


@e2e
def test_read_only_results_are_told_and_nothing_is_lost(finished, tmp_path):
    """The folder of results is read-only (root: a read-only disk; others: by its permissions),
    and the job would make a new folder there. The user makes it writable and types the same
    command again.
    """
    folder = copy_without(finished, tmp_path / "project", "results/organisms")
    before = checksums(folder)
    with read_only(folder / "results") as make_writable:
        output = refused(run(folder, ORGANISM))
        assert "results/organisms" in output
        assert "Read-only file system" in output or "Permission denied" in output
        assert checksums(folder) == before
        make_writable()
        goes_on(folder, ORGANISM)
        assert_same_results(folder, finished)


@e2e
def test_read_only_results_are_told_before_the_first_job(finished, tmp_path):
    """As above, but the job's folder is there already, so that only its own files would fail."""
    folder = copy_without(finished, tmp_path / "project", "results/organisms")
    (folder / "results/organisms/mini").mkdir(parents=True)
    with read_only(folder / "results") as make_writable:
        output = refused(run(folder, ORGANISM))
        assert "cannot be written" in output
        assert "make its folder writable" in output
        assert not (folder / "logs/prepare_organism").exists(), "a job ran"
        make_writable()
        goes_on(folder, ORGANISM)
        assert_same_results(folder, finished)


# -- damaged and altered data


class Lengths:
    """Encodes a text as its length and powers of it."""

    name, version, arithmetic, dimension = "lengths", "1", "", 8

    def __init__(self) -> None:
        self.asked = 0

    def encode(self, texts):
        self.asked += len(texts)
        powers = np.arange(self.dimension) / self.dimension
        return np.array([[len(text)] for text in texts], dtype=np.float32) ** powers


def test_a_flipped_bit_in_a_shard_never_gives_another_vector(tmp_path):
    """One bit of a shard of the embedding cache is flipped, at 400 places from its first to its
    last byte. The user does nothing: the shard is deleted, and its texts are encoded again.
    """
    texts = ["M" * length for length in range(1, 60)]
    store = EmbeddingStore(tmp_path, Lengths())
    expected = store.fetch(texts)
    (shard,) = store.folder.glob("shard-*.parquet")
    good = shard.read_bytes()
    chance = random.Random(1)
    ends = [*range(64), *range(8 * len(good) - 64, 8 * len(good))]
    for bit in [*ends, *(chance.randrange(8 * len(good)) for _ in range(272))]:
        flip(shard, bit)
        again = Lengths()
        assert np.array_equal(EmbeddingStore(tmp_path, again).fetch(texts), expected)
        assert again.asked == len(texts), f"bit {bit} was not noticed"
        assert shard.read_bytes() == good


@e2e
def test_flipped_bits_in_results_and_cache_are_noticed(finished, tmp_path):
    """One bit is flipped in a Parquet file among the results, and one in the embedding cache.
    The job that reads the file refuses it. The user deletes the named file and types the same
    command again; the cache mends itself.
    """
    folder = copy_without(finished, tmp_path / "project", VECTORS)
    proteome = folder / ORGANISM
    flip(proteome, 8 * 300_000)
    output = refused(run(folder, VECTORS))
    assert f"gemwright: {ORGANISM}: cannot be read as Parquet" in output
    assert "delete the file and run again" in output
    assert not (folder / VECTORS).exists()

    proteome.unlink()
    shards = sorted((folder / ".cache/gemwright").glob("kmer-*/shard-*.parquet"))
    for shard in shards:
        flip(shard, 4 * shard.stat().st_size)
    goes_on(folder, VECTORS)
    assert "damaged shard" in (folder / "logs/embed_proteome/mini.log").read_text()
    assert_same_results(folder, finished)


CHEBI = "ftp.ebi.ac.uk/pub/databases/chebi/chebi_id_to_smiles.tsv.gz"
FETCHED = "ftp.ebi.ac.uk/pub/databases/chebi/flat_files/structures.tsv.gz"
PARSED = "results/sources/chebi/findings.csv"


@e2e
@needs_mirror
def test_truncated_and_altered_downloads_are_refused(tmp_path):
    """A host cuts its file short, sends it with one bit flipped, then, under a lock table, another
    file than before. Each run ends with one message, and nothing of the file is taken for it.
    The user types the same command again when the host is well (here, it is resumed from where
    another cut left it).
    """
    server = MisbehavingServer()
    # a third of it: whole, it would take three times as long to read
    lines = gzip.decompress((MIRROR / CHEBI).read_bytes()).splitlines(keepends=True)[:10_200]
    good = gzip.compress(b"".join(lines), mtime=0)
    other = gzip.compress(b"".join(lines[:-100]), mtime=0)
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 16

    def fetch(folder, replies, lock="null"):
        server.scripts[f"/{CHEBI}"] = replies
        (folder / "mirror.yaml").write_text(
            f"mirror: {server.url('')}\ndownloads: {{retries: 1, lock: {lock}}}\n"
        )
        options = ["--cores", "2", "--configfile", "config/live.yaml", "mirror.yaml"]
        return subprocess.run(
            [sys.executable, "-m", "snakemake", PARSED, *options],
            cwd=folder,
            env={**os.environ, "no_proxy": "127.0.0.1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    try:
        undisturbed = copy_project(tmp_path / "undisturbed")
        done = fetch(undisturbed, [Reply(good)])
        succeeded(done)
        lock = tmp_path / "lock.tsv"
        shutil.copyfile(undisturbed / "results/downloads/chebi.tsv", lock)

        folder = copy_project(tmp_path / "project")
        for replies, message, locked in [
            ([Reply(good, cut=len(good) // 2)], "failed 2 times", "null"),
            ([Reply(bytes(flipped))], "is damaged gzip", "null"),
            ([Reply(other)], "the file changed upstream since the lock of", lock),
        ]:
            output = refused(fetch(folder, replies, locked))
            assert message in output
            assert CHEBI in output
            assert results(folder) == [".gitkeep"]
            assert not list((folder / ".cache").rglob("structures.tsv.gz"))
        asked = len(server.asked(f"/{CHEBI}"))
        done = fetch(folder, [ranged(good, '"v1"', cut=100_000), ranged(good, '"v1"')])
        succeeded(done)
        resumed, whole = server.asked(f"/{CHEBI}")[asked:][::-1]
        assert "Range" in resumed.headers
        assert "Range" not in whole.headers
    finally:
        server.close()
    assert (folder / ".cache/downloads" / FETCHED).read_bytes() == good
    made, reference = checksums(folder), checksums(undisturbed)
    manifest = "downloads/chebi.tsv"
    assert len(made) > 3
    # the date of the fetching stands in there
    assert made.pop(manifest, None)
    assert reference.pop(manifest, None)
    assert made == reference
    tables = [
        pd.read_csv(place / "results" / manifest, sep="\t", dtype=str).drop(columns="date")
        for place in (folder, undisturbed)
    ]
    assert tables[0].equals(tables[1])


# -- two runs on one folder


@e2e
def test_a_second_run_on_the_folder_is_refused(finished, tmp_path):
    """Plain Snakemake is started in a folder where it runs already. The user waits for the first
    run, which goes on undisturbed.
    """
    folder = small_project(tmp_path)
    first = Run.start(folder, INTERACTIONS)
    job = first.freeze("extract_snapshot")
    output = refused(run(folder, INTERACTIONS))
    os.kill(job, signal.SIGCONT)
    assert "Directory cannot be locked" in output
    assert "no other Snakemake process" in output
    assert "--unlock" in output
    code, output = first.end()
    assert code == 0, output
    assert_same_so_far(folder, finished, INTERACTIONS)


@e2e
def test_a_second_wrapped_run_waits_for_the_first(finished, tmp_path):
    """`tools/run_workflow.sh` (so, `make demo`) is started in a folder where it runs already. The
    second run waits, then finds nothing to do. The user does nothing.
    """
    folder = copy_without(finished, tmp_path / "project", "results/organisms")
    first = Run.start(folder, ORGANISM, before=WRAPPER)
    job = first.freeze("prepare_organism")
    second = Run.start(folder, ORGANISM, before=WRAPPER)
    second.wait_for(lambda: "waiting for another run" in second.output.read_text())
    os.kill(job, signal.SIGCONT)
    assert first.end()[0] == 0
    code, output = second.end()
    assert code == 0, output
    assert "Nothing to be done" in output
    assert_same_results(folder, finished)


@pytest.mark.drill
def test_a_wrapped_run_does_not_wait_for_ever(tmp_path):
    """A run in the folder goes on for more than a minute. The second one is told so and ends; the
    user waits for the first, or stops it.
    """
    (tmp_path / ".snakemake").mkdir()
    holder = subprocess.Popen(["flock", ".snakemake/gemwright.lock", "sleep", "90"], cwd=tmp_path)
    try:
        done = subprocess.run(
            ["bash", PROJECT / "tools/run_workflow.sh", "touch", "started"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=80,
        )
        assert holder.poll() is None
    finally:
        holder.terminate()
        holder.wait()
    assert done.returncode == 1
    assert "it still goes on after a minute: wait for it, or stop it" in done.stderr
    assert not (tmp_path / "started").exists()
