"""Predict the held-out strategies of one fold by the controls and the closed-form methods."""

from typing import TYPE_CHECKING

from gemwright.deepgdel.dataset import read_deletion_data
from gemwright.deepgdel.features import read_target_features
from gemwright.deepgdel.folds import read_fold
from gemwright.deepgdel.methods import predict_methods
from gemwright.deepgdel.predictions import write_predictions
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, cards = snakemake.input, snakemake.wildcards
    data = read_deletion_data(files.data)
    features = read_target_features(files.features)
    fold = read_fold(read_parquet(files.folds), data, int(cards.seed), int(cards.fold))
    methods = snakemake.params.methods
    scores = predict_methods(data, features, fold.train, fold.test, int(cards.seed), methods)
    targets = [data.targets[row] for row in fold.test]
    write_predictions(snakemake.output.scores, scores, targets, data.genes)
