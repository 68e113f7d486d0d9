"""Write generated kinetic models as files for other tools."""

from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.kinetics.export import export_models
from gemwright.kinetics.physiology import read_physiology, read_sets

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]) as log:
    files = snakemake.input
    physiology = read_physiology(files.model, files.state)
    sets = read_sets(files.sets, physiology.model)
    table = export_models(physiology, sets, snakemake.params.n_models, snakemake.output[0])
    log.info("%d models, checked in libroadrunner", len(table))
