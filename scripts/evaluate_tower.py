"""Measure all predictors on the test part of a split."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.emi.data import read_emi_data
from gemwright.emi.evaluation import evaluate
from gemwright.emi.models.predictor import read_predictor
from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    folders = {Path(path).name: path for path in snakemake.input.fitted}
    predictors = {
        name: read_predictor(*place, folders.get(name, snakemake.input.tower))
        for name, place in snakemake.params.predictors.items()
    }
    data = read_emi_data(snakemake.input)
    metrics = evaluate(predictors, data, snakemake.wildcards.split, snakemake.params.seed)
    write_parquet(metrics, snakemake.output.metrics)
