"""The tables that models are compared with, checked before anything long has run."""

from pathlib import Path

from gemwright.inputs.organism_sheet import Organism
from gemwright.io.tables import write_parquet
from gemwright.sources.registry import resolve
from gemwright.validation.biolog import read_biolog
from gemwright.validation.essentiality import NO_GENES, read_essentiality


def prepare_validation(
    organism: Organism, phenotypes: str | Path, essentiality: str | Path
) -> None:
    """Read an organism's phenotype and essentiality tables; nothing is written if one is bad.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet.
    phenotypes, essentiality : str or Path
        Files to write: as `read_biolog` and `read_essentiality` return them, without a row where
        there is no table.

    Raises
    ------
    InputError
        If a table is not valid.
    """
    sources = read_biolog({element: resolve(path) for element, path in organism.biolog.items()})
    table = organism.essentiality
    genes = read_essentiality(resolve(table)) if table else NO_GENES
    write_parquet(sources, phenotypes)
    write_parquet(genes, essentiality)
