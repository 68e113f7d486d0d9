"""Fit a predictor on one split."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.emi.data import read_emi_data
from gemwright.io.logs import logged
from gemwright.io.plugins import make

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    predictor = make(*snakemake.params.predictor)
    predictor.fit(read_emi_data(snakemake.input).without_test())
    folder = Path(snakemake.output[0])
    folder.mkdir(exist_ok=True)
    predictor.save(folder)
