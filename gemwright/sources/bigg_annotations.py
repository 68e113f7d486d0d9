"""Annotations of BiGG's reactions, metabolites and genes: identifiers in other databases."""

import re
from collections import Counter
from collections.abc import Mapping

from gemwright.errors import InputError
from gemwright.sources.bigg_raw import LAYOUT_CURE

IDENTIFIERS_ORG = "identifiers.org/"
_CHEBI = re.compile(r"(?:chebi:)*(\d+)", re.IGNORECASE)
_RHEA = re.compile(r"(?:rhea:)?(\d+)(?:#\d+)?", re.IGNORECASE)
# labels of the old list layout, and of SBML, under the name that BiGG's JSON uses
_NAMESPACES = {
    "CHEBI": "chebi",
    "RHEA": "rhea",
    "EC Number": "ec-code",
    "BioCyc": "biocyc",
    "KEGG Compound": "kegg.compound",
    "KEGG Reaction": "kegg.reaction",
    "MetaNetX (MNX) Chemical": "metanetx.chemical",
    "MetaNetX (MNX) Equation": "metanetx.reaction",
    "SEED Compound": "seed.compound",
    "InChI Key": "inchi_key",
    "inchikey": "inchi_key",
}


def _identifier(namespace: str, text: str, counts: Counter[str]) -> str | None:
    if namespace == "chebi":
        found = _CHEBI.fullmatch(text)
        if found is None:
            counts["unreadable"] += 1
            return None
        counts["chebi_prefix"] += text != f"CHEBI:{found[1]}"
        return f"CHEBI:{found[1]}"
    if namespace == "rhea":
        found = _RHEA.fullmatch(text)
        if found is None:
            counts["unreadable"] += 1
            return None
        counts["rhea_variant"] += "#" in text
        return found[1]
    return text.removeprefix("gi:") if namespace == "ncbigi" else text


def _resolve(label: str, text: str) -> tuple[str, str]:
    """Namespace and identifier of an entry, which may be an address at identifiers.org."""
    if IDENTIFIERS_ORG in text:
        rest = text.split(IDENTIFIERS_ORG, 1)[1]
        namespace, slash, identifier = rest.partition("/")
        if slash:
            return _NAMESPACES.get(namespace, namespace), identifier
        # the compact form, CHEBI:15377
        prefix, colon, identifier = rest.partition(":")
        if colon:
            return _NAMESPACES.get(prefix.lower(), prefix.lower()), identifier
    return _NAMESPACES.get(label, label), text


def annotation_pairs(
    annotation: object, where: str = "annotation", counts: Counter[str] | None = None
) -> list[tuple[str, str]]:
    """Bring the annotation of a reaction, metabolite or gene into pairs, whatever its layout.

    Parameters
    ----------
    annotation : object
        A mapping of namespace to an identifier or a list of them; the old layout, a list of
        pairs of a label and an identifier or an address at identifiers.org; or None.
    where : str
        For the message of an error.
    counts : Counter, optional
        Is added to: ``blank`` (empty identifiers), ``unreadable`` (ChEBI or Rhea identifiers
        that are no number), ``chebi_prefix`` (written other than ``CHEBI:<number>``),
        ``rhea_variant`` (``<number>#<variant>``), ``repeated``.

    Returns
    -------
    list of (str, str)
        Namespace and identifier, no pair twice; ChEBI as ``CHEBI:<number>``, Rhea as digits.

    Raises
    ------
    InputError
        If the annotation has another layout.
    """
    counts = Counter() if counts is None else counts
    entries: list[tuple[object, object]] = []
    if isinstance(annotation, Mapping):
        entries = list(annotation.items())
    elif isinstance(annotation, list | tuple) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 for pair in annotation
    ):
        entries = [(pair[0], pair[1]) for pair in annotation]
    elif annotation is not None:
        raise InputError(
            where, f"the annotation {annotation!r:.60} has no known layout", LAYOUT_CURE
        )
    pairs: dict[tuple[str, str], None] = {}
    for label, value in entries:
        for item in value if isinstance(value, list | tuple) else [value]:
            if (
                not isinstance(label, str)
                or isinstance(item, bool)
                or not isinstance(item, str | int | None)
            ):
                raise InputError(
                    where, f"the annotation {label!r}: {item!r:.60} is no identifier", LAYOUT_CURE
                )
            namespace, text = _resolve(label, "" if item is None else str(item).strip())
            if not text:
                counts["blank"] += 1
                continue
            identifier = _identifier(namespace, text, counts)
            if identifier is None:
                continue
            counts["repeated"] += (namespace, identifier) in pairs
            pairs[namespace, identifier] = None
    return list(pairs)
