"""Compute the standard Gibbs energies of a universe's reactions."""

from typing import TYPE_CHECKING

from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.gem.load import read_model
from gemwright.io.logs import logged
from gemwright.sources.structures import read_structures
from gemwright.thermodynamics.files import write_energies
from gemwright.thermodynamics.reactions import reaction_energies

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    universe = read_model(snakemake.input.universe)
    options = ThermodynamicOptions(**snakemake.params.options)
    energies = reaction_energies(universe, read_structures(snakemake.input.structures), options)
    write_energies(universe, energies, options, **dict(snakemake.output.items()))
