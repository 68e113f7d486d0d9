"""Reconstruct an organism's model and write it with the tables that explain it."""

from typing import TYPE_CHECKING

from gemwright.config.medium import MediumOptions
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.reconstruction.defaults import chosen_ground
from gemwright.reconstruction.files import read_evidence, write_reconstruction
from gemwright.reconstruction.pipeline import reconstruct_from_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    table = read_evidence(dict(snakemake.input.items()))
    protocol = MediumOptions(**snakemake.params.medium)
    options = ReconstructionOptions(**snakemake.params.options, protocol=protocol)
    universe, media, changes = chosen_ground(organism, snakemake.input.universe, table, options)
    first = organism.id, list(table["proteome"]["protein"])
    evidence = map(table.get, ("scores", "homologues", "proteins", "gprs"))
    rest = universe, table["metabolome"], media, options, table["weights"], table["model_bounds"]
    reconstruction = reconstruct_from_tables(*first, *evidence, *rest)
    write_reconstruction(reconstruction, changes, **dict(snakemake.output.items()))
