"""Fuzzing of the parsers: real files, mutated, read in a process with limits.

A module ``targets_<part>.py`` in this folder has a list ``TARGETS``. A case succeeds if ``parse``
returns or raises `InputError`; everything else, more than `CPU_SECONDS` or `MEMORY` among it, is a
failure, and the case's bytes are kept. ``parse`` should compare what it reads with what it reads
of what it writes, where there is a writer, and fail with an `AssertionError` where they differ.
"""

import gzip
import importlib
import io
import json
import os
import re
import select
import signal
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

FUZZ = Path(__file__).parent
PROJECT = FUZZ.parents[1]
CPU_SECONDS = 5.0
WALL_SECONDS = 90.0  # of silence; the machine may be busy
MEMORY = 1 << 30  # above what the process has before the case
LONGEST_MESSAGE = 31_000
MOST_FAILURES = 10

TOKENS = [
    b"\x00", b'"', b"'", b"`", b"\\", b"\t", b"\n", b"\r", b"\r\n\r\n", b" ", b"#", b"%s", b"$(x)",
    b"{", b"}", b"{0}", b"[", b"]", b"(", b")", b"<", b">", b"&", b"&amp;", b"&x;", b"<!--", b"-->",
    b"../", b"/etc/passwd", b"C:\\", b"nan", b"NaN", b"inf", b"-inf", b"null", b"None", b"NA", b"~",
    b"true", b"0", b"-1", b"1e309", b"-1e309", b"1e-400", b"9" * 20, b"9" * 5_000, b"0x10",
    b"1_000", b"1,5", "١".encode(), "²".encode(), b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28",
    b"\xed\xa0\x80",
    "é".encode(), "\u202e".encode(), "\u2028".encode(), "\u00a0".encode(), "\U0001f600".encode(),
    b"A" * 300, b"A" * 70_000, b"(" * 3_000, b"[" * 3_000, b"{" * 3_000, b"<a>" * 3_000,
    b"- " * 2_000, b"&a ", b"*a", b"!!python/object:os.system", b"<apply>", b"</apply>", b"+",
    b";", b":", b"|", b"=", b" and ", b" or ", b"id", b"->", b"\x1b[31m", b"\x7f",
    b"\x1f\x8b", b"PK\x03\x04",
]  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A parser, and valid files to start from.

    Parameters
    ----------
    name : str
        Unique, for example ``"chebi"``.
    suffix : str
        What the cases' file names end in, for example ``".tsv"``.
    seeds : callable
        Gives a list of valid files as bytes; `parse` must accept each.
    parse : callable
        Is given the path of a case, alone in its folder.
    """

    name: str
    suffix: str
    seeds: Callable[[], list[bytes]]
    parse: Callable[[Path], object]


def targets(folder: Path = FUZZ) -> dict[str, Target]:
    """Targets of a folder by name."""
    found: dict[str, Target] = {}
    for path in sorted(folder.glob("targets_*.py")):
        for target in importlib.import_module(path.stem).TARGETS:
            assert target.name not in found, f"two targets are called {target.name}"
            found[target.name] = target
    return found


def case(seeds: list[bytes], number: int, seed: str) -> bytes:
    """Make the case of a number: the seeds themselves, then mutants."""
    if number < len(seeds):
        return seeds[number]
    rng = Random(f"{seed}-{number}")
    return mutate(rng.choice(seeds), seeds, rng)


def mutate(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    """Change a file in one to four places, inside of its packing or outside."""
    if rng.random() < 0.7:
        try:
            if data[:2] == b"\x1f\x8b":
                return gzip.compress(mutate(gzip.decompress(data), seeds, rng), 1, mtime=0)
            if data[:4] == b"PK\x03\x04":
                return _mutate_member(data, seeds, rng)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
            pass
    for _ in range(rng.randint(1, 4)):
        data = rng.choice(_CHANGES)(data, seeds, rng)
    return data[: 8 << 20]


def _mutate_member(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        chosen = rng.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, mutate(content, [content], rng) if name == chosen else content)
    return packed.getvalue()


def _flip(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return rng.choice((data[:end], data[start:], data[:start] + data[end:]))


def _insert(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    gone = rng.choice((0, 0, 1, 5))
    return data[:place] + rng.choice(TOKENS) + data[place + gone :]


def _words(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    """Put a token, or another word of the file, in the place of a word."""
    parts = re.split(rb"([A-Za-z0-9_.+-]+)", data)
    words = [place for place, part in enumerate(parts) if part and part[:1].isalnum()]
    if not words:
        return data
    for _ in range(rng.choice((1, 1, 3))):
        place = rng.choice(words)
        parts[place] = rng.choice((rng.choice(TOKENS), parts[rng.choice(words)], b""))
    return b"".join(parts)


def _lines(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    what = rng.randrange(6)
    if what == 0:
        lines[one:one] = [lines[two]] * rng.choice((1, 2, 100))
    elif what == 1:
        del lines[one]
    elif what == 2:
        lines[one], lines[two] = lines[two], lines[one]
    elif what == 3:
        lines = lines[: one + 1]
    elif what == 4:
        other = rng.choice(seeds).splitlines(keepends=True)
        lines[one:one] = other[: rng.randrange(len(other) + 1)]
    else:
        del lines[min(one, two) : max(one, two)]
    return b"".join(lines)


def _cells(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    """Change a cell of a table: a token in it, gone, twice, or swapped with its neighbour."""
    separator = max((b"\t", b",", b";", b" "), key=data.count)
    lines = data.split(b"\n")
    place = rng.randrange(len(lines))
    cells = lines[place].split(separator)
    one = rng.randrange(len(cells))
    what = rng.randrange(4)
    if what == 0:
        cells[one] = rng.choice(TOKENS)
    elif what == 1:
        del cells[one]
    elif what == 2:
        cells.insert(one, cells[one])
    else:
        cells[one - 1], cells[one] = cells[one], cells[one - 1]
    lines[place] = separator.join(cells)
    return b"\n".join(lines)


def _repeat(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    """Repeat a piece often: nesting, long cells, many rows."""
    start = rng.randrange(len(data) + 1)
    piece = data[start : start + rng.choice((1, 3, 20, 200))]
    return data[:start] + piece * rng.choice((2, 10, 2_000)) + data[start:]


def _whole(data: bytes, seeds: list[bytes], rng: Random) -> bytes:
    what = rng.randrange(7)
    if what == 0:
        return b"\xef\xbb\xbf" + data
    if what == 1:
        return data.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n")))
    if what == 2:
        return gzip.compress(data, 1, mtime=0)
    if what == 3:
        return data.decode("latin-1").encode("utf-16")
    if what == 4:
        return data + rng.choice(seeds)
    if what == 5:
        return data.rstrip(b"\n")
    return rng.choice((b"", b"\n", b"<html><body>log in</body></html>", data.upper()))


_CHANGES = (_flip, _cut, _insert, _insert, _words, _words, _lines, _cells, _repeat, _whole)


@dataclass
class Worker:
    """A process that works through cases; it is started again when a case has ended it."""

    folder: Path
    targets: Path = FUZZ
    cpu_seconds: float = CPU_SECONDS
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _said: bytes = field(default=b"", init=False)

    def failures(self, target: Target, count: int, seed: str) -> list[str]:
        """Run cases, and tell what failed, with the name of each kept case."""
        told: list[str] = []
        number = 0
        while number < count and len(told) < MOST_FAILURES:
            number = self._work(target, number, count, seed, told)
        return told

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                pipe.close()
            self._process, self._said = None, b""

    def _work(self, target: Target, first: int, count: int, seed: str, told: list[str]) -> int:
        """Work on cases from `first` on; return the next one to do."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        job = {
            "target": target.name, "first": first, "count": count, "seed": seed,
            "cpu_seconds": self.cpu_seconds,
        }  # fmt: skip
        process.stdin.write(json.dumps(job).encode() + b"\n")
        at = first
        while True:
            line = self._line(process.stdout.fileno())
            if not line:
                what = "is silent" if line is None else self._how_it_ended(process)
                told.append(f"{what}: {self.keep(target, at, seed)}")
                self.close()
                return at + 1
            said = json.loads(line)
            if "at" in said:
                at = said["at"]
            elif "failed" in said:
                at = said["at_failed"]
                told.append(f"{said['failed']}: {self.keep(target, at, seed)}")
                if len(told) >= MOST_FAILURES:
                    self.close()
                    return count
            else:
                return count

    def _line(self, pipe: int) -> bytes | None:
        """Next line; empty at the end, None if there is none in time."""
        while b"\n" not in self._said:
            if not select.select([pipe], [], [], WALL_SECONDS)[0]:
                return None
            more = os.read(pipe, 1 << 16)
            if not more:
                return b""
            self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return line

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            environment = {**os.environ, "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
            self.folder.mkdir(parents=True, exist_ok=True)
            with open(self.folder / "worker.log", "ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, str(FUZZ / "worker.py"), str(self.folder), str(self.targets)],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                    bufsize=0, cwd=PROJECT, env=environment,
                )  # fmt: skip
        return self._process

    def _how_it_ended(self, process: subprocess.Popen[bytes]) -> str:
        code = process.wait()
        if code == -signal.SIGPROF:
            return f"takes more than {self.cpu_seconds:g} CPU seconds"
        log = (self.folder / "worker.log").read_text(errors="replace")[-1500:]
        return f"ends the process ({code}) {log}"

    def keep(self, target: Target, number: int, seed: str) -> Path:
        """Keep the bytes of a case under a name of its own."""
        kept = self.folder / "kept" / f"{target.name}-{seed}-{number}{target.suffix}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(case(target.seeds(), number, f"{seed}-{target.name}"))
        return kept
