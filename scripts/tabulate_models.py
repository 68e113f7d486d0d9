"""Tabulate the models' sizes and reasons, and the metabolomes that they come from."""

from itertools import product
from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited
from gemwright.io.user_tables import read_delimited
from gemwright.report import model_tables as tables
from gemwright.sources.structures import read_structures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    given, output, names = snakemake.input, snakemake.output, snakemake.params.organisms
    keys = list(product(snakemake.params.methods, names))
    metabolomes = dict(zip(names, map(read_parquet, given.metabolomes), strict=True))
    structures = read_structures(given.structures)
    provenance = dict(zip(keys, map(read_parquet, given.provenance), strict=True))
    statistics = dict(zip(keys, map(read_delimited, given.statistics), strict=True))
    made_by = {key: table["method"].iloc[0] for key, table in provenance.items()}
    peers = {name: tables.peer_size(peer) for name, peer in snakemake.params.peers.items()}
    printed = read_delimited(given.printed, ("table", "row", "metric", "value"))
    write_delimited(tables.models_table(statistics, made_by), output.models)
    write_delimited(tables.size_table(statistics, peers, printed, made_by), output.sizes)
    write_delimited(tables.reasons_table(provenance), output.reasons)
    observed = tables.metabolome_table(metabolomes, names, structures)
    write_delimited(observed, output.metabolomes)
