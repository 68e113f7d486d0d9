"""Finding and running the external programs, with one clear message when one is missing."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gemwright.errors import InputError
from gemwright.io.files import is_full, unwritable

# what programs print on a full disk, beyond a quota or a limit of file sizes
_NO_SPACE = re.compile(r"no space left|quota exceeded|file too large|file size limit", re.I)
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


@contextmanager
def working_folder(what: str) -> Iterator[Path]:
    """Give a folder for a program's files, removed afterwards: in ``TMPDIR``.

    Raises
    ------
    InputError
        If no folder for temporary files can be written to.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix=f"gemwright-{what}-")
    except OSError as error:
        raise unwritable(error) or InputError(
            what, f"finds no folder for its files ({error})", "set TMPDIR to one that is writable"
        ) from error
    with folder as place:
        yield Path(place)


def run_program(arguments: Sequence[str], what: str, folder: Path) -> str:
    """Run a program and return what it printed.

    Parameters
    ----------
    arguments : sequence of str
        The program and its arguments, as they are: no shell reads them.
    what : str
        Its name for messages.
    folder : Path
        Where it writes.

    Raises
    ------
    InputError
        If it fails; the message names a full disk as such, else it has the last lines that it
        printed.
    """
    done = subprocess.run(
        list(arguments), capture_output=True, text=True, errors="replace", check=False
    )
    printed = done.stdout + done.stderr
    if done.returncode != 0:
        raise failure(what, _ending(done.returncode, printed), folder, printed)
    return printed


def failure(what: str, problem: str, folder: Path, printed: str = "") -> InputError:
    """Tell that a program has not done what it should; most often its disk is full.

    Parameters
    ----------
    what : str
        Its name.
    problem : str
        What was noticed.
    folder : Path
        Where it wrote.
    printed : str
        What it printed.
    """
    if _NO_SPACE.search(printed) or is_full(folder):
        return InputError(
            what,
            f"{problem}, because the disk of {folder} is full",
            "free space there, or set TMPDIR to a folder on another disk, and run again",
        )
    return InputError(
        what, problem, "run again, with more memory or another TMPDIR if it says the same"
    )


def _ending(code: int, printed: str) -> str:
    last = " / ".join(line.strip() for line in printed.strip().splitlines()[-3:])
    if code < 0:
        return f"was ended by signal {signal.Signals(-code).name} ({last})"
    return f"failed with exit code {code} ({last})"
