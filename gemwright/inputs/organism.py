"""The checked inputs of one organism: proteome, observed metabolome, media."""

import logging
from pathlib import Path

import pandas as pd

from gemwright.config.inputs import InputOptions
from gemwright.errors import InputError
from gemwright.gem.medium import Medium, exchange_of
from gemwright.gem.model import MetabolicModel
from gemwright.inputs.biomass import read_biomass
from gemwright.inputs.checks import check_medium, check_metabolome, translate_metabolites
from gemwright.inputs.media import media_table, read_medium
from gemwright.inputs.metabolite_ids import MetaboliteNames, join_species
from gemwright.inputs.organism_sheet import DEFAULT_MEDIUM, Organism
from gemwright.inputs.unknown_names import Translation, write_translations
from gemwright.io.fasta import read_fasta
from gemwright.io.files import sha256_text
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.io.user_tables import UserTable
from gemwright.sources.bigg_snapshot import WIDEST_UNIVERSE, read_media, read_universe
from gemwright.sources.registry import resolve

logger = logging.getLogger(__name__)


def prepare_organism(
    organism: Organism,
    species: pd.DataFrame,
    proteome: str | Path,
    metabolome: str | Path,
    media: str | Path,
    translated: str | Path | None = None,
    options: InputOptions | None = None,
    called: str | Path | None = None,
    biomass: str | Path | None = None,
) -> None:
    """Check an organism's inputs and write them as tables; nothing is written if one is bad.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet.
    species : pandas.DataFrame
        metabolite of the universal model: the identifiers that are known; how else they are called
        (name, inchikey, chebi, metanetx), if that is there.
    proteome, metabolome, media : str or Path
        Files to write: protein, enzyme (SHA-256 of the sequence), sequence; metabolite, name,
        source, evidence (no row without a metabolome); medium, compound and, if a medium gives
        limits, uptake (mmol/gDW/h).
    translated : str or Path, optional
        File to write: which metabolites were given otherwise than by BiGG's ids, see
        `gemwright.inputs.unknown_names.Translation`.
    options : InputOptions, optional
        Shares that have to be known.
    called : str or Path, optional
        Table of the proteins of its genome: protein, sequence.
    biomass : str or Path, optional
        File to write: species and coefficient of its own growth reaction, no row without one.

    Raises
    ------
    InputError
        If the FASTA file, the table of observed metabolites, of biomass or a medium is not valid.
    """
    options = options or InputOptions()
    sequences = _sequences(organism, called)
    universe = read_universe(organism.universe or WIDEST_UNIVERSE)
    names = metabolite_names(species, universe)
    told: list[Translation] = []
    least = options.known_metabolites
    observed = pd.DataFrame(columns=["metabolite", "name", "source", "evidence"], dtype=str)
    if organism.metabolome:
        observed = check_metabolome(resolve(organism.metabolome), names, least, told)
    else:
        logger.info("%s: no metabolome: homology alone chooses the enzymes", organism.id)
    for column in ("name", "evidence"):
        if column not in observed:
            observed[column] = ""
    chosen = organism.media or default_media()
    wanted = dict.fromkeys([*chosen, organism.biolog_medium, organism.essentiality_medium])
    key = "inputs.known_metabolites"

    def translate(table: UserTable) -> list[str]:
        return translate_metabolites(table, "compound", names, least, key, told)

    compounds = {medium: read_medium(medium, translate) for medium in wanted}
    for medium, members in compounds.items():
        check_medium(medium, members, names.known, universe)
    own: dict[str, float] = {}
    if organism.own_biomass:
        inside = {*universe.species["species"], *species.get("species", ())}
        own = read_biomass(organism.own_biomass, inside, least)
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
    write_parquet(media_table(compounds), media)
    if biomass is not None:
        coefficients = pd.Series(own, dtype=float).rename_axis("species").rename("coefficient")
        write_parquet(coefficients.reset_index().astype({"species": str}), biomass)
    if translated is not None:
        write_translations(told, translated)


def _sequences(organism: Organism, called: str | Path | None) -> dict[str, str]:
    """Protein to sequence, of the proteome or of the genome."""
    if not organism.genome:
        return read_fasta(resolve(organism.proteome))
    if called is None:
        raise InputError(organism.id, "the genes of its genome are not called", "call them first")
    return dict(read_parquet(called, ["protein", "sequence"]).itertuples(index=False))


def default_media() -> tuple[str, ...]:
    """Media of an organism whose row names none: the default, and the richest of the snapshot."""
    sizes = read_media().groupby("medium")["compound"].nunique()
    return DEFAULT_MEDIUM, str(sizes.sort_index().idxmax())


def metabolite_names(species: pd.DataFrame, universe: MetabolicModel) -> MetaboliteNames:
    """Lay together how the snapshot and a universe call metabolites.

    Parameters
    ----------
    species : pandas.DataFrame
        As of `prepare_organism`.
    universe : MetabolicModel
        Its metabolites are meant where a compound has several.
    """
    ours = universe.species[universe.species["metabolite"].isin(species["metabolite"])]
    reactions = set(universe.reactions["reaction"])
    inside = frozenset(ours["metabolite"])
    exchanged = frozenset(name for name in inside if exchange_of(name) in reactions)
    return MetaboliteNames(join_species([species, ours]), (exchanged, inside))


def media_of(table: pd.DataFrame, names: tuple[str, ...]) -> dict[str, Medium]:
    """Pick some media from the table that `prepare_organism` wrote.

    Parameters
    ----------
    table : pandas.DataFrame
        As of `media_table`.
    names : tuple of str
        The media.

    Returns
    -------
    dict of str to list of str or to dict of str to float
        As of `read_medium`.

    Raises
    ------
    InputError
        If a medium is not in the table.
    """
    groups = dict(tuple(table.groupby("medium")))
    missing = [name for name in names if name not in groups]
    if missing:
        raise InputError("media", f"{missing[0]!r} is not among them", "prepare the organism again")
    return {name: _medium(groups[name]) for name in names}


def _medium(rows: pd.DataFrame) -> Medium:
    if "uptake" in rows and rows["uptake"].notna().any():
        return dict(zip(rows["compound"], rows["uptake"], strict=True))
    return list(rows["compound"])
