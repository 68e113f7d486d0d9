"""Every parser with mutated files: it reads them, or refuses them in one message.

``GEMWRIGHT_FUZZ_CASES`` and ``GEMWRIGHT_FUZZ_SEED`` set how many cases a parser gets, and which.
Ten thousand a parser: ``pytest -m fuzz tests/fuzz``.
"""

import os
import re
from pathlib import Path

import harness
import pytest

FEW = int(os.environ.get("GEMWRIGHT_FUZZ_CASES", "100"))
SEED = os.environ.get("GEMWRIGHT_FUZZ_SEED", "1")
MANY = 10_000
TARGETS = harness.targets()


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    worker = harness.Worker(tmp_path_factory.mktemp("fuzz"))
    yield worker
    worker.close()


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_reads_or_refuses(worker, name):
    told = worker.failures(TARGETS[name], FEW, SEED)
    assert not told, "\n".join(told)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_reads_or_refuses_many(worker, name):
    told = worker.failures(TARGETS[name], MANY, f"{SEED}-many")
    assert not told, "\n".join(told)


KNOWN = """
import ctypes
from gemwright.errors import InputError
from harness import Target

def crash(path):
    if path.read_bytes() != b"seed":
        ctypes.string_at(0)

def spin(path):
    while path.read_bytes() != b"seed":
        pass

def swell(path):
    if path.read_bytes() != b"seed":
        bytearray(3 << 30)

def fail(path):
    if path.read_bytes() != b"seed":
        [][1]

def refuse(path):
    if path.read_bytes() != b"seed":
        raise InputError("here", "this", "that")

TARGETS = [
    Target(f.__name__, ".x", lambda: [b"seed"], f) for f in (crash, spin, swell, fail, refuse)
]
"""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("crash", r"ends the process \(-11\)"),
        ("spin", "takes more than 0.2 CPU seconds"),
        ("swell", "takes more than 1,073,741,824 bytes"),
        ("fail", "IndexError at .*: list index out of range"),
        ("refuse", ""),
    ],
)
def test_the_harness_tells_what_fails_and_keeps_the_case(tmp_path, monkeypatch, name, told):
    (tmp_path / "targets_known.py").write_text(KNOWN)
    monkeypatch.syspath_prepend(tmp_path)
    target = harness.targets(tmp_path)[name]
    worker = harness.Worker(tmp_path / "work", tmp_path, cpu_seconds=0.2)
    found = worker.failures(target, 3, "1")
    worker.close()
    assert bool(found) == bool(told)
    for line in found:
        assert re.match(told, line)
        kept = Path(line.rpartition(": ")[2])
        assert kept.read_bytes() != b"seed"


def test_cases_are_the_same_each_time():
    seeds = [b"a\tb\n1\t2\n", b"x y z\n"]
    cases = [harness.case(seeds, number, "s") for number in range(300)]
    assert cases == [harness.case(seeds, number, "s") for number in range(300)]
    assert cases[:2] == seeds
    assert len(set(cases)) > 200
