"""Checks of what users name: media and observed metabolomes."""

import difflib
import logging
from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.medium import exchange_of
from gemwright.gem.model import MetabolicModel
from gemwright.io.user_tables import read_delimited

logger = logging.getLogger(__name__)


def close_ids(identifier: str, known: Iterable[str]) -> str:
    """Say which known ids look like an unknown one, as the end of a sentence."""
    matches = difflib.get_close_matches(identifier, sorted(known), n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(matches)}?)" if matches else ""


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


def check_metabolome(path: str | Path, known: Collection[str]) -> pd.DataFrame:
    """Read a table of observed metabolites and check its ids.

    Parameters
    ----------
    path : str or Path
        Tab-separated, with the columns ``bigg_id`` and ``source``; ``name`` and ``evidence`` are
        kept if they are there.
    known : collection of str
        BiGG metabolite ids without compartment.

    Returns
    -------
    pandas.DataFrame
        metabolite, and the table's other columns; distinct ids in file order.

    Raises
    ------
    InputError
        If the file or its column is missing, it has no row, or an id is not one of BiGG's; the
        message names the line and similar ids.
    """
    table = read_delimited(path, ("bigg_id", "source"), what="table of observed metabolites")
    if table.empty:
        raise InputError(str(path), "has no metabolite", "list at least one BiGG id")
    valid = set(known)
    for number, identifier in enumerate(table["bigg_id"], start=2):
        if identifier in valid:
            continue
        hint = close_ids(identifier, valid)
        bare = identifier.rpartition("_")[0]
        if bare in valid:
            hint = f" (ids are without compartment: {bare})"
        raise InputError(
            f"{path}, line {number}",
            f"{identifier!r} is no BiGG metabolite{hint}",
            "use BiGG ids without compartment, such as 'glc__D'",
        )
    renamed = table.rename(columns={"bigg_id": "metabolite"})
    return renamed.drop_duplicates("metabolite", ignore_index=True)
