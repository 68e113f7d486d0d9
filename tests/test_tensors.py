"""Tensors of networks on disk: checked, for whom the umask says, and made again in a cache."""

import logging
import os
import stat
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from gemwright.errors import InputError
from gemwright.io.tensors import read_cached_tensors, read_tensors, write_tensors

TENSORS = {
    "weight": torch.arange(6, dtype=torch.float32).reshape(2, 3),
    "step": torch.tensor(3.0),
    "none": torch.zeros((0, 4)),
    "states": torch.tensor([-1, 0, 1], dtype=torch.int8),
}
FACTS = {"b": [1, 2.5, None], "a": {"nan": float("nan")}}


def test_tensors_and_facts_come_back(tmp_path):
    path = tmp_path / "new" / "network.safetensors"
    write_tensors(path, TENSORS, FACTS)
    tensors, facts = read_tensors(path, "network", "train it again")
    assert tensors.keys() == TENSORS.keys()
    for name, value in TENSORS.items():
        assert torch.equal(tensors[name], value) and tensors[name].dtype == value.dtype
    assert str(facts) == str(FACTS)
    write_tensors(tmp_path / "again", tensors, facts)
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_every_flipped_bit_is_noticed(tmp_path):
    path = tmp_path / "network.safetensors"
    write_tensors(path, TENSORS, FACTS)
    content = path.read_bytes()
    for bit in range(8 * len(content)):
        spoilt = bytearray(content)
        spoilt[bit // 8] ^= 1 << bit % 8
        path.write_bytes(spoilt)
        with pytest.raises(InputError, match=r"no readable network.*train it again"):
            read_tensors(path, "network", "train it again")


def test_a_group_may_read_what_its_umask_gives(tmp_path):
    before = os.umask(0o002)
    try:
        write_tensors(tmp_path / "network", TENSORS, FACTS)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "network").stat().st_mode) == 0o664


@pytest.mark.parametrize("content", [b"", b"nonsense", None])
def test_a_damaged_file_of_a_cache_counts_as_missing(tmp_path, caplog, content):
    path = tmp_path / "network.safetensors"
    assert read_cached_tensors(path, "network") is None
    assert not caplog.text
    if content is None:  # of another program
        save_file(TENSORS, path, {"gemwright": "{}"})
    else:
        path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert read_cached_tensors(path, "network") is None
    assert f"{path}: is no readable network" in caplog.text
    write_tensors(path, TENSORS, FACTS)
    assert read_cached_tensors(path, "network") is not None


@pytest.mark.parametrize("number", [13, 5])
def test_a_file_that_may_not_be_read_is_not_called_damaged(tmp_path, monkeypatch, number):
    path = tmp_path / "network.safetensors"
    write_tensors(path, TENSORS, FACTS)

    def refuse(self):
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    for read in (
        lambda: read_tensors(path, "network", "train it again"),
        lambda: read_cached_tensors(path, "network"),
    ):
        with pytest.raises(InputError, match=rf"cannot be read.*{os.strerror(number)}") as told:
            read()
        assert "train" not in str(told.value)
        assert "check" in str(told.value)
