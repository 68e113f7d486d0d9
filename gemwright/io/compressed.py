"""Files that may be gzipped, whatever their name says."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TextIO, cast

from gemwright.errors import FETCH_AGAIN, InputError

_GZIP_MAGIC = b"\x1f\x8b"

#: What reading a damaged or foreign file through `open_text` may raise.
_UNREADABLE = (UnicodeDecodeError, gzip.BadGzipFile, EOFError, zlib.error)


def is_gzipped(path: str | Path) -> bool:
    """Whether the first two bytes of a file are those of gzip (RFC 1952)."""
    with open(path, "rb") as handle:
        return handle.read(2) == _GZIP_MAGIC


def open_content(path: str | Path) -> IO[bytes]:
    """Open the bytes of a file, unpacked if `is_gzipped`.

    A file that cannot be opened raises `OSError`: a download may try again.
    """
    return cast(IO[bytes], gzip.open(path, "rb")) if is_gzipped(path) else open(path, "rb")


def open_text(path: str | Path) -> TextIO:
    r"""Open a file as UTF-8 text, unpacking it if its first two bytes are those of gzip.

    A host may serve, and a cache may hold, a gzipped file under a plain name, and the reverse.

    Parameters
    ----------
    path : str or Path
        The file; a byte order mark at its start is dropped.

    Returns
    -------
    TextIO
        Open for reading, line ends as ``\n``; close it, or use it in a ``with`` block. A file
        that is cut off or no text raises one of `_UNREADABLE` while it is read: `reading` tells
        that to the user.

    Raises
    ------
    InputError
        If the file is missing or cannot be opened.
    """
    try:
        return TextIOWrapper(open_content(path), encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            str(path),
            f"the file cannot be opened ({error.strerror or error})",
            f"check the path, or {FETCH_AGAIN}",
        ) from error


@contextmanager
def reading(path: str | Path) -> Iterator[TextIO]:
    """Open a file as `open_text`; damage met inside the block becomes an `InputError`.

    Parameters
    ----------
    path : str or Path
        The file.

    Yields
    ------
    TextIO
        Open for reading, closed at the end of the block.

    Raises
    ------
    InputError
        If the file is missing, a gzip stream ends too early or is damaged, or the bytes are no
        UTF-8 text.
    """
    with open_text(path) as handle:
        try:
            yield handle
        except _UNREADABLE as error:
            raise InputError(
                str(path),
                f"is cut off or no text ({error})",
                FETCH_AGAIN,
            ) from error
