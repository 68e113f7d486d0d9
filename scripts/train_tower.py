"""Train the dual tower and the stack on one split."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.emi.inputs import checkpoints, model_options, read_emi_data
from gemwright.emi.stages import train_model
from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited
from gemwright.run_settings import run_settings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    options = model_options(snakemake.params.options, snakemake.params.seed)
    data = read_emi_data(snakemake.input)
    with checkpoints(run_settings().cache, snakemake.input, options) as folder:
        model, history = train_model(data, options, folder)
        write_delimited(history, snakemake.output.history)
        model.write(Path(snakemake.output.tower).parent)
