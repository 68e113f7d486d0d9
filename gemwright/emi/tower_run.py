"""One training of the tower and the stack, as a job of a cluster runs it."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from gemwright.config.training import TrainingOptions
from gemwright.emi.data import DATA_FILES, read_emi_data
from gemwright.emi.models.stack import Stack
from gemwright.emi.models.tower import Tower
from gemwright.io.files import sha256_file
from gemwright.io.tables import write_delimited
from gemwright.learning.checkpoints import checkpoint_folder, training_digest


def train(
    paths: Mapping[str, str | Path],
    options: TrainingOptions,
    cache: str | Path,
    folder: str | Path,
) -> None:
    """Train the tower, fit the stack on what it says, and write both and ``history.csv``.

    Parameters
    ----------
    paths : mapping of str to path
        Those of `DATA_FILES`.
    options : TrainingOptions
        How to train.
    cache : str or Path
        Root of the cache, where the training's checkpoints lie until it is done.
    folder : str or Path
        Where to write.

    Raises
    ------
    InputError
        If there is no validation part, or a file is not readable.
    """
    files = [sha256_file(paths[name]) for name in DATA_FILES]
    digest = training_digest(__file__, options.device, files, asdict(options))
    data, tower = read_emi_data(paths).without_test(), Tower(options)
    with checkpoint_folder(cache, "checkpoints", digest) as checkpoints:
        tower.fit(data, checkpoints)
        stack = Stack(tower)
        stack.fit(data)
        write_delimited(tower.history, Path(folder) / "history.csv")
        tower.save(Path(folder))
        stack.save(Path(folder))
