"""Pair enzymes with their substrates, and say how many pairs each step kept."""

from typing import TYPE_CHECKING

from gemwright.config.interactions import InteractionOptions
from gemwright.emi.interactions import build_interactions, structure_coverage
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited, write_parquet
from gemwright.sources.structures import read_structures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

TABLES = ("gprs", "proteins", "stoichiometry", "species", "model_bounds")

with logged(snakemake.log[0]):
    options = InteractionOptions(**snakemake.params.options)
    tables = [read_parquet(snakemake.input[name]) for name in TABLES]
    structures = read_structures(snakemake.input.structures)
    interactions, funnel = build_interactions(*tables, structures, options)
    everything, _ = build_interactions(*tables, None, options)
    enzymes = read_parquet(snakemake.input.enzymes)
    used = enzymes[enzymes["enzyme"].isin(set(interactions["enzyme"]))]
    write_parquet(used.reset_index(drop=True), snakemake.output.enzymes)
    write_delimited(funnel, snakemake.output.funnel)
    write_delimited(structure_coverage(everything, structures), snakemake.output.coverage)
    write_parquet(interactions, snakemake.output.interactions)
