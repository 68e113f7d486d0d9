"""Compare the predicted with the known deletions, for all methods, seeds and folds."""

from typing import TYPE_CHECKING

from gemwright.deepgdel.dataset import read_deletion_data
from gemwright.deepgdel.evaluation import evaluate_runs
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    data = read_deletion_data(snakemake.input.data)
    folds = read_parquet(snakemake.input.folds)
    runs = zip(snakemake.params.runs, snakemake.input.scores, strict=True)
    files = [(seed, fold, path) for (seed, fold, _), path in runs]
    table = evaluate_runs(data, snakemake.wildcards.protocol, folds, files)
    write_parquet(table, snakemake.output[0])
