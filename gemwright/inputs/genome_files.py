"""The files of the step that makes a proteome of a genome."""

from pathlib import Path

import pandas as pd

from gemwright.inputs.called_genes import genes_table, proteins_of
from gemwright.inputs.genome import read_genome
from gemwright.inputs.organism_sheet import Organism
from gemwright.io.tables import write_delimited, write_parquet
from gemwright.sources.registry import resolve


def prepare_genome(organism: Organism, proteome: str | Path, genes: str | Path) -> None:
    """Call or read the genes of an organism's genome and write them; nothing if it is bad.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet, with a genome.
    proteome, genes : str or Path
        Files to write: protein, sequence (Parquet); `called_genes.GENE_COLUMNS` (CSV), the genes
        without a protein included.

    Raises
    ------
    InputError
        If the genome cannot be read or has no gene.
    """
    path = resolve(organism.genome)
    called = read_genome(path, organism.translation_table)
    proteins = proteins_of(called, str(path))
    write_delimited(genes_table(called), genes)
    write_parquet(
        pd.DataFrame({"protein": list(proteins), "sequence": list(proteins.values())}, dtype=str),
        proteome,
    )
