"""A file on its way: its bytes so far under a temporary name, and what is known about them."""

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import TracebackType, UnionType
from typing import Any, Self

from gemwright.errors import InputError
from gemwright.io.files import FORBIDDEN, FULL, MISPLACED, open_unfollowed

# what a state that cannot be had says; its bytes are fetched again
_UNKNOWN = {errno.ENOENT, *FORBIDDEN, *MISPLACED}
Layout = Mapping[str, type | UnionType]


class PartialFile:
    """The bytes of a file so far, in ``<name>.part``, with a state in ``<name>.part.json``.

    The bytes are never taken for the file: `finish` renames them after they were verified.

    Parameters
    ----------
    target : Path
        The whole file; its folder is made.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}.part")
        self.packed = target.with_name(f"{target.name}.part.packed")
        self._state = target.with_name(f"{target.name}.part.json")
        self.needed: int | None = None

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    def read_state(self, layout: Layout | None = None) -> dict[str, Any]:
        """State of the bytes so far.

        Parameters
        ----------
        layout : mapping of str to type, optional
            Keys of the state, and of what type each value is.

        Returns
        -------
        dict
            Empty if there are no bytes, or nothing is known about them: no state, one of another
            layout, or something else than files.
        """
        try:
            os.close(open_unfollowed(self.path, os.O_WRONLY))
            with open(open_unfollowed(self._state, os.O_RDONLY), encoding="utf-8") as handle:
                state = json.load(handle)
        except (OSError, ValueError, RecursionError) as error:
            if isinstance(error, OSError) and error.errno not in _UNKNOWN:
                raise
            return {}
        if not isinstance(state, dict):
            return {}
        for key, kind in (layout or {}).items():
            if not isinstance(state.get(key), kind):
                return {}
            # a truth value is an int to Python, and no number of bytes is negative
            if isinstance(state[key], int) and not isinstance(state[key], bool) and state[key] < 0:
                return {}
        return state

    def start(self, state: dict[str, Any]) -> None:
        """Begin again, without a byte."""
        self.discard()
        with Appender(self.path, 0):
            pass
        self.write_state(state)

    def write_state(self, state: dict[str, Any]) -> None:
        """Write the state, whole or not at all."""
        write_checked_later(self._state, json.dumps(state))

    def discard(self) -> None:
        """Remove everything that is there so far."""
        for path in (self.path, self.packed, self._state):
            path.unlink(missing_ok=True)

    def finish(self, modified: float | None) -> None:
        """Make the verified bytes the file.

        Parameters
        ----------
        modified : float or None
            When the file changed upstream, in seconds since the epoch, if that is known.
        """
        whole = self.packed if self.packed.exists() else self.path
        if modified is not None:
            # another user of the folder may have begun it; the record has the date as well
            with suppress(PermissionError):
                os.utime(whole, (modified, modified))
        os.replace(whole, self.target)
        self.discard()

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn a full disk into one message, leaving nothing behind.

        Raises
        ------
        InputError
            If the disk, the quota or the largest size of a file is exhausted.
        """
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            if error.errno not in FULL:
                raise
            needed = f"{self.needed:,}" if self.needed else f"more than {self.size:,}"
            self.discard()
            raise full_disk(self.target.parent, self.target.name, needed, error) from error


def write_checked_later(path: Path, text: str) -> None:
    """Write a small file whole or not at all.

    It is not forced to the disk, which would take longer than most downloads: what a power
    failure spoils is noticed when it is read, because content and hash then differ.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.new")
    with Appender(temporary, 0) as out:
        out.write(text.encode())
    os.replace(temporary, path)


def open_fresh(path: Path) -> int:
    """Open a file that is made anew, whatever was there, and return its descriptor."""
    path.unlink(missing_ok=True)
    return open_unfollowed(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)


def kept_place(folder: Path, name: str, sha256: str) -> Path:
    """Where a downloads folder keeps a file of some content, whatever comes under its address.

    Parameters
    ----------
    folder : Path
        The downloads folder.
    name : str
        Name of the file in the layout of a mirror; the last part of it is kept.
    sha256 : str
        Of the content.
    """
    return folder / "by-sha256" / sha256 / PurePosixPath(name).name


def link(source: Path, target: Path) -> None:
    """Give a file a second name, without a copy; `target` is replaced.

    Raises
    ------
    OSError
        If the file system has no links, or the folder may not be written to.
    """
    if target.exists() and target.samefile(source):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.new")
    temporary.unlink(missing_ok=True)
    os.link(source, temporary)
    os.replace(temporary, target)


def full_disk(folder: Path, name: str, needed: str, error: OSError) -> InputError:
    """Message that there is no space for `needed` bytes of the file `name`."""
    return InputError(
        str(folder),
        f"there is no space for {name} ({error.strerror}): {needed} bytes were needed",
        "free space there, or choose another folder for the downloads, and run again",
    )


class Appender:
    """Appends to a file from a given size on, each chunk whole or with an error at once.

    Without a buffer, so that what a full disk refuses is told where it happens, and what was
    written before a kill is there. Links that another user of the folder has put there are not
    followed.

    Parameters
    ----------
    path : Path
        The file.
    size : int
        What to keep of it; of 0 the file is made anew.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._file = open_unfollowed(path, os.O_WRONLY) if size else open_fresh(path)
        os.ftruncate(self._file, size)
        os.lseek(self._file, size, os.SEEK_SET)

    def write(self, chunk: bytes) -> None:
        """Append a chunk."""
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(self._file, rest) :]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)
