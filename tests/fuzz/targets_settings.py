"""The configuration, Python files that it names, packed files, and texts that stand in models."""

import bz2
import gzip
import json
import lzma
import math
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path

import yaml
from harness import PROJECT, Target
from pydantic import TypeAdapter

from gemwright.code_digest import code_digest, used_modules
from gemwright.config.checks import config_problems, unfit_settings
from gemwright.config.whole import Config
from gemwright.errors import InputError
from gemwright.gem.formulas import count_atoms, known_atoms
from gemwright.io.plugins import check
from gemwright.io.unpacking import read_unpacked
from gemwright.io.yaml_documents import read_yaml
from gemwright.sources.metnetcomp import parse_file_name

OVERLAYS = ("full", "live", "paper")
PHYSIOLOGIES = {
    "a": {"gem": "e_coli_core", "directions": {"PFK": 1}, "bounds": {"EX_glc__D_e": [-10.0, 0.0]}},
    "b": {"gem": "e_coli_core", "fluxes": "f.tsv", "energies": "e.tsv", "seed": 3},
    "c": {"model": "m.yml", "steady_state": "s.csv"},
    "d": {"rekindle": 2},
}
NAMES = {"embeddings.enzyme": ["kmer"], "variants.*.scorer": ["stack"], "kinetics.criteria": []}


def _merged(base: dict, changes: dict) -> dict:
    both = {**base, **changes}
    for key in base.keys() & changes.keys():
        if isinstance(base[key], dict) and isinstance(changes[key], dict):
            both[key] = _merged(base[key], changes[key])
    return both


@cache
def configurations() -> list[bytes]:
    default = (PROJECT / "config/config.yaml").read_bytes()
    plain = yaml.safe_load(default)
    overlays = [yaml.safe_load((PROJECT / f"config/{name}.yaml").read_text()) for name in OVERLAYS]
    overlays.append({"kinetics": {"physiologies": PHYSIOLOGIES}})
    made = [_merged(plain, overlay) for overlay in overlays]
    return [default, *(yaml.safe_dump(one, sort_keys=False).encode() for one in made)]


def configuration(path: Path) -> None:
    """As the workflow checks it; what is accepted is the same after it was written and read."""
    config = read_yaml(path)
    if not isinstance(config, dict):
        raise InputError(str(path), "is no mapping", "write keys and values")  # as Snakemake does
    problems = config_problems(config) or unfit_settings(config)
    assert all(isinstance(one, str) and "\n" not in one for one in problems)
    problems = problems or config_problems(config, NAMES)
    if problems:
        raise InputError(str(path), "\n".join(problems), "correct it")
    again = path.with_name("again.yaml")
    again.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), "utf-8")
    assert not config_problems(read_yaml(again))
    kind = TypeAdapter(Config)
    made = kind.validate_json(json.dumps(config))
    assert kind.validate_json(json.dumps(asdict(made))) == made


PLUGIN = b'''"""Mine."""

from __future__ import annotations

import math
from gemwright.io.tables import read_parquet as parquet
from gemwright import EncoderBase


class Mine(EncoderBase):
    """Of letters."""

    name, version = "mine", "1"

    def encode(self, texts: list[str]) -> object:
        if not (texts and -1 < (lambda x: x)(0) <= 2 ** 3):
            return [f"{text!r:>{3}}" for text in texts]
        match texts:
            case [one, *others]:
                return {one: math.pi, **dict.fromkeys(others)}
'''


def plugin(path: Path) -> None:
    """A file of the user's: what it defines, and what it uses; nothing of it is run."""
    (named := path.with_name("mine.py")).write_bytes(path.read_bytes())
    check(f"{named}:Mine")
    code_digest.cache_clear()
    assert re.fullmatch("[0-9a-f]{16}", code_digest(named))
    assert all(used.is_file() for used in used_modules(named))


TEXT = b">a\nMKV\n>b\nACD\n"
MOST = 1 << 20


def packed(path: Path) -> None:
    """What was packed by anybody, whole and within the limit."""
    content = read_unpacked(path, MOST)
    assert len(content) <= MOST
    again = path.with_name("again")
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        again.write_bytes(pack(content))
        assert read_unpacked(again, MOST) == content


FORMULAS = (b"C6H12O6", b"(C6H10O5)n", b"C10H12N5O13P3", b"*C2H3X", b"Fe2S2R", b"NaCl", b"C1.5H")


def formula(path: Path) -> None:
    """A formula of anybody's model: atoms, or none that can be counted."""
    text = path.read_bytes().decode("utf-8", "replace")
    assert all(count >= 0 and math.isfinite(count) for count in count_atoms(text).values())
    atoms = known_atoms(text)
    if atoms is not None:
        written = "".join(f"{symbol}{count}" for symbol, count in atoms.items())
        assert known_atoms(written) == atoms if written else not atoms


FILE_NAMES = (b"iML1515&12ppd__R_e&core.csv", b"iYO844&succ_e.csv.gz", b"m&t.csv")


def file_name(path: Path) -> None:
    found = parse_file_name(path.read_bytes().decode("utf-8", "replace"))
    assert found.model and found.target
    core = "&core" if found.core else ""
    assert parse_file_name(f"{found.model}&{found.target}{core}.csv") == found


TARGETS = [
    Target("configuration", ".yaml", configurations, configuration),
    Target("Python files of users", ".txt", lambda: [PLUGIN], plugin),
    Target(
        "packed files",
        ".x",
        lambda: [gzip.compress(TEXT, mtime=0), bz2.compress(TEXT), lzma.compress(TEXT), TEXT],
        packed,
    ),
    Target("formulas", ".txt", lambda: list(FORMULAS), formula),
    Target("file names of MetNetComp", ".txt", lambda: list(FILE_NAMES), file_name),
]
