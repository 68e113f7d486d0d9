"""The tables of one split, as training and evaluation read them from files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gemwright.embedding.protocol import read_embeddings
from gemwright.emi.homologues import VoteOptions
from gemwright.emi.stages import EmiData, ModelOptions
from gemwright.emi.training import TrainingOptions
from gemwright.io.tables import read_parquet


def read_emi_data(paths: Mapping[str, str | Path]) -> EmiData:
    """Read what training and evaluation share.

    Parameters
    ----------
    paths : mapping of str to path
        interactions, split, pairs, enzymes, metabolites (vectors), homologies.

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


def model_options(config: Mapping[str, Any], seed: int, threads: int) -> ModelOptions:
    """Options of a model from the configuration's section ``training``.

    Parameters
    ----------
    config : mapping
        Fields of `TrainingOptions`, and ``hide`` and ``votes`` of `ModelOptions`.
    seed : int
        Seed of the run.
    threads : int
        Torch's CPU threads.
    """
    fields = dict(config)
    votes = VoteOptions(**fields.pop("votes", {}))
    hide = fields.pop("hide", ModelOptions().hide)
    return ModelOptions(TrainingOptions(**fields, seed=seed, threads=threads), votes, hide)
