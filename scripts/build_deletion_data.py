"""Make the data that deletion predictors learn from."""

from pathlib import Path
from typing import TYPE_CHECKING

from gemwright.deepgdel.computed_data import data_of_strategies
from gemwright.deepgdel.dataset import from_tables, write_deletion_data
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.sources.structures import read_structures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, model = snakemake.input, snakemake.wildcards.gem
    if files.get("authors"):
        names = ("labels", "sequences", "targets")
        tables = [read_parquet(Path(files.authors) / f"{name}.parquet") for name in names]
        data = from_tables(model, *tables)
    else:
        if files.get("proteome"):
            sequences = read_parquet(files.proteome).rename(columns={"protein": "gene"})
        else:
            sequences = read_parquet(files.proteins).merge(read_parquet(files.enzymes))
        structures = read_structures(files.structures)
        strategies = read_parquet(files.strategies)
        data = data_of_strategies(model, strategies, structures, sequences)
    write_deletion_data(data, snakemake.output.data)
