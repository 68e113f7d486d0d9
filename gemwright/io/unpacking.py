"""Files of sequences, unpacked by their content and never beyond a limit."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from gemwright.errors import InputError
from gemwright.io.files import unreadable

#: First bytes of a packed file to the program's name, and what opens it.
PACKED: dict[bytes, tuple[str, Callable[..., Any]]] = {
    b"\x1f\x8b": ("gzip", gzip.open),
    b"BZh": ("bzip2", bz2.open),
    b"\xfd7zXZ\x00": ("xz", lzma.open),
}
_ARCHIVES = {
    b"PK\x03\x04": "a zip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "packed by zstd",
}


def read_unpacked(path: str | Path, most: int) -> bytes:
    """Read all bytes of a file, unpacked if gzip, bzip2 or xz has packed it.

    Parameters
    ----------
    path : str or Path
        The file; how it is packed is seen in its first bytes, not in its name.
    most : int
        Bytes that it may have when unpacked.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    InputError
        If the file cannot be read, is an archive or damaged, or has more bytes.
    """
    where = str(path)
    try:
        with open(path, "rb") as handle:
            start = handle.read(8)
            for magic, what in _ARCHIVES.items():
                if start.startswith(magic):
                    raise InputError(where, f"is {what}", "unpack it, or pack it by gzip")
            handle.seek(0)
            found = [packing for magic, packing in PACKED.items() if start.startswith(magic)]
            content = _unpack(handle, *found[0], where, most) if found else handle.read(most + 1)
    except OSError as error:
        raise unreadable(error, path) from error
    if len(content) > most:
        raise InputError(
            where, f"has more than {most:,} bytes", "give the sequences of one organism only"
        )
    return content


def _unpack(
    handle: IO[bytes], program: str, opener: Callable[..., Any], where: str, most: int
) -> bytes:
    try:
        with opener(handle) as packed:
            content: bytes = packed.read(most + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the disk, not of the file
        raise InputError(
            where, f"is damaged {program} ({error})", "pack it again, or give it unpacked"
        ) from error
    return content
