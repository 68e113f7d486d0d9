"""Training of REKINDLE's conditional GAN: as released, or guided; resumable; repeatable."""

import hashlib
import json
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from gemwright.arrays import SingleArray
from gemwright.errors import InputError
from gemwright.io.files import sha256_file, sha256_text
from gemwright.learning.checkpoints import CHECKPOINT, comparable
from gemwright.learning.determinism import repeatable
from gemwright.learning.device import choose_device
from gemwright.learning.loop import Row, TrainingLoop, best_place
from gemwright.rekindle.gan import Gan
from gemwright.rekindle.gan_guide import train_guide
from gemwright.rekindle.gan_options import COLLAPSE_EPOCHS, GanOptions, batch_size
from gemwright.rekindle.generation import (
    generate_features,
    load_generator,
)
from gemwright.rekindle.networks import (
    Discriminator,
    Generator,
    Guide,
)

logger = logging.getLogger(__name__)

HISTORY_COLUMNS = [
    "epoch",
    "discriminator_loss_real",
    "discriminator_loss_fake",
    "accuracy_real",
    "accuracy_fake",
    "accuracy",
    "generator_loss",
    "adversarial_loss",
    "guidance_loss",
    "displacement",
]
COLLAPSE_ACCURACY = 0.9
_STAGES = {"networks": 0, "guide": 1, "epoch": 2}


class Sampler(Protocol):
    """What a monitor generates with."""

    def __call__(self, n_sets: int, condition: float | npt.NDArray[Any], seed: int) -> SingleArray:
        """SingleArray of generated sets, shape (n_sets, parameters)."""


Monitor = Callable[[int, Sampler], Mapping[str, float]]


@dataclass(frozen=True)
class GanRun:
    """A trained GAN.

    Parameters
    ----------
    generator : Generator
        Of the best monitored epoch (the last one without a monitor), in evaluation mode.
    discriminator : Discriminator
        Of the last epoch.
    guide : Guide or None
        What guided the generator.
    guide_figures : dict of str to float
        Of the guide on sets held out of its training: sets, and accuracy and auc of a label or r2
        of another condition, for each condition column.
    history : pandas.DataFrame
        `HISTORY_COLUMNS` for each epoch; means over its batches. `displacement` is NaN but for
        residual generators.
    monitored : pandas.DataFrame
        epoch, what the monitor returned, best (whether it was the best so far).
    best_epoch : int
        Epochs after which the kept generator stood.
    failed : bool
        Whether the discriminator overpowered the generator, see `collapsed`.
    digest : str
        Of training data and options.
    checkpoint : pathlib.Path
        The file to go on from; not needed any more when the generator is saved.
    seconds : float
        Mean wall time of an epoch in this process, NaN if none was trained.
    """

    generator: Generator
    discriminator: Discriminator
    guide: Guide | None
    guide_figures: dict[str, float]
    history: pd.DataFrame
    monitored: pd.DataFrame
    best_epoch: int
    failed: bool
    digest: str
    checkpoint: Path
    seconds: float = field(default=math.nan, compare=False)

    def facts(self, options: GanOptions) -> dict[str, Any]:
        """Tell what to keep with the generator; nothing that differs between equal runs."""
        return {
            "options": comparable(options, "device"),
            "digest": self.digest,
            "best_epoch": self.best_epoch,
            "rule": options.best.describe(),
            "epochs": len(self.history),
            "failed": self.failed,
            "guide": self.guide_figures,
        }


def collapsed(
    history: pd.DataFrame, epochs: int = COLLAPSE_EPOCHS, accuracy: float = COLLAPSE_ACCURACY
) -> bool:
    """Whether the discriminator was above an accuracy in each of the last epochs.

    Parameters
    ----------
    history : pandas.DataFrame
        With the column ``accuracy``, one row for each epoch.
    epochs : int
        How many of the last epochs; shorter histories are not judged.
    accuracy : float
        Share of real and fake sets told right.
    """
    last = history["accuracy"].to_numpy()[-epochs:]
    return len(last) == epochs and bool((last > accuracy).all())


