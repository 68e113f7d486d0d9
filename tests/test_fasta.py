"""Reading FASTA strictly."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemwright.errors import InputError
from gemwright.io.fasta import RESIDUES, read_fasta, write_fasta

identifiers = st.from_regex(r"[A-Za-z0-9_.|-]{1,20}", fullmatch=True)
sequences = st.text(st.sampled_from(sorted(RESIDUES - set("ACGTUN"))), min_size=1, max_size=200)


@given(st.dictionaries(identifiers, sequences, min_size=1, max_size=8))
def test_what_is_written_is_read_back(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("fasta") / "proteome.faa"
    write_fasta(records, path)
    assert read_fasta(path) == records


def test_headers_case_stops_and_blank_lines(tmp_path):
    path = tmp_path / "p.faa.gz"
    with gzip.open(path, "wt") as handle:
        handle.write(">b1 first protein\nmkv\n\nLW*\n>b2\nMK\n")
    assert read_fasta(path) == {"b1": "MKVLW", "b2": "MK"}


def test_pseudogenes_are_left_out_and_named(tmp_path, caplog):
    path = tmp_path / "p.faa"
    path.write_text(">b1\nMKV\n>b2\nMK*V\n>b3\nMK*\nVV\n")
    assert read_fasta(path) == {"b1": "MKV"}
    assert "b2, b3" in caplog.text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "has no sequence"),
        ("MKV\n", r"line 1: text before the first header"),
        (">\nMKV\n", r"line 1: the header has no identifier"),
        (">b1\nMKV\n>b2\n", r"line 3: 'b2' has no sequence"),
        (">b1\nMKV\n>b1\nMKW\n", r"line 3: the identifier 'b1' was used on line 1"),
        (">b1\nMKV\nM1V\n", r"line 3: illegal residue '1' at column 2 of 'b1'"),
        (">b1\nMK-V\n", r"illegal residue '-' at column 3"),
        (">b1\n" + "ACGT" * 40 + "\n", "look like nucleotides"),
        (">b1\nMK*V\n", "every sequence has an internal stop"),
    ],
)
def test_malformed_fasta_is_told_with_file_and_line(tmp_path, content, message):
    path = tmp_path / "p.faa"
    path.write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        read_fasta(path)
    assert "p.faa" in str(caught.value)


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\x00broken", b"plain text"])
def test_a_broken_archive_is_told(tmp_path, content):
    path = tmp_path / "p.faa.gz"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not readable text"):
        read_fasta(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_fasta(tmp_path / "no.faa")
