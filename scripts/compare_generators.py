"""Measure the generators of a physiology beside their controls."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet
from gemwright.kinetics.sampled_sets import Labelling
from gemwright.rekindle.generator_comparison import compare_sources
from gemwright.rekindle.training_data import TrainingData

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, output, params = snakemake.input, snakemake.output, snakemake.params
    data = TrainingData.read(files.model, files.state, files.sets, params.bounds)
    labelling = Labelling.of(params.labelling)
    quality, costs, windows = compare_sources(
        data, files.runs, labelling, params.n_sets, tuple(params.time_window), params.seed
    )
    write_parquet(windows, output.windows)
    write_parquet(costs, output.costs)
    write_parquet(quality, output.quality)
