"""Rank, constrain and project the parameters of a physiology."""

from typing import TYPE_CHECKING

from gemwright.config.rekindle_analysis import AnalysisOptions
from gemwright.io.logs import logged
from gemwright.kinetics.physiology import read_physiology, read_sets
from gemwright.kinetics.sampled_sets import Labelling
from gemwright.rekindle.parameter_analysis import analyse_parameters, write_analysis

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, params = snakemake.input, snakemake.params
    physiology = read_physiology(files.model, files.state)
    sets = read_sets(files.sets, physiology.model)
    generated = {
        f"generator, {preset}": read_sets(path, physiology.model)
        for preset, path in zip(params.presets, files.generated, strict=True)
    }
    options = AnalysisOptions(seed=params.seed, **params.options)
    labelling = Labelling.of(params.labelling)
    tables = analyse_parameters(physiology, sets, generated, labelling, options)
    write_analysis(tables, snakemake.output[0])
