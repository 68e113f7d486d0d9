"""Files that may be gzipped, whatever their name says."""

import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TextIO, cast

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.io.limits import UNPACKED_BYTES

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
        raise _cannot_open(path, error) from error


def _cannot_open(path: str | Path, error: OSError) -> InputError:
    return InputError(
        str(path),
        f"the file cannot be opened ({error.strerror or error})",
        f"check the path, or {FETCH_AGAIN}",
    )


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


def content_of(path: str | Path) -> Iterator[bytes]:
    """Read a file in pieces, unpacked if `is_gzipped`, up to a limit.

    Parameters
    ----------
    path : str or Path
        The file.

    Yields
    ------
    bytes
        A piece of at most 1 MiB.

    Raises
    ------
    InputError
        If the file is missing or cannot be opened, is cut off or damaged, or unpacks to more than
        `gemwright.io.limits.UNPACKED_BYTES`.
    """
    size = 0
    try:
        with open_content(path) as handle:
            while piece := handle.read(1 << 20):
                size += len(piece)
                if size > UNPACKED_BYTES:
                    raise InputError(
                        str(path),
                        f"unpacks to more than {UNPACKED_BYTES:,} bytes",
                        "give a smaller file",
                    )
                yield piece
    except _UNREADABLE as error:
        raise InputError(str(path), f"is cut off or damaged ({error})", FETCH_AGAIN) from error
    except OSError as error:
        raise _cannot_open(path, error) from error


@contextmanager
def unpacked(path: str | Path) -> Iterator[Path]:
    """Give a plain file with the content of one that may be gzipped, whatever its name says.

    For readers in C that open files by themselves, and know gzip by the name only.

    Parameters
    ----------
    path : str or Path
        The file.

    Yields
    ------
    Path
        The file itself, or a temporary one for the time of the block.

    Raises
    ------
    InputError
        As `content_of`.
    """
    if Path(path).is_file() and not is_gzipped(path):
        yield Path(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "unpacked"
        with open(plain, "wb") as handle:
            for piece in content_of(path):
                handle.write(piece)
        yield plain
