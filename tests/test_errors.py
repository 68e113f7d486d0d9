"""How the messages for users are written."""

import ast
from pathlib import Path

import pytest

import gemwright
from gemwright.errors import FETCH_AGAIN, MAKE_AGAIN, InputError

PACKAGE = Path(gemwright.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def test_a_message_names_place_fault_and_cure():
    error = InputError("a.tsv, line 2", "is no number", "correct it")
    assert str(error) == "a.tsv, line 2: is no number; correct it"
    assert (error.where, error.what, error.cure) == ("a.tsv, line 2", "is no number", "correct it")


def named(node):
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


KINDS = {"InputError"} | {
    node.name
    for tree in TREES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.ClassDef) and any(named(base) == "InputError" for base in node.bases)
}


def beginnings(node):
    """Give the texts with which an expression may begin, as far as they are written in place."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield from beginnings(node.values[0])
    elif isinstance(node, ast.BinOp):
        yield from beginnings(node.left)
    elif isinstance(node, ast.IfExp):
        yield from beginnings(node.body)
        yield from beginnings(node.orelse)


def capitalised(tree):
    """Give line and beginning of the cures that start like a sentence."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and named(node.func) in KINDS and len(node.args) >= 3:
            for text in beginnings(node.args[2]):
                # a name such as BiGG or DIAMOND has a further capital
                word = text.split()[0]
                if word[0].isupper() and word[1:] == word[1:].lower():
                    yield node.lineno, text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_cure_goes_on_after_the_semicolon(path):
    assert list(capitalised(TREES[path])) == []


def test_a_cure_that_starts_like_a_sentence_is_noticed():
    good = 'raise InputError("a", "b", f"use {x}" if y else "BiGG has it")'
    assert list(capitalised(ast.parse(good))) == []
    bad = 'raise InputError("a", "b", "leave it" if y else "Use " + x)'
    assert list(capitalised(ast.parse(bad))) == [(1, "Use ")]
    assert FETCH_AGAIN[0].islower() and MAKE_AGAIN[0].islower()


def test_a_very_long_text_is_shortened():
    told = str(InputError("a.tsv", "holds " + "9" * 1_000_000 + " at its end", "correct it"))
    assert len(told) < 11_000
    assert told.startswith("a.tsv: holds 999") and told.endswith("999 at its end; correct it")
