"""The wheel of the public package gemsembler: models and a genome to test with, never kept here."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

NAME = "gemsembler==0.11.16"


@pytest.fixture(scope="session")
def gemsembler_data(tmp_path_factory):
    """Folder ``gemsembler/data`` of the wheel; skips where pip cannot reach it."""
    folder = tmp_path_factory.mktemp("gemsembler")
    given = os.environ.get("GEMSEMBLER_WHEEL")
    if given:
        wheel = Path(given)
    else:
        command = [sys.executable, "-m", "pip", "download", NAME, "--no-deps", "-q", "-d", folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            reason = (done.stderr or done.stdout).strip().splitlines()[-1:]
            pytest.skip(f"pip cannot fetch {NAME}: {' '.join(reason)}")
        (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder / "gemsembler" / "data"
