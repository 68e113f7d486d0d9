"""The tables of one split, as training and evaluation read them from files."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gemwright.config.training import TrainingOptions
from gemwright.embedding.protocol import read_embeddings
from gemwright.emi.stages import EmiData, ModelOptions
from gemwright.io.files import sha256_file
from gemwright.io.tables import read_parquet
from gemwright.learning.checkpoints import checkpoint_folder, training_digest

DATA_FILES = ("interactions", "split", "pairs", "enzymes", "metabolites", "homologies")


def read_emi_data(paths: Mapping[str, str | Path]) -> EmiData:
    """Read what training and evaluation share.

    Parameters
    ----------
    paths : mapping of str to path
        Those of `DATA_FILES`; metabolites and enzymes are vectors.

    Returns
    -------
    EmiData
        Its metabolites are the internal pool: those of the interactions, sorted.
    """
    interactions = read_parquet(paths["interactions"], ["enzyme", "metabolite"])
    pool = sorted(interactions["metabolite"].unique())
    return EmiData(
        interactions,
        read_parquet(paths["split"]),
        read_parquet(paths["pairs"]),
        read_embeddings(paths["enzymes"]),
        read_embeddings(paths["metabolites"]).select(pool),
        read_parquet(paths["homologies"]),
    )


def model_options(config: Mapping[str, Any], seed: int) -> ModelOptions:
    """Options of a model from the configuration's section ``training``.

    Parameters
    ----------
    config : mapping
        Fields of `TrainingOptions`.
    seed : int
        Seed of the run.
    """
    return ModelOptions(TrainingOptions(**config, seed=seed))


def checkpoints(
    cache: str | Path, paths: Mapping[str, str | Path], options: ModelOptions
) -> AbstractContextManager[Path]:
    """Folder for the checkpoints of one training; removed when the block succeeds.

    See `gemwright.learning.checkpoints.checkpoint_folder`.

    Parameters
    ----------
    cache : str or Path
        Root of the cache.
    paths : mapping of str to path
        Those of `DATA_FILES`.
    options : ModelOptions
        How the model is trained.
    """
    files = [sha256_file(paths[name]) for name in DATA_FILES]
    digest = training_digest(__file__, options.training.device, files, asdict(options))
    return checkpoint_folder(cache, "checkpoints", digest)
