"""What every rule, script, environment and configuration key of the workflow has to keep."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from project_copy import repository_files

from gemwright.code_digest import used_modules
from gemwright.config.checks import config_problems

PROJECT = Path(__file__).parents[1]
RULE_FILES = sorted((PROJECT / "workflow" / "rules").glob("*.smk"))
SCRIPTS = {path.stem: path for path in sorted((PROJECT / "scripts").glob("*.py"))}
ENVIRONMENTS = {path.stem: path for path in sorted((PROJECT / "envs").glob("*.yaml"))}
DEFAULT = yaml.safe_load((PROJECT / "config" / "config.yaml").read_text())


def rule_blocks():
    """Rule name to its text, for the rules that run a script."""
    blocks = {}
    for path in RULE_FILES:
        parts = re.split(r"^(?:rule|checkpoint) (\w+):\n", path.read_text(), flags=re.MULTILINE)
        blocks.update(zip(parts[1::2], parts[2::2], strict=True))
    return blocks


RULES = rule_blocks()
WORKING_RULES = {name: text for name, text in RULES.items() if "script:" in text}


def normalise(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_rules_and_scripts_are_one_to_one():
    assert set(WORKING_RULES) == set(SCRIPTS)
    for name, text in WORKING_RULES.items():
        assert f'"../../scripts/{name}.py"' in text


def test_rules_without_a_script_only_collect():
    for name in set(RULES) - set(WORKING_RULES):
        assert not re.search(r"^ {4}(shell|run|output):", RULES[name], re.MULTILINE), name


@pytest.mark.parametrize("name", WORKING_RULES)
def test_every_rule_has_what_the_house_asks(name):
    text = WORKING_RULES[name]
    for directive in ("output", "log", "benchmark", "conda", "resources", "params", "message"):
        assert re.search(rf"^ {{4}}{directive}:", text, re.MULTILINE), directive
    memory = re.search(r"mem_mb=by_attempt\((\d+)\)", text)
    assert memory and int(memory[1]) >= 1000, "Slurm counts Snakemake's own 300 MB, too"
    assert re.search(rf'(script|predictor)_digest\("{name}"', text)
    assert "retries:" not in text
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name)
    environment = re.search(r'"\.\./\.\./envs/(\w+)\.yaml"', text)
    assert environment
    assert environment[1] in ENVIRONMENTS


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_thin_joints(name):
    lines = SCRIPTS[name].read_text().splitlines()
    assert 5 <= len(lines) <= 30
    text = "\n".join(lines)
    assert "logged(snakemake.log[0])" in text
    assert "snakemake.config" not in text, "what a script reads there triggers no rerun"


def test_rule_files_tell_what_they_require_and_make():
    for path in RULE_FILES:
        if not path.stem.startswith("common") and path.stem != "collect":
            text = path.read_text()
            assert text.startswith("# REQUIRED INPUTS:"), path.name
            assert "\n# OUTPUTS:" in text, path.name
        assert path.stat().st_size < 12_000, path.name


def test_the_library_knows_nothing_of_snakemake():
    for path in (PROJECT / "gemwright").rglob("*.py"):
        code = path.read_text()
        assert not re.search(r"^\s*(import|from) snakemake", code, re.MULTILINE), path


def test_the_product_never_reads_the_mirror():
    for folder in ("gemwright", "scripts", "workflow", "config", "resources"):
        for path in (PROJECT / folder).rglob("*"):
            if path.is_file() and path.suffix in {".py", ".smk", ".yaml", ".tsv", ".md"}:
                assert "shared/mirror" not in path.read_text(), path


# -- environments


def locked():
    lines = (PROJECT / "requirements.lock").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {normalise(name): version for name, version in pairs}


def pins(environment):
    dependencies = yaml.safe_load(ENVIRONMENTS[environment].read_text())["dependencies"]
    pip = next(item["pip"] for item in dependencies if isinstance(item, dict))
    return dict(pin.split("==") for pin in pip)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_environment_pins_equal_the_lock(environment):
    versions = locked()
    for name, version in pins(environment).items():
        assert versions[normalise(name)] == version, name
    dependencies = yaml.safe_load(ENVIRONMENTS[environment].read_text())["dependencies"]
    assert "python=3.11" in dependencies


DISTRIBUTIONS = {
    "Bio": "biopython",
    "cobra": "cobra",
    "component_contribution": "component-contribution",
    "equilibrator_cache_data": "equilibrator-cache-data",
    "esm": "fair-esm",
    "h5py": "h5py",
    "highspy": "highspy",
    "libsbml": "python-libsbml",
    "matplotlib": "matplotlib",
    "numba": "numba",
    "numpy": "numpy",
    "openpyxl": "openpyxl",
    "pandas": "pandas",
    "pyarrow": "pyarrow",
    "pydantic": "pydantic",
    "pyrodigal": "pyrodigal",
    "rdkit": "rdkit",
    "requests": "requests",
    "roadrunner": "libroadrunner",
    "safetensors": "safetensors",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "threadpoolctl": "threadpoolctl",
    "torch": "torch",
    "tqdm": "tqdm",
    "umap": "umap-learn",
    "unimol_tools": "unimol_tools",
    "urllib3": "urllib3",
    "yaml": "pyyaml",
}


def third_party_imports(path):
    found = set(re.findall(r"^\s*(?:import|from) (\w+)", path.read_text(), re.MULTILINE))
    return found - set(sys.stdlib_module_names) - {"gemwright", "snakemake"}


@pytest.mark.parametrize("name", WORKING_RULES)
def test_a_rules_environment_holds_what_its_script_may_import(name):
    environment = re.search(r"envs/(\w+)\.yaml", WORKING_RULES[name])[1]
    available = {normalise(pin) for pin in pins(environment)}
    for module in [SCRIPTS[name], *used_modules(SCRIPTS[name])]:
        for package in third_party_imports(module):
            assert package in DISTRIBUTIONS, f"{module}: unknown import {package}"
            assert normalise(DISTRIBUTIONS[package]) in available, f"{module}: {package}"


# -- profiles

PROFILES = {
    path.parent.name: yaml.safe_load(path.read_text())
    for path in (PROJECT / "profiles").glob("*/profile.yaml")
}


def rules_that_declare(resource):
    """Rules that ask for a resource, those derived with `use rule` included."""
    found = {name for name, text in WORKING_RULES.items() if f"        {resource}" in text}
    for path in RULE_FILES:
        for base, derived in re.findall(
            r"^use rule (\w+) as (\w+) with:", path.read_text(), re.MULTILINE
        ):
            if base in found:
                found.add(derived)
    return found


def test_the_cluster_profile_names_rules_that_exist():
    profile = PROFILES["slurm-gpu"]
    derived = re.findall(
        r"^use rule \w+ as (\w+)", "\n".join(path.read_text() for path in RULE_FILES), re.MULTILINE
    )
    named = {*profile["set-resources"], *profile["groups"]}
    # Snakemake ignores unknown names without a word
    assert named <= {*WORKING_RULES, *derived}
    assert set(profile["group-components"]) <= set(profile["groups"].values())
    assert "retries" in profile


def test_gpu_rules_and_no_others_go_to_the_gpu_partition():
    asked = PROFILES["slurm-gpu"]["set-resources"]
    on_gpu = {
        rule for rule, resources in asked.items() if resources.get("slurm_partition") == "gpu"
    }
    assert on_gpu == rules_that_declare("gpu=1")
    for rule in on_gpu:
        assert asked[rule]["gres"].startswith("gpu")
        assert asked[rule]["gpu"] == 0, "asked for twice, Slurm refuses a GPU with a type"
    assert PROFILES["slurm-gpu"]["default-resources"]["slurm_partition"] == "cpu"
    assert PROFILES["local"]["resources"] == ["gpu=1"], "one at a time"


def test_jobs_of_a_group_can_share_one_job():
    profile = PROFILES["slurm-gpu"]
    for group in set(profile["groups"].values()):
        rules = [rule for rule, name in profile["groups"].items() if name == group]
        partitions = {
            profile["set-resources"].get(rule, {}).get("slurm_partition", "cpu") for rule in rules
        }
        assert len(partitions) == 1, group


def first_runtime(rule):
    """Minutes that the cluster profile gives a rule at its first try."""
    profile = PROFILES["slurm-gpu"]
    asked = profile["set-resources"].get(rule, {}).get("runtime")
    return eval(asked or profile["default-resources"]["runtime"], {"attempt": 1})


def test_a_group_of_jobs_asks_for_two_hours_and_a_half_at_most():
    profile = PROFILES["slurm-gpu"]
    for group in set(profile["groups"].values()):
        # runtimes add up
        one = sum(first_runtime(rule) for rule, name in profile["groups"].items() if name == group)
        assert one * profile["group-components"].get(group, 1) <= 150, group


def test_runtimes_are_twice_what_was_measured():
    measured = pd.read_csv(PROJECT / "docs/measured_costs.tsv", sep="\t")
    seconds = (measured["core_seconds"] * measured["factor"]).groupby(measured["rule"]).max()
    for rule, most in seconds.items():
        assert 60 * first_runtime(rule) >= 2 * most, rule


def test_the_root_link_leads_to_the_profile():
    link = PROJECT / "slurm-gpu"
    assert link.is_symlink()
    assert (link / "profile.yaml").samefile(PROJECT / "profiles/slurm-gpu/profile.yaml")


# -- configuration


def merge(value, overlay):
    """Merge as Snakemake does: mappings key by key, anything else replaced."""
    if not (isinstance(value, dict) and isinstance(overlay, dict)):
        return overlay
    return value | {key: merge(value.get(key), overlay[key]) for key in overlay}


def test_the_default_and_the_overlays_are_valid():
    assert config_problems(DEFAULT) == []
    for path in (PROJECT / "config").glob("*.yaml"):
        overlay = yaml.safe_load(path.read_text())
        merged = merge(DEFAULT, overlay)
        assert set(overlay) <= set(DEFAULT), path.name
        assert config_problems(merged) == [], path.name


def test_readme_shows_the_present_rule_graph():
    done = subprocess.run(
        [sys.executable, "tools/draw_rules.py", "--check"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_absolute_path_of_a_machine_in_the_repository():
    for name in repository_files():
        path = PROJECT / name
        if (
            path.suffix in {".py", ".smk", ".yaml", ".md", ".sh", ".toml", ".tsv", ""}
            and path.is_file()
        ):
            assert not re.search(r"/(home|root|work|opt)/\w", path.read_text()), name


def drawn_arrows():
    """Arrows of the rule graph of docs/rules.md, which is checked against Snakemake's."""
    text = (PROJECT / "docs/rules.md").read_text()
    return re.findall(r"^    (\w+) --> (\w+)$", text, re.MULTILINE)


def test_no_rule_that_makes_a_model_sees_what_models_are_judged_by():
    below = {"prepare_validation"}
    while more := {end for start, end in drawn_arrows() if start in below} - below:
        below |= more
    assert below == {
        *("prepare_validation", "validate_model", "tabulate_validation", "plot_validation", "demo")
    }
    readers = {name for name, text in RULES.items() if "validation_files" in text}
    assert readers == {"prepare_validation"}
