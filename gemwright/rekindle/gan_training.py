"""Training of REKINDLE's conditional GAN: as released, or guided; resumable; repeatable."""

import hashlib
import json
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus
from tqdm import tqdm

from gemwright.arrays import FloatArray, SingleArray
from gemwright.errors import InputError
from gemwright.io.files import sha256_file, sha256_text
from gemwright.io.tensors import read_cached_tensors, write_tensors
from gemwright.learning.checkpoints import (
    CHECKPOINT,
    join_groups,
    optimizer_tensors,
    restore_optimizer,
    split_groups,
)
from gemwright.learning.determinism import repeatable
from gemwright.learning.device import choose_device
from gemwright.rekindle.generation import (
    TrainedGenerator,
    generate_features,
    load_generator,
)
from gemwright.rekindle.networks import (
    CriticShape,
    Discriminator,
    Generator,
    GeneratorShape,
    Guide,
)
from gemwright.rekindle.scaling import PRESETS, Preset

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
COLLAPSE_EPOCHS = 200
COLLAPSE_ACCURACY = 0.9
# the paper's batch sizes by number of training sets (Methods; the last from its released code)
BATCHES = {10: 2, 50: 5, 100: 10, 500: 20, 1_000: 50, 72_000: 1_024}
_EPSILON = 1e-7  # of Keras' Adam
_GUIDE_BATCH = 512
_SMALLEST_GUIDE_BATCH = 16
_STAGES = {"networks": 0, "guide": 1, "epoch": 2}
_DELETE = "Delete it and train again"


@dataclass(frozen=True)
class BestRule:
    """Which monitored epoch is kept.

    Parameters
    ----------
    maximise : str
        Figure that the monitor returns: the epoch with the largest one is kept, the first of
        equals.
    floors : tuple of (str, float)
        Figures that have to be at least so large. If no epoch has them all, the one that lacks
        least (sum of relative shortfalls) is kept.
    """

    maximise: str = "incidence"
    floors: tuple[tuple[str, float], ...] = ()

    def describe(self) -> str:
        """Tell the rule in words."""
        floors = " and ".join(f"{name} >= {least:g}" for name, least in self.floors)
        return f"largest {self.maximise}" + (f" among epochs with {floors}" if floors else "")

    def rank(self, figures: Mapping[str, float]) -> tuple[float, float]:
        """Larger is better; compare as tuples.

        Raises
        ------
        InputError
            If a figure is missing.
        """
        try:
            values = [(figures[name], least) for name, least in self.floors]
            goal = figures[self.maximise]
        except KeyError as error:
            raise InputError(
                "rule of the best epoch",
                f"the monitor gives no {error.args[0]!r} (it gives {', '.join(figures)})",
                "choose among the figures that are monitored",
            ) from error
        lacking = sum(max(0.0, (least - value) / abs(least)) for value, least in values)
        return -lacking, goal if math.isfinite(goal) else -math.inf


