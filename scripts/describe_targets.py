"""Flux modes and network distances of the targets, from the model alone."""

from typing import TYPE_CHECKING

from gemwright.deepgdel.dataset import read_deletion_data
from gemwright.deepgdel.features import target_features, write_target_features
from gemwright.gem.load import read_model
from gemwright.io.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    data = read_deletion_data(snakemake.input.data)
    features = target_features(read_model(snakemake.input.model), data.targets, data.genes)
    write_target_features(features, snakemake.output[0])
