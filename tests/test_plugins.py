"""Classes and functions in files of the user's: loaded, checked, and with a digest."""

import pickle

import pytest

from gemwright.code_digest import code_digest
from gemwright.embedding.enzyme_encoders import enzyme_encoder
from gemwright.embedding.protocol import embed
from gemwright.errors import InputError
from gemwright.io import plugins
from gemwright.report.versions import PACKAGES, version_table

MINE = """\
from __future__ import annotations

import math
from dataclasses import dataclass

half = math.pi / 2


@dataclass
class Point:
    x: float = 1.0


def twice(x):
    return 2 * x
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    return "mine.py"


def test_classes_functions_and_what_they_are_made_of(mine):
    assert plugins.load(f"{mine}:twice")(2) == 4
    point = plugins.make(f"{mine}:Point", {"x": 3.0})
    assert pickle.loads(pickle.dumps(point)) == point
    assert plugins.load("gemwright.embedding.kmer:KmerEncoder").name == "kmer"
    plugins.check(f"{mine}:half")
    plugins.check(f"{mine}:dataclass")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("gone.py:Point", MINE, "names no Python file; write it as 'file.py:Name'"),
        ("mine.txt:Point", MINE, "names no Python file"),
        ("mine.py:Pint", MINE, "has no 'Pint'; known names: Point, twice"),
        ("mine.py:Point", "x = 1", "has no 'Point'; known names: none"),
        ("mine.py:Point", "class Point\n", "is no Python"),
        ("mine.py:Point", "Point = " + "-" * 5_000 + "1", "is nested too deep for Python"),
        ("mine.py:Point", "Point = " + "+".join("1" * 4_000), "is nested too deep for Python"),
        ("mine.py:Point", MINE + "1 / 0\n", "cannot be run \\(ZeroDivisionError"),
    ],
)
def test_what_cannot_be_loaded_is_told(mine, tmp_path, name, text, message):
    (tmp_path / mine).write_text(text)
    (tmp_path / "mine.txt").write_text(text)
    with pytest.raises(InputError, match=message):
        plugins.load(name) if "txt" not in name else plugins.check(name)


def test_options_that_a_class_does_not_take_are_told(mine):
    with pytest.raises(InputError, match=r"does not take the options \['y'\]"):
        plugins.make(f"{mine}:Point", {"y": 1})


ENCODER = """\
class Composition:
    dimension = 2

    def __init__(self, letters="AC"):
        self.letters = letters

    def encode(self, texts):
        return [[text.count(letter) for letter in self.letters] for text in texts]
"""


def test_an_encoder_needs_a_dimension_and_encode_alone(mine, tmp_path):
    (tmp_path / mine).write_text(ENCODER)

    def vectors(options=None):
        encoder = enzyme_encoder(f"{mine}:Composition", options)
        found = embed({"one": "AAC", "two": "GGG"}, encoder, tmp_path / "cache")
        assert found.encoder == f"Composition {encoder.version}"
        return found

    first = vectors()
    assert first.values.tolist() == [[2, 1], [0, 0]]
    # another code or option gets no vectors of the old one
    other = vectors({"letters": "GC"})
    assert other.values.tolist() == [[0, 1], [3, 0]]
    assert other.encoder != first.encoder
    (tmp_path / mine).write_text("# a comment\n" + ENCODER)
    code_digest.cache_clear()
    assert vectors().encoder == first.encoder
    (tmp_path / mine).write_text(ENCODER.replace("text.count(letter)", "2 * text.count(letter)"))
    code_digest.cache_clear()
    assert vectors().values.tolist() == [[4, 2], [0, 0]]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("dimension = 2", "length = 2", "has no 'dimension'"),
        ("def encode(", "def encoded(", "has no 'encode'"),
        ("dimension = 2", "dimension = 3", r"encoder Composition: gave an array \(2, 2\)"),
        ("text.count(letter)", "float('nan')", "all finite"),
    ],
)
def test_an_encoder_that_is_none_is_told(mine, tmp_path, old, new, message):
    (tmp_path / mine).write_text(ENCODER.replace(old, new))
    code_digest.cache_clear()
    with pytest.raises(InputError, match=message):
        encoder = enzyme_encoder(f"{mine}:Composition")
        embed({"one": "AAC", "two": "GGG"}, encoder, tmp_path / "cache")


def test_the_table_of_versions_has_the_file(mine, tmp_path):
    (tmp_path / "lock").write_text("\n".join(f"{name}==1" for name in PACKAGES))
    table = version_table({"scorer": f"{mine}:Point", "seed": "1"}, tmp_path / "lock")
    found = table.set_index("name")["sha256"]
    assert len(found["scorer"]) == 64
    assert found["seed"] == ""
