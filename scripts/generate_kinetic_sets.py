"""Generate parameter sets with the best of a preset's generators, and label them."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.kinetics.physiology import read_physiology, write_sets
from gemwright.kinetics.sampled_sets import Labelling
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.generation import GENERATOR
from gemwright.rekindle.set_generation import best_run, generate_sets

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]) as log:
    files, output, params = snakemake.input, snakemake.output, snakemake.params
    physiology = read_physiology(files.model, files.state)
    chosen = best_run(files.runs, GanOptions.of(snakemake.wildcards.preset))
    log.info("the best training is %s", chosen)
    labelling = Labelling.of(params.labelling)
    sets = generate_sets(chosen / GENERATOR, physiology, labelling, params.n_sets, params.seed)
    facts = {"seed": str(params.seed), "training": chosen.name, **labelling.facts()}
    Path(output.generator).mkdir(parents=True)
    shutil.copyfile(chosen / GENERATOR, Path(output.generator) / GENERATOR)
    write_sets(sets, physiology.model, output.sets, facts)
