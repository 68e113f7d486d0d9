"""Measure a trained tower and the controls on the test part of its split."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.emi.inputs import read_emi_data
from gemwright.emi.prediction import read_model
from gemwright.emi.stages import evaluate_model
from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    model = read_model(Path(snakemake.input.tower).parent)
    data = read_emi_data(snakemake.input)
    metrics = evaluate_model(model, data, snakemake.wildcards.split, snakemake.params.seed)
    write_parquet(metrics, snakemake.output.metrics)
