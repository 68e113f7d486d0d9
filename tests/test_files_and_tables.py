"""Atomic files, checked Parquet and delimited tables."""

import errno
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from gemwright.errors import InputError
from gemwright.io.files import (
    atomic_path,
    check_writable,
    process_space,
    sha256_file,
    sha256_text,
    unwritable,
    write_text,
)
from gemwright.io.logs import logged
from gemwright.io.tables import (
    read_metadata,
    read_parquet,
    read_results,
    write_delimited,
    write_parquet,
)
from gemwright.io.user_tables import read_delimited


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path):
    target = tmp_path / "folder" / "table.txt"
    write_text(target, "old")
    with pytest.raises(RuntimeError), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert [path.name for path in target.parent.iterdir()] == ["table.txt"]


def test_the_old_file_is_there_until_the_new_one_takes_its_place(tmp_path, monkeypatch):
    target = tmp_path / "table.txt"
    write_text(target, "old")

    def no_rename(*_):
        raise OSError(errno.EIO, "no rename")

    for name in ("replace", "rename"):
        monkeypatch.setattr(os, name, no_rename)
    with pytest.raises(OSError, match="no rename"):
        write_text(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["table.txt"]


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


def test_every_flipped_bit_of_a_parquet_file_is_noticed(tmp_path):
    path = tmp_path / "table.parquet"
    write_parquet(pd.DataFrame({"enzyme": ["a", "b"], "n": [1, 2]}), path, {"seed": "1"})
    good = path.read_bytes()
    # pages, their headers, the seal, and the footer, which no checksum of Parquet covers
    for bit in range(0, 8 * len(good), 3):
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << bit % 8
        path.write_bytes(bytes(bad))
        with pytest.raises(InputError, match=r"table\.parquet.*delete the file"):
            read_parquet(path)
        if bit % 10:
            continue
        with pytest.raises(InputError, match=r"table\.parquet.*delete the file"):
            read_metadata(path)


@pytest.mark.parametrize("kept", [0, 5, 12, 400, -1])
def test_a_truncated_parquet_file_is_noticed(tmp_path, kept):
    path = tmp_path / "table.parquet"
    write_parquet(pd.DataFrame({"value": range(1000)}), path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(InputError, match=r"table\.parquet.*delete the file"):
        read_parquet(path)


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE])
def test_parquet_that_may_not_be_read_is_not_called_damaged(tmp_path, monkeypatch, number):
    path = tmp_path / "t.parquet"
    write_parquet(pd.DataFrame({"a": [1]}), path)

    def refuse(path, *_):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(InputError, match=rf"cannot be read.*{os.strerror(number)}") as told:
        read_parquet(path)
    assert "check" in str(told.value)
    assert "delete" not in str(told.value)


