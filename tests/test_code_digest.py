"""The digest of the library code behind a script, and what a change of code reruns."""

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time

import pytest
import yaml
from project_copy import PROJECT, succeeded

from gemwright import code_digest as module
from tools.price_of_change import scripts_of_rules

TRAINERS = {
    "train_tower": "emi",
    "train_deletion_networks": "deepgdel",
    "train_kinetic_gan": "rekindle",
    "train_on_few_sets": "rekindle",
}
"""Rules that train, and the package whose modules are that trainer's own."""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Give another package than gemwright: a function that makes its files."""

    def make(name, files):
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(textwrap.dedent(text))
        monkeypatch.setattr(module, "PACKAGE", tmp_path / name)
        forget()
        return tmp_path

    def forget():
        module._modules.cache_clear()
        module.code_digest.cache_clear()

    yield make
    monkeypatch.undo()
    forget()


def digest(script):
    module._modules.cache_clear()
    module.code_digest.cache_clear()
    return module.code_digest(str(script))


def used(script):
    return {
        str(path.relative_to(module.PACKAGE).with_suffix(""))
        for path in module.used_modules(script)
    }


def test_digest_follows_imports_and_changes_with_them(package):
    folder = package(
        "toy",
        {
            "toy/__init__.py": "",
            "toy/near.py": "def f():\n    from toy.far import g\n    return g()\n",
            "toy/far.py": "def g():\n    return 1\n",
            "toy/other.py": "x = 1\n",
            "script.py": "from toy.near import f\n",
        },
    )
    script = folder / "script.py"
    assert used(script) == {"near", "far"}
    before = digest(script)
    (folder / "toy/other.py").write_text("x = 2\n")
    assert digest(script) == before
    (folder / "toy/far.py").write_text("def g():\n    return 2\n")
    changed = digest(script)
    assert changed != before
    script.write_text("from toy.near import f\nf()\n")
    assert digest(script) not in {before, changed}


@pytest.mark.parametrize(
    "line, expected",
    [
        ("import toy.deep.leaf", {"deep/__init__", "deep/leaf", "table"}),
        ("import toy.deep.leaf as leaf", {"deep/__init__", "deep/leaf", "table"}),
        ("from toy.deep import leaf", {"deep/__init__", "deep/leaf", "table"}),
        ("from toy.deep import name", {"deep/__init__", "table"}),
        ("from toy.table import *", {"table"}),
        ("from toy import table", {"table"}),
        # registries
        ('REGISTRY = {"a": "toy.table:Class"}', {"table"}),
        ('REGISTRY = ["toy.deep.leaf"]', {"deep/__init__", "deep/leaf", "table"}),
        ('load("toy.table.x", "toy.gone", "see toy.table", "toy")', set()),
        # the public face
        ("from toy import public", {"__init__", "other", "table"}),
        ("import toy", {"__init__", "other", "table"}),
        ("from toy import __version__", {"__init__"}),
        # never executed
        ("if TYPE_CHECKING:\n    import toy.table\nelse:\n    import toy.other", {"other"}),
        ("from toys import table", set()),
    ],
)
def test_what_a_file_uses(package, line, expected):
    folder = package(
        "toy",
        {
            "toy/__init__.py": '_LAZY = {"public": "toy.other:public", "lost": "toy.gone"}\n',
            "toy/other.py": "import toy.table\n" if "toy.table\nelse" not in line else "",
            "toy/table.py": "",
            "toy/deep/__init__.py": "from toy.table import name\n",
            "toy/deep/leaf.py": "",
            "script.py": line + "\n",
        },
    )
    assert used(folder / "script.py") == expected


def test_a_long_sum_is_no_depth(package):
    script = package("toy", {"toy/__init__.py": "", "script.py": ""}) / "script.py"
    script.write_text("x = " + "+".join("1" * 900) + "\n")
    before = digest(script)
    script.write_text("x = " + "+".join("1" * 899) + "+2\n")
    assert digest(script) != before


@pytest.mark.parametrize(
    "other, same",
    [
        ("def f(a, b=1):\n    '''Doc.'''\n    return a + b\n", True),
        (
            "'''Doc.'''\n# note\ndef f(a,\n      b=1):\n    return (a  # note\n  + b)\n",
            True,
        ),
        ("def f(a, b=1):\n    return a + b\n    '''note'''\n", True),
        ("def f(a, b=2):\n    return a + b\n", False),
        ("def f(a, b=1.0):\n    return a + b\n", False),
        ("def f(a, b=True):\n    return a + b\n", False),
        ("def f(a, b='1'):\n    return a + b\n", False),
        ("def f(a, *, b=1):\n    return a + b\n", False),
        ("async def f(a, b=1):\n    return a + b\n", False),
        ("def f(a, b=1):\n    return a, b\n", False),
        ("@g\ndef f(a, b=1):\n    return a + b\n", False),
        ("def f(a, b=1):\n    x = '''Doc.'''\n    return a + b\n", False),
        ("def f(a, b=1):\n    return a + b\nf\n", False),
    ],
)
def test_only_code_counts(package, other, same):
    script = package("toy", {"toy/__init__.py": "", "script.py": ""}) / "script.py"
    script.write_text("def f(a, b=1):\n    return a + b\n")
    before = digest(script)
    script.write_text(other)
    assert (digest(script) == before) is same


def test_what_was_read_is_kept_until_a_file_changes(package, monkeypatch):
    files = {"toy/__init__.py": "", "toy/a.py": "x = 1\n", "script.py": "import toy.a\n"}
    script = package("toy", files) / "script.py"
    before = digest(script)
    (kept,) = (module.PACKAGE / "__pycache__").glob("code_digest.*.json")
    read, names = module._read, []
    monkeypatch.setattr(module, "_read", lambda text, path: names.append(path) or read(text, path))
    assert digest(script) == before
    assert names == [script]
    for damage in (kept.read_text()[:-9], "[]x", ""):
        kept.write_text(damage)
        assert digest(script) == before
    (module.PACKAGE / "a.py").write_text("x = 2\n")
    changed = digest(script)
    assert changed != before
    # where nothing can be written
    shutil.rmtree(kept.parent)
    kept.parent.write_text("")
    assert digest(script) == changed


# -- this project


@pytest.fixture
def project(package, tmp_path):
    """A copy of the code whose digests are taken."""
    for folder in ("gemwright", "scripts", "workflow"):
        shutil.copytree(
            PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    return package("gemwright", {})


def digests(project):
    module._modules.cache_clear()
    module.code_digest.cache_clear()
    return {rule: module.code_digest(str(path)) for rule, path in scripts_of_rules(project).items()}


def documented(source):
    """A Python file with other docstrings, everywhere, and more comments."""
    lines = source.splitlines()
    edits = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) or not node.body:
            continue
        first = node.body[0]
        start = min(one.lineno for one in [first, *getattr(first, "decorator_list", [])]) - 1
        indent = re.match(" *", lines[start])[0]
        if lines[start][: first.col_offset].strip():
            continue  # on the line of its head
        new = [f"{indent}# a comment", f'{indent}"""Other words."""  # and a comment', ""]
        edits.append((start, first.end_lineno if ast.get_docstring(node) else start, new))
    for start, end, new in sorted(edits, reverse=True):
        lines[start:end] = new
    return "\n".join([*lines, "# the end", ""])


def test_comments_and_docstrings_rerun_nothing(project):
    before = digests(project)
    files = [path for name in ("gemwright", "scripts") for path in (project / name).rglob("*.py")]
    for path in files:
        path.write_text(documented(path.read_text()))
    assert (project / "gemwright/io/files.py").read_text().count("Other words.") > 10
    assert len(files) > 200
    assert digests(project) == before


def rerun_by_a_change_in(project, folder):
    """Rules that rerun when every module of a folder of the library has another code."""
    before = digests(project)
    for path in (project / "gemwright" / folder).rglob("*.py"):
        path.write_text(path.read_text() + "\nchanged = 1\n")
    after = digests(project)
    return {rule for rule in before if after[rule] != before[rule]}


def test_a_change_of_report_code_reruns_no_training(project):
    rerun = rerun_by_a_change_in(project, "report")
    assert "tabulate_emi" in rerun
    assert not rerun & set(TRAINERS)


@pytest.mark.parametrize("own", sorted(set(TRAINERS.values())))
def test_a_change_of_a_trainers_own_modules_reruns_no_other_trainer(project, own):
    rerun = rerun_by_a_change_in(project, own)
    assert rerun & set(TRAINERS) == {rule for rule, folder in TRAINERS.items() if folder == own}


def test_the_library_does_not_use_its_own_public_face():
    """Else every module that the face names would be behind the rule. Imports are absolute: the
    digest follows no others.
    """
    for folder in ("gemwright", "scripts"):
        for path in (PROJECT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.ImportFrom):
                    assert node.level == 0, path
                    if node.module == "gemwright":
                        for alias in node.names:
                            inside = PROJECT / "gemwright" / alias.name
                            there = inside.is_dir() or inside.with_suffix(".py").is_file()
                            assert there or alias.name == "__version__", path
                elif isinstance(node, ast.Import):
                    assert "gemwright" not in [alias.name for alias in node.names], path


# -- Snakemake's side

TOY = """
rule all:
    input: "out.txt"
