"""The process that works through cases of `harness`: one JSON line of work in, lines out."""

import contextlib
import json
import os
import resource
import shutil
import signal
import sys
import traceback
from pathlib import Path

FUZZ = Path(__file__).parent
sys.path[:0] = [str(FUZZ.parents[1]), str(FUZZ.parent), str(FUZZ)]

import harness  # noqa: E402

from gemwright.errors import InputError  # noqa: E402


def _spent() -> int:
    """Bytes of address space."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _place(error: BaseException) -> str:
    """Innermost line of the library, and of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/gemwright/" in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"


def read(target: harness.Target, path: Path, valid: bool, cpu_seconds: float) -> str:
    """Read one case; return what is wrong, or nothing."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_spent() + harness.MEMORY, hard))
    # the default action of the signal ends the process, also in the midst of C code
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        target.parse(path)
    except InputError as error:
        if valid:
            return f"a seed is refused ({str(error)[:500]})"
        if len(str(error)) > harness.LONGEST_MESSAGE:
            return f"tells {len(str(error)):,} letters ({_place(error)})"
    except MemoryError as error:
        return f"takes more than {harness.MEMORY:,} bytes ({_place(error)})"
    except BaseException as error:
        return f"{type(error).__name__} at {_place(error)}: {str(error)[:200]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    return ""


def main(folder: Path, targets: Path) -> None:
    """Answer lines of work until there are none."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints is no answer
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    sys.path.insert(0, str(targets))
    known = harness.targets(targets)
    for line in sys.stdin:
        job = json.loads(line)
        target = known[job["target"]]
        seeds = target.seeds()
        # modules are loaded outside of the limits
        for number in range(len(seeds)):
            with contextlib.suppress(Exception):
                target.parse(_written(folder, target, seeds[number]))
        for number in range(job["first"], job["count"]):
            print(json.dumps({"at": number}), file=answers)
            content = harness.case(seeds, number, f"{job['seed']}-{target.name}")
            path = _written(folder, target, content)
            wrong = read(target, path, number < len(seeds), job["cpu_seconds"])
            if wrong:
                print(json.dumps({"failed": wrong, "at_failed": number}), file=answers)
        print(json.dumps({"done": True}), file=answers)


def _written(folder: Path, target: harness.Target, content: bytes) -> Path:
    room = folder / "case"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    path = room / f"case{target.suffix}"
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
