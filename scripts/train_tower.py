"""Train the dual tower and the stack on one split."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.emi.inputs import model_options, read_emi_data
from gemwright.emi.stages import train_model
from gemwright.io.logs import logged
from gemwright.io.tables import write_delimited

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    options = model_options(snakemake.params.options, snakemake.params.seed, snakemake.threads)
    data = read_emi_data(snakemake.input)
    model, history = train_model(data, options, snakemake.params.checkpoints)
    write_delimited(history, snakemake.output.history)
    model.write(Path(snakemake.output.tower).parent)
