"""Every case of the shared folder has its test: `pytest.mark.case` names it."""

import ast
from pathlib import Path

import pytest

CASES = Path(__file__).parents[2] / "shared" / "cases"


def named_in_tests():
    """Give the names in all `pytest.mark.case(...)` of the tests."""
    for path in Path(__file__).parent.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.case":
                yield from (argument.value for argument in node.args)


@pytest.mark.skipif(not CASES.is_dir(), reason="no shared cases beside this checkout")
def test_every_case_has_its_test():
    assert {path.name for path in CASES.iterdir() if path.is_dir()} - set(named_in_tests()) == set()
