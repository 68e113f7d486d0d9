"""How long the steps take: sampling and labelling, training, generating (REKINDLE's Table 2)."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from gemwright.kinetics.labelling import Labeller
from gemwright.kinetics.physiology import Physiology
from gemwright.kinetics.sampling import sample_saturations
from gemwright.learning.device import choose_device
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.gan_training import train_gan
from gemwright.rekindle.generation import generate, load_generator

PAPER_SETS = 72_000
_LABELLED = 10_000
_GENERATED = 50_000


def time_steps(physiology: Physiology, generator: str | Path, options: GanOptions) -> pd.DataFrame:
    """Time each step once it is warm, on one thread.

    Parameters
    ----------
    physiology : Physiology
        Whose sets are labelled.
    generator : str or Path
        A trained generator's file.
    options : GanOptions
        Of the epoch that is timed, at the paper's 72,000 sets.

    Returns
    -------
    pandas.DataFrame
        physiology, step, sets, seconds, machine (how it was measured). Training is scaled from one
        epoch to all of the options.
    """
    labeller = Labeller(physiology.model, physiology.state)
    n_terms = len(physiology.model.terms)
    trained = load_generator(generator, physiology.model.km_names)
    labeller.extremes(sample_saturations(100, n_terms, 0))

    def label() -> None:
        labeller.extremes(sample_saturations(_LABELLED, n_terms, 1))

    def make() -> None:
        generate(trained.generator, trained.scaling, _GENERATED, -1.0, 1)

    epoch = epoch_seconds(physiology, options)
    rows = [
        ("sampling and labelling", _LABELLED, _seconds(label)),
        ("generation", _GENERATED, _seconds(make)),
        ("training", PAPER_SETS, epoch * options.epochs),
    ]
    device = choose_device(options.device).type
    machine = f"one thread of {os.cpu_count()}; training on {device}"
    table = pd.DataFrame(rows, columns=["step", "sets", "seconds"])
    table.insert(0, "physiology", physiology.name)
    return table.assign(
        machine=[
            machine,
            machine,
            f"{machine}: an epoch times {options.epochs}, without guide and monitor",
        ]
    )


def _seconds(step: Callable[[], None]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def epoch_seconds(physiology: Physiology, options: GanOptions) -> float:
    """Wall seconds of one epoch over sets without meaning, guides and checkpoints left out."""
    rng = np.random.default_rng(0)
    features = rng.uniform(-1, 1, (PAPER_SETS, len(physiology.model.terms))).astype(np.float32)
    labels = np.where(rng.uniform(size=PAPER_SETS) < 0.5, -1.0, 1.0)
    with TemporaryDirectory() as folder:
        short = replace(options, epochs=2, guide_epochs=1, seed=0)
        return train_gan(features, labels, short, folder).seconds
