"""Break lines that matter, one at a time, and list the breaks that no test notices.

The breaks stand in ``broken_lines.tsv`` beside this file: a module, a text that it holds exactly
once, what to write instead, the tests that have to notice, and why it matters. Tests run in
temporary copies of the repository; the working tree is left alone.

    .venv/bin/python tools/break_lines.py list
    .venv/bin/python tools/break_lines.py run NAME...
    .venv/bin/python tools/break_lines.py all --jobs 2

It ends with 1 if a break was not noticed, and with 2 if the table or the tests are at fault: a text
that is not found exactly once, a test that fails without a break, or tests that did not run.
"""

import argparse
import ast
import csv
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = Path(__file__).with_name("broken_lines.tsv")
NOTICED, UNNOTICED, BROKEN = "noticed", "not noticed", "did not run"
# of pytest
_PASSED, _FAILED = 0, 1


class BreaksError(Exception):
    """The table, or a test without any break, is at fault."""


@dataclass(frozen=True)
class Break:
    """A line to break.

    Attributes
    ----------
    name : str
        To ask for it by.
    module : str
        File, from the root of the repository.
    old, new : str
        What it holds exactly once, and what to write instead.
    tests : tuple of str
        Files of tests, or ``file::test``.
    why : str
        What goes wrong with it.
    """

    name: str
    module: str
    old: str
    new: str
    tests: tuple[str, ...]
    why: str


def read_breaks(path: Path = TABLE) -> list[Break]:
    """Read the table; a backslash and an n in a text stand for the end of a line."""
    with open(path, encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))
    return [
        Break(
            row["name"],
            row["module"],
            row["old"].replace("\\n", "\n"),
            row["new"].replace("\\n", "\n"),
            tuple(row["tests"].split()),
            row["why"],
        )
        for row in rows
    ]


def problems(breaks: Iterable[Break], root: Path = ROOT) -> list[str]:
    """Tell what is wrong with breaks: texts that are not found once, tests that do not exist."""
    found = []
    for one in breaks:
        module = root / one.module
        count = module.read_text(encoding="utf-8").count(one.old) if module.is_file() else 0
        if count != 1:
            found.append(f"{one.name}: {one.module} holds {count} times, not once: {one.old!r}")
        if one.old == one.new or not one.tests:
            found.append(f"{one.name}: breaks nothing, or names no test")
        for test in one.tests:
            file, _, function = test.partition("::")
            if not (root / file).is_file() or (
                function and function not in _functions(root / file)
            ):
                found.append(f"{one.name}: there is no {test}")
    return found


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_bytes(), str(path))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def copy_repository(target: Path, root: Path = ROOT) -> Path:
    """Copy what git knows or does not ignore, as it stands in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source = root / name
        if source.is_file() or source.is_symlink():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name, follow_symlinks=False)
    return target


@contextmanager
def broken(one: Break, root: Path) -> Iterator[None]:
    """Break a line of a copy, and restore it."""
    path = root / one.module
    whole = path.read_text(encoding="utf-8")
    try:
        path.write_text(whole.replace(one.old, one.new), encoding="utf-8")
        _forget(path)
        yield
    finally:
        path.write_text(whole, encoding="utf-8")
        _forget(path)


def _forget(path: Path) -> None:
    """Remove a module's bytecode: it is found by second and size, which may be the same."""
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


def run_tests(tests: Sequence[str], root: Path, timeout: float) -> tuple[int, str]:
    """Run tests until one fails; pytest's exit status (-1 after the time limit) and output."""
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    with subprocess.Popen(
        words,
        cwd=root,
        env={**os.environ, "TQDM_DISABLE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return -1, f"stopped after {timeout:g} s"
        return process.returncode, output


def notice(one: Break, root: Path, timeout: float) -> tuple[str, str]:
    """Whether a test notices a break (`NOTICED`, `UNNOTICED` or `BROKEN`), and the output."""
    with broken(one, root):
        status, output = run_tests(one.tests, root, timeout)
    return {_PASSED: UNNOTICED, _FAILED: NOTICED}.get(status, BROKEN), output


def check(
    breaks: Sequence[Break], jobs: int = 1, timeout: float = 300.0, root: Path = ROOT
) -> dict[str, str]:
    """Break one line after another, and tell which breaks a test notices.

    Parameters
    ----------
    breaks : sequence of Break
        From `read_breaks`.
    jobs : int
        Breaks at a time, each in a copy of its own.
    timeout : float
        Seconds for the tests of a break.
    root : Path
        The repository.

    Returns
    -------
    dict of str to str
        Name of a break to `NOTICED`, `UNNOTICED` or `BROKEN`.

    Raises
    ------
    BreaksError
        If the table is wrong, or a test fails without a break.
    """
    wrong = problems(breaks, root)
    if wrong:
        raise BreaksError("\n".join([f"{TABLE.name}:", *wrong]))
    with tempfile.TemporaryDirectory(prefix="gemwright-breaks-") as folder:
        copies: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for number in range(jobs):
            copies.put(copy_repository(Path(folder, str(number)), root))
        tests = sorted({test for one in breaks for test in one.tests})
        copy = copies.get()
        status, output = run_tests(tests, copy, timeout * len(breaks))
        copies.put(copy)
        if status != _PASSED:
            raise BreaksError(f"the tests do not pass without a break:\n{output}")

        def judge(one: Break) -> str:
            copy = copies.get()
            try:
                verdict, output = notice(one, copy, timeout)
            finally:
                copies.put(copy)
            print(f"{verdict:12} {one.name}: {one.why}", flush=True)
            if verdict == BROKEN:
                print(output, flush=True)
            return verdict

        with ThreadPoolExecutor(jobs) as pool:
            verdicts = list(pool.map(judge, breaks))
    return {one.name: verdict for one, verdict in zip(breaks, verdicts, strict=True)}


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("command", choices=("list", "run", "all"))
    parser.add_argument("names", nargs="*", help="breaks to run")
    parser.add_argument("--jobs", type=int, default=1, help="breaks at a time")
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds for one break")
    asked = parser.parse_args(words)
    breaks = read_breaks()
    if asked.command == "list":
        for one in breaks:
            print(f"{one.name:28} {one.module}: {one.why}")
        return 0
    if asked.command == "run":
        unknown = sorted(set(asked.names) - {one.name for one in breaks})
        if unknown or not asked.names:
            parser.error(f"no such break: {', '.join(unknown) or 'none named'}; see 'list'")
        breaks = [one for one in breaks if one.name in asked.names]
    try:
        verdicts = list(check(breaks, asked.jobs, asked.timeout).values())
    except BreaksError as error:
        print(error, file=sys.stderr)
        return 2
    unnoticed, failed = verdicts.count(UNNOTICED), verdicts.count(BROKEN)
    print(f"{len(verdicts)} breaks: {unnoticed} not noticed, {failed} did not run")
    return 2 if failed else int(unnoticed > 0)


if __name__ == "__main__":
    sys.exit(main())
