"""The training of one generator, and the files that it leaves."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gemwright.io.tables import write_parquet
from gemwright.kinetics.labelling import time_constant_between
from gemwright.kinetics.sampled_sets import Labelling
from gemwright.rekindle.conditions import Condition, conditioning
from gemwright.rekindle.gan_options import BestRule, GanOptions
from gemwright.rekindle.gan_training import GanRun, Sampler
from gemwright.rekindle.generation import GENERATOR, TrainedGenerator, save_generator
from gemwright.rekindle.quality import quality_row
from gemwright.rekindle.resumable import train_resumably
from gemwright.rekindle.training_data import Bounds, TrainingData


def train_generator(
    data: TrainingData,
    condition: Condition,
    options: GanOptions,
    labelling: Labelling,
    monitored: int,
    window: Bounds,
    checkpoints: str | Path,
    folder: str | Path,
) -> GanRun:
    """Train a generator and keep its best epoch.

    Parameters
    ----------
    data : TrainingData
        What it learns from.
    condition : str
        See `gemwright.rekindle.conditions`.
    options : GanOptions
        How it is trained.
    labelling : Labelling
        How generated sets are labelled.
    monitored : int
        Sets generated and labelled at each checkpoint.
    window : (float, float)
        Time constants (minutes) that a generator with this condition is asked for.
    checkpoints : str or Path
        Cache; this training's checkpoint is removed when it is done.
    folder : str or Path
        Gets ``generator.safetensors``, ``history.parquet`` and ``monitor.parquet``.

    Returns
    -------
    GanRun
        The training.
    """
    if condition == "time_constant":
        # what is rare is narrow: no floor for its spread
        options = replace(options, best=BestRule("incidence"))
    scaling = data.scaling(options.preset)
    given = conditioning(data.sets, condition, window, options.seed)
    label = labelling.of_physiology(data.physiology)
    reference = data.reference

    def monitor(epoch: int, sample: Sampler) -> Mapping[str, float]:
        asked = given.rows(monitored, epoch)
        found = label(scaling.saturations(sample(monitored, asked, epoch)))
        figures = quality_row(found, reference)
        if condition == "time_constant":
            figures["incidence"] = float(time_constant_between(*window)(found.largest).mean())
        return figures

    run = train_resumably(
        scaling.features(data.sets.saturations),
        given.values,
        options,
        checkpoints,
        monitor,
        f"{monitored} {condition} {window} {labelling.facts()}",
    )
    facts = run.facts(options) | {
        "condition": condition,
        "physiology": data.physiology.name,
        "labelled_sets": data.labelled,
        "monitored_sets": monitored * len(run.monitored),
        "window": list(window),
    }
    target = Path(folder)
    names = data.physiology.model.km_names
    monitored_rows = run.monitored.assign(
        physiology=data.physiology.name, seed=options.seed, failed=run.failed
    )
    write_parquet(monitored_rows, target / "monitor.parquet")
    write_parquet(run.history.assign(seed=options.seed), target / "history.parquet")
    save_generator(
        TrainedGenerator(run.generator, scaling, names, run.guide, facts), target / GENERATOR
    )
    return run
