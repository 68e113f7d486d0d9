"""A copy of the repository to run the workflow in."""

import shutil
import subprocess
from pathlib import Path

from tools.freeze_results import checksums as checksums

PROJECT = Path(__file__).parents[1]


def repository_files() -> list[str]:
    """Names of the files that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.splitlines()


def copy_project(folder: Path) -> Path:
    """Copy the repository as it is in the working tree."""
    for name in repository_files():
        source, target = PROJECT / name, folder / name
        if source.is_file() or source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    if (PROJECT / ".tools").exists():
        (folder / ".tools").symlink_to(PROJECT / ".tools")
    return folder


def succeeded(done: subprocess.CompletedProcess[str]) -> None:
    """A command ended well; otherwise show what it said."""
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
