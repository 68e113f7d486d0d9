"""What every rule, script, environment and configuration key of the workflow has to keep."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from project_copy import repository_files

from gemwright.code_digest import used_modules
from gemwright.config import config_problems

PROJECT = Path(__file__).parents[1]
RULE_FILES = sorted((PROJECT / "workflow" / "rules").glob("*.smk"))
SCRIPTS = {path.stem: path for path in sorted((PROJECT / "scripts").glob("*.py"))}
ENVIRONMENTS = {path.stem: path for path in sorted((PROJECT / "envs").glob("*.yaml"))}
SCHEMA = yaml.safe_load((PROJECT / "workflow" / "schemas" / "config.schema.yaml").read_text())
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
    assert f'script_digest("{name}")' in text
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
    "esm": "fair-esm",
    "h5py": "h5py",
    "highspy": "highspy",
    "jsonschema": "jsonschema",
    "libsbml": "python-libsbml",
    "matplotlib": "matplotlib",
    "numba": "numba",
    "numpy": "numpy",
    "pandas": "pandas",
    "pyarrow": "pyarrow",
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


# -- configuration


def merge(value, overlay):
    """Merge as Snakemake does: mappings key by key, anything else replaced."""
    if not (isinstance(value, dict) and isinstance(overlay, dict)):
        return overlay
    return value | {key: merge(value.get(key), overlay[key]) for key in overlay}


def test_the_default_and_the_overlays_are_valid():
    assert config_problems(DEFAULT, SCHEMA) == []
    for path in (PROJECT / "config").glob("*.yaml"):
        overlay = yaml.safe_load(path.read_text())
        merged = {
            key: merge(DEFAULT[key], overlay[key])
            if key in overlay and key != "splits"
            else overlay.get(key, DEFAULT[key])
            for key in DEFAULT
        }
        assert set(overlay) <= set(DEFAULT), path.name
        assert config_problems(merged, SCHEMA) == [], path.name


def leaves(schema, prefix=""):
    for key, value in schema["properties"].items():
        if "properties" in value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def test_schema_is_strict_and_describes_every_key_and_its_default():
    def strict(schema):
        if "properties" in schema:
            assert schema["additionalProperties"] is False
            for value in schema["properties"].values():
                strict(value)

    strict(SCHEMA)
    for key, value in leaves(SCHEMA):
        assert value.get("description"), key
        current = DEFAULT
        for part in key.split("."):
            current = current[part]
        assert value["default"] == current, key


def test_config_readme_explains_every_key_and_no_other():
    text = (PROJECT / "config" / "README.md").read_text()
    explained = set(re.findall(r"^\| `([a-z_0-9.]+)` \|", text, re.MULTILINE))
    sheet = set(re.findall(r"^\| `([a-z_]+)` \| (?:sheet|entry)", text, re.MULTILINE))
    assert explained - sheet == {key for key, _ in leaves(SCHEMA)}


def test_readme_shows_the_present_rule_graph():
    done = subprocess.run(
        [sys.executable, "tools/update_readme.py", "--check"],
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