rule make:
    output: "out.txt"
    params: code=config["code"]
    script: "make.py"
"""


def test_no_profile_reruns_a_rule_for_a_comment_in_its_script(tmp_path):
    read = yaml.safe_load((PROJECT / "profiles/default/profile.yaml").read_text())
    assert list(read) == ["rerun-triggers"], "it wins over --profile"
    shutil.copytree(PROJECT / "profiles", tmp_path / "profiles")
    (tmp_path / "slurm-gpu").symlink_to("profiles/slurm-gpu")
    (tmp_path / "Snakefile").write_text(TOY)
    script = tmp_path / "make.py"
    script.write_text("open(snakemake.output[0], 'w').write('1')\n")

    def snakemake(*arguments, code="1"):
        done = subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", "1", *arguments, "-C", f"code={code}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        succeeded(done)
        return done.stdout + done.stderr

    snakemake()
    script.write_text("# a comment\n" + script.read_text())
    cluster = ("--profile", "slurm-gpu", "--executor", "local")
    for arguments in ((), ("--profile", "profiles/local"), cluster):
        assert "Nothing to be done" in snakemake("--dry-run", *arguments), arguments
    assert "Nothing to be done" not in snakemake("--dry-run", code="2")
    # by Snakemake's own default it would rerun: what the profile is for
    assert "Nothing to be done" not in snakemake("--dry-run", "--workflow-profile", "none")


CONTENT = f"""
import os, sys
sys.path.insert(0, {str(PROJECT)!r})
from gemwright.io.files import sha256_file, sha256_text
include: {str(PROJECT / "workflow/rules/common_snakemake.smk")!r}
rule all:
    input: "out.txt"
