"""The one pair of functions for the tensors of networks, and facts about them.

The files are safetensors. The facts are JSON under one key of the header, because safetensors
writes several in no fixed order. Beside them stands a SHA-256 of facts and tensors: without it a
flipped bit of a weight is read back wrong and silently.
"""

import errno
import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from gemwright.errors import InputError
from gemwright.io.files import atomic_path, unreadable

logger = logging.getLogger(__name__)

_KEY = "gemwright"
_DAMAGE = (KeyError, TypeError, ValueError, RuntimeError, SafetensorError)


def write_tensors(
    path: str | Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]
) -> None:
    """Write tensors atomically; the same tensors and facts give the same bytes.

    Parameters
    ----------
    path : str or Path
        The file to write.
    tensors : mapping of str to Tensor
        Of any device; no two may share memory.
    facts : mapping of str to anything for JSON
        In their order.
    """
    held = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    header = {"sha256": _sha256(facts, held), "facts": facts}
    with atomic_path(path) as temporary:
        # not save_file: its file is for its owner only, whatever the umask, and what it has
        # written so far when it is killed stays under a name of its own
        temporary.write_bytes(save(held, {_KEY: json.dumps(header)}))


def read_tensors(
    path: str | Path, what: str, cure: str
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what `write_tensors` wrote.

    Parameters
    ----------
    path : str or Path
        The file.
    what, cure : str
        What it holds, and what to do if it does not, for messages.

    Returns
    -------
    tensors : dict of str to Tensor
        On the CPU.
    facts : dict
        What was written with them.

    Raises
    ------
    InputError
        If the file is missing, damaged, written by another program, or may not be read.
    """
    try:
        return _read(path)
    except (FileNotFoundError, *_DAMAGE) as error:
        raise InputError(str(path), f"is no readable {what} ({error})", cure) from error
    except OSError as error:
        raise unreadable(error, path) from error


def read_cached_tensors(
    path: str | Path, what: str
) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """Read a file of a cache; a damaged one counts as missing, with a warning.

    Parameters
    ----------
    path : str or Path
        The file.
    what : str
        What it holds, for messages.

    Returns
    -------
    tuple or None
        As `read_tensors`; ``None`` if the file has to be made again.

    Raises
    ------
    InputError
        If the file may not be read.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        return None
    except _DAMAGE as error:
        logger.warning("%s: is no readable %s (%s); it is made again", path, what, error)
        return None
    except OSError as error:
        raise unreadable(error, path) from error


def _read(path: str | Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    # read once: another process may put a newer file in its place meanwhile
    if Path(path).exists() and not Path(path).is_file():
        raise OSError(errno.EISDIR, "no file", str(path))
    content = Path(path).read_bytes()
    tensors = load(content)
    size = int.from_bytes(content[:8], "little")
    header = json.loads(json.loads(content[8 : 8 + size])["__metadata__"][_KEY])
    facts: dict[str, Any] = header["facts"]
    if header["sha256"] != _sha256(facts, tensors):
        raise ValueError("its content is not what was written")
    return tensors, facts


def _sha256(facts: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> str:
    digest = hashlib.sha256(json.dumps(facts).encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"\0{name} {tensor.dtype} {tuple(tensor.shape)}\0".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
