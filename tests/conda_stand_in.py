"""A stand-in for conda, for machines that have no conda client and reach no channel.

`install` puts a program `conda` into a folder. It answers what Snakemake asks, and makes of an
environment file a virtual environment that holds the packages of its pip section and links to its
programs. What of conda's part there is on this machine is checked and told: Python's version, and
that the programs can be found. So it proves the pip pins, and that every step runs in its own
environment; it does not prove that conda finds the other packages and that they fit together.

Versions that an environment file does not pin (what its packages themselves need) are taken from
requirements.lock, so that a new release elsewhere changes no result of a test. That hides no
conflict, since the pins stand in the lock, too.
"""

import json
import os
import platform
import shutil
import stat
import subprocess
import sys
import sysconfig
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
# Snakemake asks for 24.7.1 or later
VERSION = "24.11.1"
# in an environment, one line a start of its Python: where that lies, and what it runs
JOURNAL = "CONDA_STAND_IN_JOURNAL"

_CONDA = """#!/bin/sh
exec '{python}' -I '{program}' '{folder}' "$@"
"""
# Snakemake runs `source <conda_prefix>/bin/activate '<environment>'` before a step
_ACTIVATE = """# to be sourced: the environment is the first argument
if [ ! -x "$1/bin/python" ]; then
    echo "conda stand-in: no environment in $1" >&2
    exit 1
fi
export CONDA_PREFIX="$1" CONDA_DEFAULT_ENV="$1" PATH="$1/bin:$PATH"
hash -r
"""
_SITE = f"""import os
import sys

journal = os.environ.get("{JOURNAL}")
if journal:
    with open(journal, "a") as lines:
        lines.write(f"{{sys.prefix}}\\t{{sys.orig_argv[-1]!r}}\\n")
"""


def install(folder: Path) -> Path:
    """Put `conda` and its `activate` into a folder, and return the one to put first on PATH."""
    programs = folder / "bin"
    programs.mkdir(parents=True)
    conda = programs / "conda"
    text = _CONDA.format(python=sys.executable, program=Path(__file__).resolve(), folder=folder)
    conda.write_text(text)
    conda.chmod(conda.stat().st_mode | stat.S_IXUSR)
    (programs / "activate").write_text(_ACTIVATE)
    return programs


def find_links() -> str:
    """Folders of wheels that pip is set up to use, for uv, as tools/bootstrap.sh finds them."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.find-links"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    links = f"{os.environ.get('PIP_FIND_LINKS', '')} {told}".split()
    # uv fails on a folder that does not exist
    return ",".join(
        link
        for link in links
        if link.startswith("http") or Path(link.removeprefix("file://")).exists()
    )


def uv(*arguments: str) -> None:
    """Run uv with the settings of pip."""
    environment = {name: os.environ[name] for name in os.environ if name != "UV_FIND_LINKS"}
    if links := find_links():
        environment["UV_FIND_LINKS"] = links
    program = Path(sys.executable).with_name("uv")
    if not program.is_file():
        sys.exit(f"conda stand-in: no uv beside {sys.executable}; run 'make setup'")
    done = subprocess.run(
        [str(program), *arguments, "--quiet"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"conda stand-in: uv {arguments[0]} failed:\n{done.stdout}")


def make_environment(prefix: Path, packages: Sequence[str], alone: Sequence[str] = ()) -> None:
    """Make a virtual environment of this Python, with packages in the versions of the lock.

    Packages in `alone` come without what they need themselves.
    """
    uv("venv", "--no-python-downloads", "--python", sys.executable, str(prefix))
    into = ("pip", "install", "--python", str(prefix / "bin/python"))
    lock = ("--constraints", str(PROJECT / "requirements.lock"))
    uv(*into, *lock, *packages)
    if alone:
        uv(*into, *lock, "--no-deps", *alone)
    take_bytecode(prefix)


def take_bytecode(prefix: Path) -> None:
    """Link to what this Python's own environment has compiled of files that uv linked into both.

    Compiling them takes a minute over all environments.
    """
    here = Path(sysconfig.get_path("purelib"))
    there = prefix / here.relative_to(sys.prefix)
    for compiled in here.rglob("__pycache__/*.pyc"):
        source = compiled.parents[1] / f"{compiled.name.partition('.')[0]}.py"
        twin = there / source.relative_to(here)
        if source.is_file() and twin.is_file() and twin.samefile(source):
            target = there / compiled.relative_to(here)
            target.parent.mkdir(exist_ok=True)
            if not target.exists():
                os.link(compiled, target)


def find_program(name: str) -> Path:
    """A program that conda would install, from PATH or from where `make tools` unpacks it."""
    unpacked = PROJECT / ".tools/usr/bin" / name
    found = shutil.which(name) or (str(unpacked) if unpacked.is_file() else None)
    if found is None:
        sys.exit(f"conda stand-in: '{name}' is not on PATH; run 'make tools'")
    return Path(found)


def create(file: Path, prefix: Path) -> None:
    """Make a virtual environment from an environment file."""
    import yaml

    dependencies = yaml.safe_load(file.read_text())["dependencies"]
    pins = [pin for item in dependencies if isinstance(item, dict) for pin in item["pip"]]
    conda = dict(f"{item}=".split("=")[:2] for item in dependencies if isinstance(item, str))
    ours = ".".join(map(str, sys.version_info[:2]))
    if conda.pop("python") != ours:
        sys.exit(f"conda stand-in: {file} asks for another Python than {ours}")
    # uv is used instead
    conda.pop("pip", None)
    programs = {name: find_program(name) for name in conda}
    make_environment(prefix, pins)
    for name, path in programs.items():
        (prefix / "bin" / name).symlink_to(path)
        print(f"{name}: {path}; asked for {conda[name]}, and not solved for")
    (prefix / f"lib/python{ours}/site-packages/sitecustomize.py").write_text(_SITE)
    print(f"{prefix}: {len(pins)} pins of {file}")


def main(folder: str, *arguments: str) -> None:
    """Answer one call."""
    if arguments[:2] == ("env", "create"):
        parser = ArgumentParser(prog="conda env create")
        parser.add_argument("--quiet", action="store_true")
        parser.add_argument("--no-default-packages", action="store_true")
        parser.add_argument("--file", type=Path, required=True)
        parser.add_argument("--prefix", type=Path, required=True)
        options = parser.parse_args(arguments[2:])
        create(options.file, options.prefix)
    elif arguments == ("--version",):
        print(f"conda {VERSION}")
    elif arguments == ("info", "--json"):
        machine = platform.machine().replace("x86_64", "64")
        system = f"{platform.system().lower()}-{machine}"
        print(json.dumps({"conda_prefix": folder, "conda_version": VERSION, "platform": system}))
    elif arguments[:2] == ("config", "--get"):
        print(json.dumps({"get": {"channel_priority": "strict"}}))
    elif arguments[:1] != ("clean",):
        sys.exit(f"conda stand-in: cannot answer 'conda {' '.join(arguments)}'")


if __name__ == "__main__":
    main(*sys.argv[1:])
