"""What several end-to-end tests share."""

import os

import pytest
import small_demo
from hypothesis import HealthCheck, settings
from project_copy import succeeded
from small_project import TARGETS, run, small_project

# no test fails for the time that it took: the machine may be busy
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# a developer's own cache would hide what has to be computed, and without bytecode every step
# compiles its packages again, for seconds
for variable in ("GEMWRIGHT_CACHE", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(variable, None)


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """The small project, run undisturbed. Nobody changes it: work on a copy."""
    folder = small_project(tmp_path_factory.mktemp("finished"))
    done = run(folder, *TARGETS)
    succeeded(done)
    return folder


@pytest.fixture(scope="session")
def finished_demo(tmp_path_factory):
    """The small demo with all its rules, run undisturbed. Nobody changes it."""
    folder = small_demo.demo_project(tmp_path_factory.mktemp("finished_demo"))
    done = small_demo.run(folder, "demo")
    succeeded(done)
    return folder
