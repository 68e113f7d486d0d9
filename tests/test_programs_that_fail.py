"""Other programs that fail and say nothing: what goes in comes out, or one message tells."""

import os
import random
import shutil
import stat
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from project_copy import PROJECT

from gemwright.errors import InputError
from gemwright.gem.flux import FluxModel
from gemwright.homology import programs
from gemwright.homology.clusters import CdHitOptions, cluster_cdhit
from gemwright.homology.diamond import read_hits, search
from gemwright.kinetics.simulation import RoadRunner, attempt, whole_course

LETTERS = "ACDEFGHIKLMNPQRSTVWY"
CDHIT, DIAMOND = shutil.which("cd-hit"), shutil.which("diamond")
needs_cdhit = pytest.mark.skipif(CDHIT is None, reason="cd-hit is not installed")
needs_diamond = pytest.mark.skipif(DIAMOND is None, reason="no diamond")
MAY_MOUNT = (
    shutil.which("unshare")
    and not subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    ).returncode
)


def pairs(count, length=300):
    """Pairs of sequences that differ in one residue."""
    rng = random.Random(1)
    found = {}
    for number in range(count):
        one = "M" + "".join(rng.choices(LETTERS, k=length))
        found |= {f"p{number}_0": one, f"p{number}_1": one[:-1] + rng.choice(LETTERS)}
    return found


FULL_DISK = """
import random, subprocess, sys, tempfile
sys.path[:0] = sys.argv[1:3]
from test_programs_that_fail import pairs
from gemwright.errors import InputError
from gemwright.homology.clusters import cluster_cdhit
from gemwright.homology.diamond import search
folder, sequences = sys.argv[3], pairs(300)
for kilobytes in (1200, 300, 260, 220, 210, 204, 100):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", folder], check=True)
    tempfile.tempdir = folder
    for work in (
        lambda: cluster_cdhit(sequences)["cluster"].nunique(),
        lambda: len(search(sequences, sequences)),
    ):
        try:
            print(work())
        except InputError as error:
            print(error)
    subprocess.run(["umount", "-l", folder], check=True)
"""


@needs_cdhit
@needs_diamond
@pytest.mark.case("r28-cdhit-disk-full")
@pytest.mark.skipif(not MAY_MOUNT, reason="file systems cannot be mounted here")
def test_a_full_disk_is_told(tmp_path):
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", FULL_DISK, PROJECT, PROJECT / "tests", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "300"
    told = [line for line in lines if not line.isdecimal()]
    assert len(told) >= 10
    assert all("full" in line and "on another disk" in line for line in told), told
    assert {line for line in lines[::2] if line.isdecimal()} == {"300"}


