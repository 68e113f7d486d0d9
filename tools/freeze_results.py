"""Freeze the results of a run, and compare those of another one with them, byte by byte.

tools/freeze_results.py write FOLDER TABLE      SHA-256 of every file under FOLDER/results
tools/freeze_results.py compare FOLDER TABLE    what differs; exit code 1 if anything does
"""

import hashlib
import sys
from pathlib import Path

# pages made from the results, and times, differ from run to run
_VARYING = ("report.html", "timings/")


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every result file of a project's folder, hidden ones included."""
    root = folder / "results"
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """One line for each file that is gone, new, or another."""
    kinds = {
        "gone": before.keys() - after.keys(),
        "new": after.keys() - before.keys(),
        "differs": {name for name in before.keys() & after.keys() if before[name] != after[name]},
    }
    return [f"{kind}\t{name}" for kind, names in kinds.items() for name in sorted(names)]


def main(action: str, folder: str, table: str) -> int:
    """Write or compare; return the exit code."""
    now = {
        name: digest
        for name, digest in checksums(Path(folder)).items()
        if not name.startswith(_VARYING)
    }
    if action == "write":
        lines = [f"{digest}\t{name}\n" for name, digest in now.items()]
        Path(table).write_text("".join(lines))
        print(f"{len(now)} files")
        return 0
    rows = (line.split("\t") for line in Path(table).read_text().splitlines())
    found = differences({name: digest for digest, name in rows}, now)
    print("\n".join([*found, f"{len(found)} of {len(now)} files differ"]))
    return int(bool(found))


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("write", "compare"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
