"""One file from one address: resumed, verified, renamed."""

import gzip
import logging
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from tqdm import tqdm

from gemwright.download.addresses import without_credentials
from gemwright.download.checks import TRY_LATER, ChecksumError, Expected, Facts, verify
from gemwright.download.client import CHUNK, Client, TransientError
from gemwright.download.headers import http_date, tells_its_end, validator, whole_number
from gemwright.download.storage import Appender, Layout, PartialFile
from gemwright.errors import InputError
from gemwright.io.compressed import is_gzipped

logger = logging.getLogger(__name__)

RELEASE_HEADER = "X-UniProt-Release"
_LAYOUT: Layout = {
    "url": str, "validator": str, "total": int | None, "whole": bool,
    "modified": int | float | None, "release": str, "encoding": str,
}  # fmt: skip
_LINE_FORMATS = ("tsv", "csv", "text", "fasta")


@dataclass(frozen=True)
class Arrival:
    """A file that came.

    Attributes
    ----------
    facts : Facts
        Of the bytes on disk.
    modified : float or None
        When it changed upstream, in seconds since the epoch.
    release : str
        As the host named it; ``""`` if it did not.
    """

    facts: Facts
    modified: float | None = None
    release: str = ""


def download(client: Client, address: str, target: Path, expected: Expected) -> Arrival:
    """Fetch one file, going on where a stopped call left off.

    Bytes from before are kept only if the file is known to be the same: by the validator (ETag,
    or date of change) that the host gave, or by a SHA-256 that the whole file has to have.

    Parameters
    ----------
    client : Client
        Makes the requests.
    address : str
        The address.
    target : Path
        The file to make, or to replace.
    expected : Expected
        What it has to be; a file that is not is fetched once more if its parts could be to
        blame, then told.

    Raises
    ------
    RefusedError
        If the host does not give the file.
    InputError
        If it cannot be had, is not what was expected, or the disk is full.
    """
    where = without_credentials(address)
    part = PartialFile(target)
    with part.guarded():
        for again in (False, True):
            pieces = _Pieces(client, address, part, bool(expected.sha256))
            state = client.persist(address, pieces.fetch, lambda: part.size)
            _unpack(part, state["encoding"], where)
            if not (state["whole"] or expected.sha256) and _is_cut(_whole(part), expected.format):
                part.discard()
                if again:
                    raise InputError(
                        where,
                        "the reply told no length and ended inside a line",
                        TRY_LATER,
                    )
                logger.warning("%s: ended inside a line; fetching it once more", where)
                continue
            try:
                facts = verify(_whole(part), where, expected)
            except InputError as error:
                part.discard()
                if again or not (pieces.resumed or isinstance(error, ChecksumError)):
                    raise
                logger.warning("%s; fetching it once more", error)
                continue
            part.finish(state["modified"])
            return Arrival(facts, state["modified"], state["release"])
    raise AssertionError("unreachable")


def copy(source: Path, target: Path, expected: Expected) -> Arrival:
    """Take one file from a folder, with the same checks and the same care as `download`.

    Raises
    ------
    InputError
        If the file is not what was expected, or the disk is full.
    """
    part = PartialFile(target)
    with part.guarded(), _bar(target.name, source.stat().st_size) as bar:
        part.needed = source.stat().st_size
        with open(source, "rb") as handle, Appender(part.path, 0) as out:
            while chunk := handle.read(CHUNK):
                out.write(chunk)
                bar.update(len(chunk))
        try:
            facts = verify(part.path, str(source), expected)
        except InputError:
            part.discard()
            raise
        modified = source.stat().st_mtime
        part.finish(modified)
    return Arrival(facts, modified)