@dataclass(frozen=True)
class GanOptions:
    """How a GAN is trained. The defaults are the preset ``paper``; see `GanOptions.of`.

    Parameters
    ----------
    preset : {'paper', 'saturation'}
        Which features the networks see (`gemwright.rekindle.scaling.Scaling`).
    epochs : int
        Passes over the training sets.
    batch : int or None
        Sets in a batch; by the number of sets if None, see `batch_size`.
    learning_rate : float or None
        Of Adam; by preset and number of sets if None, see `learning_rate`.
    beta1 : float
        Of Adam.
    noise : int or None
        Normal random numbers of the generator; as many as features if None.
    generator_widths, generator_dropout, batch_norm, residual
        See `networks.GeneratorShape`.
    discriminator_widths, discriminator_dropout
        See `networks.CriticShape`. The paper tells a dropout of 0.5, its code has 0.4.
    adversarial : float
        Weight of the discriminator's verdict in the generator's loss.
    guidance : float
        Weight of the guide's verdict: a classifier (regression for conditions other than -1 and
        +1) that is trained on the labelled sets beforehand and then held.
    guide_widths, guide_dropout, guide_epochs
        Of the guide, which learns with AdamW and one cycle of learning rates.
    stray : float
        Weight of the mean squared displacement of a residual generator, in units of the noise:
        what keeps generated sets where sampled ones are.
    best : BestRule
        Which monitored epoch is kept.
    seed : int
        Of everything random.
    checkpoint_every : int
        Epochs between checkpoints; then the monitor is asked as well.
    device : str
        ``auto`` (a GPU if there is one), ``cpu``, ``cuda``, ...
    threads : int
        Torch's CPU threads; sums depend on it in the last digit.
    """

    preset: Preset = "paper"
    epochs: int = 1000
    batch: int | None = None
    learning_rate: float | None = None
    beta1: float = 0.5
    noise: int | None = 127
    generator_widths: tuple[int, ...] = (128, 256, 512)
    generator_dropout: float = 0.5
    batch_norm: bool = True
    residual: bool = False
    discriminator_widths: tuple[int, ...] = (32, 64, 128)
    discriminator_dropout: float = 0.4
    adversarial: float = 1.0
    guidance: float = 0.0
    guide_widths: tuple[int, ...] = (256, 128)
    guide_dropout: float = 0.3
    guide_epochs: int = 12
    stray: float = 0.0
    best: BestRule = BestRule()
    seed: int = 0
    checkpoint_every: int = 10
    device: str = "auto"
    threads: int = 1

    @classmethod
    def of(cls, preset: str, **changes: Any) -> "GanOptions":
        """Return the options of a preset with some changed.

        Raises
        ------
        InputError
            If the preset or an option is unknown, or options do not go together.
        """
        if preset not in PRESETS:
            raise InputError(
                f"GAN preset {preset!r}", "is not known", f"use one of {', '.join(PRESETS)}"
            )
        known = set(cls.__dataclass_fields__) - {"preset"}
        for name in changes:
            if name not in known:
                raise InputError(
                    f"GAN option {name!r}", "is not known", f"use one of {', '.join(sorted(known))}"
                )
        values: dict[str, Any] = {
            name: tuple(value) if name.endswith("_widths") else value
            for name, value in changes.items()
        }
        options = replace(_PRESETS[preset], **values)
        options.check()
        return options

    def check(self) -> None:
        """Refuse options that make no sense, with an InputError."""
        troubles = [
            (self.epochs < 1, "epochs", "is below 1", "train for at least one epoch"),
            (
                self.batch is not None and self.batch < 2,
                "batch",
                "is below 2",
                "give at least 2 sets: batch normalisation needs several",
            ),
            (
                self.checkpoint_every < 1,
                "checkpoint_every",
                "is below 1",
                "give a number of epochs",
            ),
            (
                self.stray > 0 and not self.residual,
                "stray",
                "weighs the displacement of a residual generator, and this one is none",
                "set residual, or stray to 0",
            ),
            (
                self.adversarial == 0 and self.guidance == 0,
                "adversarial",
                "is 0, and so is guidance: nothing teaches the generator",
                "give one of them a weight",
            ),
        ]
        for trouble, name, what, cure in troubles:
            if trouble:
                raise InputError(f"GAN option {name!r}", what, cure)


_PRESETS: dict[str, GanOptions] = {
    "paper": GanOptions(),
    "saturation": GanOptions(
        preset="saturation",
        epochs=40,
        noise=None,
        generator_widths=(256, 256),
        generator_dropout=0.0,
        batch_norm=False,
        residual=True,
        # more of it keeps the distribution closer to the sampled one and costs incidence: on 72,000
        # sets of the paper's physiology 1, after 20 to 30 epochs, incidence and largest KL are
        # 0.988 and 0.11 without, 0.978 and 0.05 at 0.02, 0.976 and 0.04 at 0.03, 0.959 and 0.04
        # at 0.1
        adversarial=0.02,
        guidance=1.0,
        stray=0.003,
        # no parameter may become narrow: incidence hardly changes after ten epochs, the narrowest
        # parameter still widens until about the thirtieth
        best=BestRule("incidence", (("spread_min", 0.75), ("covered_share", 1.0))),
    ),
}


