"""How a conditional GAN is trained: its options, their presets and the rule of the best epoch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from gemwright.config.section import Count, Dropout, Listed, NotNegative, Positive, Section
from gemwright.errors import InputError, require_known
from gemwright.rekindle.scaling import PRESETS, Preset

# the paper's batch sizes by number of training sets (Methods; the last from its released code)
BATCHES = {10: 2, 50: 5, 100: 10, 500: 20, 1_000: 50, 72_000: 1_024}
COLLAPSE_EPOCHS = 200  # in a row, of an overpowering discriminator: the training failed


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


class GanOptions(Section):
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
    epochs: Count = 1000
    batch: Annotated[int, Field(ge=2)] | None = None
    learning_rate: Positive | None = None
    beta1: float = 0.5
    noise: Count | None = 127
    generator_widths: Listed[Count] = (128, 256, 512)
    generator_dropout: Dropout = 0.5
    batch_norm: bool = True
    residual: bool = False
    discriminator_widths: Listed[Count] = (32, 64, 128)
    discriminator_dropout: Dropout = 0.4
    adversarial: NotNegative = 1.0
    guidance: NotNegative = 0.0
    guide_widths: Listed[Count] = (256, 128)
    guide_dropout: Dropout = 0.3
    guide_epochs: Count = 12
    stray: NotNegative = 0.0
    best: BestRule = BestRule()
    seed: int = 0
    checkpoint_every: Count = 10
    device: str = "auto"
    threads: Count = 1

    @classmethod
    def of(cls, preset: str, **changes: Any) -> "GanOptions":
        """Return the options of a preset with some changed.

        Raises
        ------
        InputError
            If the preset or an option is unknown, or options do not go together.
        """
        require_known("GAN preset", preset, PRESETS)
        options = replace(_PRESETS[preset], **changes)
        if options.stray > 0 and not options.residual:
            raise InputError(
                "GAN option 'stray'",
                "weighs the displacement of a residual generator, and this one is none",
                "set residual, or stray to 0",
            )
        if options.adversarial == 0 and options.guidance == 0:
            raise InputError(
                "GAN option 'adversarial'",
                "is 0, and so is guidance: nothing teaches the generator",
                "give one of them a weight",
            )
        return options


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
