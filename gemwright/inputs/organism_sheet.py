"""The organism sheet: which organisms are built, from which files, on which media."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gemwright.config.names import BRACES, name_problem
from gemwright.config.section import close_to
from gemwright.errors import InputError
from gemwright.inputs.biomass import check_biomass
from gemwright.inputs.genetic_codes import GENETIC_CODES
from gemwright.inputs.media import table_of
from gemwright.inputs.number_tables import read_number
from gemwright.io.user_tables import TABLE_SUFFIXES, is_table_name, read_user_table
from gemwright.sources.bigg_snapshot import UNIVERSES, read_media
from gemwright.sources.registry import PREFIX, read_registry
from gemwright.universe.kinds import KINDS

SHEET_COLUMNS = ("id",)
OPTIONAL_COLUMNS = (
    "name", "proteome", "genome", "translation_table", "metabolome", "universe", "biomass", "gam",
    "ngam", "media", "biolog", "biolog_medium", "essentiality", "essentiality_medium", "peer",
)  # fmt: skip

#: Medium of an organism whose row names none.
DEFAULT_MEDIUM = "M9"


@dataclass(frozen=True)
class Organism:
    """One row of the organism sheet.

    Attributes
    ----------
    id, name : str
        Name in file paths, and for people.
    proteome, metabolome : str
        Path or ``dataset:<name>``. The proteome is ``""`` if there is a genome; the metabolome is
        ``""`` if none was observed: then homology alone chooses the enzymes.
    universe : str
        Curated universal model, see `gemwright.sources.bigg_snapshot.UNIVERSES`; ``""`` if it is
        to be guessed from the homologues.
    media : tuple of str
        Media on which the model has to grow; the first is written into the model. Empty if they
        are to be chosen: `DEFAULT_MEDIUM`, or a richer one where nothing grows on that.
    biolog : dict of str to str
        Element (``C``, ``N``, ``P``, ``S``) to the path of its phenotype table.
    biolog_medium, essentiality_medium : str
        Base medium of the two validations.
    essentiality : str
        Path of the essentiality table, ``""`` if there is none.
    peer : str
        Identifier under which the peer's shipped results know the organism, ``""`` if none.
    genome : str
        Path or ``dataset:<name>`` of a genome, whose genes are called or read; ``""`` if there is
        a proteome.
    translation_table : int or None
        Genetic code of the genome, by NCBI's number; None if it is to be found out.
    biomass : str
        One of `gemwright.universe.kinds.KINDS` or the path of a table of one's own, see
        `gemwright.inputs.biomass`; ``""`` if it is that of the universe.
    gam, ngam : float or None
        Growth-associated maintenance (mmol ATP/gDW) and other maintenance (mmol ATP/gDW/h); None
        if they are those of the universe.
    """

    id: str
    name: str
    proteome: str
    metabolome: str
    universe: str
    media: tuple[str, ...]
    biolog: dict[str, str]
    biolog_medium: str
    essentiality: str
    essentiality_medium: str
    peer: str
    genome: str = ""
    translation_table: int | None = None
    biomass: str = ""
    gam: float | None = None
    ngam: float | None = None

    @property
    def own_biomass(self) -> str:
        """Path of a table of one's own that says what growth takes, ``""`` if there is none."""
        return "" if self.biomass in KINDS else self.biomass

    @property
    def own_files(self) -> list[str]:
        """Files of the user's own that a model is made from, and no datasets of the registry."""
        media = [*self.media, self.biolog_medium, self.essentiality_medium]
        tables = [table_of(medium)[0] for medium in media]
        return _own(self.proteome, self.metabolome, self.own_biomass, *tables)

    @property
    def genome_files(self) -> list[str]:
        """The genome, if it is a file of the user's own."""
        return _own(self.genome)

    @property
    def validation_files(self) -> list[str]:
        """Tables of the user's own that a model is compared with."""
        return _own(self.essentiality, *self.biolog.values())

    @property
    def without_validation(self) -> "Organism":
        """What a model depends on: another table to compare it with makes no other model."""
        return replace(self, biolog={}, essentiality="", peer="")


def _own(*paths: str) -> list[str]:
    return sorted({path for path in paths if path and not path.startswith(PREFIX)})


def _check_file(where: str, column: str, path: str) -> None:
    if path.startswith(PREFIX):
        name = path.removeprefix(PREFIX)
        if name not in read_registry():
            raise InputError(
                where,
                f"{column}: there is no dataset {name!r}",
                close_to(name, read_registry(), otherwise="see gemwright/resources/datasets.tsv"),
            )
        return
    if "{" in path or "}" in path:
        raise InputError(
            where, f"{column}: {path!r} {BRACES}", "rename the file or its folder without them"
        )
    # of os.path: a name that is too long for a file is no file, either
    if not os.path.isfile(path):
        what = "is a folder" if os.path.isdir(path) else "does not exist"
        cure = "paths start at the project"
        if path.startswith("~") or "$" in path:
            cure = "write the whole path: '~' and '$' are not replaced here"
        elif "\\" in path:
            cure = "write the path with '/' as this system has it; paths start at the project"
        elif "://" in path:
            cure = "nothing is fetched for the sheet: download the file and give its path"
        raise InputError(where, f"{column}: the file {path!r} {what}", cure)


