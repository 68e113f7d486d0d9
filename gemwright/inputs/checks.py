"""Checks of what users name: media, metabolites and genes."""

import difflib
import logging
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.medium import exchange_of
from gemwright.gem.model import MetabolicModel
from gemwright.inputs.gene_ids import Alias, match_names
from gemwright.inputs.metabolite_ids import ACCEPTED, BIGG, Found, MetaboliteNames
from gemwright.inputs.unknown_names import HINTED, Translation, Unknown, check_share
from gemwright.io.user_tables import UserTable, note_unused_columns, read_user_table

logger = logging.getLogger(__name__)

# shares of letters in common: one of four in a short id, and of a name nearly all
ALIKE_IDS, ALIKE_NAMES = 0.75, 0.8
OBSERVED = ("bigg_id", "source", "name", "evidence")
# 2-Sep, Sep-02, 2026-09-02, 1.2E+05: what Excel makes of names of genes and metabolites
EXCEL_MADE = re.compile(
    r"\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2}|\d{4}-\d\d-\d\d.*|\d([.,]\d+)?E\+\d+"
)


def close_ids(identifier: str, known: Iterable[str]) -> str:
    """Say which known ids look like an unknown one, as the end of a sentence."""
    return did_you_mean(alike(identifier, known))


def alike(text: str, known: Iterable[str], least: float = ALIKE_IDS) -> list[str]:
    """Names that look like a text, three at most: `least` is `difflib`'s ratio."""
    return difflib.get_close_matches(text, sorted(known), n=3, cutoff=least)


def did_you_mean(names: Iterable[str]) -> str:
    """Suggest names, as the end of a sentence; nothing if there are none."""
    told = " or ".join(names)
    return f" (did you mean {told}?)" if told else ""


def check_medium(
    medium: str, compounds: Collection[str], known: Collection[str], universe: MetabolicModel
) -> list[str]:
    """Check a medium's compounds and return those that the universe can take up.

    Parameters
    ----------
    medium : str
        Its name, for messages.
    compounds : collection of str
        BiGG metabolite ids without compartment.
    known : collection of str
        All BiGG metabolite ids.
    universe : MetabolicModel
        The curated universe; compounds of BiGG that it does not exchange are logged.

    Returns
    -------
    list of str
        Sorted compounds with an exchange reaction in the universe.

    Raises
    ------
    InputError
        If the medium is empty or a compound is no BiGG id.
    """
    where = f"medium {medium!r}"
    if not compounds:
        raise InputError(where, "has no compound", "list its compounds as BiGG ids")
    valid = set(known) | set(universe.species["metabolite"])
    unknown = sorted(set(compounds) - valid)
    if unknown:
        named = "; ".join(f"{name!r}{close_ids(name, valid)}" for name in unknown)
        raise InputError(where, f"unknown compound(s): {named}", "use BiGG ids without compartment")
    exchanges = set(universe.reactions["reaction"])
    usable = sorted(name for name in set(compounds) if exchange_of(name) in exchanges)
    closed = sorted(set(compounds) - set(usable))
    if closed:
        logger.warning("%s: the universe does not exchange %s", where, ", ".join(closed))
    return usable


def translate_metabolites(
    table: UserTable,
    column: str,
    names: MetaboliteNames,
    least: float,
    key: str,
    translated: list[Translation] | None = None,
) -> list[str]:
    """Translate the metabolites in a column of a user's table into BiGG's ids.

    Parameters
    ----------
    table : UserTable
        The table.
    column : str
        The column.
    names : MetaboliteNames
        What is known.
    least : float
        Share of the filled cells that have to be known.
    key : str
        Key of the configuration that sets `least`.
    translated : list of Translation, optional
        Is added to: cells that were no BiGG ids.

    Returns
    -------
    list of str
        BiGG metabolite ids without compartment, ``""`` where none is known.

    Raises
    ------
    InputError
        If too few are known, with all that are not, their lines, and what may be meant.
    """
    found: list[str] = []
    unknown: list[Unknown] = []
    example = ""
    for row, text in enumerate(table.frame[column]):
        meant = names.find(text) if text else Found(())
        if len(meant.metabolites) == 1:
            found.append(meant.metabolites[0])
            example = example or text
            if translated is not None and meant.kind != BIGG:
                where = table.path, table.places[row]
                translated.append(
                    Translation(*where, text, meant.kind, meant.metabolites[0], meant.source)
                )
            continue
        found.append("")
        hint = _hint(text, meant, names) if len(unknown) < HINTED else ""
        unknown.append(Unknown(row, text, hint))
    check_share(table, unknown, least, "known metabolites", example or "glc__D", ACCEPTED, key)
    return found


