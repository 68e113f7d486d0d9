"""Lay the reactions of a model's flux states beside their Gibbs energies."""

from typing import TYPE_CHECKING

from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.gem.load import read_model
from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited
from gemwright.physiology.methods import read_measured
from gemwright.sources.structures import read_structures
from gemwright.thermodynamics.states import force_tables
from gemwright.universe.ions import ion_imports
from gemwright.universe.quinones import pool_reactions

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    table = force_tables(
        read_model(snakemake.input.model),
        read_measured(snakemake.input.fluxes, snakemake.params.default),
        read_structures(snakemake.input.structures),
        ThermodynamicOptions(**snakemake.params.options),
        nominal=(*ion_imports(), *pool_reactions()),
    )
    write_delimited(table, snakemake.output[0])
