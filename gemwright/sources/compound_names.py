"""Cross-references and names of compounds from the package equilibrator-cache-data, offline.

Source: eQuilibrator's compound cache (MIT), an SQLite file of 41,000 compounds with 10,348 BiGG,
40,350 ChEBI, 40,256 KEGG, 51,402 MetaNetX, 18,426 ModelSEED, 7,408 MetaCyc and 5,985 HMDB ids and
270,837 names. It is only read; nothing is asked of the network.
"""

import sqlite3
from collections import defaultdict
from functools import cache

from gemwright.errors import InputError

NAMESPACES = {
    "kegg": "KEGG",
    "chebi": "ChEBI",
    "metanetx.chemical": "MetaNetX",
    "seed": "ModelSEED",
    "hmdb": "HMDB",
    "metacyc.compound": "MetaCyc",
}
# ions of media that the package lacks (ModelSEED, ChEBI, KEGG)
_LACKING = {
    "cpd00244": "ni2", "CHEBI:49786": "ni2", "C19609": "ni2", "cpd01012": "cd2",
    "cpd00028": "pheme",
}  # fmt: skip
_SHORT, _TWICE, _CLEAR = 6, 2, 3
SOURCE = "equilibrator-cache-data"


def _connect() -> sqlite3.Connection:
    from equilibrator_cache_data import MINI_COMPOUND_CACHE_PATH, is_available

    if not is_available():
        raise InputError(SOURCE, "is installed without its data", "install requirements.lock again")
    return sqlite3.connect(f"{MINI_COMPOUND_CACHE_PATH.as_uri()}?mode=ro&immutable=1", uri=True)


@cache
def _bigg_ids() -> dict[int, frozenset[str]]:
    """Compound to its BiGG metabolite ids."""
    found = defaultdict(set)
    with _connect() as base:
        for compound, accession in base.execute(
            "SELECT i.compound_id, i.accession FROM compound_identifiers i JOIN registries r"
            " ON r.id = i.registry_id WHERE r.namespace = 'bigg.metabolite'"
        ):
            found[compound].add(accession.removeprefix("M_"))
    return {compound: frozenset(ids) for compound, ids in found.items()}


@cache
def bigg_metabolites() -> frozenset[str]:
    """All BiGG metabolites that the package knows."""
    return frozenset().union(*_bigg_ids().values())


@cache
def _names() -> dict[str, dict[int, int]]:
    """Name in small letters to the compounds that have it, and how many databases call them so."""
    found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    with _connect() as base:
        for compound, name in base.execute(
            "SELECT i.compound_id, i.accession FROM compound_identifiers i JOIN registries r"
            " ON r.id = i.registry_id WHERE r.namespace IN ('synonyms', 'metacyc.compound')"
        ):
            found[name.strip().lower()][compound] += 1
    return dict(found)


def bigg_of_identifier(namespace: str, identifier: str) -> frozenset[str]:
    """BiGG metabolites of an identifier in another database.

    Parameters
    ----------
    namespace : str
        One of `NAMESPACES`.
    identifier : str
        As that database writes it, ChEBI as ``CHEBI:<number>``.

    Returns
    -------
    frozenset of str
        Metabolite ids without compartment; empty if none is known.
    """
    with _connect() as base:
        rows = base.execute(
            "SELECT i.compound_id FROM compound_identifiers i JOIN registries r"
            " ON r.id = i.registry_id WHERE i.accession = ? AND r.namespace = ?",
            (identifier, namespace),
        ).fetchall()
    if not rows and identifier in _LACKING:
        return frozenset({_LACKING[identifier]})
    return _joined({row[0] for row in rows})


def bigg_of_inchikey(key: str) -> frozenset[str]:
    """BiGG metabolites of an InChIKey, or of the same structure with other protons."""
    with _connect() as base:
        for text in (key, key[:26]):
            rows = base.execute(
                "SELECT id FROM compounds WHERE inchi_key >= ? AND inchi_key < ?",
                (text, text + "~"),
            ).fetchall()
            found = _joined({row[0] for row in rows})
            if found:
                return found
    return frozenset()


def bigg_of_name(name: str) -> frozenset[str]:
    """BiGG metabolites that have a name, in small or capital letters.

    Of several compounds the one counts that nearly all databases call so (three to one). A short
    word is a name only if two do: abbreviations of one database are other compounds in others.
    """
    counts = _names().get(name.strip().lower(), {})
    if not counts:
        return frozenset()
    most = max(counts.values())
    if len(name.strip()) <= _SHORT and most < _TWICE:
        return frozenset()
    return _joined({compound for compound, count in counts.items() if _CLEAR * count > most})


def inchi_of(namespace: str, identifier: str) -> str:
    """InChI of a compound by its identifier in another database; see `bigg_of_identifier`.

    Returns
    -------
    str
        ``""`` if it is not known, or if several structures go by that identifier.
    """
    with _connect() as base:
        rows = base.execute(
            "SELECT DISTINCT c.inchi FROM compound_identifiers i"
            " JOIN registries r ON r.id = i.registry_id JOIN compounds c ON c.id = i.compound_id"
            " WHERE i.accession = ? AND r.namespace = ? AND c.inchi IS NOT NULL",
            (identifier, namespace),
        ).fetchall()
    return str(rows[0][0]) if len(rows) == 1 else ""


def _joined(compounds: "set[int] | frozenset[int]") -> frozenset[str]:
    known = _bigg_ids()
    return frozenset(name for compound in compounds for name in known.get(compound, ()))