def _hint(text: str, meant: Found, names: MetaboliteNames) -> str:
    if not text:
        return " (the cell is empty)"
    if meant.metabolites:
        return f" (it may be {' or '.join(meant.metabolites[:5])})"
    if EXCEL_MADE.fullmatch(text):
        return " (Excel may have made this of a name)"
    suggested = names.suggestions(text)
    if suggested:
        return f" (did you mean CHEBI:{text}, {' or '.join(suggested)}?)"
    near = [*alike(text, names.known), *alike(text.lower(), names.all_names, ALIKE_NAMES)]
    return did_you_mean(dict.fromkeys(near))


def check_metabolome(
    path: str | Path,
    known: Collection[str] | MetaboliteNames,
    least: float = 1.0,
    translated: list[Translation] | None = None,
) -> pd.DataFrame:
    """Read a table of observed metabolites and translate its ids.

    Parameters
    ----------
    path : str or Path
        A table with the columns ``bigg_id`` and ``source``; ``name`` and ``evidence`` are kept if
        they are there.
    known : collection of str, or MetaboliteNames
        BiGG metabolite ids without compartment, or these and how else they are called.
    least : float
        Share of the rows that have to be known; the others are left out with a warning.
    translated : list of Translation, optional
        Is added to: ids that were not BiGG's.

    Returns
    -------
    pandas.DataFrame
        metabolite, and the table's other columns; distinct ids in file order.

    Raises
    ------
    InputError
        If the file or its column is missing, it has no row, or too few ids are known; the message
        names all of them with their lines.
    """
    table = read_user_table(path, ("bigg_id", "source"), what="table of observed metabolites")
    if table.frame.empty:
        raise InputError(str(path), "has no metabolite", "list at least one BiGG id")
    note_unused_columns(table, OBSERVED, "table of observed metabolites")
    names = known if isinstance(known, MetaboliteNames) else MetaboliteNames.of_ids(known)
    key = "inputs.known_metabolites"
    found = translate_metabolites(table, "bigg_id", names, least, key, translated)
    renamed = table.frame.rename(columns={"bigg_id": "metabolite"})
    renamed["metabolite"] = found
    kept = renamed[renamed["metabolite"] != ""]
    return kept.drop_duplicates("metabolite", ignore_index=True)


def check_genes(
    table: UserTable,
    column: str,
    known: Collection[str],
    least: float,
    translated: list[Translation] | None = None,
    aliases: Mapping[str, Alias] | None = None,
    needed: float | None = None,
) -> list[str]:
    """Match the genes in a column of a user's table with the proteome's.

    Parameters
    ----------
    table : UserTable
        The table.
    column : str
        The column.
    known : collection of str
        Ids of the proteome.
    least : float
        Share of the genes that have to be known; below it, another style is tried.
    translated : list of Translation, optional
        Is added to: genes in another style, and under another name.
    aliases : mapping of str to Alias, optional
        Other names of the genes, see `gemwright.inputs.gene_ids.read_aliases`.
    needed : float, optional
        Share that has to be known after that, if it is another than `least`.

    Returns
    -------
    list of str
        Ids of the proteome; those that are not known as they are written.

    Raises
    ------
    InputError
        If too few are known, with an id of each side and all that are not known.
    """
    given = list(table.frame[column])
    found, style = match_names([name for name in given if name], known, least, aliases or {})
    matches = {name: alias.gene for name, alias in found.items()}
    if style:
        sample = next(name for name in matches if name != matches[name])
        logger.warning(
            "%s: genes are written in another style than in the proteome (%r for %r): %d matched",
            *(table.path, sample, matches[sample], len(matches)),
        )
    kinds = [alias.kind for alias in found.values() if alias.kind]
    for kind in dict.fromkeys(kinds):
        logger.warning("%s: %d genes are called by their %s", table.path, kinds.count(kind), kind)
    if translated is not None:
        spelt = f"gene in another style ({', '.join(style)})"
        translated.extend(
            Translation(
                *(table.path, place, name, found[name].kind or spelt, matches[name]),
                "annotation" if found[name].kind else "proteome",
            )
            for place, name in zip(table.places, given, strict=True)
            if matches.get(name, name) != name
        )
    missing = [row for row, name in enumerate(given) if name and name not in matches]
    unknown = [
        Unknown(row, given[row], _gene_hint(given[row], known) if number < HINTED else "")
        for number, row in enumerate(missing)
    ]
    example = min(known, default="")
    check_share(
        table,
        unknown,
        least if needed is None else needed,
        f"genes of the proteome, which has ids such as {example!r}",
        "",
        "write genes as the headers of the FASTA file do",
        "inputs.known_genes",
    )
    return [matches.get(name, name) for name in given]


def _gene_hint(name: str, known: Collection[str]) -> str:
    if EXCEL_MADE.fullmatch(name):
        return " (Excel may have made this of a name)"
    near = [other for other in known if other.casefold() == name.casefold()]
    return f" (did you mean {near[0]}?)" if near else ""