class _Pieces:
    """Attempts at one file, each going on where the last one ended."""

    def __init__(self, client: Client, address: str, part: PartialFile, pinned: bool) -> None:
        self.client, self.address, self.part, self.pinned = client, address, part, pinned
        self.url = without_credentials(address)
        self.resumed = False

    def fetch(self) -> dict[str, Any]:
        """Get the rest of the file; return the state of the whole."""
        state = self._usable_state()
        offset = self.part.size if state else 0
        if state and state["total"] == offset:
            return state
        # identity, so that ranges and lengths count the bytes of the file itself
        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
            if state["validator"]:
                headers["If-Range"] = state["validator"]
        with self.client.reply(self.address, headers) as response:
            if response.status_code == 200:
                state, offset = self._new_state(response), 0
                self.part.start(state)
            elif not _continues(response, state, offset):
                self.part.discard()
                raise TransientError(
                    f"the host cannot resume (status {response.status_code}, Content-Range"
                    f" {response.headers.get('Content-Range', 'missing')}); starting again",
                    wait=0.0,
                )
            self.resumed = self.resumed or offset > 0
            self.part.needed = state["total"]
            self._append(response, offset, state["total"])
        size = self.part.size
        if state["total"] is not None and size != state["total"]:
            raise TransientError(f"the connection ended after {size:,} of {state['total']:,} bytes")
        return state

    def _usable_state(self) -> dict[str, Any]:
        """State of the bytes so far; empty, and no bytes, if they cannot be gone on with."""
        state = self.part.read_state(_LAYOUT)
        same = state.get("url") == self.url and (state["validator"] or self.pinned)
        if not same or (state["total"] is not None and self.part.size > state["total"]):
            self.part.discard()
            return {}
        return state

    def _new_state(self, response: requests.Response) -> dict[str, Any]:
        return {
            "url": self.url,
            "validator": validator(response.headers),
            "total": whole_number(response.headers.get("Content-Length", "")),
            "whole": tells_its_end(response.headers),
            "modified": http_date(response.headers.get("Last-Modified", "")),
            "release": response.headers.get(RELEASE_HEADER, ""),
            "encoding": response.headers.get("Content-Encoding", "identity").lower(),
        }

    def _append(self, response: requests.Response, offset: int, total: int | None) -> None:
        with (
            _bar(self.part.target.name, total, offset) as bar,
            Appender(self.part.path, offset) as out,
        ):
            for chunk in response.raw.stream(CHUNK, decode_content=False):
                out.write(chunk)
                bar.update(len(chunk))


def _is_cut(path: Path, form: str) -> bool:
    """Whether a file of lines ends inside one; other formats know their own end."""
    if form not in _LINE_FORMATS or is_gzipped(path) or not path.stat().st_size:
        return False
    with open(path, "rb") as handle:
        handle.seek(-1, os.SEEK_END)
        return handle.read() != b"\n"


def _continues(response: requests.Response, state: dict[str, Any], offset: int) -> bool:
    """Whether a reply holds the rest of the same file from `offset` on."""
    if response.status_code != 206 or not state:
        return False
    unit, _, place = response.headers.get("Content-Range", "").partition(" ")
    span, _, total = place.partition("/")
    first, _, last = span.partition("-")
    end = whole_number(last)
    if unit != "bytes" or first != str(offset) or end is None:
        return False
    if state["total"] is not None and (
        total not in ("*", str(state["total"])) or end >= state["total"]
    ):
        return False
    # some hosts heed Range but not If-Range
    given = validator(response.headers)
    return not (given and state["validator"]) or given == state["validator"]


def _unpack(part: PartialFile, encoding: str, where: str) -> None:
    """Undo a compression that the host applied although none was asked for."""
    if encoding in ("", "identity"):
        return
    if encoding not in ("gzip", "x-gzip"):
        part.discard()
        raise InputError(
            where, f"came with the encoding {encoding!r} that was not asked for", "use a mirror"
        )
    if not is_gzipped(part.path):
        return
    try:
        with gzip.open(part.path, "rb") as packed, Appender(part.packed, 0) as out:
            while chunk := packed.read(CHUNK):
                out.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        part.discard()
        raise InputError(where, f"is damaged gzip ({error})", "try again later") from error
    # hosts also name a .gz file's own compression that way
    if urlsplit(where).path.endswith(".gz") and not is_gzipped(part.packed):
        part.packed.unlink()


def _whole(part: PartialFile) -> Path:
    return part.packed if part.packed.exists() else part.path


def _bar(name: str, total: int | None, initial: int = 0) -> "tqdm[Any]":
    """Make a progress bar in bytes with their rate; quiet where nobody watches or it is short."""
    return tqdm(
        desc=name, total=total, initial=initial, unit="B", unit_scale=True, unit_divisor=1024,
        disable=None, leave=False, delay=1,
    )  # fmt: skip
