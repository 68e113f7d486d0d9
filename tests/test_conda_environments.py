"""Every step in its own environment: `--sdm conda` with the stand-in of conda_stand_in.py.

Snakemake appends its own search path to that of a step, which hides a missing pin. So each
environment is asked by itself (`python -I`), and the run is driven by an environment that holds
nothing but Snakemake and what the Snakefile imports.
"""

import ast
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from conda_stand_in import JOURNAL, install, make_environment
from project_copy import PROJECT, checksums, copy_project, succeeded
from small_project import LADDER, run, small_project
from test_workflow_contract import DISTRIBUTIONS, ENVIRONMENTS, RULE_FILES, RULES, SCRIPTS, pins

from gemwright.code_digest import used_modules
from tools.plan_cluster import job_counts

pytestmark = pytest.mark.e2e

# what the Snakefile imports, and the package in which it looks for the datasets of the sheet
DRIVER = {"packages": ["snakemake", "pandas", "pyarrow", "pydantic"], "alone": ["carveme"]}


def script_of(rule):
    """Script of a rule; `use rule a as b` takes that of a."""
    text = "\n".join(path.read_text() for path in RULE_FILES)
    original = re.search(rf"^use rule (\w+) as {rule} with:", text, re.MULTILINE)
    return original[1] if original else rule


def environment_of(rule):
    return re.search(r"envs/(\w+)\.yaml", RULES[script_of(rule)])[1]


def scripts_in(environment):
    return [SCRIPTS[name] for name in SCRIPTS if environment_of(name) == environment]


def script_jobs(done):
    """Jobs of each rule that runs a script, by what a run said."""
    counts = job_counts(done.stdout + done.stderr)
    return {name: counts[name] for name in counts if script_of(name) in SCRIPTS}


@pytest.fixture(scope="session")
def conda(tmp_path_factory):
    """The stand-in, a bare driver, a project, and every environment of the workflow, built once."""
    folder = tmp_path_factory.mktemp("conda")
    programs = install(folder / "client")
    make_environment(folder / "driver", **DRIVER)
    project = small_project(folder / "project")
    options = {
        "python": folder / "driver/bin/python",
        "environment": {
            "PATH": f"{programs}:{os.environ['PATH']}",
            JOURNAL: str(folder / "journal.tsv"),
        },
    }
    conda = ["--sdm", "conda", "--conda-prefix", str(folder / "environments")]
    done = run(project, "demo", "--conda-create-envs-only", *conda, **options)
    succeeded(done)
    # Snakemake names an environment by a digest, and puts its file beside it
    names = {path.read_text(): name for name, path in ENVIRONMENTS.items()}
    built = (folder / "environments").glob("*.yaml")
    return SimpleNamespace(
        folder=folder,
        client=programs / "conda",
        project=project,
        environments={names[path.read_text()]: path.with_suffix("") for path in built},
        run=lambda *arguments: run(project, *arguments, *conda, **options),
    )


def test_every_environment_is_built(conda):
    assert set(conda.environments) == set(ENVIRONMENTS)
    for prefix in conda.environments.values():
        assert prefix.with_suffix(".env_setup_done").exists()


# -- what an environment holds

IMPORT = """
import json, sys
project, foreign, own = json.load(sys.stdin)
problems = []
def attempt(statement):
    try:
        exec(statement, {})
    except BaseException as error:
        problems.append(f"{statement}: {type(error).__name__}: {error}")
for statement in foreign:
    attempt(statement)
sys.path.insert(0, project)
for statement in own:
    attempt(statement)
print("problems:" + json.dumps(problems))
"""


def imports_of(paths):
    """Every statement, however deep in the code, that imports a package that is not ours."""
    ours = sys.stdlib_module_names | {"gemwright", "snakemake"}
    statements = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [node.module] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            if any(module.split(".")[0] not in ours for module in modules):
                statements.add(ast.unparse(node))
    return sorted(statements)


def module_name(path):
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def problems(prefix, environment):
    """What the steps of an environment import, and cannot, in the environment by itself."""
    scripts = scripts_in(environment)
    modules = sorted({module for script in scripts for module in used_modules(script)})
    own = [f"import {module_name(module)}" for module in modules]
    done = subprocess.run(
        [prefix / "bin/python", "-I", "-c", IMPORT],
        input=json.dumps([str(PROJECT), imports_of([*scripts, *modules]), own]),
        capture_output=True,
        text=True,
        check=False,
        cwd=prefix,
    )
    succeeded(done)
    return json.loads(done.stdout.rpartition("problems:")[2])


