"""Reconstruct an organism's model and write it with the tables that explain it."""

from typing import TYPE_CHECKING

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.reconstruction.defaults import NO_SCORES, chosen_media, chosen_universe
from gemwright.reconstruction.files import write_reconstruction
from gemwright.reconstruction.pipeline import reconstruct_from_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    table = {name: read_parquet(path) for name, path in snakemake.input.items() if path}
    options = ReconstructionOptions(**snakemake.params.options)
    universe = chosen_universe(organism, table.get("universe"))
    reconstruction = reconstruct_from_tables(
        organism.id,
        list(table["proteome"]["protein"]),
        table.get("scores", NO_SCORES),
        *map(table.get, ("homologues", "proteins", "gprs")),
        universe,
        table["metabolome"],
        chosen_media(organism, table["media"], universe, options),
        options,
    )
    write_reconstruction(reconstruction, **dict(snakemake.output.items()))