def test_other_readers_of_parquet_read_ours(tmp_path):
    frame = pd.DataFrame({"enzyme": ["a", "b"] * 50_000, "score": [0.25, 0.5] * 50_000})
    write_parquet(frame, tmp_path / "table.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "table.parquet"), frame)


def test_a_result_that_another_program_wrote_is_refused_with_the_way_to_keep_it(tmp_path):
    path = tmp_path / "table.parquet"
    frame = pd.DataFrame({"value": range(1000)})
    for edited in (frame, frame.iloc[:0]):
        edited.to_parquet(path)
        for read in (read_parquet, read_metadata):
            with pytest.raises(InputError, match="was not written by gemwright") as told:
                read(path)
        assert "delete the file and run again" in str(told.value)
        assert "if you have edited it, write it with gemwright.io.tables.write_parquet" in str(
            told.value
        )
        write_parquet(pd.read_parquet(path), path)
        assert len(read_parquet(path)) == len(edited)


def test_a_users_table_may_be_parquet_by_any_program(tmp_path, caplog):
    path = tmp_path / "fluxes.parquet"
    frame = pd.DataFrame(
        {
            "reaction": [" PFK ", "version 2.0", None],
            "flux": [3.0, 0.1, float("nan")],
            "carbons": pd.array([6, None, 3], dtype="Int64"),
        },
        index=["a", "b", "c"],
    )
    expected = [["PFK", "3", "6"], ["version 2.0", "0.1", ""], ["", "", "3"]]
    frame.to_parquet(path)
    table = read_delimited(path, ("reaction", "flux"), what="table of fluxes")
    assert table[["reaction", "flux", "carbons"]].values.tolist() == expected
    assert f"{path}: the table of fluxes has no checksum" in caplog.text
    with pytest.raises(InputError, match=r"fluxes\.parquet: the table lacks the column\(s\) gene"):
        read_delimited(path, ("gene",))
    frame.iloc[:0].to_parquet(path)
    assert read_delimited(path, ("reaction",)).empty


def test_a_users_parquet_file_is_checked_as_far_as_can_be(tmp_path, caplog):
    path = tmp_path / "fluxes.parquet"
    frame = pd.DataFrame({"reaction": ["PFK", "PGI"] * 50, "flux": range(100)})
    write_parquet(frame, path)
    assert len(read_delimited(path, ("reaction",))) == 100
    assert caplog.text == ""
    sealed = bytearray(path.read_bytes())
    sealed[20] ^= 1
    path.write_bytes(sealed)
    with pytest.raises(InputError, match=r"it is damaged.*; write the table again"):
        read_delimited(path)
    # checksums of pages, where the other program has written them
    frame.to_parquet(path, write_page_checksum=True, compression=None)
    pages = bytearray(path.read_bytes())
    pages[pages.index(b"PFK")] ^= 1
    path.write_bytes(pages)
    with pytest.raises(InputError, match=r"cannot be read as Parquet.*; write the table again"):
        read_delimited(path)
    for content in (b"", b"reaction\tflux\nPFK\t1\n", bytes(pages[: len(pages) // 2])):
        path.write_bytes(content)
        with pytest.raises(InputError, match="cannot be read as Parquet"):
            read_delimited(path)


def test_the_name_of_a_table_tells_its_separator(tmp_path):
    for name, text in (("t.csv", "a,b\n1,2\n"), ("t.tsv", "a\tb\n1\t2\n"), ("t", "a\tb\n1\t2\n")):
        (tmp_path / name).write_text(text)
        assert read_delimited(tmp_path / name, ("a", "b")).values.tolist() == [["1", "2"]]


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


def test_results_are_read_with_the_names_of_users(tmp_path):
    frame = pd.DataFrame({"organism": ["NA", "007", "null"], "value": [1.5, None, 2.0]})
    write_delimited(frame, tmp_path / "t.csv")
    assert read_results(tmp_path / "t.csv").equals(frame)


@pytest.mark.parametrize("content", [b"", b'a,b\n"x,1\n', b"a,b\n1,2\n1,2,3\n", b"a,b\n\xff,1\n"])
def test_damaged_results_are_an_input_error(tmp_path, content):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(InputError, match=r"t\.csv: is damaged \(.*made again"):
        read_results(tmp_path / "t.csv")


def in_a_process(code, *arguments):
    """Start Python code with this project's modules; it prints a line when it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


WRITE = """
import sys, time
from gemwright.io.files import atomic_path
with atomic_path(sys.argv[1]) as temporary:
    temporary.write_text("half")
    print("ready", flush=True)
    time.sleep(60)
"""


def test_what_a_killed_writer_left_is_removed_by_the_next_one(tmp_path):
    target = tmp_path / "table.txt"
    writer, other = in_a_process(WRITE, target), in_a_process(WRITE, target)
    killed, at_work = (f".tmp-{process_space()}+{p.pid}+table.txt" for p in (writer, other))
    writer.kill()
    writer.wait()
    try:
        assert (tmp_path / killed).exists()
        write_text(target, "whole")
        assert sorted(path.name for path in tmp_path.iterdir()) == [at_work, "table.txt"]
        assert target.read_text() == "whole"
    finally:
        other.kill()
        other.wait()


def test_what_another_computer_left_is_removed_when_it_is_old(tmp_path):
    old, new, foreign = (
        tmp_path / f".tmp-{name}" for name in ("node7+12+t.txt", "node8+12+t.txt", "node7+12+u.txt")
    )
    for path in (old, new, foreign):
        path.write_text("half")
    for path in (old, foreign):
        os.utime(path, (time.time() - 7200,) * 2)
    write_text(tmp_path / "t.txt", "whole")
    assert not old.exists()
    assert new.exists()
    assert foreign.exists()


def test_a_full_disk_is_one_message_with_disk_and_cure(tmp_path):
    error = OSError(errno.ENOSPC, "full")
    with pytest.raises(InputError) as told, atomic_path(tmp_path / "t.txt") as temporary:
        temporary.write_text("half")
        raise error
    assert str(told.value).startswith(f"{tmp_path}/t.txt: cannot be written, because the disk at /")
    assert "is full (No space left on device); free space there" in str(told.value)
    assert told.value.__cause__ is error
    assert list(tmp_path.iterdir()) == []


def test_a_real_full_disk_is_told():
    # writing to this device fails as on a full disk
    with pytest.raises(OSError, match="No space left") as failed, open("/dev/full", "w") as handle:
        handle.write("x")
    assert "is full" in str(unwritable(failed.value, "/dev/full"))


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_forbidden_place_is_one_message(tmp_path, number):
    error = OSError(number, os.strerror(number), str(tmp_path / "x"))
    told = str(unwritable(error, tmp_path / "x"))
    assert told.startswith(f"{tmp_path}/x: cannot be written ({os.strerror(number)})")
    assert told.endswith("make its folder writable and run again: what was finished before is kept")


def test_what_may_not_be_read_is_not_called_unwritable(tmp_path):
    error = PermissionError(errno.EACCES, "denied", str(tmp_path / "x"))
    assert "cannot be read or written (Permission denied)" in str(unwritable(error))
    # a source that a writer reads from is not the file that it writes
    told = r"/source: cannot be read or written"
    with pytest.raises(InputError, match=told), atomic_path(tmp_path / "t"):
        raise PermissionError(errno.EACCES, "denied", str(tmp_path / "source"))


def test_other_errors_stay_what_they_are():
    assert unwritable(OSError(errno.EIO, "broken"), "x") is None
    assert unwritable(ValueError("no space"), "x") is None
    # which place is meant is not known
    assert unwritable(PermissionError(errno.EPERM, "kill")) is None


def test_a_folder_may_be_written_to_or_not(tmp_path, monkeypatch):
    check_writable(tmp_path / "results" / "data")
    assert list(tmp_path.iterdir()) == []
    # root may write everywhere
    monkeypatch.setattr(os, "access", lambda place, mode: place != tmp_path)
    with pytest.raises(InputError, match=r"results/data: cannot be written \(Permission denied\)"):
        check_writable(tmp_path / "results" / "data")


JOB = """
import sys, time
from pathlib import Path
from gemwright.io.files import atomic_path
from gemwright.io.logs import logged
with logged(sys.argv[1]), atomic_path(sys.argv[2]) as temporary:
    temporary.write_text("half")
    try:
        print("ready", flush=True)
        time.sleep(60)
    finally:
        # the clean-up takes its time
        time.sleep(0.5)
"""


def test_a_terminated_job_tidies_up(tmp_path, capfd):
    target = tmp_path / "results" / "t.txt"
    job = in_a_process(JOB, tmp_path / "job.log", target)
    assert len(list(target.parent.iterdir())) == 1
    job.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    # Linux tells of a parent's end once for each of its threads
    job.send_signal(signal.SIGTERM)
    assert job.wait(20) == 143
    assert list(target.parent.iterdir()) == []
    assert "Traceback" not in capfd.readouterr().err


def test_an_interrupted_job_tidies_up_without_a_traceback(tmp_path, capfd):
    target = tmp_path / "results" / "t.txt"
    # a test runner in the background ignores Ctrl-C, and its children with it
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    job = in_a_process(f"{heed}\n{JOB}", tmp_path / "job.log", target)
    job.send_signal(signal.SIGINT)
    assert job.wait(20) == 130
    assert list(target.parent.iterdir()) == []
    assert "interrupted" in (tmp_path / "job.log").read_text()
    assert "Traceback" not in capfd.readouterr().err


def test_a_job_that_cannot_write_says_so_once(tmp_path, capsys):
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as stopped, logged(tmp_path / "job.log"):
        raise OSError(errno.EROFS, "x", str(tmp_path / "t.txt"))
    assert stopped.value.code == 1
    assert f"gemwright: {tmp_path}/t.txt: cannot be written" in capsys.readouterr().err
    assert "Read-only file system" in (tmp_path / "job.log").read_text()
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_full_disk_of_the_log_does_not_bury_the_message(capsys):
    with pytest.raises(SystemExit), logged("/dev/full"):
        raise InputError("proteome.faa", "is bad", "correct it")
    assert capsys.readouterr().err == "\ngemwright: proteome.faa: is bad; correct it\n\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2,3\n", "line 2 has 3 cells for 2 columns"),
        ("a,b\n1,2\n" + "1," * 100_000 + "\n", "line 3 has 100,001 cells for 2 columns"),
        (",".join("ab" for _ in range(50_000)) + "\n", "50,000 columns"),
    ],
)
def test_tables_that_are_wider_than_ours_are_refused_at_once(tmp_path, text, told):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InputError, match=told):
        read_results(tmp_path / "t.csv")