@pytest.fixture(scope="module")
def found_problems(conda):
    """Problems of every environment, two asked at once."""
    prefixes = [conda.environments[name] for name in ENVIRONMENTS]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(ENVIRONMENTS, pool.map(problems, prefixes, ENVIRONMENTS), strict=True))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_holds_whatever_its_steps_import(found_problems, environment):
    assert scripts_in(environment)
    assert found_problems[environment] == []


def holds(prefix, package):
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({package!r}) is None)"
    return subprocess.run([prefix / "bin/python", "-I", "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_holds_no_large_package_of_the_others(conda, environment):
    found = {
        package
        for package in ("torch", "cobra", "rdkit", "roadrunner", "esm", "snakemake")
        if holds(conda.environments[environment], package)
    }
    assert {DISTRIBUTIONS[package] for package in found} <= set(pins(environment))


def test_a_missing_pin_is_found(conda, tmp_path):
    text = ENVIRONMENTS["report"].read_text()
    spoilt = re.sub(r" +- matplotlib==.*\n", "", text)
    assert spoilt != text
    (tmp_path / "report.yaml").write_text(spoilt)
    prefix = tmp_path / "report"
    subprocess.run(
        [conda.client, "env", "create", "--file", tmp_path / "report.yaml", "--prefix", prefix],
        check=True,
    )
    found = problems(prefix, "report")
    assert found
    assert all("No module named 'matplotlib'" in problem for problem in found)


def test_external_programs_are_in_the_environments_whose_steps_run_them(conda):
    for name, script in SCRIPTS.items():
        code = "\n".join(path.read_text() for path in [script, *used_modules(script)])
        for program in re.findall(r'find_program\("([\w-]+)"\)', code):
            prefix = conda.environments[environment_of(name)]
            assert (prefix / "bin" / program).exists(), f"{name}: {program}"


def test_a_program_that_is_nowhere_is_told(conda, tmp_path):
    text = ENVIRONMENTS["clustering"].read_text().replace("cd-hit=", "cd-hot=")
    (tmp_path / "other.yaml").write_text(text)
    command = ["env", "create", "--file", tmp_path / "other.yaml", "--prefix", tmp_path / "other"]
    done = subprocess.run([conda.client, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "'cd-hot' is not on PATH" in done.stderr
    assert not (tmp_path / "other").exists()


# -- the default target, every step in its environment


# What rules made that make the same of another physiology or model: taken from the other run, so
# that each step runs here, but not each of its jobs. None of it needs what is made here.
TAKEN = [
    *("results/strain_design/e_coli_core", "results/rekindle/core_4"),
    "results/rekindle/transfer/scratch_to_core_4",
]
# of what was taken, this needs a generator of the other physiology
MADE_AGAIN = "results/rekindle/core_4/perturbations"
# what was taken was not made in an environment
TRIGGERS = ["--rerun-triggers", "mtime", "params", "input", "code"]


@pytest.fixture(scope="module")
def in_environments(conda, finished):
    for name in TAKEN:
        shutil.copytree(finished / name, conda.project / name)
    shutil.rmtree(conda.project / MADE_AGAIN)
    shutil.copytree(
        finished / ".snakemake/metadata", conda.project / ".snakemake/metadata", dirs_exist_ok=True
    )
    done = conda.run("demo", LADDER, *TRIGGERS)
    succeeded(done)
    conda.jobs = script_jobs(done)
    return conda


def test_every_rule_of_the_default_target_ran(in_environments, tmp_path):
    copy_project(tmp_path)
    counts = script_jobs(run(tmp_path, "demo", "-n"))
    assert set(counts) == set(in_environments.jobs) - {"cluster_ladder", "measure_ladder"}
    assert len(counts) > 40


def test_every_step_ran_in_its_own_environment(in_environments):
    starts = Counter()
    with (in_environments.folder / "journal.tsv").open(newline="") as lines:
        for prefix, program in csv.reader(lines, delimiter="\t"):
            # Snakemake writes a script to a temporary file, tmp<anything>.<name of the script>
            if step := re.search(r"/scripts/\w+\.(\w+)\.py'$", program):
                starts[step[1], prefix] += 1
    wanted = Counter()
    for rule, count in in_environments.jobs.items():
        prefix = in_environments.environments[environment_of(rule)]
        wanted[script_of(rule), str(prefix)] += count
    assert starts == wanted
    assert {Path(prefix).name for _, prefix in wanted} == {
        prefix.name for prefix in in_environments.environments.values()
    }


def test_a_second_run_has_nothing_to_do(in_environments):
    done = in_environments.run("demo", LADDER, *TRIGGERS)
    assert "Nothing to be done" in done.stdout + done.stderr
    assert done.returncode == 0


def test_results_are_those_of_a_run_in_one_environment(in_environments, finished):
    ours, plain = checksums(in_environments.project), checksums(finished)
    assert len(plain) > 100
    assert ours == plain
