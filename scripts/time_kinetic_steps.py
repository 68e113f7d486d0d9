"""Time sampling, training and generating beside REKINDLE's Table 2."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited
from gemwright.kinetics.physiology import read_physiology
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.generation import GENERATOR
from gemwright.rekindle.timing import time_steps
from gemwright.report.generator_tables import times_table
from gemwright.report.rekindle_printed import read_printed_figures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, params = snakemake.input, snakemake.params
    physiology = read_physiology(files.model, files.state)
    options = GanOptions.of(params.preset, **params.options)
    timings = time_steps(physiology, Path(files.generator) / GENERATOR, options)
    write_delimited(times_table(timings, read_printed_figures(files.printed)), snakemake.output[0])
