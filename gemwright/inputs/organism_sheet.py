"""The organism sheet: which organisms are built, from which files, on which media."""

import difflib
from dataclasses import dataclass, replace
from pathlib import Path

from gemwright.config.names import BRACES, name_problem
from gemwright.errors import InputError
from gemwright.inputs.media import table_of
from gemwright.io.user_tables import TABLE_SUFFIXES, read_user_table
from gemwright.sources.bigg_snapshot import UNIVERSES, read_media
from gemwright.sources.registry import PREFIX, read_registry

SHEET_COLUMNS = ("id", "name", "proteome", "metabolome", "universe", "media")
OPTIONAL_COLUMNS = ("biolog", "biolog_medium", "essentiality", "essentiality_medium", "peer")


@dataclass(frozen=True)
class Organism:
    """One row of the organism sheet.

    Attributes
    ----------
    id, name : str
        Name in file paths, and for people.
    proteome, metabolome : str
        Path or ``dataset:<name>``.
    universe : str
        Curated universal model, see `gemwright.sources.bigg_snapshot.UNIVERSES`.
    media : tuple of str
        Media on which the model has to grow; the first is written into the model.
    biolog : dict of str to str
        Element (``C``, ``N``, ``P``, ``S``) to the path of its phenotype table.
    biolog_medium, essentiality_medium : str
        Base medium of the two validations.
    essentiality : str
        Path of the essentiality table, ``""`` if there is none.
    peer : str
        Identifier under which the peer's shipped results know the organism, ``""`` if none.
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

    @property
    def own_files(self) -> list[str]:
        """Files of the user's own that a model is made from, and no datasets of the registry."""
        media = [*self.media, self.biolog_medium, self.essentiality_medium]
        tables = [table_of(medium)[0] for medium in media]
        return _own(self.proteome, self.metabolome, *tables)

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
            close = difflib.get_close_matches(name, read_registry(), n=1)
            raise InputError(
                where,
                f"{column}: there is no dataset {name!r}",
                f"did you mean {PREFIX}{close[0]}"
                if close
                else "see gemwright/resources/datasets.tsv",
            )
        return
    if "{" in path or "}" in path:
        raise InputError(
            where, f"{column}: {path!r} {BRACES}", "rename the file or its folder without them"
        )
    if not Path(path).is_file():
        what = "is a folder" if Path(path).is_dir() else "does not exist"
        raise InputError(where, f"{column}: the file {path!r} {what}", "paths start at the project")


def read_organisms(path: str | Path) -> dict[str, Organism]:
    """Read and check the organism sheet.

    Parameters
    ----------
    path : str or Path
        Tab-separated; columns `SHEET_COLUMNS` and, if wanted, `OPTIONAL_COLUMNS`. Several media
        are joined by ``;``, phenotype tables are written ``C=path;N=path``.

    Returns
    -------
    dict of str to Organism
        In the order of the sheet.

    Raises
    ------
    InputError
        If a column is missing or unknown, an id is empty, illegal or used twice, a file or
        dataset does not exist, or a universe or medium is unknown.
    """
    sheet = read_user_table(path, SHEET_COLUMNS, what="organism sheet")
    table = sheet.frame
    allowed = (*SHEET_COLUMNS, *OPTIONAL_COLUMNS)
    unknown = [str(column) for column in table if column not in allowed]
    if unknown:
        close = difflib.get_close_matches(unknown[0], allowed, n=1)
        raise InputError(
            str(path),
            f"unknown column {unknown[0]!r}",
            f"did you mean {close[0]!r}" if close else "see config/README.md",
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
        if row["universe"] not in UNIVERSES:
            raise InputError(
                where,
                f"unknown universe {row['universe']!r}",
                f"use one of {', '.join(UNIVERSES)}",
            )
        wanted = tuple(item.strip() for item in row["media"].split(";") if item.strip())
        if not wanted:
            raise InputError(where, "no medium is given", f"use {', '.join(sorted(media))}")
        for medium in (*wanted, row["biolog_medium"], row["essentiality_medium"]):
            table_path, _ = table_of(medium)
            if table_path:
                _check_file(where, "media", table_path)
            elif medium and medium not in media:
                close = difflib.get_close_matches(medium, media, n=1)
                raise InputError(
                    where,
                    f"unknown medium {medium!r}"
                    + (f" (did you mean {close[0]!r}?)" if close else ""),
                    f"use {', '.join(sorted(media))}, or the path of a table of your own"
                    f" ({', '.join(TABLE_SUFFIXES[:6])}), with the medium in brackets if it holds"
                    " several",
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
            _check_file(where, "biolog", source)
            biolog[element] = source
        for column in ("proteome", "metabolome"):
            _check_file(where, column, row[column])
        if row["essentiality"]:
            _check_file(where, "essentiality", row["essentiality"])
        organisms[name] = Organism(
            id=name,
            name=row["name"] or name,
            proteome=row["proteome"],
            metabolome=row["metabolome"],
            universe=row["universe"],
            media=wanted,
            biolog=biolog,
            biolog_medium=row["biolog_medium"] or wanted[0],
            essentiality=row["essentiality"],
            essentiality_medium=row["essentiality_medium"] or wanted[0],
            peer=row["peer"],
        )
    return organisms
