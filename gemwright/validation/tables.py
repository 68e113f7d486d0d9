"""The tables that models are compared with, checked before anything long has run."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from gemwright.config.inputs import InputOptions
from gemwright.inputs.checks import check_genes, translate_metabolites
from gemwright.inputs.gene_ids import read_aliases
from gemwright.inputs.organism import metabolite_names
from gemwright.inputs.organism_sheet import Organism
from gemwright.inputs.unknown_names import Translation, write_translations
from gemwright.io.tables import write_parquet
from gemwright.io.user_tables import UserTable
from gemwright.sources.bigg_snapshot import WIDEST_UNIVERSE, read_universe
from gemwright.sources.registry import resolve
from gemwright.validation.biolog import read_biolog
from gemwright.validation.essentiality import NO_GENES, read_essentiality


def prepare_validation(
    organism: Organism,
    phenotypes: str | Path,
    essentiality: str | Path,
    translated: str | Path | None = None,
    species: pd.DataFrame | None = None,
    genes: Collection[str] | None = None,
    options: InputOptions | None = None,
    called: str | Path | None = None,
) -> None:
    """Read an organism's phenotype and essentiality tables; nothing is written if one is bad.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet.
    phenotypes, essentiality : str or Path
        Files to write: as `read_biolog` and `read_essentiality` return them, without a row where
        there is no table.

    translated : str or Path, optional
        File to write: which metabolites and genes were given otherwise than by BiGG's ids and the
        proteome's, see `gemwright.inputs.unknown_names.Translation`.
    species : pandas.DataFrame, optional
        Metabolites of the universal model, as of `gemwright.inputs.organism.prepare_organism`; by
        default ids are taken as they are written.
    genes : collection of str, optional
        Ids of the proteome; by default genes are taken as they are written.
    options : InputOptions, optional
        Shares that have to be known.
    called : str or Path, optional
        Table of the genes of its genome, whose other names are known as well.

    Raises
    ------
    InputError
        If a table is not valid, or too few of its metabolites or genes are known.
    """
    options = options or InputOptions()
    told: list[Translation] = []

    def compounds(table: UserTable) -> list[str]:
        if names is None:
            return list(table.frame["bigg_id"])
        least, key = options.known_sources, "inputs.known_sources"
        return translate_metabolites(table, "bigg_id", names, least, key, told)

    def proteins(table: UserTable) -> list[str]:
        if genes is None:
            return list(table.frame["bigg_id"])
        known = frozenset(genes)
        aliases = read_aliases(called, known) if called else None
        return check_genes(table, "bigg_id", known, options.known_genes, told, aliases)

    names = None
    if species is not None and organism.biolog:
        names = metabolite_names(species, read_universe(organism.universe or WIDEST_UNIVERSE))
    sources = read_biolog(
        {element: resolve(path) for element, path in organism.biolog.items()}, compounds
    )
    table = organism.essentiality
    observed = read_essentiality(resolve(table), proteins) if table else NO_GENES
    write_parquet(sources, phenotypes)
    write_parquet(observed, essentiality)
    if translated is not None:
        write_translations(told, translated)
