"""What a training needs to go on after a break: a folder, and its state as tensors."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import Tensor

from gemwright.code_digest import code_digest
from gemwright.io.files import sha256_text
from gemwright.learning.device import arithmetic

CHECKPOINT = "checkpoint.safetensors"


def training_digest(code: str | Path, device: str, *facts: Any) -> str:
    """SHA-256 of all that the result of a training depends on.

    Parameters
    ----------
    code : str or Path
        The module that trains; what it imports counts too.
    device : str
        As for `choose_device`; its kind and torch's version count.
    *facts : anything for JSON
        What is learned from, and how.
    """
    return sha256_text(json.dumps([code_digest(code), arithmetic(device), *facts], sort_keys=True))


def comparable(options: Any, *without: str) -> dict[str, Any]:
    """Options, a dataclass, but for those that change no result or may change after a break."""
    return {name: value for name, value in asdict(options).items() if name not in without}


@contextmanager
def checkpoint_folder(cache: str | Path, kind: str, digest: str) -> Iterator[Path]:
    """Give the folder for the checkpoints of one training; remove it when the block succeeds.

    Its name tells what is trained, so that a training that was stopped is only ever continued with
    what it was started with; and the working directory, because of two users who train the same in
    one cache the first to end would remove what the other still needs.

    Parameters
    ----------
    cache : str or Path
        Root of the cache.
    kind : str
        Name of the folder in it.
    digest : str
        From `training_digest`.
    """
    folder = Path(cache) / kind / sha256_text(f"{Path.cwd()}\0{digest}")[:16]
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
