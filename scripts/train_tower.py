"""Train the dual tower and the stack on one split."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.config.training import TrainingOptions
from gemwright.emi.tower_run import train
from gemwright.io.logs import logged
from gemwright.run_settings import run_settings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    options = TrainingOptions(**snakemake.params.options, seed=snakemake.params.seed)
    folder = Path(snakemake.output.tower).parent
    train(snakemake.input, options, run_settings().cache, folder)
