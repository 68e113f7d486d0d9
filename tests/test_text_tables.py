"""Gzipped or plain, broken rows with their line, and the findings table."""

import gzip

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemwright.errors import InputError
from gemwright.io.compressed import open_text, reading
from gemwright.io.text_tables import nullable_integers, read_header, read_tsv
from gemwright.sources.findings import Findings


def put(folder, content, name="table.tsv"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("name", ["a.tsv", "a.tsv.gz"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_text_is_unpacked_by_its_content_not_its_name(tmp_path, name, pack):
    path = put(tmp_path, pack("\ufeffä\tb\r\n1\t2\r\n".encode()), name)
    with open_text(path) as handle:
        assert handle.read() == "ä\tb\n1\t2\n"
    assert read_tsv(path).frame().to_dict("list") == {"ä": ["1"], "b": ["2"]}


def test_missing_cut_and_foreign_files_are_told(tmp_path):
    with pytest.raises(InputError, match=r"gone.tsv: the file cannot be opened"):
        open_text(tmp_path / "gone.tsv")
    with pytest.raises(InputError, match=r"gone.tsv: the file cannot be opened"):
        read_tsv(tmp_path / "gone.tsv", names=["a"])
    cut = put(tmp_path, gzip.compress(b"a\tb\n" * 100_000)[:-30])
    with pytest.raises(InputError, match="cut off"), reading(cut) as handle:
        handle.read()
    with pytest.raises(InputError, match="cut off"):
        read_tsv(cut)
    with pytest.raises(InputError, match="no text"):
        read_tsv(put(tmp_path, b"a\tb\n1\t\xff\n"))
    with pytest.raises(InputError, match="is empty"):
        read_tsv(put(tmp_path, ""))


def test_a_broken_row_is_told_with_its_line_even_after_empty_lines(tmp_path):
    path = put(tmp_path, "a\tb\n1\t2\n\n\n3\n")
    with pytest.raises(InputError, match=r"table.tsv, line 5: has 1 cells instead of 2: '3'"):
        read_tsv(path)
    path = put(tmp_path, gzip.compress(b"#note\n#a\tb\n1\t2\n3\t4\t5\n"))
    with pytest.raises(InputError, match=r"line 4: has 3 cells"):
        read_tsv(path, comment="#")
    with pytest.raises(InputError, match=r"line 4: the column a holds 'x'"):
        read_tsv(put(tmp_path, "a\tb\n1\t2\n\nx\t4\n")).integers("a")


def test_a_page_of_html_is_no_table(tmp_path):
    with pytest.raises(InputError, match="lacks the column"):
        read_tsv(put(tmp_path, "<html>\n<body>busy</body>\n"), required=["a"])
    with pytest.raises(InputError, match="header line"):
        read_header(put(tmp_path, "<html>\n"), comment="#")


def test_quoted_cells_run_over_lines(tmp_path):
    path = put(tmp_path, 'a\tb\tc\n1\t"x ""y""\n  z"\t""\n2\tp\tq\n')
    frame = read_tsv(path, required=["a", "b"], optional=(), quoted=True).frame()
    assert frame.to_dict("list") == {"a": ["1", "2"], "b": ['x "y"\n  z', "p"]}


def test_whole_numbers_may_be_written_as_decimals():
    values, unreadable = nullable_integers(pd.Series(["-4", "6.0", "", "1.5", "NA"]))
    assert values.tolist() == [-4, 6, pd.NA, pd.NA, pd.NA]
    assert unreadable.tolist() == [False, False, False, True, True]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.integers(0, 10**6), st.sampled_from(["kept", "left out"])
        )
    )
)
def test_findings_add_up_whatever_the_order(rows):
    findings = Findings()
    for row in rows:
        findings.add(*row)
    frame = findings.frame()
    assert frame["count"].sum() == sum(count for _, count, _ in rows)
    assert not frame.duplicated(["item", "treatment"]).any()
    assert set(zip(frame["item"], frame["treatment"], strict=True)) == {(a, c) for a, _, c in rows}
    twice = Findings()
    twice.extend([frame, frame])
    assert twice.frame()["count"].tolist() == [2 * count for count in frame["count"]]


def test_findings_keep_zeros_and_refuse_negative_counts():
    findings = Findings()
    findings.add("looked for", 0, "none")
    assert findings.frame().to_dict("records") == [
        {"item": "looked for", "count": 0, "treatment": "none"}
    ]
    assert findings.frame().dtypes["count"] == "int64"
    with pytest.raises(ValueError, match="negative"):
        findings.add("x", -1, "none")
