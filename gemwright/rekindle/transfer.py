"""Transfer learning: a generator trained on few sets of another physiology."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gemwright.errors import InputError
from gemwright.kinetics.physiology import ParameterSets
from gemwright.kinetics.sampled_sets import Labelling
from gemwright.rekindle.conditions import OTHER, RELEVANT
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.gan_training import Sampler
from gemwright.rekindle.generation import generate, load_generator
from gemwright.rekindle.networks import Generator
from gemwright.rekindle.quality import quality_row
from gemwright.rekindle.resumable import train_resumably
from gemwright.rekindle.scaling import Scaling
from gemwright.rekindle.training_data import TrainingData
from gemwright.rekindle.transfer_modes import SCRATCH, TRANSFER, UNTUNED

_FRESH = 1000  # sets of a generator by transfer that are measured, as in the paper


def tune_on_few_sets(
    data: TrainingData,
    start: str | Path | None,
    options: GanOptions,
    labelling: Labelling,
    monitored: int,
    checkpoints: str | Path,
    origin: str,
    count: int,
) -> tuple[pd.DataFrame, ParameterSets]:
    """Train on few sets of a physiology, from another one's generator or from scratch.

    Parameters
    ----------
    data : TrainingData
        Of the target; figures compare with its relevant sets that are held out.
    start : str or Path or None
        The origin's generator; None from scratch.
    options : GanOptions
        How it is trained; the seed is the repeat, and chooses the sets too.
    labelling : Labelling
        How generated sets are labelled.
    monitored : int
        Sets generated and labelled at each checkpoint.
    checkpoints : str or Path
        Cache.
    origin : str
        The origin's name; empty from scratch.
    count : int
        Sets of the target that are learned from.

    Returns
    -------
    table : pandas.DataFrame
        One row, see `gemwright.rekindle.transfer_tables`; after a transfer also one for the
        untuned generator.
    sets : ParameterSets
        New sets of the kept generator, those that the table describes.

    Raises
    ------
    InputError
        If there are fewer training sets, or the generator is of another network.
    """
    repeat = options.seed
    few = _few_sets(data, count, repeat)
    label = labelling.of_physiology(data.physiology)
    scaling = replace(data, sets=few).scaling(options.preset)

    def fresh(trained: Generator, own: Scaling) -> ParameterSets:
        return label(generate(trained, own, _FRESH, RELEVANT, repeat))

    def row(
        mode: str, n_sets: int, drawn: ParameterSets, epoch: int, failed: bool
    ) -> dict[str, Any]:
        figures = quality_row(drawn, data.reference)
        return {
            "target": data.physiology.name,
            "repeat": repeat,
            "mode": mode,
            "source": origin,
            "n_sets": n_sets,
            "incidence": figures["incidence"],
            "spread": figures["spread"],
            "epoch": epoch,
            "failed": failed,
        }

    def monitor(epoch: int, sample: Sampler) -> dict[str, float]:
        drawn = label(scaling.saturations(sample(monitored, RELEVANT, epoch)))
        return quality_row(drawn, data.reference)

    rows = []
    if start is not None:
        untuned = load_generator(start, data.physiology.model.km_names)
        rows.append(row(UNTUNED, 0, fresh(untuned.generator, untuned.scaling), 0, False))
    run = train_resumably(
        np.clip(scaling.features(few.saturations), -1.0, 1.0),
        np.where(few.relevant, RELEVANT, OTHER),
        options,
        checkpoints,
        monitor,
        f"{monitored} {labelling.facts()}",
        start,
    )
    # not the sets that chose the epoch: those would flatter it
    drawn = fresh(run.generator, scaling)
    mode = SCRATCH if start is None else TRANSFER
    rows.append(row(mode, count, drawn, run.best_epoch, run.failed))
    return pd.DataFrame(rows), drawn


def _few_sets(data: TrainingData, count: int, repeat: int) -> ParameterSets:
    """Draw training sets of the target, of both labels."""
    available = len(data.sets.relevant)
    if count > available:
        raise InputError(
            f"transfer to {data.physiology.name}",
            f"{count} sets are asked for, and there are {available} training sets",
            "raise kinetics.sets, or lower rekindle.transfer.sets",
        )
    if data.sets.relevant.all() or not data.sets.relevant.any() or count < 2:
        raise InputError(
            f"transfer to {data.physiology.name}",
            f"{count} sets of both labels are asked for, and"
            f" {int(data.sets.relevant.sum())} of the {available} training sets are relevant",
            "ask for more sets, raise kinetics.sets, or change kinetics.slowest",
        )
    rng = np.random.default_rng([repeat, count])
    while True:
        rows = rng.permutation(available)[:count]
        found = data.sets.rows(rows)
        if found.relevant.any() and not found.relevant.all():
            return found
