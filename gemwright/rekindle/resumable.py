"""One training of a generator that goes on from its checkpoint."""

from pathlib import Path
from typing import Any

from gemwright.arrays import FloatArray
from gemwright.learning.checkpoints import checkpoint_folder, training_digest
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.gan_training import GanRun, Monitor, gan_digest, train_gan


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
    what = gan_digest(features, conditions, options, start)
    digest = training_digest(__file__, options.device, what, monitoring)
    with checkpoint_folder(checkpoints, "kinetic_generators", digest) as folder:
        return train_gan(features, conditions, options, folder, monitor, start)