def stand_in(folder, monkeypatch, name, after):
    """A program that does what the real one does, and then something to its output."""
    real = {"cd-hit": CDHIT, "diamond": DIAMOND}[name]
    program = folder / name
    program.write_text(f'#!/bin/bash\n{real} "$@" || exit\n{after}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@needs_cdhit
@pytest.mark.case("r28-cdhit-disk-full")
@pytest.mark.parametrize(
    "after",
    [
        ': > "$4.clstr"',
        'rm "$4.clstr"',
        'head -c 300 "$4.clstr" > "$4.x"; mv "$4.x" "$4.clstr"',
        'head -n -2 "$4.clstr" > "$4.x"; mv "$4.x" "$4.clstr"',
        'cat "$4.clstr" "$4.clstr" > "$4.x"; mv "$4.x" "$4.clstr"',
        'sed -i "s/s3\\\\./s333./" "$4.clstr"',
        ': > "$4"',
        'head -c 900 "$4" > "$4.x"; mv "$4.x" "$4"',
    ],
)
def test_what_cdhit_loses(tmp_path, monkeypatch, after):
    stand_in(tmp_path, monkeypatch, "cd-hit", after)
    with pytest.raises(InputError, match=r"cd-hit at 0\.9: (lost|wrote)"):
        cluster_cdhit(pairs(6), CdHitOptions(identity=0.9))


@needs_diamond
@pytest.mark.parametrize(
    "after",
    [
        '[ $1 = makedb ] || : > "${@:7:1}"',
        '[ $1 = makedb ] || truncate -s -5 "${@:7:1}"',
        '[ $1 = makedb ] || sed -i "\\$d" "${@:7:1}"',
        '[ $1 = makedb ] || sed -i "1s/\\t/ /" "${@:7:1}"',
        '[ $1 = makedb ] || sed -i "1s/s[0-9]*/s99/" "${@:7:1}"',
        '[ $1 = makedb ] || sed -i "1s/\\t[0-9.]*$/\\tnan/" "${@:7:1}"',
        "exit 9",
        "kill -9 $$",
    ],
)
def test_what_diamond_loses(tmp_path, monkeypatch, after):
    stand_in(tmp_path, monkeypatch, "diamond", after)
    with pytest.raises(
        InputError, match=r"diamond (makedb|blastp): (wrote|counted|failed|was ended)"
    ):
        search(pairs(6), pairs(6))


@needs_cdhit
@needs_diamond
def test_names_that_programs_cut_or_take_apart():
    """Whatever proteins are called: the same clusters and hits as with plain names."""
    plain = pairs(6)
    odd = ["NA", "a b", "x... *", "x... at 90%", "sp|P1|X", '"', "'", "#1", ">z", "nan", "é", "1e5"]
    odd[3] += "x" * 1000
    names = dict(zip(sorted(plain), sorted(odd), strict=True))
    renamed = {names[name]: text for name, text in plain.items()}
    expected = cluster_cdhit(plain).map(names.get)
    pd.testing.assert_frame_equal(cluster_cdhit(renamed), expected)
    columns = ["query", "subject", "identity", "bitscore"]
    found = search(plain, plain)[columns]
    found[["query", "subject"]] = found[["query", "subject"]].map(names.get)
    found = found.sort_values(columns[:2], ignore_index=True)
    again = search(renamed, renamed)[columns].sort_values(columns[:2], ignore_index=True)
    pd.testing.assert_frame_equal(again, found)


@needs_cdhit
def test_the_shortest_and_the_longest_sequences_stay():
    rng = random.Random(2)
    sequences = {f"p{n}": "".join(rng.choices(LETTERS, k=n)) for n in (1, 4, 5, 6, 11, 70_000)}
    for identity in (0.4, 0.7, 0.9):
        table = cluster_cdhit(sequences, CdHitOptions(identity=identity))
        assert table["cluster"].tolist() == table["enzyme"].tolist() == sorted(sequences)


@pytest.mark.parametrize(
    "text", ["a\tb\n", "a\tb\t1\n" * 12, "q0\ts0" + "\t1" * 10, "q0\ts0" + "\tx" * 10 + "\n", "\n"]
)
def test_a_table_of_hits_that_is_none(tmp_path, text):
    (tmp_path / "hits.tsv").write_text(text)
    with pytest.raises(ValueError, match=r"."):
        read_hits(tmp_path / "hits.tsv")


def test_a_search_without_hits(tmp_path):
    (tmp_path / "hits.tsv").write_text("")
    assert read_hits(tmp_path / "hits.tsv").empty


@pytest.mark.parametrize("code", ["exit 3", "kill -11 $$"])
def test_a_program_that_fails_is_one_message(tmp_path, code):
    with pytest.raises(InputError, match=r"the tool: (failed with exit code 3|.*SIGSEGV).*\(oh\)"):
        programs.run_program(["/bin/sh", "-c", f"echo oh; {code}"], "the tool", tmp_path)
    told = "No space left on device"
    with pytest.raises(InputError, match=f"because the disk of {tmp_path} is full; free space"):
        programs.run_program(["/bin/sh", "-c", f"echo {told}; exit 1"], "the tool", tmp_path)


def test_no_place_for_temporary_files(monkeypatch):
    def refuse(**_):
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(programs.tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(InputError, match="set TMPDIR"), programs.working_folder("cd-hit"):
        pass


# -- integrators and solvers


class Stops:
    """An integrator that stops early and says nothing."""

    def __init__(self, rows):
        self.rows = rows

    def run(self, start, times):
        return whole_course(np.ones(self.rows), (len(times), len(start)))


@pytest.mark.parametrize("rows", [(), (0, 2), (3, 2), (4, 1), (5, 2)])
def test_a_partial_time_course_has_failed(rows):
    course, message = attempt(Stops(rows), np.ones(2), np.arange(4.0))
    assert np.isnan(course).all()
    assert "of 4 points in time" in message
    assert attempt(Stops((4, 2)), np.ones(2), np.arange(4.0))[1] == ""


def test_roadrunner_is_asked_for_every_point():
    class Runner(RoadRunner):
        def __init__(self):
            self._species = [0]
            self._runner = self._model = self

        def reset(self):
            pass

        def setFloatingSpeciesConcentrations(self, *_):  # noqa: N802
            pass

        def simulate(self, *_):
            return [[1.0]]

    assert "1 of 3 points" in attempt(Runner(), np.ones(1), np.arange(3.0))[1]


def balanced(bounds, coefficients):
    """One species, and a reaction for each pair of bounds; the first one is the objective."""
    names = [f"r{number}" for number in range(len(bounds))]
    lower, upper = zip(*bounds, strict=True)
    reactions = pd.DataFrame({"reaction": names, "lower_bound": lower, "upper_bound": upper})
    stoichiometry = pd.DataFrame({"reaction": names, "species": "s", "coefficient": coefficients})
    return FluxModel(reactions, stoichiometry, "r0")


def test_no_growth_is_not_the_same_as_no_answer():
    assert balanced([(0, 5), (0, 9)], [1.0, -1.0]).growth() == 5
    assert balanced([(1, 5), (0, 0)], [1.0, -1.0]).growth() == 0
    with pytest.raises(InputError, match="has no limit; give the uptakes finite bounds"):
        balanced([(0, np.inf), (0, np.inf)], [1.0, -1.0]).growth()
    for bounds, coefficient in (((0, 5), np.nan), ((0, np.nan), 1.0), ((np.nan, 5), 1.0)):
        with pytest.raises(InputError, match="HiGHS"):
            balanced([bounds, (0, 5)], [coefficient, -1.0]).growth()


# -- our own writers

WRITERS = """
import subprocess, sys
import numpy as np, pandas as pd, torch
from gemwright.errors import InputError
from gemwright.io.logs import logged
from gemwright.io.files import write_text
from gemwright.io.tables import write_delimited, write_parquet
from gemwright.io.tensors import write_tensors
from gemwright.kinetics.skimpy_sets import write_parameter_sets
folder = sys.argv[1]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "none", folder], check=True)
random = np.random.default_rng(1).random((100, 500))
table = pd.DataFrame({"a": random.ravel()})
names = [f"p{number}" for number in range(500)]
for write in (
    lambda path: write_parquet(table, path),
    lambda path: write_delimited(table, path),
    lambda path: write_tensors(path, {"a": torch.from_numpy(random)}, {}),
    lambda path: write_text(path, "x" * 200_000),
    lambda path: write_parameter_sets(path, names, random),
):
    try:
        write(f"{folder}/file.tsv")
    except InputError as error:
        print(error)
try:
    with logged(f"{folder}/job.log") as log:
        for _ in range(3000):
            log.info("x" * 100)
        write_text(f"{folder}/file.tsv", "x" * 200_000)
except SystemExit as error:
    print(f"{folder}: ends with {error.code}")
"""


@pytest.mark.skipif(not MAY_MOUNT, reason="file systems cannot be mounted here")
def test_every_writer_names_a_full_disk(tmp_path):
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", WRITERS, tmp_path],
        capture_output=True, text=True, check=False, cwd=PROJECT,
    )  # fmt: skip
    *told, last = done.stdout.splitlines()
    assert len(told) == 5, done.stderr[-2000:]
    full = f"{tmp_path}/file.tsv: cannot be written, because the disk at {tmp_path} is full"
    assert all(line.startswith(full) for line in told), told
    assert last == f"{tmp_path}: ends with 1"
    assert "Traceback" not in done.stderr
    assert done.stderr.count("gemwright: ") == 1


@needs_cdhit
@needs_diamond
@pytest.mark.case("31-paths")
@pytest.mark.parametrize(
    "name", ["user's (copy) é ü", 'q"uo`te$HOME;x&|', "-dash --d", "{0} [a]* ?%", "日本", "a\\b\nc"]
)
def test_programs_work_in_folders_of_any_name(tmp_path, monkeypatch, name):
    folder = tmp_path / name
    folder.mkdir()
    monkeypatch.setattr(programs.tempfile, "tempdir", str(folder))
    assert cluster_cdhit(pairs(5))["cluster"].nunique() == 5
    assert len(search(pairs(5), pairs(5))) == 20
    assert list(folder.iterdir()) == []
