"""Atomic files, checked Parquet and delimited tables."""

import random

import pandas as pd
import pytest

from gemwright.errors import InputError
from gemwright.io.files import atomic_path, sha256_file, sha256_text, write_text
from gemwright.io.tables import (
    read_delimited,
    read_metadata,
    read_parquet,
    write_delimited,
    write_parquet,
)


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path):
    target = tmp_path / "folder" / "table.txt"
    write_text(target, "old")
    with pytest.raises(RuntimeError), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert [path.name for path in target.parent.iterdir()] == ["table.txt"]


def test_sha256_of_known_text(tmp_path):
    write_text(tmp_path / "abc", "abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_text("abc") == known == sha256_file(tmp_path / "abc")


def test_parquet_round_trip_keeps_values_and_metadata_and_bytes(tmp_path):
    frame = pd.DataFrame({"enzyme": ["a", "b"], "score": [0.25, 0.5]}, index=[7, 3])
    for name in ("one.parquet", "two.parquet"):
        write_parquet(frame, tmp_path / name, {"seed": "1", "encoder": "kmer"})
    pd.testing.assert_frame_equal(
        read_parquet(tmp_path / "one.parquet"), frame.reset_index(drop=True)
    )
    assert read_metadata(tmp_path / "one.parquet") == {"seed": "1", "encoder": "kmer"}
    assert sha256_file(tmp_path / "one.parquet") == sha256_file(tmp_path / "two.parquet")


def test_every_flipped_bit_in_a_parquet_page_is_noticed(tmp_path):
    path = tmp_path / "table.parquet"
    frame = pd.DataFrame({"value": list(range(20_000))})
    write_parquet(frame, path)
    good = path.read_bytes()
    chance = random.Random(0)
    for _ in range(60):
        bad = bytearray(good)
        # the first tenth holds pages for sure, the footer stands at the end
        bad[chance.randrange(200, len(good) // 2)] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(bad))
        with pytest.raises(InputError, match=r"table\.parquet.*Delete the file"):
            read_parquet(path)


def test_missing_parquet_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        read_parquet(tmp_path / "no.parquet")


def test_delimited_table_names_the_missing_column(tmp_path):
    path = tmp_path / "metabolome.tsv"
    path.write_text("name\tsource\nGlucose\tme\n")
    with pytest.raises(InputError, match=r"metabolome\.tsv.*lacks the column\(s\) bigg_id"):
        read_delimited(path, ("bigg_id", "source"))


def test_delimited_table_takes_a_byte_order_mark_and_strips_cells(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_bytes("﻿bigg_id\tsource\n glc__D \t\n".encode())
    table = read_delimited(path, ("bigg_id", "source"))
    assert table.to_dict("records") == [{"bigg_id": "glc__D", "source": ""}]


@pytest.mark.parametrize("content", [b"", b"a\tb\n1\t2\t3\n4\t5\t6\t7\n", b"\xff\xfe\x00bad\x80"])
def test_unreadable_delimited_table_is_an_input_error(tmp_path, content):
    path = tmp_path / "table.tsv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"table\.tsv"):
        read_delimited(path, ("a",))


def test_written_csv_is_read_back(tmp_path):
    frame = pd.DataFrame({"a": ["x, y"], "b": ["z"]})
    write_delimited(frame, tmp_path / "t.csv")
    assert read_delimited(tmp_path / "t.csv", separator=",").equals(frame)