rule first:
    input: "given.txt"
    output: directory("folder"), "large.bin"
    shell: "mkdir -p folder/deep; cp given.txt folder/deep/a; echo 1 > folder/b;"
        "(head -c 3000000 /dev/zero; cat given.txt) > large.bin"
rule second:
    input: "folder", "large.bin"
    output: "out.txt"
    shell: "ls -R folder > out.txt; wc -c large.bin >> out.txt"
"""


def everything_newer(folder):
    """What was made from others is touched first, so that whatever counts by time is outdated."""
    made = sorted(folder.rglob("*"), key=lambda path: path.lstat().st_mtime_ns, reverse=True)
    for second, path in enumerate(made):
        if path.is_file() and ".snakemake/" not in str(path):
            os.utime(path, (time.time() + second,) * 2)


@pytest.mark.case("29-rerun-after-checkout")
def test_what_is_newer_and_has_the_same_content_reruns_nothing(tmp_path):
    folder = tmp_path / "project"
    shutil.copytree(PROJECT / "profiles", folder / "profiles")
    (folder / "Snakefile").write_text(CONTENT)
    (folder / "given.txt").write_text("1\n")

    def snakemake(folder, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", "1", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        succeeded(done)
        return done.stdout + done.stderr

    snakemake(folder)
    for arguments in ((), ("--profile", "profiles/local")):
        everything_newer(folder)
        assert "Nothing to be done" in snakemake(folder, "--dry-run", *arguments), arguments
    subprocess.run(["cp", "-r", folder, tmp_path / "copy"], check=True)
    everything_newer(tmp_path / "copy")
    assert "Nothing to be done" in snakemake(tmp_path / "copy", "--dry-run")
    # another content does, of a file that is larger than Snakemake looks into, and in a folder
    for name in ("large.bin", "folder/new"):
        changed = tmp_path / f"changed-{name.replace('/', '-')}"
        shutil.copytree(folder, changed)
        (changed / name).write_text("2\n")
        os.utime(changed / name, (time.time() + 3600,) * 2)
        if name.startswith("folder"):  # as Snakemake does when a job has made it
            os.utime(changed / "folder/.snakemake_timestamp", (time.time() + 3600,) * 2)
        told = snakemake(changed, "--dry-run")
        assert "Updated input files" in told, name
