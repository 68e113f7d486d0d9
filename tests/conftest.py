"""What several end-to-end tests share."""

import os

import pytest
from small_project import TARGETS, run, small_project

# a developer's own cache would hide what has to be computed
os.environ.pop("GEMWRIGHT_CACHE", None)


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """The small project, run undisturbed. Nobody changes it: work on a copy."""
    folder = small_project(tmp_path_factory.mktemp("finished"))
    done = run(folder, *TARGETS)
    assert done.returncode == 0, done.stderr[-4000:]
    return folder
