"""One training of a generator that goes on from its checkpoint."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.code_digest import code_digest
from gemwright.io.files import sha256_file
from gemwright.learning.checkpoints import checkpoint_folder
from gemwright.learning.device import arithmetic
from gemwright.rekindle.gan_training import GanOptions, GanRun, Monitor, train_gan


def train_resumably(
    features: Any,
    conditions: FloatArray,
    options: GanOptions,
    checkpoints: str | Path,
    monitor: Monitor,
    monitoring: str,
    start: str | Path | None = None,
) -> GanRun:
    """Train, with a checkpoint of its own that is removed when the training is done.

    What is monitored chooses the epoch, so `monitoring` (a text of all that it depends on) is a
    part of the checkpoint's name.
    """
    origin = sha256_file(start) if start else ""
    data = f"{_hash_of(features)}\0{_hash_of(conditions)}"
    code = f"{code_digest(__file__)}\0{arithmetic(options.device)}"
    content = f"{code}\0{options}\0{origin}\0{data}\0{monitoring}"
    with checkpoint_folder(checkpoints, "kinetic_generators", content) as folder:
        return train_gan(features, conditions, options, folder, monitor, start)


def _hash_of(values: FloatArray) -> str:
    """SHA-256 of an array's shape and bytes."""
    digest = hashlib.sha256(repr((values.shape, str(values.dtype))).encode())
    digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()
