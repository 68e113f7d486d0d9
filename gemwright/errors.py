"""The one exception for everything that a user can correct, and cures that many messages share."""

from collections.abc import Collection

FETCH_AGAIN = "delete the file and run again: it will be fetched again"
MAKE_AGAIN = "delete the file and run again: it will be made again"
_LONGEST = 10_000  # letters of a part of a message: what a damaged file holds may have millions


class InputError(ValueError):
    """Bad input, told so that the user can correct it: ``<where>: <what>; <cure>``.

    Parameters
    ----------
    where : str
        The file, and the line or item in it, for example ``"proteome.faa, line 12"``.
    what : str
        What is wrong there.
    cure : str
        What the user should do about it; it goes on after a semicolon, so it begins in lower case
        (unless with a name) and has no full stop.
    """

    def __init__(self, where: str, what: str, cure: str) -> None:
        self.where, self.what, self.cure = _short(where), _short(what), _short(cure)
        super().__init__(f"{self.where}: {self.what}; {self.cure}")


def _short(text: str) -> str:
    """Leave the middle of a very long text out."""
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} … ({len(text) - 2 * half:,} letters) … {text[-half:]}"


def require_known(kind: str, name: str, known: Collection[str]) -> None:
    """Refuse a name that is none of the known ones.

    Raises
    ------
    InputError
        It lists them.
    """
    if name not in known:
        raise InputError(f"{kind} {name!r}", "is not known", f"use one of {', '.join(known)}")
