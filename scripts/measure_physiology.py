"""Measure how an organism's models grow, breathe and what they give off."""

from typing import TYPE_CHECKING

from gemwright.config.medium import MediumOptions
from gemwright.gem.load import read_model
from gemwright.gem.parsimony import confidence_costs
from gemwright.inputs.organism import default_media, media_of
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.physiology.files import Measured, write_measured
from gemwright.physiology.measure import measure_physiology
from gemwright.validation.peer import peer_model

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    organism = read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism]
    given, protocol = snakemake.input, MediumOptions(**snakemake.params.medium)
    media = media_of(read_parquet(given.media), organism.media or default_media())
    costs = map(confidence_costs, map(read_parquet, given.provenance))
    ours = zip(snakemake.params.methods, map(read_model, given.models), costs, strict=True)
    peer = [("carveme", peer_model(organism.peer), None)] if organism.peer else []
    found = {
        method: Measured(model, measure_physiology(model, media, protocol, cost, organism.name))
        for method, model, cost in [*ours, *peer]
    }
    write_measured(found, **dict(snakemake.output.items()))
