"""Tell which nutrients an organism's model cannot do without, and the steps that are missing."""

from typing import TYPE_CHECKING

from gemwright.config.medium import MediumOptions
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.gem.load import read_model
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited
from gemwright.reconstruction.auxotrophies import find_auxotrophies
from gemwright.reconstruction.defaults import chosen_ground

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    given, protocol = snakemake.input, MediumOptions(**snakemake.params.medium)
    options = ReconstructionOptions(**snakemake.params.options, protocol=protocol)
    tables = {name: read_parquet(given[name]) for name in ("media", "biomass")}
    universe, media, _ = chosen_ground(organism, given.universe, tables, options)
    model, provenance = read_model(given.model), read_parquet(given.provenance)
    table = find_auxotrophies(model, provenance, universe, next(iter(media.values())), options)
    table.insert(0, "organism", organism.id)
    write_delimited(table, snakemake.output[0])
