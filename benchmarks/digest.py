"""What the digests of code add to a start of Snakemake, cold and warm.

Run as ``python benchmarks/digest.py`` in the root of the repository. Starts with digests, without
(a constant in their place) and cold (what was read of the modules before is removed first) are
taken in alternation, ``--list-rules`` being all they do; the digests are timed by themselves, too.
Times are CPU seconds, which other work on the machine disturbs less.
"""

import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).parents[1]
ROUNDS = 7
SNAKEMAKE = "from snakemake.cli import main; main(['--list-rules'])"
WITHOUT = "import gemwright.code_digest as m; m.code_digest = lambda script: '0'; "
ALONE = (
    "from gemwright.code_digest import code_digest; import pathlib, time; t = time.process_time();"
    " [code_digest(s) for s in pathlib.Path('scripts').iterdir()]; print(time.process_time() - t)"
)


def python(code: str) -> str:
    """Run code in the repository's root, which is first in the path."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def seconds(code: str) -> float:
    """CPU time of a process."""

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = used()
    python(code)
    return used() - before


def forget() -> None:
    """Remove what was read of the modules before."""
    for kept in (PROJECT / "gemwright" / "__pycache__").glob("code_digest.*.json"):
        kept.unlink()


def main() -> None:
    """Print medians, and what the digests add to a start."""
    runs: dict[str, Callable[[], float]] = {
        "start without digests": lambda: seconds(WITHOUT + SNAKEMAKE),
        "start, cold": lambda: seconds(SNAKEMAKE),
        "start, warm": lambda: seconds(SNAKEMAKE),
        "digests alone, cold": lambda: float(python(ALONE)),
        "digests alone, warm": lambda: float(python(ALONE)),
    }
    found: dict[str, list[float]] = {name: [] for name in runs}
    python(SNAKEMAKE)  # compiles what is not compiled yet
    for _ in range(ROUNDS):
        for name, run in runs.items():
            if name.endswith("cold"):
                forget()
            found[name].append(run())
    medians = {name: statistics.median(times) for name, times in found.items()}
    for name, median in medians.items():
        print(f"{name:22} {median:6.3f} s ({min(found[name]):.3f} to {max(found[name]):.3f})")
    for state in ("cold", "warm"):
        added = medians[f"start, {state}"] - medians["start without digests"]
        print(f"added to a {state} start: {added:.3f} s")


if __name__ == "__main__":
    main()
