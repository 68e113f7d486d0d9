"""Every structure that is shipped, checked again against BiGG's annotation."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import re
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest
from structure_checks import Evidence, verify_structure
from structure_choice import source_of

from gemwright.sources.structures import canonical_smiles

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "resources" / "metabolite_structures.tsv"
MIRROR = ROOT.parent / "shared" / "mirror" / "derived" / "bigg_structures.tsv.gz"
MINIMAL_COVERAGE = 0.77
# Found by looking at each of them: forms (ring, enol, ion) that the annotation
# names, and names that the mirror's sources misread.
MAXIMAL_DISAGREEMENTS = {"cache": 20, "others": 90}

pytest.importorskip("carveme")


def _load_tool() -> ModuleType:
    path = ROOT / "tools" / "build_metabolite_structures.py"
    spec = importlib.util.spec_from_file_location("build_metabolite_structures", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return _load_tool()


@pytest.fixture(scope="module")
def universe(tool: ModuleType) -> object:
    return tool.read_universe()


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with open(TABLE, newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_columns_and_order(tool: ModuleType, rows: list[dict[str, str]]) -> None:
    assert tuple(rows[0]) == tool.COLUMNS
    ids = [row["bigg_id"] for row in rows]
    assert ids == sorted(ids)
    assert len(ids) == len(set(ids))
    assert all(row["smiles"] for row in rows)


def test_methods_are_known(rows: list[dict[str, str]]) -> None:
    methods = {row["method"].split(":")[0] for row in rows}
    assert methods == {"opsin", "template", "handwritten", "cache"}


def test_source_is_that_of_the_method(rows: list[dict[str, str]]) -> None:
    assert {row["source"] for row in rows if row["method"].startswith("cache")} == {
        f"equilibrator-cache-data {version('equilibrator-cache-data')}"
    }
    # py2opsin is a tool's, and need not be installed
    assert {row["source"].partition(" ")[0] for row in rows if row["method"] == "opsin"} == {
        "py2opsin"
    }
    for row in rows:
        if row["method"].partition(":")[0] in {"template", "handwritten"}:
            assert row["source"] == source_of(row["method"])
            assert (ROOT / row["source"]).is_file()


def test_rows_of_the_cache_are_what_the_tool_makes(tool: ModuleType, universe: object) -> None:
    shipped = tool.read_rows()
    made, left_out = tool.with_cached(shipped, universe)
    assert made == shipped
    assert list(left_out.items()) == tool.read_rows(tool.LEFT_OUT)
    assert tool.differing_rows(shipped) == tool.read_rows(tool.DIFFERENCES)


def test_every_row_verifies(universe: object, rows: list[dict[str, str]]) -> None:
    wrong = []
    for row in rows:
        metabolite = universe.metabolites[row["bigg_id"]]  # type: ignore[attr-defined]
        check = verify_structure(row["smiles"], metabolite.formulas, metabolite.inchikeys)
        expected = (row["verified_by"], row["stereo"], row["inchikey"])
        found = (check.evidence.value, check.stereo.value, check.inchikey)
        if found != expected or check.evidence is Evidence.NONE:
            wrong.append((row["bigg_id"], expected, found))
        elif canonical_smiles(row["smiles"]) != row["smiles"]:
            wrong.append((row["bigg_id"], row["smiles"], "not canonical"))
    assert not wrong, wrong[:20]


def test_the_document_tells_these_numbers(tool: ModuleType, rows: list[dict[str, str]]) -> None:
    text = (ROOT / "docs" / "structures.md").read_text()
    table = [line for line in text.splitlines() if line.startswith("|")]
    reasons = Counter(reason for _, reason in tool.read_rows(tool.LEFT_OUT))
    for told in (Counter(row["source"] for row in rows), reasons):
        for what, number in told.items():
            assert any(what in line and f"| {number:,} |" in line for line in table), what
    assert f"{len(rows):,} of the 9,012" in text
    by_cache = sum(row["method"].startswith("cache") for row in rows)
    assert f"an InChIKey of {by_cache + reasons.total()} metabolites" in text
    for name, *_ in tool.read_rows(tool.DIFFERENCES):
        assert re.search(rf"\b{name}\b", text), name


def test_core_model_is_complete(rows: list[dict[str, str]]) -> None:
    cobra_io = pytest.importorskip("cobra.io")
    core = {item.id.rsplit("_", 1)[0] for item in cobra_io.load_model("textbook").metabolites}
    assert len(core) == 54
    assert core - {row["bigg_id"] for row in rows} == set()


def test_coverage_of_pairs(tool: ModuleType, rows: list[dict[str, str]]) -> None:
    counts = tool.pair_counts()
    assert counts.sum() > 55_000
    known = counts.index.isin([row["bigg_id"] for row in rows])
    assert counts[known].sum() / counts.sum() >= MINIMAL_COVERAGE


def test_against_independent_structures(rows: list[dict[str, str]]) -> None:
    """Compare with structures that databases list; they are no input of the table."""
    if not MIRROR.exists():
        pytest.skip("the table of database structures is not beside the repository")
    with gzip.open(MIRROR, "rt", newline="") as handle:
        other = {
            row["bigg_id"]: row["inchikey"]
            for row in csv.DictReader(handle, delimiter="\t")
            if row["status"] == "formula_ok" and row["inchikey"]
        }
    shared = [row for row in rows if row["inchikey"] and row["bigg_id"] in other]
    differing = [row for row in shared if row["inchikey"][:14] != other[row["bigg_id"]][:14]]
    assert len(shared) > 1000
    by_origin = Counter(
        "cache" if row["method"].startswith("cache") else "others" for row in differing
    )
    print(f"{len(differing)} of {len(shared)} differ: {dict(by_origin)}")
    for row in differing:
        print(row["bigg_id"], row["method"], row["inchikey"], other[row["bigg_id"]])
    assert by_origin <= Counter(MAXIMAL_DISAGREEMENTS)
