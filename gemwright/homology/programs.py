"""Finding and running the external programs, with one clear message when one is missing."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from gemwright.errors import InputError

_PACKAGES = {"diamond": "diamond-aligner", "cd-hit": "cd-hit"}


def find_program(name: str) -> str:
    """Path of an external program, from PATH or from the project's ``.tools`` folder.

    Raises
    ------
    InputError
        If it is in neither place.
    """
    # `make` unpacks Debian packages there when it may not install them
    local = Path(os.environ.get("GEMWRIGHT_TOOLS", ".tools")) / "usr" / "bin" / name
    found = shutil.which(name) or (str(local.resolve()) if local.is_file() else None)
    if found is None:
        raise InputError(
            name,
            "the program is not installed",
            f"run 'make tools', or 'apt-get install {_PACKAGES.get(name, name)}', or run"
            " Snakemake with '--sdm conda'",
        )
    return found


def run_program(arguments: Sequence[str], what: str) -> str:
    """Run a program and return its standard output.

    Raises
    ------
    RuntimeError
        If it fails; the message ends with the last lines that it printed.
    """
    done = subprocess.run(list(arguments), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        raise RuntimeError(f"{what} failed with exit code {done.returncode}:\n{tail}")
    return done.stdout
