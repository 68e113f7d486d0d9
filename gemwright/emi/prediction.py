"""All predictors side by side: controls, tower and stack as score matrices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from gemwright.arrays import IndexArray, SingleArray
from gemwright.embedding.protocol import Embeddings
from gemwright.emi.controls import popularity, votes_or_popularity
from gemwright.emi.homologues import VoteOptions, homologue_votes
from gemwright.emi.stacking import Stack, fit_stack, read_stack
from gemwright.emi.tower import DualTower, load_tower, save_tower, score_matrix
from gemwright.errors import InputError

PREDICTORS = ("popularity", "homologue", "homologue+popularity", "tower", "stack")
TOWER_FILE, STACK_FILE = "tower.safetensors", "stack.json"


@dataclass(frozen=True)
class EmiModel:
    """A trained tower with all that scoring needs besides the known interactions.

    Attributes
    ----------
    tower : DualTower
        The tower.
    pool : Embeddings
        Metabolites that homologues vote over, in the order that the tower was trained with.
    stack : Stack or None
        Fitted on the validation part.
    votes : VoteOptions
        How homologues vote.
    facts : dict
        Encoders, options, seed, data: written into the tower's file.
    """

    tower: DualTower
    pool: Embeddings
    stack: Stack | None = None
    votes: VoteOptions = field(default_factory=VoteOptions)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def write(self, folder: str | Path) -> None:
        """Write ``tower.safetensors``, ``pool.parquet`` and ``stack.json`` to a folder."""
        facts = {"votes": vars(self.votes), **self.facts}
        save_tower(self.tower, Path(folder) / TOWER_FILE, facts)
        self.pool.write(Path(folder) / "pool.parquet")
        if self.stack is not None:
            self.stack.write(Path(folder) / STACK_FILE)


def read_model(folder: str | Path, device: str = "cpu") -> EmiModel:
    """Read what `EmiModel.write` wrote.

    Raises
    ------
    InputError
        If a file is missing or damaged.
    """
    from gemwright.embedding.protocol import read_embeddings

    tower, facts = load_tower(Path(folder) / TOWER_FILE, device)
    stack_path = Path(folder) / STACK_FILE
    return EmiModel(
        tower,
        read_embeddings(Path(folder) / "pool.parquet"),
        read_stack(stack_path) if stack_path.is_file() else None,
        VoteOptions(**facts.pop("votes", {})),
        facts,
    )


def predict(
    model: EmiModel | None,
    enzymes: Embeddings,
    metabolites: Embeddings,
    hits: pd.DataFrame,
    known: pd.DataFrame,
    vote_options: VoteOptions | None = None,
) -> dict[str, SingleArray]:
    """Score all pairs of enzymes and metabolites by every predictor at hand.

    Parameters
    ----------
    model : EmiModel or None
        Trained tower; ``None`` gives the controls only.
    enzymes : Embeddings
        The enzymes asked about, n of them.
    metabolites : Embeddings
        The metabolites asked about, m of them.
    hits : pandas.DataFrame
        Search of `enzymes` (query) against known enzymes (subject).
    known : pandas.DataFrame
        enzyme, metabolite: interactions that may be used.
    vote_options : VoteOptions, optional
        Of the model by default.

    Returns
    -------
    dict of str to ndarray of float32, shape (n, m)
        ``popularity``, ``homologue``, ``homologue+popularity``, and with a model ``tower`` and
        ``stack`` (if it has one).
    """
    options = vote_options or (model.votes if model else VoteOptions())
    pool = metabolites.ids if model is None else model.pool.ids
    everything = pool.append(metabolites.ids.difference(pool, sort=False))
    votes = homologue_votes(enzymes.ids, everything, hits, known, options)
    asked = dense_columns(votes, everything.get_indexer(metabolites.ids))
    popular = popularity(known, metabolites.ids)
    scores = {
        "popularity": np.broadcast_to(popular[None, :], asked.shape),
        "homologue": asked,
        "homologue+popularity": votes_or_popularity(asked, popular),
    }
    if model is None:
        return scores
    over_pool = csr_array(votes[:, : len(pool)])
    scores["tower"] = score_matrix(
        model.tower, enzymes.values, metabolites.values, over_pool, model.pool.values
    )
    if model.stack is not None:
        scores["stack"] = model.stack.predict(scores["tower"], asked, popular)
    return scores


def fit_model_stack(
    model: EmiModel,
    labelled: pd.DataFrame,
    enzymes: Embeddings,
    metabolites: Embeddings,
    hits: pd.DataFrame,
    known: pd.DataFrame,
) -> EmiModel:
    """Return the model with a stack fitted on the labelled pairs of the validation part.

    Parameters
    ----------
    model : EmiModel
        Without a stack; one that it has is replaced.
    labelled : pandas.DataFrame
        enzyme, metabolite, label of the validation part.
    enzymes, metabolites : Embeddings
        They may hold more than the pairs need.
    hits, known : pandas.DataFrame
        As in `predict`; `known` is the training part.
    """
    names = pd.Index(np.unique(labelled["enzyme"].to_numpy(dtype=str)).astype(object))
    chosen = Embeddings(names, enzymes.rows(names))
    scores = predict(model, chosen, metabolites, hits, known)
    row, column = pair_positions(labelled, names, metabolites.ids)
    stack = fit_stack(
        row,
        column,
        labelled["label"].to_numpy(),
        scores["tower"],
        scores["homologue"],
        scores["popularity"][0],
    )
    return EmiModel(model.tower, model.pool, stack, model.votes, model.facts)


def dense_columns(votes: csr_array, columns: IndexArray) -> SingleArray:
    """Dense float32 array of some columns of a sparse one."""
    return np.ascontiguousarray(votes[:, columns].toarray(), dtype=np.float32)


def pair_positions(
    pairs: pd.DataFrame, enzymes: pd.Index, metabolites: pd.Index
) -> tuple[IndexArray, IndexArray]:
    """Row and column of each pair in a score matrix.

    Raises
    ------
    InputError
        If an enzyme or metabolite is not in the matrix.
    """
    row = enzymes.get_indexer(pd.Index(pairs["enzyme"].astype(object)))
    column = metabolites.get_indexer(pd.Index(pairs["metabolite"].astype(object)))
    for what, position in (("enzyme", row), ("metabolite", column)):
        if (position < 0).any():
            lost = pairs[what].to_numpy()[position < 0][0]
            raise InputError("pairs", f"{what} {lost!r} was not scored", "embed it as well")
    return row, column
