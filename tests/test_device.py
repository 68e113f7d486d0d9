"""The device of networks, and what the log says of it."""

import logging
from types import SimpleNamespace

import pytest
import torch

from gemwright.embedding.enzyme_encoders import enzyme_encoder
from gemwright.errors import InputError
from gemwright.learning.device import arithmetic, choose_device


def test_auto_without_a_gpu_is_the_cpu_and_says_so(monkeypatch, caplog):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    with caplog.at_level(logging.INFO):
        assert choose_device("auto").type == "cpu"
    assert "device: cpu, for no GPU was found (CUDA_VISIBLE_DEVICES: 0)" in caplog.text


def test_auto_with_a_gpu_takes_it_and_names_it(monkeypatch, caplog):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "H100")
    with caplog.at_level(logging.INFO):
        assert choose_device("auto") == torch.device("cuda")
    assert "device: cuda, H100" in caplog.text


def test_devices_by_name(monkeypatch):
    monkeypatch.setattr(torch, "cuda", SimpleNamespace(is_available=lambda: False))
    assert choose_device("cpu").type == "cpu"
    with pytest.raises(InputError, match="unknown"):
        choose_device("abacus")
    with pytest.raises(InputError, match="no CUDA"):
        choose_device("cuda")


def test_caches_know_the_kind_of_device_and_the_version_of_torch(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert arithmetic("auto") == arithmetic("cuda:1") == f"cuda-torch{torch.__version__}"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert arithmetic("auto") == arithmetic("cpu") == f"cpu-torch{torch.__version__}"


def test_a_gpu_that_this_job_was_not_given(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    with pytest.raises(InputError, match=r"cuda:1.*1 GPUs can be seen.*CUDA_VISIBLE_DEVICES: 3"):
        choose_device("cuda:1")


def test_encoders_without_a_network_say_where_they_run(caplog):
    with caplog.at_level(logging.INFO):
        enzyme_encoder("kmer")
    assert "device: cpu, for the encoder kmer has no network" in caplog.text
