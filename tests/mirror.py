"""The mirror of real files, for the tests that need it."""

import os
from pathlib import Path

import pytest

MIRROR = Path(os.environ.get("GEMWRIGHT_MIRROR", Path(__file__).parents[2] / "shared" / "mirror"))

needs_mirror = pytest.mark.skipif(
    not MIRROR.is_dir(), reason="needs the mirror of public files (GEMWRIGHT_MIRROR)"
)
