"""Lay the paper's reference states beside the known Gibbs energies."""

from typing import TYPE_CHECKING

from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited
from gemwright.kinetics.known_energies import energy_tables
from gemwright.kinetics.physiology import read_physiology
from gemwright.sources.bigg_snapshot import read_universe
from gemwright.sources.structures import read_structures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    given = snakemake.input
    reactions, summary = energy_tables(
        map(read_physiology, given.models, given.states),
        read_universe("bigg"),
        read_structures(given.structures),
        ThermodynamicOptions(**snakemake.params.options),
    )
    write_delimited(reactions, snakemake.output.reactions)
    write_delimited(summary, snakemake.output.summary)
