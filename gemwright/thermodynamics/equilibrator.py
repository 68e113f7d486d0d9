"""Compounds and their ions in the file of equilibrator-cache-data, read offline.

eQuilibrator's API fetches a database of 1.3 GB as soon as it is asked for an id that it does not
know. Here only the package's SQLite file is read, and nothing else is ever asked.

Source: M. E. Beber et al., Nucleic Acids Res. 50 (2022) D603, doi:10.1093/nar/gkab1106.
"""

import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gemwright.errors import InputError
from gemwright.thermodynamics.transforms import Ions

CACHE = "equilibrator-cache-data"
_AT_ONCE = 500


@dataclass(frozen=True)
class Compound:
    """A compound of the cache.

    Attributes
    ----------
    number : int
        Its key in the file.
    inchi, inchikey : str
        Empty where it has no structure.
    atoms : dict of str to int
        Atoms of its major ion, electrons as ``e-``; empty if they are not known.
    groups : tuple of float
        Its groups, to which energies are trained; empty if it was not decomposed.
    ions : Ions or None
        None if they were never computed.
    """

    number: int
    inchi: str
    inchikey: str
    atoms: dict[str, int]
    groups: tuple[float, ...]
    ions: Ions | None

    @property
    def is_proton(self) -> bool:
        """Whether it is H+, which never stands in an energy: pH is inside of dG'0."""
        return self.inchi == "InChI=1S/p+1"

    @property
    def is_water(self) -> bool:
        """Whether it is water, whose activity is 1."""
        return self.inchi == "InChI=1S/H2O/h1H2"


def _connect() -> sqlite3.Connection:
    from equilibrator_cache_data import MINI_COMPOUND_CACHE_PATH, is_available

    if not is_available():
        raise InputError(CACHE, "is installed without its data", "install requirements.lock again")
    return sqlite3.connect(f"{MINI_COMPOUND_CACHE_PATH.as_uri()}?mode=ro&immutable=1", uri=True)


def _pieces(items: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(items)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


def compounds_of(namespace: str, accessions: Iterable[str]) -> dict[str, int]:
    """Compounds of ids in a database.

    Parameters
    ----------
    namespace : str
        ``bigg.metabolite``, ``kegg`` or another of the file.
    accessions : iterable of str
        Ids; those that the file lacks are left out of the answer.

    Returns
    -------
    dict of str to int
        Id to the compound's number, the least where several have the id.
    """
    found: dict[str, int] = {}
    with _connect() as base:
        for piece in _pieces(sorted(set(accessions))):
            marks = ",".join("?" * len(piece))
            rows = base.execute(
                "SELECT i.accession, MIN(i.compound_id) FROM compound_identifiers i"
                " JOIN registries r ON r.id = i.registry_id WHERE r.namespace = ?"
                f" AND i.accession IN ({marks}) GROUP BY i.accession",
                (namespace, *piece),
            )
            found.update(rows)
    return found


def compounds_of_inchikeys(keys: Iterable[str]) -> dict[str, int]:
    """Compounds of InChIKeys: the same key, the same but for protons, or of the same skeleton.

    Returns
    -------
    dict of str to int
        Key to the compound's number. Among several with the skeleton one with energies is taken,
        then the one of the least number.
    """
    wanted = sorted(set(keys))
    known: dict[str, list[tuple[str, bool, int]]] = {}
    with _connect() as base:
        for key, lacks, number in base.execute(
            "SELECT inchi_key, group_vector IS NULL, id FROM compounds WHERE inchi_key > ''"
        ):
            known.setdefault(key[:14], []).append((key.strip(), bool(lacks), number))
    found = {}
    for key in wanted:
        if close := known.get(key[:14]):
            found[key] = min(
                close, key=lambda one: (one[0] != key, one[0][:25] != key[:25], one[1], one[2])
            )[2]
    return found


def read_compounds(numbers: Iterable[int]) -> dict[int, Compound]:
    """Read compounds with their ions and groups, by number."""
    wanted = sorted(set(numbers))
    ions: dict[int, list[tuple[float, ...]]] = {}
    found = {}
    with _connect() as base:
        for piece in _pieces(wanted):
            marks = ",".join("?" * len(piece))
            for number, *ion in base.execute(
                "SELECT compound_id, charge, number_protons, number_magnesiums, ddg_over_rt"
                f" FROM compound_microspecies WHERE compound_id IN ({marks}) ORDER BY id",
                piece,
            ):
                ions.setdefault(number, []).append(tuple(ion))
            for number, inchi, key, atoms, groups in base.execute(
                "SELECT id, inchi, inchi_key, atom_bag, group_vector FROM compounds"
                f" WHERE id IN ({marks})",
                piece,
            ):
                found[number] = Compound(
                    number,
                    (inchi or "").strip(),
                    (key or "").strip(),
                    _unpickled(atoms) or {},
                    tuple(_unpickled(groups) or ()),
                    _ions(ions.get(number, [])),
                )
    return found


def _unpickled(value: bytes | None) -> Any:
    # the columns' own type in the file of a pinned package
    return None if value is None else pickle.loads(value)


def _ions(rows: Sequence[tuple[float, ...]]) -> Ions | None:
    if not rows or any(value is None for row in rows for value in row):
        return None
    return Ions(*np.array(rows, np.float64).T)
