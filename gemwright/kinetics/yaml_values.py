"""Values of documents by SKiMpy, each checked for its kind; an `InputError` names what is not."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gemwright.errors import InputError


def section(document: Mapping[str, Any], key: str, source: str) -> dict[str, Any]:
    """Read a section of a document: entries by their names."""
    section = value_of(document, key, source)
    if not isinstance(section, dict):
        raise InputError(
            f"{source}, {key}", "it is not a mapping of names", "give one entry a name"
        )
    named = {str(name): entry for name, entry in section.items() if is_plain(name)}
    if len(named) != len(section):
        raise InputError(
            f"{source}, {key}", "two entries have one name, or one has none", "rename them"
        )
    return named


def is_plain(value: Any) -> bool:
    """Tell whether a value is one text or number."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def text_of(entry: Any, key: str, where: str) -> str:
    """Read a text or a number, as text."""
    value = value_of(entry, key, where)
    if not is_plain(value):
        raise InputError(where, f"{key!r} is no text, but {type(value).__name__}", "give a name")
    return str(value)


def names_of(section: Any, source: str) -> list[str]:
    """Read the names in a section that is a list or has names as keys."""
    names = [] if section is None else section
    if not isinstance(names, list | dict) or not all(map(is_plain, names)):
        raise InputError(source, "a list of names holds something else", "list names only")
    return list(map(str, names))


def mapping_of(entry: Any, key: str, where: str) -> Mapping[str, Any]:
    """Read the mapping under a key; empty if it is null."""
    value = value_of(entry, key, where)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(where, f"{key!r} is no mapping, but {type(value).__name__}", "give one")
    return value


def value_of(entry: Any, key: str, where: str) -> Any:
    """Read what stands under a key that must be there."""
    if not isinstance(entry, Mapping) or key not in entry:
        raise InputError(where, f"the key {key!r} is missing", f"give {key!r}")
    return entry[key]


def number_of(value: Any, where: str) -> float:
    """Read a finite number."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = np.nan
    if not np.isfinite(number) or isinstance(value, bool):
        said = repr(value) if is_plain(value) else type(value).__name__
        raise InputError(where, f"{said} is not a number", "give a number")
    return number
