"""Names that SBML accepts: ASCII letters, digits and ``_``, no digit in front."""

import re

_UNSAFE = re.compile(r"[^A-Za-z0-9_]")
_CODED = re.compile(r"__(\d+)__")


def sbml_id(prefix: str, identifier: str) -> str:
    """SBML id of an identifier; what SBML forbids is written ``__<code>__``, as cobra does."""
    return prefix + _UNSAFE.sub(lambda match: f"__{ord(match.group())}__", identifier)


def plain_id(prefix: str, identifier: str) -> str:
    """Undo `sbml_id`."""
    bare = identifier.removeprefix(prefix)
    return _CODED.sub(lambda match: chr(int(match.group(1))), bare)


def fit_name(name: str) -> str:
    """Replace with ``_`` what SBML and SKiMpy forbid; ``_`` goes in front of a digit."""
    plain = _UNSAFE.sub("_", name)
    return f"_{plain}" if plain[:1].isdigit() else plain
