"""What several end-to-end tests share."""

import os

import pytest
from hypothesis import HealthCheck, settings
from project_copy import succeeded
from small_project import LADDER, run, small_project

# no test fails for the time that it took: the machine may be busy
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# a developer's own cache would hide what has to be computed, and without bytecode every step
# compiles its packages again, for seconds
for variable in ("GEMWRIGHT_CACHE", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(variable, None)
# jobs run two at a time, and with more threads would wait for each other
os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """The small project, run undisturbed. Nobody changes it: work on a copy."""
    folder = small_project(tmp_path_factory.mktemp("finished"))
    done = run(folder, "demo", LADDER)
    succeeded(done)
    return folder
