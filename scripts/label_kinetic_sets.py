"""Draw parameter sets of a physiology and label them by their eigenvalues."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.kinetics.physiology import read_physiology, write_sets
from gemwright.kinetics.sampled_sets import Labelling, sample_labelled_sets

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]) as log:
    files, params = snakemake.input, snakemake.params
    physiology = read_physiology(files.model, files.state)
    labelling = Labelling.of(params.options, snakemake.threads)
    sets = sample_labelled_sets(physiology, params.n_sets, params.seed, params.bounds, labelling)
    log.info("%.4f of %d sets are relevant", sets.relevant.mean(), len(sets.relevant))
    facts = {"seed": str(params.seed), "physiology": physiology.name, **labelling.facts()}
    write_sets(sets, physiology.model, snakemake.output[0], facts)
