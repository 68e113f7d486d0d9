"""The checked inputs of one organism: proteome, observed metabolome, media."""

from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.medium import medium_compounds
from gemwright.inputs.checks import check_medium, check_metabolome
from gemwright.inputs.organism_sheet import Organism
from gemwright.io.fasta import read_fasta
from gemwright.io.files import sha256_text
from gemwright.io.tables import write_parquet
from gemwright.io.user_tables import TABLE_SUFFIXES, read_delimited
from gemwright.sources.bigg_snapshot import read_media, read_universe
from gemwright.sources.registry import resolve


def read_medium(medium: str) -> list[str]:
    """Compounds of a medium: one of the media of the snapshot, or a table of one's own.

    Parameters
    ----------
    medium : str
        Name, or path of a table (`TABLE_SUFFIXES`) with a column ``compound`` (BiGG ids).

    Returns
    -------
    list of str
        Sorted, distinct BiGG ids.

    Raises
    ------
    InputError
        If the medium is unknown, or the table has no such column.
    """
    if medium.endswith(TABLE_SUFFIXES):
        return sorted(set(read_delimited(medium, ("compound",), what="medium")["compound"]))
    return medium_compounds(read_media(), medium)


def prepare_organism(
    organism: Organism,
    species: pd.DataFrame,
    proteome: str | Path,
    metabolome: str | Path,
    media: str | Path,
) -> None:
    """Check an organism's inputs and write them as tables; nothing is written if one is bad.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet.
    species : pandas.DataFrame
        metabolite of the universal model: the identifiers that are known.
    proteome, metabolome, media : str or Path
        Files to write: protein, enzyme (SHA-256 of the sequence), sequence; metabolite, name,
        source, evidence; medium, compound.

    Raises
    ------
    InputError
        If the FASTA file, the table of observed metabolites or a medium is not valid.
    """
    sequences = read_fasta(resolve(organism.proteome))
    known = set(species["metabolite"])
    observed = check_metabolome(resolve(organism.metabolome), known)
    for column in ("name", "evidence"):
        if column not in observed:
            observed[column] = ""
    universe = read_universe(organism.universe)
    wanted = dict.fromkeys([*organism.media, organism.biolog_medium, organism.essentiality_medium])
    rows = []
    for medium in wanted:
        compounds = read_medium(medium)
        check_medium(medium, compounds, known, universe)
        rows += [{"medium": medium, "compound": compound} for compound in compounds]
    write_parquet(
        pd.DataFrame(
            {
                "protein": list(sequences),
                "enzyme": [sha256_text(sequence) for sequence in sequences.values()],
                "sequence": list(sequences.values()),
            }
        ),
        proteome,
    )
    write_parquet(observed[["metabolite", "name", "source", "evidence"]], metabolome)
    write_parquet(pd.DataFrame(rows), media)


def media_of(table: pd.DataFrame, names: tuple[str, ...]) -> dict[str, list[str]]:
    """Compounds of some media, from the table that `prepare_organism` wrote.

    Raises
    ------
    InputError
        If a medium is not in the table.
    """
    groups = table.groupby("medium")["compound"].agg(list).to_dict()
    missing = [name for name in names if name not in groups]
    if missing:
        raise InputError("media", f"{missing[0]!r} is not among them", "prepare the organism again")
    return {name: groups[name] for name in names}
