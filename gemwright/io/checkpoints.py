"""Folders for what a training needs to go on after a break."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gemwright.io.files import sha256_text


@contextmanager
def checkpoint_folder(cache: str | Path, kind: str, content: str) -> Iterator[Path]:
    """Give the folder for the checkpoints of one training; remove it when the block succeeds.

    Its name is a digest of what is trained, so that a training that was stopped is only ever
    continued with what it was started with; and of the working directory, because of two users
    who train the same in one cache the first to end would remove what the other still needs.

    Parameters
    ----------
    cache : str or Path
        Root of the cache.
    kind : str
        Name of the folder in it.
    content : str
        Everything that the training depends on: digests of data and code, options.
    """
    folder = Path(cache) / kind / sha256_text(f"{Path.cwd()}\0{content}")[:16]
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
