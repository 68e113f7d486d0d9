"""Measure how a model grows, breathes and what it gives off, with oxygen and without."""

from typing import TYPE_CHECKING

from gemwright.config.medium import MediumOptions
from gemwright.gem.load import read_model
from gemwright.gem.parsimony import confidence_costs
from gemwright.inputs.organism import default_media, media_of
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.physiology.files import write_measured
from gemwright.physiology.measure import measure_physiology
from gemwright.validation.peer import peer_model

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    given, protocol = snakemake.input, MediumOptions(**snakemake.params.medium)
    model = read_model(given.model) if given.model else peer_model(organism.peer)
    media = media_of(read_parquet(given.media), organism.media or default_media())
    costs = confidence_costs(read_parquet(given.provenance)) if given.provenance else None
    found = measure_physiology(model, media, protocol, costs, organism.name)
    write_measured(model, found, **dict(snakemake.output.items()))
