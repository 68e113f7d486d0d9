"""A copy of the repository to run the workflow in."""

import hashlib
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def copy_project(folder: Path) -> Path:
    """Copy what git tracks or would track, as it is in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        source, target = PROJECT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    if (PROJECT / ".tools").exists():
        (folder / ".tools").symlink_to(PROJECT / ".tools")
    return folder


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every result file, hidden ones included."""
    root = folder / "results"
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
