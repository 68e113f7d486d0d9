"""Torch made repeatable: its own random state, deterministic kernels, a fixed number of threads."""

import contextlib
from collections.abc import Iterator

import torch


@contextlib.contextmanager
def threads(count: int) -> Iterator[None]:
    """Give torch a number of CPU threads inside a ``with`` block only."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextlib.contextmanager
def repeatable(count: int) -> Iterator[None]:
    """Make training repeatable: own random state, deterministic kernels, `count` CPU threads."""
    was = torch.are_deterministic_algorithms_enabled()
    with torch.random.fork_rng(), threads(count):
        torch.use_deterministic_algorithms(True, warn_only=True)
        try:
            yield
        finally:
            torch.use_deterministic_algorithms(was)
