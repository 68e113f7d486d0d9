"""A mirror: a folder or a web address that holds ``<host>/<path>`` for every live address."""

from pathlib import Path
from urllib.parse import quote, urlsplit

from gemwright.download.addresses import without_credentials
from gemwright.errors import InputError


class Mirror:
    """Where files are taken from instead of their live hosts.

    Parameters
    ----------
    address : str
        A folder, or an address that starts with ``http://`` or ``https://``.

    Attributes
    ----------
    name : str
        The address without user and password, for messages and records.
    folder : Path or None
        The folder, if it is one.
    host : str
        The host, ``""`` if it is a folder.

    Raises
    ------
    InputError
        If it is a folder that does not exist, or an address of another kind or one that nobody
        can ask.
    """

    def __init__(self, address: str) -> None:
        self.folder: Path | None = None
        self.host = ""
        self.name = address
        # of one that cannot be taken apart: what follows whatever may be a password
        shown = address.rpartition("@")[2]
        if address.lower().startswith(("http://", "https://")):
            self._base = address.rstrip("/")
            self.name = without_credentials(self._base)
            self.host = _host(address, shown)
        elif "://" in address:
            raise InputError(
                f"mirror {shown!r}",
                "is no address of the web",
                "give a folder, or an address that starts with http:// or https://",
            )
        else:
            self.folder = Path(address)
            if not self.folder.is_dir():
                raise InputError(
                    f"mirror {shown!r}",
                    "is no folder",
                    "correct `mirror`: an address of the web starts with http:// or https://",
                )

    def address(self, path: str) -> str:
        """Web address of a path in a mirror on the web."""
        return f"{self._base}/{quote(path)}"

    def where(self, path: str) -> str:
        """Name of a path in the mirror, for messages."""
        return f"{self.name.rstrip('/')}/{path}"


def _host(address: str, shown: str) -> str:
    try:
        parts = urlsplit(address)
        found = parts.hostname
        _ = parts.port  # looked at only when it is asked for
    except ValueError:
        found = None
    if not found:
        raise InputError(f"mirror {shown!r}", "names no host", "correct `mirror`")
    if parts.query or parts.fragment:
        raise InputError(
            f"mirror {shown.partition('?')[0]!r}",
            "has a part after `?` or `#`, which the addresses of its files would lose",
            "give the address of a folder on the web",
        )
    return found
