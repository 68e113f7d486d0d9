"""Whether the bytes that came are the file that was asked for."""

import gzip
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from gemwright.errors import InputError
from gemwright.io.compressed import open_content
from gemwright.io.documents import DocumentError, load_json
from gemwright.io.files import sha256_file
from gemwright.io.limits import ARCHIVE_BYTES, LINE_BYTES, XML_DEPTH

# of a damaged or encrypted archive; struct.error of one whose directory is cut off
_BAD_ZIP = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    struct.error,
    ValueError,
    OSError,
)
TRY_LATER = "try again later, or use a mirror"
_HDF5 = b"\x89HDF\r\n\x1a\n"
_BOM = b"\xef\xbb\xbf"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head)\b", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"<\?xml[^>]*>")
_START_BYTES = 1 << 16


class ChecksumError(InputError):
    """The bytes are not those that the registry or the lock table describes."""


class _FormatError(Exception):
    """What is wrong with a file."""


@dataclass(frozen=True)
class Expected:
    """What a file has to be.

    Attributes
    ----------
    format : str
        As in the registry.
    records : int
        Least number of records.
    sha256 : str
        ``""`` if the source is not versioned, and no lock table is used.
    locked : str
        Date of the lock table's entry that `sha256` comes from; ``""`` if the registry's.
    """

    format: str
    records: int = 1
    sha256: str = ""
    locked: str = ""


@dataclass(frozen=True)
class Facts:
    """Size in bytes, number of records and SHA-256 of a file."""

    size: int
    records: int
    sha256: str


def verify(path: Path, where: str, expected: Expected) -> Facts:
    """Check a file that has come.

    Parameters
    ----------
    path : Path
        The file under its temporary name.
    where : str
        Where it came from, for messages.
    expected : Expected
        What it has to be.

    Raises
    ------
    ChecksumError
        If it has another SHA-256.
    InputError
        If it is a web page, of another format, damaged, or has too few records.
    """
    refuse_html(_start(path), where)
    sha256 = sha256_file(path)
    if expected.sha256 and sha256 != expected.sha256:
        hashes = f"its SHA-256 is {sha256}, not {expected.sha256}"
        if expected.locked:
            raise ChecksumError(
                where,
                f"the file changed upstream since the lock of {expected.locked}: {hashes}",
                "take the old file from a mirror, or run without the lock table to accept the"
                " new one",
            )
        raise ChecksumError(
            where,
            f"the file changed upstream: {hashes}",
            "take the old file from a mirror, or, if you trust the new one, write its hash into"
            " gemwright/resources/datasets.tsv",
        )
    records = count_records(path, expected.format, where)
    if records < expected.records:
        raise InputError(
            where,
            f"has {records:,} records, and a whole file has at least {expected.records:,}",
            TRY_LATER,
        )
    return Facts(path.stat().st_size, records, sha256)


def refuse_html(start: bytes, where: str) -> None:
    """Refuse a web page: the log-in of a network, or the page of a file that moved.

    Parameters
    ----------
    start : bytes
        The first bytes of the content.
    where : str
        Where it came from, for messages.

    Raises
    ------
    InputError
        If it is a web page.
    """
    if _HTML.match(_first_element(start.removeprefix(_BOM))):
        raise InputError(
            where,
            "gave a web page instead of data",
            "open the address in a browser: the network may want a log-in, or the file has moved",
        )


def _first_element(start: bytes) -> bytes:
    """Leave out what may stand before the first element, in time linear in its length."""
    rest = start.lstrip()
    if declaration := _XML_DECLARATION.match(rest):
        rest = rest[declaration.end() :].lstrip()
    place = 0
    while rest.startswith(b"<!--", place):
        end = rest.find(b"-->", place + 4)
        if end < 0:
            return b""
        place = end + 3
        while rest[place : place + 1].isspace():
            place += 1
    return rest[place:]


