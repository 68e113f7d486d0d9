"""What the headers of a reply say, read so that nothing in them can do harm."""

import math
from collections.abc import Collection, Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urljoin, urlsplit

from requests.utils import parse_header_links

from gemwright.errors import InputError
from gemwright.io.limits import NUMBER_DIGITS

_WEB = ("http", "https")


def whole_number(text: str) -> int | None:
    """Read the number of a header such as ``Content-Length``; ``None`` if it is none to be used."""
    plain = text.strip()
    return (
        int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= NUMBER_DIGITS else None
    )


def http_date(text: str) -> float | None:
    """Seconds since 1970 of an HTTP date; ``None`` if it is none, or an earlier one."""
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return moment if math.isfinite(moment) and moment >= 0 else None


def tells_its_end(headers: Mapping[str, str]) -> bool:
    """Whether a cut reply can be told from a whole one: by its length, or by its last chunk."""
    chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
    return chunked or whole_number(headers.get("Content-Length", "")) is not None


def validator(headers: Mapping[str, str]) -> str:
    """Take what identifies a version of a file: a strong ETag, else the date of change."""
    tag = headers.get("ETag", "")
    return tag if tag.startswith('"') else headers.get("Last-Modified", "")


def next_link(headers: Mapping[str, str]) -> str:
    """Address of the next page as a header ``Link`` writes it; ``""`` if this is the last one."""
    for link in parse_header_links(headers.get("Link", "")):
        if link.get("rel", "").lower() == "next":
            return str(link["url"])
    return ""


def follow(current: str, target: str, where: str, domains: Collection[str] = ()) -> str:
    """Address to which a reply leads, if it may lead there.

    What was asked for over ``https`` is never asked for without it.

    Parameters
    ----------
    current : str
        Address that was asked, without user and password.
    target : str
        Where to go from there, as the reply writes it.
    where : str
        For messages.
    domains : collection of str
        Where it may lead besides its host, and its port there: to these hosts and those below
        them.

    Raises
    ------
    InputError
        If the address is none of the web, less safe, or of a host to which it may not lead.
    """
    try:
        address = urljoin(current, target)
        before, after = urlsplit(current), urlsplit(address)
        same = _place(before) == _place(after)
    except ValueError as error:
        raise InputError(where, f"leads to {target[:200]!r} ({error})", "use a mirror") from error
    if after.scheme not in _WEB or not after.hostname:
        raise InputError(where, f"leads to {address[:200]!r}, not to the web", "use a mirror")
    if before.scheme == "https" and after.scheme == "http":
        raise InputError(
            where,
            f"leads from https to http ({after.hostname}), where anybody between can change it",
            "check the address, or use a mirror",
        )
    if not same and not _is_below(after.hostname, domains):
        raise InputError(
            where,
            f"leads from {_shown(before)} to another host ({_shown(after)})",
            "use a mirror that holds its files itself, such as a folder with what a browser"
            " fetches; where a database has moved, name its new host in"
            " gemwright/download/hosts.py",
        )
    return address


def _is_below(host: str, domains: Collection[str]) -> bool:
    return any(f".{host}".endswith(f".{domain}") for domain in domains)


def _shown(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _place(parts: SplitResult) -> tuple[str | None, int | None]:
    """Host and port; a host that names no port is the same over http and https."""
    own = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.hostname, None if parts.port == own else parts.port
