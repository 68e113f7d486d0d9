"""The wheel, installed into an environment of its own, does the README's Python example."""

import os
import re
import shutil
import subprocess
import zipfile

import pytest
from conda_stand_in import find_program, make_environment, uv
from project_copy import PROJECT, copy_project

import gemwright
from gemwright.sources.registry import locate

pytestmark = pytest.mark.e2e
EXAMPLE = re.search(r"```python\n(.*?)```", (PROJECT / "README.md").read_text(), re.DOTALL)[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--wheel", "--out-dir", str(folder / "dist"), str(copy_project(folder / "source")))
    return next((folder / "dist").glob("*.whl"))


def test_the_wheel_holds_the_resources_and_nothing_of_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {
        str(path.relative_to(PROJECT)) for path in PROJECT.glob("gemwright/resources/*.[ty]*")
    }
    assert shipped <= set(names)
    assert not [name for name in names if name.startswith(("tests", "tools", "scripts"))]


def test_the_readmes_example_runs_outside_of_the_repository(wheel, tmp_path):
    make_environment(tmp_path / "venv", [str(wheel)])
    shutil.copy(locate("proteome_bsub"), tmp_path / "proteome.faa")
    path = f"{find_program('diamond').parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [str(tmp_path / "venv/bin/python"), "-I", "-c", f"{EXAMPLE}\nprint(dir(gemwright))"],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    growth, *_, names = done.stdout.splitlines()
    assert float(growth.split()[0]) > 0.1
    assert re.search(r"lac__L_e +coupled", done.stdout)
    assert set(re.findall(r"\w+", names)) >= set(gemwright.__all__)