def train_gan(
    features: SingleArray,
    conditions: npt.NDArray[Any],
    options: GanOptions,
    folder: str | Path,
    monitor: Monitor | None = None,
    start_from: str | Path | None = None,
) -> GanRun:
    """Train a conditional GAN.

    Each batch teaches the discriminator real sets, then generated ones (half a batch each; those
    come from the generator in inference mode), and then the generator a whole batch. The same
    data, options and seed give the same result on a CPU, also after a break at any moment: a
    checkpoint in `folder` is taken up again.

    Parameters
    ----------
    features : numpy.ndarray of float32
        Of the training sets, in [-1, 1], shape (sets, parameters).
    conditions : numpy.ndarray
        Shape (sets,) or (sets, conditions). Labels: -1 for relevant, +1 for not; or anything
        scaled to about [-1, 1].
    options : GanOptions
        How to train.
    folder : str or Path
        Receives ``checkpoint.safetensors``, written atomically.
    monitor : callable, optional
        Called with the number of epochs done and a `Sampler` at each checkpoint and after the
        last epoch; returns figures to record, among them those of `options.best`.
    start_from : str or Path, optional
        Generator to go on from (transfer learning): its weights and sizes are taken, and its
        guide's if both are guided. The discriminator is always new.

    Returns
    -------
    GanRun
        With generator, history and whether the training failed.

    Raises
    ------
    InputError
        If features and conditions do not fit each other, the start, or [-1, 1]; or the
        checkpoint is of another training.
    """
    rows = _checked(features, conditions)
    batch = options.batch or batch_size(len(features))
    if len(features) < batch:
        raise InputError(
            "training sets",
            f"there are {len(features)}, fewer than a batch of {batch}",
            "give more sets, or a smaller batch",
        )
    start = None if start_from is None else load_generator(start_from)
    digest = gan_digest(features, rows, options, start_from)
    device = choose_device(options.device)
    with repeatable(options.threads):
        torch.manual_seed(_seed(options.seed, "networks"))
        gan = Gan(features, rows, options, batch, device, start, str(start_from))

        def sample(n_sets: int, condition: float | npt.NDArray[Any], seed: int) -> SingleArray:
            blocks = generate_features(
                gan.generator.eval(), n_sets, condition, seed, str(device), options.threads
            )
            return np.concatenate(list(blocks))

        rank = options.best.rank
        loop = TrainingLoop(
            f"train GAN ({options.preset})",
            gan.generator,
            gan.parts,
            options.epochs,
            seed=lambda epoch: _seed(options.seed, "epoch", epoch),
            better=lambda row, best: (
                "monitored" in row
                and (best is None or rank(row["monitored"]) > rank(best["monitored"]))
            ),
            stop=_failed,
            digest=digest,
            path=Path(folder) / CHECKPOINT,
            every=options.checkpoint_every,
        )
        if gan.guide is not None:
            if not loop.history:
                torch.manual_seed(_seed(options.seed, "guide"))
                loop.facts["guide"] = train_guide(
                    gan.guide, gan.features, gan.conditions, gan.labels, options
                )
            gan.guide.eval().requires_grad_(False)
        seconds = []
        shown: dict[str, float] = {}
        for epoch in loop:
            started = time.perf_counter()
            figures = torch.stack(list(gan.steps())).mean(dim=0).tolist()
            seconds.append(time.perf_counter() - started)
            row: Row = dict(zip(HISTORY_COLUMNS, [epoch + 1, *figures], strict=True))
            if monitor is not None and loop.due(row):
                found = monitor(epoch + 1, sample).items()
                row["monitored"] = {name: float(value) for name, value in found}
            told = row | row.get("monitored", {})
            names = {"accuracy", "generator_loss", options.best.maximise} & told.keys()
            shown |= {name: told[name] for name in sorted(names)}
            loop.record(row, **shown)
        failed = _failed(loop.history)
        if failed:
            logger.warning(
                "the discriminator has told more than %g of the sets right for %d epochs:"
                " the training has failed and stops",
                COLLAPSE_ACCURACY,
                COLLAPSE_EPOCHS,
            )
        loop.take_best()
        monitored = [
            {"epoch": row["epoch"], **row["monitored"], "best": row["best"]}
            for row in loop.history
            if "monitored" in row
        ]
        return GanRun(
            gan.generator.cpu().eval(),
            gan.discriminator.cpu().eval(),
            None if gan.guide is None else gan.guide.cpu(),
            loop.facts.get("guide", {}),
            pd.DataFrame(loop.history, columns=HISTORY_COLUMNS).astype({"epoch": int}),
            pd.DataFrame(monitored).astype({"epoch": int} if monitored else {}),
            loop.history[best_place(loop.history)]["epoch"],
            failed,
            digest,
            Path(folder) / CHECKPOINT,
            float(np.mean(seconds)) if seconds else math.nan,
        )


def _failed(history: Sequence[Row]) -> bool:
    return collapsed(pd.DataFrame(history[-COLLAPSE_EPOCHS:], columns=HISTORY_COLUMNS))


def _seed(seed: int, stage: str, epoch: int = 0) -> int:
    drawn = np.random.SeedSequence([seed, _STAGES[stage], epoch]).generate_state(1, np.uint64)
    return int(drawn[0] >> np.uint64(1))


def _checked(features: SingleArray, conditions: npt.NDArray[Any]) -> SingleArray:
    """Conditions as float32 of two dimensions."""
    if features.ndim != 2 or not np.isfinite(features).all() or np.abs(features).max() > 1 + 1e-6:
        raise InputError(
            "training features",
            f"they are of shape {features.shape} and not all within [-1, 1]",
            "scale the parameter sets with gemwright.rekindle.scaling",
        )
    rows = np.asarray(conditions, dtype=np.float32)
    rows = rows[:, None] if rows.ndim == 1 else rows
    if rows.ndim != 2 or len(rows) != len(features) or not np.isfinite(rows).all():
        raise InputError(
            "training conditions",
            f"they are of shape {np.shape(conditions)} for {len(features)} sets, or not all finite",
            "give one row of numbers for each set",
        )
    return np.ascontiguousarray(rows)


def gan_digest(
    features: SingleArray,
    conditions: npt.NDArray[Any],
    options: GanOptions,
    start_from: str | Path | None,
) -> str:
    """Name of a training: what it learns from and how."""
    data = hashlib.sha256(repr((features.shape, conditions.shape)).encode())
    data.update(np.ascontiguousarray(features).tobytes())
    data.update(conditions.tobytes())
    start = None if start_from is None else sha256_file(start_from)
    told = json.dumps([data.hexdigest(), comparable(options, "device"), start], sort_keys=True)
    return sha256_text(told)