def _check_sequences(where: str, row: Mapping[Any, str]) -> None:
    """Check that an organism has a proteome or a genome, and a genetic code only with that."""
    if bool(row["proteome"]) == bool(row["genome"]):
        both = bool(row["proteome"])
        raise InputError(
            where,
            f"{row['id']!r} has {'both' if both else 'neither'} a proteome"
            f" {'and' if both else 'nor'} a genome",
            "leave one of the two cells empty: their genes would have different names"
            if both
            else "give a FASTA file of proteins as 'proteome', or FASTA, GenBank or EMBL as"
            " 'genome'",
        )
    code = row["translation_table"]
    if code and code not in map(str, GENETIC_CODES):
        raise InputError(
            where,
            f"translation_table: {code!r} is no genetic code",
            f"use NCBI's number, one of {', '.join(map(str, sorted(GENETIC_CODES)))}",
        )
    if code and not row["genome"]:
        raise InputError(
            where,
            "translation_table: a proteome is translated already",
            "leave the cell empty, or give a genome",
        )


def _maintenance(text: str, where: str, column: str) -> float | None:
    """Read what growth or maintenance costs; None if the cell is empty."""
    if not text:
        return None
    value = read_number(text, where, column)
    if value < 0:
        raise InputError(where, f"{column} is {text}", "give a number that is not negative")
    return value


def read_organisms(path: str | Path) -> dict[str, Organism]:
    """Read and check the organism sheet.

    Parameters
    ----------
    path : str or Path
        Tab-separated; columns `SHEET_COLUMNS`, ``proteome`` or ``genome``, and, if wanted, the
        others of `OPTIONAL_COLUMNS`. Several media are joined by ``;``, phenotype tables are
        written ``C=path;N=path``.

    Returns
    -------
    dict of str to Organism
        In the order of the sheet.

    Raises
    ------
    InputError
        If a column is missing or unknown, an id is empty, illegal or used twice, an organism has
        no proteome and no genome or both, a file or dataset does not exist, or a universe, medium,
        biomass or genetic code is unknown, or a maintenance is no number.
    """
    sheet = read_user_table(path, SHEET_COLUMNS, what="organism sheet")
    table = sheet.frame
    allowed = (*SHEET_COLUMNS, *OPTIONAL_COLUMNS)
    unknown = [str(column) for column in table if column not in allowed]
    if unknown:
        raise InputError(
            str(path), f"unknown column {unknown[0]!r}", close_to(unknown[0], allowed, "columns")
        )
    for column in OPTIONAL_COLUMNS:
        if column not in table:
            table[column] = ""
    if table.empty:
        raise InputError(str(path), "lists no organism", "add a row")
    media = set(read_media()["medium"])
    organisms: dict[str, Organism] = {}
    for number, row in enumerate(table.to_dict("records")):
        where = sheet.where(number)
        name = row["id"]
        problem = name_problem(name, ("none",))
        if problem:
            what, _, cure = problem.partition("; ")
            raise InputError(where, f"the id {name!r} {what}", cure)
        if name in organisms:
            raise InputError(where, f"the id {name!r} is used twice", "give each its own")
        if row["universe"] and row["universe"] not in UNIVERSES:
            raise InputError(
                where,
                f"unknown universe {row['universe']!r}",
                f"use one of {', '.join(UNIVERSES)}",
            )
        items = (item.strip() for item in row["media"].split(";"))
        wanted = tuple(dict.fromkeys(filter(None, items)))
        for medium in (*wanted, row["biolog_medium"], row["essentiality_medium"]):
            table_path, _ = table_of(medium)
            if table_path:
                _check_file(where, "media", table_path)
            elif medium and medium not in media:
                raise InputError(
                    where,
                    f"unknown medium {medium!r}",
                    f"{close_to(medium, sorted(media), 'media')} (or give the path of a table of"
                    f" your own, {', '.join(TABLE_SUFFIXES[:6])}, with the medium in brackets if it"
                    " holds several)",
                )
        biolog = {}
        for item in filter(None, (part.strip() for part in row["biolog"].split(";"))):
            element, equals, source = item.partition("=")
            if element not in ("C", "N", "P", "S") or not equals:
                raise InputError(
                    where,
                    f"biolog: {item!r} is not understood",
                    "write C=path;N=path;P=path;S=path",
                )
            if element in biolog:
                raise InputError(
                    where,
                    f"biolog: {element} has two tables",
                    "lay them together, or take one out",
                )
            _check_file(where, "biolog", source)
            biolog[element] = source
        _check_sequences(where, row)
        if row["biomass"] and is_table_name(row["biomass"]):
            _check_file(where, "biomass", row["biomass"])
        check_biomass(row["biomass"], where)
        for column in ("proteome", "genome", "metabolome", "essentiality"):
            if row[column]:
                _check_file(where, column, row[column])
        organisms[name] = Organism(
            id=name,
            name=row["name"] or name,
            proteome=row["proteome"],
            metabolome=row["metabolome"],
            universe=row["universe"],
            media=wanted,
            biolog=biolog,
            biolog_medium=row["biolog_medium"] or [*wanted, DEFAULT_MEDIUM][0],
            essentiality=row["essentiality"],
            essentiality_medium=row["essentiality_medium"] or [*wanted, DEFAULT_MEDIUM][0],
            peer=row["peer"],
            genome=row["genome"],
            translation_table=int(row["translation_table"] or 0) or None,
            biomass=row["biomass"],
            gam=_maintenance(row["gam"], where, "gam"),
            ngam=_maintenance(row["ngam"], where, "ngam"),
        )
    return organisms
