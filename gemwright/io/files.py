"""Atomic writing and content hashes."""

import errno
import hashlib
import os
import re
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from gemwright.errors import InputError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What the system says where there is no space."""
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
"""What the system says where a process may not read or write."""
MISPLACED = {
    errno.EISDIR: "is a folder, where a file has to be",
    errno.ENOTDIR: "cannot be there, because a part of its path is a file and no folder",
    errno.EEXIST: "is a file, where a folder has to be",
    errno.ELOOP: "is a link, or lies behind a circle of links, where a file has to be",
    errno.ENXIO: "is a pipe, where a file has to be",
    errno.ENAMETOOLONG: "has a name that is too long for its disk",
}
"""What the system says where something else than a file stands, or none can stand."""

# bytes that programs need for anything
_LEAST_SPACE = 64 << 10
# a file that has not been touched for so long (s) by processes that cannot be seen from here is not
# being written: generous, for clocks differ and jobs are suspended
_ABANDONED_AFTER = 3600.0


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Give a temporary name in the folder of `path`, renamed to it if the block succeeds.

    The temporary file has the same suffixes as `path`, because libraries choose a format by
    them. If the block raises, the temporary file is removed and `path` stays as it was. What a
    process that was killed left behind of the same file is removed first.

    Parameters
    ----------
    path : str or Path
        The file to be written; its folder is made if need be.

    Yields
    ------
    Path
        The temporary name to write to.

    Raises
    ------
    InputError
        If the disk is full, the folder may not be written to, or there is a folder in place of
        the file, or a file in place of its folder.
    """
    target = Path(path)
    temporary = target.with_name(f".tmp-{process_space()}+{os.getpid()}+{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target)
        # a file of ours from the start: another user of the folder may have put a link there
        temporary.unlink(missing_ok=True)
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        yield temporary
        with open(open_unfollowed(temporary, os.O_RDONLY), "rb") as handle:
            os.fsync(handle.fileno())
        os.replace(temporary, target)
    except Exception as error:
        named = getattr(error, "filename", None)
        own = named is None or Path(named) in {temporary, target, *target.parents}
        told = unwritable(error, target if own else None)
        if told is None:
            raise
        raise told from error
    finally:
        if os.path.lexists(temporary) and not temporary.is_dir():
            temporary.unlink()


@cache
def process_space() -> str:
    """Name the set of processes that this one sees: those of one start of one computer."""
    facts = [socket.gethostname()]
    for place in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        with suppress(OSError):  # not Linux
            path = Path(place)
            facts.append(os.readlink(path) if path.is_symlink() else path.read_text())
    return f"{facts[0]}-{sha256_text(' '.join(facts))[:8]}"


def _remove_abandoned(target: Path) -> None:
    """Remove what killed processes left of the temporary files of `target`."""
    name = re.compile(rf"\.tmp-([^+]+)\+(\d+)\+{re.escape(target.name)}")
    for path in target.parent.iterdir():
        writer = name.fullmatch(path.name)
        if writer is None:
            continue
        # another process was faster, or only its user may remove it
        with suppress(FileNotFoundError, PermissionError):
            if writer[1] == process_space():
                abandoned = not _is_running(int(writer[2]))
            else:
                abandoned = time.time() - path.lstat().st_mtime > _ABANDONED_AFTER
            if abandoned:
                path.unlink()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # of another user
        return True
    return True


def unwritable(error: BaseException, path: str | Path | None = None) -> InputError | None:
    """Tell a full disk, and a place where no file may or can be, as one message.

    Parameters
    ----------
    error : BaseException
        What was raised.
    path : str or Path, optional
        What was being written; by default the file that the error names.

    Returns
    -------
    InputError or None
        ``None`` if the error is another one, or nothing is known about the place.
    """
    if not isinstance(error, OSError) or error.errno is None:
        return None
    number = error.errno
    place = path if path is not None else error.filename
    if number in MISPLACED:
        # of a renamed file the new name; of a folder that cannot be made, that folder's
        named = error.filename2 or error.filename or path
        cure = "give a file, or move away what is there, and run again"
        return InputError(str(named), MISPLACED[number], cure) if named else None
    if place is None or not (number in FULL or number in FORBIDDEN):
        return None
    reason, disk = os.strerror(number), _disk_of(Path(place))
    if number in FULL:
        return InputError(
            str(place),
            f"cannot be written, because the disk at {disk} is full ({reason})",
            "free space there, or put the folder on another disk, and run again: what was"
            " finished before is kept",
        )
    if path is None and number != errno.EROFS:
        return InputError(
            str(place),
            f"cannot be read or written ({reason}), on the disk at {disk}",
            "check its permissions and those of its folder, and run again",
        )
    return InputError(
        str(place),
        f"cannot be written ({reason}), on the disk at {disk}",
        "make its folder writable and run again: what was finished before is kept",
    )


def unreadable(error: OSError, path: str | Path) -> InputError:
    """Tell that a file cannot be read, while nothing is known to be wrong with it."""
    return unwritable(error) or InputError(
        str(path),
        f"cannot be read ({error.strerror or error})",
        "check that it is there and that its disk works, and run again",
    )


def open_unfollowed(path: Path, flags: int) -> int:
    """Open a file in a folder that other users may write to.

    Whatever else stands under its name is not touched: a link that another user has put there
    would have this process write where only it may, and a pipe would have it wait for ever.

    Parameters
    ----------
    path : Path
        The file.
    flags : int
        As for `os.open`.

    Returns
    -------
    int
        The open file.

    Raises
    ------
    OSError
        As `os.open`; with a number of `MISPLACED` if it is a link (also a hard one, if it is to be
        written to), a folder, or a pipe.
    """
    number = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    facts = os.fstat(number)
    kind = stat.S_IFMT(facts.st_mode)
    trouble = {stat.S_IFREG: 0, stat.S_IFDIR: errno.EISDIR}.get(kind, errno.ENXIO)
    if not trouble and flags & (os.O_WRONLY | os.O_RDWR) and facts.st_nlink > 1:
        trouble = errno.ELOOP
    if trouble:
        os.close(number)
        raise OSError(trouble, os.strerror(trouble), str(path))
    return number


def check_writable(folder: str | Path) -> None:
    """Make sure that files can be made in a folder, or that the folder can be made.

    Raises
    ------
    InputError
        If not; nothing was changed then.
    """
    place = Path(folder)
    while not place.exists() and place != place.parent:
        place = place.parent
    if not os.access(place, os.W_OK | os.X_OK):
        read_only = os.statvfs(place).f_flag & os.ST_RDONLY
        error = OSError(errno.EROFS if read_only else errno.EACCES, "")
        raise unwritable(error, folder) or error


def is_full(folder: Path) -> bool:
    """Whether the disk of a folder has no space, or no place for another file."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize < _LEAST_SPACE or (disk.f_files > 0 and not disk.f_favail)


def _disk_of(path: Path) -> Path:
    """Where the disk is mounted that holds a path."""
    place = path.resolve()
    while not os.path.ismount(place):
        place = place.parent
    return place


def write_text(path: str | Path, text: str) -> None:
    """Write `text` (UTF-8) to `path` atomically."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def sha256_file(path: str | Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def sha256_text(text: str) -> str:
    """Hexadecimal SHA-256 of a text's UTF-8 bytes: the key of a sequence or a structure."""
    return hashlib.sha256(text.encode()).hexdigest()
