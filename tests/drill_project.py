"""What the fault drills share: copies of the finished project, jobs caught at work, full disks."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from project_copy import checksums
from small_project import command

ORGANISM = "results/organisms/mini/proteome.parquet"


def copy_without(finished: Path, folder: Path, *without: str) -> Path:
    """Copy the finished project, but for some files and folders of it, and its logs."""
    shutil.copytree(finished, folder, symlinks=True)
    for name in ("logs", *without):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return folder


def assert_same_results(folder: Path, finished: Path) -> None:
    """The results, hidden files included, are those of the undisturbed run, to the bit."""
    assert checksums(folder) == checksums(finished)


def assert_same_so_far(folder: Path, finished: Path, target: str) -> None:
    """As above, where the run made one target, and what it needs, from nothing."""
    made, reference = checksums(folder), checksums(finished)
    assert made == {name: reference.get(name) for name in made}
    assert str(Path(target).relative_to("results")) in made


def half_written(folder: Path) -> list[str]:
    """Names of the files among the results under their temporary names."""
    return sorted(path.name for path in (folder / "results").rglob(".tmp-*"))


def script_process(folder: Path, rule: str) -> int | None:
    """Process of a rule's script at work in this folder, not that of the shells around it."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
            elsewhere = (entry / "cwd").resolve() != folder.resolve()
        except OSError:
            continue
        if elsewhere or "python" not in words[0]:
            continue
        if re.search(rf"\.{rule}\.py$", "".join(words[1:2])):
            return int(entry.name)
    return None


def until(condition: Callable[[], Any], seconds: float = 60, every: float = 0.1) -> Any:
    """What a condition gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"{condition} after {seconds} s"
        time.sleep(every)
    return found


@dataclass
class Run:
    """A run of the workflow that goes on while the test looks on."""

    process: subprocess.Popen
    folder: Path
    output: Path
    started: ClassVar[list["Run"]] = []

    @classmethod
    def start(cls, folder: Path, *arguments: str, before: tuple[str, ...] = ()) -> "Run":
        """Start Snakemake, after the words `before`, in a session of its own."""
        output = folder / f"output-{time.monotonic_ns()}.txt"
        with open(output, "wb") as handle:
            process = subprocess.Popen(
                [*before, *command(*arguments)],
                cwd=folder,
                stdout=handle,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # a test runner in the background ignores Ctrl-C, and its children with it
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        cls.started.append(cls(process, folder, output))
        return cls.started[-1]

    @classmethod
    def end_all(cls) -> None:
        """Kill what a test that failed left behind, frozen jobs included."""
        while cls.started:
            with suppress(ProcessLookupError):
                os.killpg(cls.started.pop().process.pid, signal.SIGKILL)

    def wait_for(self, what: Callable[[], Any], seconds: float = 60) -> Any:
        """What a condition gives as soon as it gives something, while the run goes on."""
        end = time.monotonic() + seconds
        while not (found := what()):
            assert self.process.poll() is None, f"ended too early:\n{self.output.read_text()}"
            assert time.monotonic() < end, f"not in {seconds} s:\n{self.output.read_text()}"
            time.sleep(0.001)
        return found

    def job(self, rule: str) -> int:
        """Process of the script of a rule, as soon as it runs."""
        return self.wait_for(lambda: script_process(self.folder, rule))

    def freeze(self, rule: str) -> int:
        """Stop the job of a rule as soon as it runs; return its process."""
        job = self.job(rule)
        os.kill(job, signal.SIGSTOP)
        return job

    def freeze_while_writing(self, rule: str, after: str = "") -> int:
        """Stop the job of a rule while one of its files is half-written; return its process.

        Parameters
        ----------
        rule : str
            The rule.
        after : str
            A result that has to be there, finished, by then.
        """
        job = self.job(rule)
        while True:
            self.wait_for(
                lambda: half_written(self.folder) and (not after or (self.folder / after).exists())
            )
            os.kill(job, signal.SIGSTOP)
            if half_written(self.folder):
                return job
            os.kill(job, signal.SIGCONT)

    def end(self, seconds: float = 120) -> tuple[int, str]:
        """Exit code and output of the run, when it has ended."""
        code = self.process.wait(seconds)
        return code, self.output.read_text()


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or only waits for its parent to look."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


def _mount(*arguments: str | Path) -> None:
    done = subprocess.run(
        ["mount", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"cannot mount here: {done.stderr.strip()}")


def needs_mounts() -> None:
    """Skip the test where nothing can be mounted."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")


@contextmanager
def small_disk(folder: Path, free: int) -> Iterator[Callable[[int], None]]:
    """Put a folder on a disk of its own with `free` bytes left; yields what makes it larger."""
    needs_mounts()
    aside = folder.with_name(f"{folder.name}-aside")
    folder.rename(aside)
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", "size=1g", "none", folder)
    try:
        shutil.copytree(aside, folder, dirs_exist_ok=True)
        facts = os.statvfs(folder)
        used = (facts.f_blocks - facts.f_bfree) * facts.f_frsize

        def resize(left: int) -> None:
            _mount("-o", f"remount,size={used + left}", folder)

        resize(free)
        yield resize
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


@contextmanager
def read_only(folder: Path) -> Iterator[Callable[[], None]]:
    """Make a folder read-only: as a disk for root, who may do everything, else by its permissions.

    Yields what makes it writable again.
    """
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    mounted = os.geteuid() == 0
    if mounted:
        needs_mounts()
        _mount("--bind", folder, folder)
        _mount("-o", "remount,ro,bind", folder)
    else:
        for path in folders:
            path.chmod(0o555)

    def writable() -> None:
        nonlocal mounted
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
            mounted = False
        elif os.geteuid() != 0:
            for path in folders:
                path.chmod(0o755)

    try:
        yield writable
    finally:
        writable()