class Sampler(Protocol):
    """What a monitor generates with."""

    def __call__(self, n_sets: int, condition: float | npt.NDArray[Any], seed: int) -> SingleArray:
        """Features of generated sets, shape (n_sets, parameters)."""


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
            "options": _comparable(options),
            "digest": self.digest,
            "best_epoch": self.best_epoch,
            "rule": options.best.describe(),
            "epochs": len(self.history),
            "failed": self.failed,
            "guide": self.guide_figures,
        }


def batch_size(n_sets: int) -> int:
    """Batch size for a number of training sets.

    The paper's at its numbers of sets (`BATCHES`), in between on straight lines of the logarithms,
    beyond the ends as there.
    """
    sizes = np.log(list(BATCHES))
    return round(float(np.exp(np.interp(np.log(n_sets), sizes, np.log(list(BATCHES.values()))))))


def learning_rate(n_sets: int, transfer: bool, options: GanOptions) -> float:
    """Learning rate of the options, or by the preset and the number of sets.

    ``paper``: 2e-4, but 1e-3 for transfer with 500 to 1,000 sets, as in the paper. ``saturation``:
    1e-3, and 2e-4 for transfer.
    """
    if options.learning_rate is not None:
        return options.learning_rate
    if options.preset == "saturation":
        return 2e-4 if transfer else 1e-3
    return 1e-3 if transfer and 500 <= n_sets <= 1_000 else 2e-4


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
        If features and conditions do not fit each other, the start, or [-1, 1]; the options make
        no sense; or a checkpoint is damaged or of another training.
    """
    options.check()
    rows = _checked(features, conditions)
    batch = options.batch or batch_size(len(features))
    if len(features) < batch:
        raise InputError(
            "training sets",
            f"there are {len(features)}, fewer than a batch of {batch}",
            "give more sets, or a smaller batch",
        )
    start = None if start_from is None else load_generator(start_from)
    digest = _digest(features, rows, options, start_from)
    device = choose_device(options.device)
    with repeatable(options.threads):
        run = _Run(features, rows, options, batch, device, Path(folder) / CHECKPOINT, digest)
        run.begin(start, str(start_from))
        run.train(monitor)
        return run.result()


class _Run:
    """State of a training run."""

    def __init__(
        self,
        features: SingleArray,
        conditions: SingleArray,
        options: GanOptions,
        batch: int,
        device: torch.device,
        path: Path,
        digest: str,
    ) -> None:
        self.features = torch.from_numpy(np.ascontiguousarray(features)).to(device)
        self.conditions = torch.from_numpy(conditions).to(device)
        self.labels = [bool(np.isin(column, (-1.0, 1.0)).all()) for column in conditions.T]
        self.options, self.batch, self.device = options, batch, device
        self.path, self.digest = path, digest
        self.history: list[dict[str, float]] = []
        self.monitored: list[dict[str, float]] = []
        self.best: dict[str, Tensor] = {}
        self.guide: Guide | None = None
        self.guide_figures: dict[str, float] = {}
        self.seconds: list[float] = []

    def begin(self, start: TrainedGenerator | None, source: str) -> None:
        """Make the networks, or take them from the start or a checkpoint."""
        options = self.options
        n_features, n_conditions = self.features.shape[1], self.conditions.shape[1]
        torch.manual_seed(_seed(options.seed, "networks"))
        shape = GeneratorShape(
            n_features,
            n_conditions,
            n_features if options.noise is None else options.noise,
            options.generator_widths,
            options.generator_dropout,
            options.batch_norm,
            options.residual,
        )
        guide_shape = CriticShape(
            n_features, n_conditions, options.guide_widths, options.guide_dropout
        )
        self.generator = Generator(shape)
        if options.guidance:
            self.guide = Guide(guide_shape)
        if start is not None:
            own = start.generator.shape
            if replace(own, dropout=shape.dropout) != shape:
                raise InputError(
                    source,
                    f"its generator is {own}, and the options ask for {shape}",
                    "train with the preset and options of the generator to start from",
                )
            self.generator.load_state_dict(start.generator.state_dict())
            if self.guide is not None and start.guide is not None:
                if replace(start.guide.shape, dropout=guide_shape.dropout) != guide_shape:
                    raise InputError(
                        source,
                        f"its guide is {start.guide.shape}, and the options ask for {guide_shape}",
                        "train with the guide's options of the generator to start from",
                    )
                self.guide.load_state_dict(start.guide.state_dict())
        self.discriminator = Discriminator(
            CriticShape(
                n_features,
                n_conditions,
                options.discriminator_widths,
                options.discriminator_dropout,
            )
        )
        for network in (self.generator, self.discriminator, self.guide):
            if network is not None:
                network.to(self.device)
        rate = learning_rate(len(self.features), start is not None, options)
        self.optimizers = {
            name: torch.optim.Adam(
                network.parameters(),
                lr=rate,
                betas=(options.beta1, 0.999),
                eps=_EPSILON,
                fused=True,
            )
            for name, network in self._trained().items()
        }
        if not self.load() and self.guide is not None:
            self.guide_figures = _train_guide(
                self.guide, self.features, self.conditions, self.labels, options
            )
        if self.guide is not None:
            self.guide.eval().requires_grad_(False)

    def _trained(self) -> dict[str, nn.Module]:
        return {"generator": self.generator, "discriminator": self.discriminator}

    def train(self, monitor: Monitor | None) -> None:
        """Go on until the last epoch, or until the training has failed."""
        options = self.options
        bar = tqdm(
            range(len(self.history), options.epochs),
            desc=f"train GAN ({options.preset})",
            total=options.epochs,
            initial=len(self.history),
        )
        for epoch in bar:
            if self.failed:
                logger.warning(
                    "the discriminator has told more than %g of the sets right for %d epochs:"
                    " the training has failed and stops",
                    COLLAPSE_ACCURACY,
                    COLLAPSE_EPOCHS,
                )
                break
            started = time.perf_counter()
            # seeded by epoch, so that a resumed run draws what an unbroken one draws
            torch.manual_seed(_seed(options.seed, "epoch", epoch))
            figures = torch.stack(list(self._steps())).mean(dim=0).tolist()
            self.seconds.append(time.perf_counter() - started)
            row = dict(zip(HISTORY_COLUMNS, [epoch + 1, *figures], strict=True))
            self.history.append(row)
            done = epoch + 1
            if done % options.checkpoint_every == 0 or done == options.epochs or self.failed:
                self._ask(monitor)
                self.save()
            shown = {name: f"{row[name]:.3f}" for name in ("accuracy", "generator_loss")}
            if self.monitored:
                goal = options.best.maximise
                shown[goal] = f"{self.monitored[-1].get(goal, math.nan):.3f}"
            bar.set_postfix(shown)

    @property
    def failed(self) -> bool:
        return bool(self.history) and collapsed(pd.DataFrame(self.history))

    def _steps(self) -> Iterator[Tensor]:
        """Train on each batch once; give the figures of `HISTORY_COLUMNS` after the epoch."""
        batch, half = self.batch, self.batch // 2
        for start in range(0, len(self.features) - batch + 1, batch):
            chosen = torch.randint(start, start + batch, (half,), device=self.device)
            conditions = self.conditions[chosen]
            self.generator.eval()
            with torch.no_grad():
                fakes = self.generator(self._noise(half), conditions)
            self.discriminator.train()
            real_loss, real_right = self._teach(self.features[chosen], conditions, True)
            fake_loss, fake_right = self._teach(fakes, conditions, False)
            own = self._teach_generator()
            right = torch.stack([real_right, fake_right, (real_right + fake_right) / 2])
            yield torch.cat([torch.stack([real_loss, fake_loss]), right, own])

    def _noise(self, rows: int) -> Tensor:
        return torch.randn(rows, self.generator.shape.noise, device=self.device)

    def _teach(self, features: Tensor, conditions: Tensor, real: bool) -> tuple[Tensor, Tensor]:
        """Update the discriminator; its loss and share of right verdicts."""
        logits = self.discriminator(features, conditions)
        loss = softplus(-logits if real else logits).mean()
        self._update("discriminator", loss)
        return loss.detach(), ((logits > 0) == real).float().mean()

    def _teach_generator(self) -> Tensor:
        """Update the generator; its loss and the parts of it."""
        options = self.options
        conditions = self._drawn_conditions()
        noise = self._noise(self.batch)
        self.generator.train()
        moved = self.generator.displacement(noise, conditions)
        fakes = self.generator.squash(noise, moved)
        unknown = torch.tensor(math.nan, device=self.device)
        parts = [unknown, unknown, unknown]
        loss = torch.zeros((), device=self.device)
        if options.adversarial:
            with _frozen(self.discriminator):
                verdict = softplus(-self.discriminator(fakes, conditions)).mean()
            parts[0] = verdict
            loss = loss + options.adversarial * verdict
        if self.guide is not None:
            parts[1] = _condition_loss(self.guide(fakes), conditions, self.labels)
            loss = loss + options.guidance * parts[1]
        if options.residual:
            parts[2] = moved.square().sum(dim=1).mean()
            loss = loss + options.stray * parts[2]
        self._update("generator", loss)
        return torch.stack([loss, *parts]).detach()

    def _drawn_conditions(self) -> Tensor:
        """Conditions for a batch: both labels alike, or those of training sets."""
        if self.labels == [True]:
            draws = torch.randint(0, 2, (self.batch, 1), device=self.device)
            return 2.0 * draws - 1.0
        drawn = torch.randint(0, len(self.conditions), (self.batch,), device=self.device)
        return self.conditions[drawn]

    def _update(self, name: str, loss: Tensor) -> None:
        optimizer = self.optimizers[name]
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    def _ask(self, monitor: Monitor | None) -> None:
        """Record what the monitor says, and keep the generator if it is the best so far."""
        if monitor is None:
            return
        generator = self.generator.eval()

        def sample(n_sets: int, condition: float | npt.NDArray[Any], seed: int) -> SingleArray:
            blocks = generate_features(
                generator, n_sets, condition, seed, str(self.device), self.options.threads
            )
            return np.concatenate(list(blocks))

        figures = {name: float(value) for name, value in monitor(self.epoch, sample).items()}
        rule = self.options.best
        before = [rule.rank(row) for row in self.monitored]
        better = not before or rule.rank(figures) > max(before)
        self.monitored.append({"epoch": self.epoch, **figures, "best": better})
        if better:
            self.best = _on_cpu(generator)

    @property
    def epoch(self) -> int:
        return len(self.history)

    def save(self) -> None:
        """Write everything that going on needs; random states follow from the epoch."""
        groups = {"best": self.best}
        for name, network in self._trained().items():
            groups[name] = network.state_dict()
            groups[f"{name}_optimizer"] = optimizer_tensors(self.optimizers[name])
        if self.guide is not None:
            groups["guide"] = self.guide.state_dict()
        facts = {
            "digest": self.digest,
            "history": self.history,
            "monitored": self.monitored,
            "guide_figures": self.guide_figures,
        }
        write_tensors(self.path, join_groups(groups), facts)

    def load(self) -> bool:
        """Take up a checkpoint; whether there was one."""
        found = read_cached_tensors(self.path, "checkpoint")
        if found is None:
            return False
        tensors, facts = found
        if facts["digest"] != self.digest:
            raise InputError(str(self.path), "is of other data or options", _DELETE)
        groups = split_groups(tensors)
        for name, network in self._trained().items():
            network.load_state_dict(groups[name])
            # none before its first step
            restore_optimizer(self.optimizers[name], groups.get(f"{name}_optimizer", {}))
        if self.guide is not None:
            self.guide.load_state_dict(groups["guide"])
        self.history, self.monitored = facts["history"], facts["monitored"]
        self.guide_figures = facts["guide_figures"]
        self.best = groups.get("best", {})
        logger.info("resumed after epoch %d", self.epoch)
        return True

    def result(self) -> GanRun:
        best_epoch = self.epoch
        if self.best:
            best_epoch = max(int(row["epoch"]) for row in self.monitored if row["best"])
            self.generator.load_state_dict(self.best)
        return GanRun(
            self.generator.cpu().eval(),
            self.discriminator.cpu().eval(),
            None if self.guide is None else self.guide.cpu(),
            self.guide_figures,
            pd.DataFrame(self.history, columns=HISTORY_COLUMNS).astype({"epoch": int}),
            pd.DataFrame(self.monitored).astype({"epoch": int} if self.monitored else {}),
            best_epoch,
            self.failed,
            self.digest,
            self.path,
            float(np.mean(self.seconds)) if self.seconds else math.nan,
        )


def _train_guide(
    guide: Guide, features: Tensor, conditions: Tensor, labels: list[bool], options: GanOptions
) -> dict[str, float]:
    """Teach the guide nine tenths of the sets; its figures on the rest."""
    torch.manual_seed(_seed(options.seed, "guide"))
    order = torch.randperm(len(features), device=features.device)
    held, fit = order[: len(features) // 10], order[len(features) // 10 :]
    # few sets: smaller batches, or the guide would take too few steps
    batch = min(_GUIDE_BATCH, max(_SMALLEST_GUIDE_BATCH, len(fit) // 16), len(fit))
    steps = len(fit) // batch
    optimizer = torch.optim.AdamW(guide.parameters(), weight_decay=0.02, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 2e-3, total_steps=steps * options.guide_epochs + 1
    )
    guide.train()
    for _ in tqdm(range(options.guide_epochs), desc="train guide", leave=False):
        shuffled = fit[torch.randperm(len(fit), device=features.device)]
        for start in range(0, steps * batch, batch):
            chosen = shuffled[start : start + batch]
            loss = _condition_loss(guide(features[chosen]), conditions[chosen], labels)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            cycle.step()
    guide.eval()
    with torch.inference_mode():
        told = guide(features[held]).cpu().numpy().astype(np.float64)
    return _guide_figures(told, conditions[held].cpu().numpy().astype(np.float64), labels)


def _guide_figures(told: FloatArray, true: FloatArray, labels: list[bool]) -> dict[str, float]:
    """Accuracy and AUC of labels, r2 of other conditions."""
    from sklearn.metrics import r2_score, roc_auc_score

    figures = {"sets": float(len(true))}
    for column, is_label in enumerate(labels):
        own, right = told[:, column], true[:, column]
        if len(np.unique(right)) < 2:
            continue
        if is_label:
            figures[f"accuracy_{column}"] = float(np.mean((own > 0) == (right > 0)))
            figures[f"auc_{column}"] = float(roc_auc_score(right > 0, own))
        else:
            figures[f"r2_{column}"] = float(r2_score(right, own))
    return figures


def _condition_loss(told: Tensor, conditions: Tensor, labels: list[bool]) -> Tensor:
    """Binary cross-entropy of labels and squared error of other conditions, summed over columns."""
    losses = [
        softplus(-own * true) if is_label else (own - true).square()
        for own, true, is_label in zip(told.T, conditions.T, labels, strict=True)
    ]
    return torch.stack(losses).sum(dim=0).mean()


@contextmanager
def _frozen(network: nn.Module) -> Iterator[None]:
    """Hold the weights of a network; gradients still flow through it."""
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)


def _on_cpu(network: nn.Module) -> dict[str, Tensor]:
    return {
        name: value.detach().cpu().clone().contiguous()
        for name, value in network.state_dict().items()
    }


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


def _comparable(options: GanOptions) -> dict[str, Any]:
    """Options that change the result."""
    values = asdict(options)
    del values["device"]
    return values


def _digest(
    features: SingleArray,
    conditions: SingleArray,
    options: GanOptions,
    start_from: str | Path | None,
) -> str:
    """Name of a training: what it learns from and how."""
    data = hashlib.sha256(repr((features.shape, conditions.shape)).encode())
    data.update(np.ascontiguousarray(features).tobytes())
    data.update(conditions.tobytes())
    start = None if start_from is None else sha256_file(start_from)
    told = json.dumps([data.hexdigest(), _comparable(options), start], sort_keys=True)
    return sha256_text(told)
