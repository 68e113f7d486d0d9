"""Addresses of live files: their items filled in, their encoding, their place in a mirror."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from gemwright.errors import InputError

# "+" and ":" stand as they are in KEGG's paths; "&" and spaces are encoded
_SAFE = "/:+@,;=~()*!$'"


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """Put the items of a dataset of many files into its address or path.

    Parameters
    ----------
    pattern : str
        With names in braces, such as ``{model}``.
    values : mapping of str to str
        By name; a name without a value stays in braces.

    Raises
    ------
    InputError
        If a value cannot be a file's name.
    """
    for name, value in values.items():
        if not value or value.startswith(".") or set(value) & set("/\\\0\r\n?#%{}"):
            raise InputError(f"{name} {value!r}", "cannot be part of an address", "correct it")
        pattern = pattern.replace(f"{{{name}}}", value)
    return pattern


def encode(address: str) -> str:
    """Percent-encode the path of an address; one that is encoded already stays as it is."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=quote(unquote(parts.path), safe=_SAFE)))


def without_credentials(address: str) -> str:
    """Drop ``user:password@`` from an address, for messages and records.

    What is no address, and a path, stays as it is.
    """
    # not by its parts: what nobody can take apart may hold a password as well
    start, slashes, rest = address.partition("//")
    if not slashes or not (start.endswith(":") or not start):
        return address
    end = min((rest.find(mark) for mark in "/?#" if mark in rest), default=len(rest))
    return f"{start}//{rest[:end].rpartition('@')[2]}{rest[end:]}"


def with_credentials_of(address: str, other: str) -> str:
    """Give an address of the same host the user and password of the first one."""
    held, found, _ = urlsplit(address).netloc.rpartition("@")
    start, slashes, rest = without_credentials(other).partition("//")
    return f"{start}{slashes}{held}{found}{rest}"


def mirror_paths(address: str, pattern: str) -> list[str]:
    """Paths under which a mirror may hold the file of a live address, best first.

    Parameters
    ----------
    address : str
        The live address, items filled in.
    pattern : str
        The registry's path in a mirror, items filled in; ``""`` if it has none.

    Returns
    -------
    list of str
        ``host/path`` and ``host/path.gz``, unless the address is a query or stands for several
        requests, then `pattern`. The first is the file's place in a downloads folder.
    """
    parts = urlsplit(address)
    paths = []
    if not parts.query and "{" not in address:
        plain = f"{parts.hostname}{unquote(parts.path)}"
        paths = [plain, f"{plain}.gz"]
    if pattern:
        paths.append(pattern)
    for path in paths:
        if ".." in PurePosixPath(path).parts or path.startswith("/"):
            raise InputError(address, f"gives the path {path!r}", "correct the address")
    return paths