def count_records(path: Path, form: str, where: str) -> int:
    """Check a file's format from its first to its last byte, and count its records.

    Parameters
    ----------
    path : Path
        The file; gzipped or not, except ``zip`` and ``hdf5``.
    form : str
        ``tsv``, ``csv`` and ``text``: records are lines that are not empty, the header
        included; ``fasta``: headers; ``zip``: files, without those of ``__MACOSX``; ``json``,
        ``sbml`` and ``hdf5``: 1.
    where : str
        Where it came from, for messages.

    Raises
    ------
    InputError
        If the file is empty, damaged, or of another format.
    """
    try:
        if path.stat().st_size == 0:
            raise _FormatError("is empty")
        with open_content(path) as handle:
            records = _COUNTERS[form](handle)
            while handle.read(1 << 20):  # to the end, where gzip has its checksum
                pass
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _damaged(where, f"is damaged gzip ({error})") from error
    except UnicodeDecodeError as error:
        raise _damaged(where, f"is no UTF-8 text ({error})") from error
    except _FormatError as error:
        raise _damaged(where, str(error)) from error
    return records


def _start(path: Path) -> bytes:
    try:
        with open_content(path) as handle:
            return handle.read(_START_BYTES)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return b""  # told by the check of the format


def _damaged(where: str, what: str) -> InputError:
    return InputError(where, what, TRY_LATER)


def _bounded(handle: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; a file without line ends shall not fill the memory."""
    number = 0
    while line := handle.readline(LINE_BYTES + 1):
        number += 1
        if len(line) > LINE_BYTES:
            raise _FormatError(f"is no text: line {number} has more than {LINE_BYTES:,} bytes")
        yield number, line


def _lines(handle: IO[bytes]) -> int:
    count = 0
    for number, line in _bounded(handle):
        if b"\0" in line:
            raise _FormatError(f"is no text: line {number} has a NUL")
        line.decode()
        count += bool(line.strip())
    return count


def _fasta(handle: IO[bytes]) -> int:
    count = 0
    for number, line in _bounded(handle):
        line.decode()
        if number == 1:
            line = line.removeprefix(_BOM)
            if not line.startswith(b">"):
                raise _FormatError(f"is no FASTA: it starts with {line[:30]!r}")
        count += line.startswith(b">")
    return count


def _json(handle: IO[bytes]) -> int:
    try:
        load_json(handle)
    except DocumentError as error:
        raise _FormatError(str(error)) from error
    return 1


def _sbml(handle: IO[bytes]) -> int:
    root = ""
    depth = 0
    try:
        for event, element in ElementTree.iterparse(handle, events=("start", "end")):
            root = root or element.tag.rpartition("}")[2]
            if root != "sbml":
                raise _FormatError(f"is no SBML: its root is <{root[:100]}>")
            depth += 1 if event == "start" else -1
            if depth > XML_DEPTH:
                raise _FormatError(f"is no SBML of ours: it is nested more than {XML_DEPTH} deep")
            if event == "end":
                element.clear()
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        # of an encoding that nobody knows, too
        raise _FormatError(f"is no XML ({error})") from error
    return 1


def _zip(handle: IO[bytes]) -> int:
    try:
        with zipfile.ZipFile(handle) as archive:
            if sum(info.file_size for info in archive.infolist()) > ARCHIVE_BYTES:
                raise _FormatError(f"unpacks to more than {ARCHIVE_BYTES:,} bytes")
            broken = archive.testzip()
            names = [name for name in archive.namelist() if not name.endswith("/")]
    except _BAD_ZIP as error:
        raise _FormatError(f"is no ZIP archive ({error})") from error
    if broken is not None:
        raise _FormatError(f"is a damaged ZIP archive: {broken}")
    return sum(not name.startswith("__MACOSX/") for name in names)


def _hdf5(handle: IO[bytes]) -> int:
    if handle.read(len(_HDF5)) != _HDF5:
        raise _FormatError("is no HDF5 file")
    return 1


_COUNTERS: dict[str, Callable[[IO[bytes]], int]] = {
    "tsv": _lines, "csv": _lines, "text": _lines, "fasta": _fasta,
    "json": _json, "sbml": _sbml, "zip": _zip, "hdf5": _hdf5,
}  # fmt: skip
