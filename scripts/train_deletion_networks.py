"""Train DeepGDel, its ablations and the network controls on one fold, and predict its targets."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.config.deletion_networks import NetworkOptions
from gemwright.deepgdel.dataset import read_deletion_data
from gemwright.deepgdel.folds import read_fold
from gemwright.deepgdel.network_runs import run_networks
from gemwright.deepgdel.predictions import write_predictions
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.run_settings import run_settings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, cards, params = snakemake.input, snakemake.wildcards, snakemake.params
    data = read_deletion_data(files.data)
    seed, number = int(cards.seed), int(cards.fold)
    fold = read_fold(read_parquet(files.folds), data, seed, number)
    folder = Path(run_settings().cache) / "deletion_networks"
    options = NetworkOptions(**params.options)
    scores, histories = run_networks(data, fold, params.networks, options, seed, folder)
    targets = [data.targets[row] for row in fold.test]
    write_parquet(histories, snakemake.output.history)
    write_predictions(snakemake.output.scores, scores, targets, data.genes)
