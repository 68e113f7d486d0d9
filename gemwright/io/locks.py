"""Locks between processes that share a folder, also on different machines."""

import errno
import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gemwright.errors import InputError
from gemwright.io.files import FORBIDDEN, open_unfollowed, unwritable

logger = logging.getLogger(__name__)

# in place of a lock file: a folder, a link, a pipe
_SOMETHING_ELSE = {errno.EISDIR, errno.ELOOP, errno.ENXIO}
# file systems of clusters mounted without locks
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


@contextmanager
def exclusive(path: Path) -> Iterator[IO[str]]:
    """Hold a lock file, alone among all processes, while the block runs.

    The kernel lets go of the lock when its process ends, however it ends. On a file system
    without locks the block runs unlocked, and a warning says so.

    Parameters
    ----------
    path : Path
        The lock file; made, with its folder, if need be.

    Yields
    ------
    file object
        The open file (text, read and write), for what the holders tell each other.

    Raises
    ------
    InputError
        If the lock file cannot be made, or something else stands there (a link, a folder): what
        that leads to is not touched.
    """
    with _opened(path) as handle:
        if not _taken(handle, path):
            _waited(handle, path)
        handle.seek(0)
        yield handle


@contextmanager
def claim(path: Path, wait: bool = False) -> Iterator[bool]:
    """Hold a lock file while the block runs, if no other process holds it.

    The file is removed at the end, so whoever gets a claim has to look first whether what it
    guards is done by now. Where locks cannot be had (a file system without them, a folder that
    may not be written to) everyone has the claim.

    Parameters
    ----------
    path : Path
        The lock file; made, with its folder, if need be.
    wait : bool
        Wait for the other process.

    Yields
    ------
    bool
        Whether this process has the claim.
    """
    try:
        handle = _opened(path)
    except InputError as error:
        cause = error.__cause__
        number = cause.errno if isinstance(cause, OSError) else None
        if number in _SOMETHING_ELSE:
            logger.warning("done without a lock: %s", error)
        elif number not in FORBIDDEN:
            raise
        yield True
        return
    with handle:
        mine = _taken(handle, path)
        if wait and not mine:
            mine = _waited(handle, path)
        try:
            yield mine
        finally:
            if mine:
                _unlink(path)


def _opened(path: Path) -> IO[str]:
    """Open a lock file, made with its folder if need be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number = open_unfollowed(path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
    except OSError as error:
        told = unwritable(error, path)
        if told is None:
            raise
        raise told from error
    return os.fdopen(number, "a+", encoding="utf-8")


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:  # another user's, in a folder where only its owner may remove it
        if error.errno not in FORBIDDEN:
            raise


def _waited(handle: IO[str], path: Path) -> bool:
    logger.info("%s: waiting for another process", path)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return True


def _taken(handle: IO[str], path: Path) -> bool:
    """Take a lock; whether it was free."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        logger.warning("%s: this file system has no locks; let only one run at a time use it", path)
    return True
