"""Names that SBML accepts: ASCII letters, digits and ``_``, no digit in front."""

import re
import unicodedata

from gemwright.errors import InputError

_UNSAFE = re.compile(r"[^A-Za-z0-9_]")
_CODED = re.compile(r"__(\d{1,7})__")
_DOT = "__SBML_DOT__"


def sbml_id(prefix: str, identifier: str) -> str:
    """SBML id of an identifier; what SBML forbids is written ``__<code>__``, as cobra does.

    No two identifiers have one SBML id: what would be read as such a code has its own underscores
    written as codes. Without a prefix, ``_`` goes in front of a digit.

    Parameters
    ----------
    prefix : str
        ``M_``, ``R_``, ``G_``, ``C_``, or ``""`` for a model.
    identifier : str
        What `plain_id` gives back.

    Raises
    ------
    InputError
        If the identifier is empty or has a control character.
    """
    if not identifier or not _printable(identifier):
        raise InputError(
            f"identifier {identifier!r}",
            "is empty or has a control character, which SBML cannot hold",
            "rename it",
        )
    made = _front(prefix, _UNSAFE.sub(_code, identifier))
    if "_" in identifier and plain_id(prefix, made) != identifier:
        made = _front(prefix, re.sub(r"[^A-Za-z0-9]", _code, identifier))
    return made


def plain_id(prefix: str, identifier: str) -> str:
    """Undo `sbml_id`; of an id that others made, what cobra makes of it.

    Codes of control characters, and such as no character has, are left as they are.
    """
    plain = identifier
    if "__" in identifier:
        plain = _CODED.sub(_character, identifier.replace(_DOT, "."))
    if not prefix and re.match(r"_\d", identifier):
        return plain[1:]
    return plain.removeprefix(prefix)


def fit_name(name: str) -> str:
    """Replace with ``_`` what SBML and SKiMpy forbid; ``_`` goes in front of a digit."""
    plain = _UNSAFE.sub("_", name)
    return f"_{plain}" if plain[:1].isdigit() else plain


def _front(prefix: str, coded: str) -> str:
    return f"_{coded}" if not prefix and coded[:1].isdigit() else prefix + coded


def _printable(text: str) -> bool:
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)


def _code(match: re.Match[str]) -> str:
    return f"__{ord(match.group())}__"


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1))
    if code > 0x10FFFF or not _printable(chr(code)):
        return match.group()
    return chr(code)
