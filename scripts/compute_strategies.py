"""Compute gene deletion strategies from a model alone."""

from typing import TYPE_CHECKING

from gemwright.gem.load import read_model
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited, write_parquet
from gemwright.strain_design.strain import StrainModel, Thresholds
from gemwright.strain_design.strategies import compute_strategies

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    params = snakemake.params
    strain = StrainModel(read_model(snakemake.input.model), Thresholds(**params.thresholds))
    targets = read_parquet(snakemake.input.targets)
    strategies, summary = compute_strategies(strain, targets, params.most, params.seed)
    write_delimited(summary, snakemake.output.summary)
    write_parquet(strategies, snakemake.output.strategies)
