"""Train a generator on few sets, from another physiology's generator or from scratch."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet
from gemwright.kinetics.physiology import write_sets
from gemwright.kinetics.sampled_sets import Labelling
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.generation import GENERATOR
from gemwright.rekindle.training_data import TrainingData
from gemwright.rekindle.transfer import tune_on_few_sets
from gemwright.run_settings import run_settings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, params, cards = snakemake.input, snakemake.params, snakemake.wildcards
    data = TrainingData.read(files.model, files.state, files.sets, params.bounds)
    start = Path(files.generator) / GENERATOR if files.get("generator") else None
    run = {"origin": cards.origin if start else "", "count": int(cards.n_sets)}
    options = GanOptions.of(params.preset, seed=int(cards.repeat), **params.options)
    labelling = Labelling.of(params.labelling)
    table, sets = tune_on_few_sets(
        data, start, options, labelling, params.monitored, run_settings().cache, **run
    )
    write_sets(sets, data.physiology.model, snakemake.output.sets, labelling.facts())
    write_parquet(table, snakemake.output.table)
