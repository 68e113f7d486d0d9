"""Deletion strategies of MetNetComp: both layouts, findings, and the real files."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror

from gemwright.errors import InputError
from gemwright.sources.metnetcomp import (
    STRATEGY_HEADER,
    parse_file_name,
    read_core_strategies,
    read_strategies,
)

FOLDER = MIRROR / "metnetcomp.github.io" / "database1" / "csv"
HEADER = ",".join(STRATEGY_HEADER)
KEY = ("m", "succ_e")


def put(folder, text, name="file.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def counts(tables):
    return dict(zip(tables.findings["item"], tables.findings["count"], strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("strategies")


def test_names_of_files():
    assert parse_file_name("iML1515&12ppd__R_e&core.csv") == ("iML1515", "12ppd__R_e", True)
    assert parse_file_name("e_coli_core&succ_e.csv") == ("e_coli_core", "succ_e", False)
    for name in ("succ_e.csv", "a&b&c.csv", "a&&core.csv", "&b.csv", "a&b&core&d.csv"):
        with pytest.raises(InputError, match="no file name of MetNetComp"):
            parse_file_name(name)


def test_remaining_genes(tmp_path):
    first = put(tmp_path, b"\xef\xbb\xbfRemaining genes\r\ns0001\r\n\r\nb0118\r\nb0118\r\n")
    second = put(tmp_path, gzip.compress(b"Remaining genes\nb0118\ns0001,\n"), "packed.csv")
    tables = read_core_strategies({("m", "b_c"): first, ("m", "a_e"): second})
    assert tables.remaining.values.tolist() == [
        ["m", "b_c", "s0001"], ["m", "b_c", "b0118"], ["m", "a_e", "b0118"], ["m", "a_e", "s0001"],
    ]  # fmt: skip
    assert tables.groups.values.tolist() == [["m", "b_c", 0], ["m", "a_e", 0]]
    assert counts(tables) == {
        "blank line in a table": 1,
        "byte order mark in a table": 1,
        "gene twice in a strategy": 1,
        "target with the genes of an earlier one": 1,
        "gene that the model does not have": 0,
    }
    assert set(tables.tables()) == {"remaining", "groups", "findings"}


def test_strategies(tmp_path):
    path = put(
        tmp_path,
        f"{HEADER},,,\r\n2,0.5,5.25,b1,b2,,,\r\n1,0.7,-0.1,b3,,,,\r\n"
        "2,0.5,5.25,b2,b1,,,\r\n2,0.4,5.25,b2,b1,,,\r\n",
    )
    empty = put(tmp_path, HEADER, "empty.csv")
    tables = read_strategies({KEY: path, ("m", "fum_e"): empty})
    assert tables.strategies.values.tolist() == [
        ["m", "succ_e", 0, 2, 0.5, 5.25],
        ["m", "succ_e", 1, 1, 0.7, -0.1],
        ["m", "succ_e", 3, 2, 0.4, 5.25],
    ]
    assert tables.deletions[["strategy", "gene"]].values.tolist() == [
        [0, "b1"], [0, "b2"], [1, "b3"], [3, "b2"], [3, "b1"],
    ]  # fmt: skip
    found = {item: count for item, count in counts(tables).items() if count}
    assert found == {
        "strategy twice in a file": 1,
        "same deletions with other rates": 1,
        "file without a strategy": 1,
        "negative rate": 1,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("<!DOCTYPE html>\n<html>404</html>", "HTML"),
        ("Genes\nb1\n", "line 1: the header is"),
        (f"{HEADER}\n1,1,1,b1\n", "line 1: is a file of strategies"),
        ("Remaining genes\n", "names no gene"),
        ("Remaining genes\nb1,b2\n", "line 2: holds not one gene"),
        ("Remaining genes\n\n<p>b1 b2</p>\n", "line 3: .* is no gene"),
        (b"Remaining genes\n\xff\xfe\n", "no text"),
        (gzip.compress(b"Remaining genes\nb1\n")[:-4], "cut off"),
    ],
)
def test_what_is_no_core_file_is_told(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as raised:
        read_core_strategies({KEY: put(tmp_path, text)})
    assert "file.csv" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("<html>", "HTML"),
        ("Remaining genes\nb1\n", "line 1: is a file of remaining genes"),
        (f"{HEADER}\n3,1,1,b1,b2,\n", "line 2: the deletion size is '3', and 2 genes"),
        (f"{HEADER}\n1,1,1,b1\n1,1,1,b1,b2,\n", "line 3: the deletion size is '1', and 2 genes"),
        (f"{HEADER}\nx,1,1,b1\n", "deletion size is 'x'"),
        (f"{HEADER}\n1,fast,1,b1\n", "growth rate 'fast' is no number"),
        (f"{HEADER}\n1,1,nan,b1\n", "production rate 'nan' is no number"),
        (f"{HEADER}\n1,1\n", "has 2 columns"),
        (f"{HEADER}\n1,1,1,<p>\n", "is no gene"),
    ],
)
def test_what_is_no_strategy_file_is_told(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as raised:
        read_strategies({KEY: put(tmp_path, text)})
    assert "file.csv" in str(raised.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be opened"):
        read_core_strategies({KEY: tmp_path / "none.csv"})


genes = st.lists(st.text("abcXYZ019_", min_size=1, max_size=6), min_size=1, max_size=6, unique=True)
ends = st.sampled_from(["\n", "\r\n", ",\n", "\r\n\r\n"])
rates = st.floats(0, 20, allow_nan=False)


@given(genes, ends, st.booleans())
def test_core_files_come_back_as_written(folder, names, end, marked):
    text = end.join(["Remaining genes", *names]) + end
    tables = read_core_strategies({KEY: put(folder, "\ufeff" * marked + text)})
    assert tables.remaining["gene"].tolist() == names
    assert counts(tables)["byte order mark in a table"] == marked


@given(st.lists(st.tuples(genes, rates, rates), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_strategy_files_come_back_as_written(folder, strategies, end):
    width = max((len(names) for names, _, _ in strategies), default=0)
    lines = [HEADER + "," * width]
    for names, growth, production in strategies:
        cells = [str(len(names)), repr(growth), repr(production), *names]
        lines.append(",".join(cells) + "," * (width - len(names)))
    tables = read_strategies({KEY: put(folder, end.join(lines))})
    known = dict.fromkeys((frozenset(names), *pair) for names, *pair in strategies)
    genes_of = tables.deletions.groupby("strategy")["gene"].agg(frozenset)
    rows = tables.strategies
    assert list(
        zip(genes_of.reindex(rows["strategy"]), rows["growth"], rows["production"], strict=True)
    ) == list(known)
    assert len(rows) + counts(tables)["strategy twice in a file"] == len(strategies)
    assert rows["deletion_size"].tolist() == [len(names) for names, _, _ in known]


@needs_mirror
def test_the_core_files_of_the_mirror():
    paths = {}
    for path in sorted(FOLDER.iterdir()):
        name = parse_file_name(path.name)
        if name.core:
            paths[name.model, name.target] = path
    tables = read_core_strategies(paths)
    size = tables.groups.groupby("model")["group"].agg(["size", "nunique"])
    # real files of e_coli_core; the others are made from DeepGDel's labels
    assert size.loc[["e_coli_core", "iMM904", "iML1515"]].values.tolist() == [
        [41, 33], [105, 71], [443, 317],
    ]  # fmt: skip
    per_model = tables.remaining.groupby("model").size()
    assert per_model.to_dict() == {"e_coli_core": 2867, "iML1515": 137_641, "iMM904": 24_628}
    assert not tables.remaining.duplicated().any()


@needs_mirror
def test_the_strategies_of_the_mirror():
    tables = read_strategies({("e_coli_core", "succ_e"): FOLDER / "e_coli_core&succ_e.csv"})
    assert len(tables.strategies) == 23
    first = tables.strategies.iloc[0]
    assert (first["deletion_size"], first["strategy"]) == (4, 0)
    assert first["growth"] == pytest.approx(0.574434304340685)
    assert first["production"] == pytest.approx(5.63473011273904)
    assert tables.deletions.query("strategy == 0")["gene"].tolist() == [
        "b1852", "b2297", "b2458", "b0721",
    ]  # fmt: skip
    assert tables.findings["count"].sum() == 0
