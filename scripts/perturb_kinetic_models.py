"""Perturb relevant models of a physiology and see which return."""

from typing import TYPE_CHECKING

from gemwright.config.rekindle_perturbation import RobustnessOptions
from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet
from gemwright.kinetics.physiology import read_physiology, read_sets
from gemwright.rekindle.robustness import perturb_relevant_sets

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, params = snakemake.input, snakemake.params
    physiology = read_physiology(files.model, files.state)
    sets = read_sets(files.sets, physiology.model)
    options = RobustnessOptions(seed=params.seed, **params.options)
    runs, courses = perturb_relevant_sets(physiology, sets, options, snakemake.threads)
    write_parquet(courses, snakemake.output.courses)
    write_parquet(runs, snakemake.output.runs)
