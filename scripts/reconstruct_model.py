"""Reconstruct an organism's model and write it with the tables that explain it."""

from typing import TYPE_CHECKING

from gemwright.config.medium import MediumOptions
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.reconstruction.defaults import NO_SCORES, chosen_ground
from gemwright.reconstruction.files import write_reconstruction
from gemwright.reconstruction.pipeline import reconstruct_from_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    table = NO_SCORES | {name: read_parquet(path) for name, path in snakemake.input.items() if path}
    protocol = MediumOptions(**snakemake.params.medium)
    options = ReconstructionOptions(**snakemake.params.options, protocol=protocol)
    universe, media = chosen_ground(organism, table, options)
    reconstruction = reconstruct_from_tables(
        organism.id,
        list(table["proteome"]["protein"]),
        *map(table.get, ("scores", "homologues", "proteins", "gprs")),
        universe,
        table["metabolome"],
        media,
        options,
    )
    write_reconstruction(reconstruction, **dict(snakemake.output.items()))
