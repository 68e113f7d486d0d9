"""What a training needs to go on after a break: a folder, and its state as tensors."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from gemwright.io.files import sha256_text

CHECKPOINT = "checkpoint.safetensors"


@contextmanager
def checkpoint_folder(cache: str | Path, kind: str, content: str) -> Iterator[Path]:
    """Give the folder for the checkpoints of one training; remove it when the block succeeds.

    Its name is a digest of what is trained, so that a training that was stopped is only ever
    continued with what it was started with; and of the working directory, because of two users
    who train the same in one cache the first to end would remove what the other still needs.

    Parameters
    ----------
    cache : str or Path
        Root of the cache.
    kind : str
        Name of the folder in it.
    content : str
        Everything that the training depends on: digests of data and code, options, arithmetic.
    """
    folder = Path(cache) / kind / sha256_text(f"{Path.cwd()}\0{content}")[:16]
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def join_groups(groups: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Tensors of several groups (networks, optimizers) under ``group.name``."""
    return {
        f"{group}.{name}": value for group, held in groups.items() for name, value in held.items()
    }


def split_groups(tensors: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """Undo `join_groups`; a group without tensors is left out."""
    groups: dict[str, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        group, name = key.split(".", 1)
        groups.setdefault(group, {})[name] = value
    return groups


def training_tensors(
    network: nn.Module, best: Mapping[str, Tensor], optimizer: torch.optim.Optimizer
) -> dict[str, Tensor]:
    """State of the training of one network: as it is now, its best weights, its optimizer."""
    return join_groups(
        {"now": network.state_dict(), "best": best, "optimizer": optimizer_tensors(optimizer)}
    )


def restore_training(
    tensors: Mapping[str, Tensor], network: nn.Module, optimizer: torch.optim.Optimizer
) -> dict[str, Tensor]:
    """Give network and optimizer what `training_tensors` took; return the best weights."""
    groups = split_groups(tensors)
    network.load_state_dict(groups["now"])
    restore_optimizer(optimizer, groups["optimizer"])
    return groups.get("best", {})


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """State of an optimizer whose options its training knows, under ``number.name``."""
    states = optimizer.state_dict()["state"]
    return join_groups({str(number): state for number, state in states.items()})


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Give an optimizer the state that `optimizer_tensors` took from one like it."""
    state = optimizer.state_dict()
    state["state"] = {int(number): held for number, held in split_groups(tensors).items()}
    optimizer.load_state_dict(state)
