"""Locks between processes that share a downloads folder."""

import errno
import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)

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
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8") as handle:
        try:
            _lock(handle, path)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            logger.warning(
                "%s: this file system has no locks; let only one run at a time download", path
            )
        handle.seek(0)
        yield handle


def _lock(handle: IO[str], path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        logger.info("%s: waiting for another process", path)
        fcntl.flock(handle, fcntl.LOCK_EX)
