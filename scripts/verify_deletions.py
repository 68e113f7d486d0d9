"""Apply the predicted strategies of all methods to the model, repair them, and judge them."""

from typing import TYPE_CHECKING

from gemwright.deepgdel.dataset import read_deletion_data
from gemwright.deepgdel.verification import held_out_predictions, verify_methods
from gemwright.gem.load import read_model
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited, write_parquet
from gemwright.strain_design.strain import StrainModel, Thresholds

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, params = snakemake.input, snakemake.params
    data = read_deletion_data(files.data)
    runs = zip(params.runs, files.scores, strict=True)
    held_out = held_out_predictions(
        data, read_parquet(files.folds), [(seed, fold, path) for (seed, fold, _), path in runs]
    )
    strain = StrainModel(read_model(files.model), Thresholds(**params.thresholds))
    verified, seconds = verify_methods(strain, data, held_out, params.most, params.seed)
    write_delimited(seconds, snakemake.output.seconds)
    write_parquet(verified, snakemake.output.strategies)
