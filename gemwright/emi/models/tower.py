"""The dual tower as a predictor: trained with early stopping, its votes and its pool kept."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from gemwright.arrays import SingleArray
from gemwright.config.training import TrainingOptions
from gemwright.embedding.protocol import Embeddings, read_embeddings
from gemwright.emi.homologues import VoteOptions, homologue_votes
from gemwright.emi.models.predictor import Predictor
from gemwright.emi.question import Question
from gemwright.emi.tower import DualTower, load_tower, save_tower, score_matrix
from gemwright.emi.training import TrainingData, train_tower

if TYPE_CHECKING:
    from gemwright.emi.data import EmiData


class Tower(Predictor):
    """Two projection heads into one space (section 3.3 of the paper).

    Parameters
    ----------
    options : TrainingOptions, optional
        How to train.
    votes : VoteOptions, optional
        How homologues vote.

    Attributes
    ----------
    network : DualTower
        Once it is fitted or loaded, as the two below.
    pool : Embeddings
        Metabolites that homologues vote over, in the order that the network was trained with.
    facts : dict
        Encoders, options, seed, data: written into the network's file.
    history : pandas.DataFrame
        Once it is fitted, see `gemwright.emi.training.train_tower`.
    """

    network: DualTower
    pool: Embeddings
    facts: dict[str, Any]
    history: pd.DataFrame

    def __init__(
        self, options: TrainingOptions | None = None, votes: VoteOptions | None = None
    ) -> None:
        self.options, self.votes = options or TrainingOptions(), votes or VoteOptions()

    def fit(self, data: "EmiData", checkpoint_folder: str | Path | None = None) -> None:
        """Train on the training part; the validation part says when to stop.

        Parameters
        ----------
        data : EmiData
            A test part, if there is one, is not looked at.
        checkpoint_folder : str or Path, optional
            See `gemwright.emi.training.train_tower`.
        """
        self.pool = data.metabolites
        votes = own_votes = None
        if self.options.inputs == "sequence+homologues":
            asked = data.enzymes.ids, self.pool.ids, data.hits, data.known("train"), self.votes
            votes = own_votes = homologue_votes(*asked)
            if self.options.hide == "cluster":
                own_votes = homologue_votes(*asked, data.split.set_index("enzyme")["cluster"])
        self.network, self.history = train_tower(
            TrainingData(data.pairs("train"), data.enzymes, self.pool, own_votes),
            TrainingData(data.pairs("validation"), data.enzymes, self.pool, votes),
            self.options,
            checkpoint_folder,
        )
        training = asdict(self.options)
        self.facts = {
            "hide": training.pop("hide"),
            "training": training,
            "enzyme_encoder": data.enzymes.encoder,
            "metabolite_encoder": data.metabolites.encoder,
            "n_training_enzymes": int((data.split["part"] == "train").sum()),
        }

    def predict(self, question: Question) -> SingleArray:
        """Interaction probability of all pairs, see `Predictor.predict`."""
        return score_matrix(
            self.network,
            question.enzymes.values,
            question.metabolites.values,
            question.votes(self.pool.ids, self.votes),
            self.pool.values,
        )

    def save(self, folder: Path) -> None:
        """Write ``tower.safetensors`` and ``pool.parquet``."""
        save_tower(
            self.network, folder / "tower.safetensors", {"votes": vars(self.votes), **self.facts}
        )
        self.pool.write(folder / "pool.parquet")

    def load(self, folder: Path) -> None:
        """Read what `save` wrote.

        Raises
        ------
        InputError
            If a file is missing or damaged.
        """
        self.network, self.facts = load_tower(folder / "tower.safetensors")
        self.votes = VoteOptions(**self.facts.pop("votes", {}))
        self.pool = read_embeddings(folder / "pool.parquet")
