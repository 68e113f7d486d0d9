"""What SBML tells of an item beside its numbers: its name, and ids of other databases."""

import re
from collections.abc import Mapping
from typing import Any

from gemwright.gem.model import ALL_SPECIES_NAMESPACES, REACTION_NAMESPACES
from gemwright.gem.species import has_bigg_id

_SPACES = re.compile(r"[\t\r\n]")
#: Namespace of metabolites of BiGG.
BIGG = "bigg.metabolite"


def one_line(text: str) -> str:
    """Text without line ends and tabs, which XML does not keep in attributes."""
    return _SPACES.sub(" ", text)


def species_annotations(row: Mapping[Any, Any]) -> dict[str, list[str]]:
    """Ids of a species by namespace of identifiers.org, BiGG's first.

    Parameters
    ----------
    row : mapping
        A row of `MetabolicModel.species`. One without an entry ``bigg`` is BiGG's if it is called
        as those are.
    """
    bigg = _entries(row.get("bigg"))
    if not bigg and has_bigg_id(row["species"]):
        bigg = [row["metabolite"]]
    return {BIGG: bigg} | _by_namespace(row, dict(sorted(ALL_SPECIES_NAMESPACES.items())))


def reaction_annotations(row: Mapping[Any, Any]) -> dict[str, list[str]]:
    """Ids of a reaction, a row of `MetabolicModel.reactions`, by namespace of identifiers.org."""
    return _by_namespace(row, REACTION_NAMESPACES)


def _by_namespace(row: Mapping[Any, Any], namespaces: Mapping[str, str]) -> dict[str, list[str]]:
    return {namespace: _entries(row.get(column)) for column, namespace in namespaces.items()}


def _entries(cell: object) -> list[str]:
    return [entry for entry in str(cell or "").split(";") if entry]
