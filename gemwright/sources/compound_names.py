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
def _names() -> dict[str, frozenset[int]]:
    """Name in small letters to the compounds with a BiGG id that have it."""
    known = _bigg_ids()
    found = defaultdict(set)
    with _connect() as base:
        for compound, name in base.execute(
            "SELECT i.compound_id, i.accession FROM compound_identifiers i JOIN registries r"
            " ON r.id = i.registry_id WHERE r.namespace IN ('synonyms', 'metacyc.compound')"
        ):
            if compound in known:
                found[name.strip().lower()].add(compound)
    return {name: frozenset(compounds) for name, compounds in found.items()}


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
    """BiGG metabolites that have a name, in small or capital letters."""
    return _joined(_names().get(name.strip().lower(), frozenset()))


def identifiers_of(metabolite: str) -> dict[str, list[str]]:
    """List identifiers of a BiGG metabolite in the other databases, by namespace, sorted."""
    found = defaultdict(list)
    with _connect() as base:
        rows = base.execute(
            "SELECT DISTINCT r.namespace, o.accession FROM compound_identifiers i"
            " JOIN registries b ON b.id = i.registry_id AND b.namespace = 'bigg.metabolite'"
            " JOIN compound_identifiers o ON o.compound_id = i.compound_id"
            " JOIN registries r ON r.id = o.registry_id WHERE i.accession = ?",
            (metabolite,),
        )
        for namespace, accession in sorted(rows):
            found[namespace].append(accession)
    return dict(found)


def _joined(compounds: "set[int] | frozenset[int]") -> frozenset[str]:
    known = _bigg_ids()
    return frozenset(name for compound in compounds for name in known.get(compound, ()))
