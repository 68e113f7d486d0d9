"""Train a generator of kinetic parameter sets."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.kinetics.sampled_sets import Labelling
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.generator_training import train_generator
from gemwright.rekindle.training_data import TrainingData
from gemwright.run_settings import run_settings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]) as log:
    files, params, cards = snakemake.input, snakemake.params, snakemake.wildcards
    data = TrainingData.read(files.model, files.state, files.sets, params.bounds)
    options = GanOptions.of(cards.preset, seed=int(cards.seed), **params.options)
    run = train_generator(
        data,
        cards.condition,
        options,
        Labelling.of(params.labelling),
        params.monitored,
        tuple(params.time_window),
        run_settings().cache,
        snakemake.output[0],
    )
    log.info("best epoch %d of %d; failed: %s", run.best_epoch, len(run.history), run.failed)
