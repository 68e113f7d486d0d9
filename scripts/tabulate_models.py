"""Tabulate the models' sizes and reasons, and the metabolomes that they come from."""

from itertools import product
from typing import TYPE_CHECKING

from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited
from gemwright.io.user_tables import read_delimited
from gemwright.report.model_tables import metabolome_table, peer_size, reasons_table, size_table
from gemwright.sources.structures import read_structures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    names = snakemake.params.organisms
    keys = list(product(snakemake.params.methods, names))
    metabolomes = [read_parquet(path) for path in snakemake.input.metabolomes]
    structures = read_structures(snakemake.input.structures)
    provenance = [read_parquet(path) for path in snakemake.input.provenance]
    statistics = [read_delimited(path) for path in snakemake.input.statistics]
    peers = {name: peer_size(peer) for name, peer in snakemake.params.peers.items()}
    printed = read_delimited(snakemake.input.printed, ("table", "row", "metric", "value"))
    made_by = {key: table["method"].iloc[0] for key, table in zip(keys, provenance, strict=True)}
    sizes = size_table(dict(zip(keys, statistics, strict=True)), peers, printed, made_by)
    reasons = reasons_table(dict(zip(keys, provenance, strict=True)))
    observed = metabolome_table(dict(zip(names, metabolomes, strict=True)), names, structures)
    write_delimited(observed, snakemake.output.metabolomes)
    write_delimited(reasons, snakemake.output.reasons)
    write_delimited(sizes, snakemake.output.sizes)
