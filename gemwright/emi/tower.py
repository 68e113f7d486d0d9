"""The dual tower: two projection heads into one space, scored by scaled cosine similarity."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from gemwright.arrays import SingleArray
from gemwright.errors import InputError
from gemwright.io.tensors import read_tensors, write_tensors


@dataclass(frozen=True)
class TowerOptions:
    """Shape of the tower.

    Attributes
    ----------
    enzyme_dimension, metabolite_dimension : int
        Lengths of the encoders' vectors.
    votes_dimension : int
        Metabolites that homologues vote over; 0 for a tower that sees the sequence only.
    hidden : int
        Width of the hidden layer of each head.
    dimension : int
        Dimension d of the shared space.
    input_dropout, dropout : float
        Dropout before and after the hidden layer.
    temperature, bias : float
        Where the learnable tau and b of equation 4 start.
    """

    enzyme_dimension: int
    metabolite_dimension: int
    votes_dimension: int
    hidden: int
    dimension: int
    input_dropout: float
    dropout: float
    temperature: float
    bias: float


class ProjectionHead(nn.Module):
    """Standardise, one hidden layer, project, and normalise to length 1 (equation 3)."""

    centre: Tensor
    scale: Tensor

    def __init__(self, inputs: int, options: TowerOptions) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(inputs))
        self.register_buffer("scale", torch.ones(inputs))
        self.hidden = nn.Linear(inputs, options.hidden)
        self.dropout_in = nn.Dropout(options.input_dropout)
        self.dropout = nn.Dropout(options.dropout)
        self.project = nn.Linear(options.hidden, options.dimension)

    def forward(self, vectors: Tensor) -> Tensor:
        """Map ``(n, inputs)`` to unit vectors ``(n, dimension)``."""
        hidden = functional.gelu(self.hidden(self.dropout_in((vectors - self.centre) * self.scale)))
        return functional.normalize(self.project(self.dropout(hidden)), dim=1)


class DualTower(nn.Module):
    """Interaction probability of enzymes and metabolites (equations 3 and 4).

    Parameters
    ----------
    options : TowerOptions
        Shape of the tower.
    """

    def __init__(self, options: TowerOptions) -> None:
        super().__init__()
        self.options = options
        self.enzyme_head = ProjectionHead(options.enzyme_dimension, options)
        self.metabolite_head = ProjectionHead(options.metabolite_dimension, options)
        self.votes_gain = nn.Parameter(torch.tensor(1.0)) if options.votes_dimension else None
        self.log_temperature = nn.Parameter(torch.tensor(math.log(options.temperature)))
        self.bias = nn.Parameter(torch.tensor(float(options.bias)))

    def encode_enzymes(
        self, vectors: Tensor, votes: Tensor | None = None, pool: Tensor | None = None
    ) -> Tensor:
        """Return z_e, ``(n, dimension)``.

        A tower that takes votes adds to the sequence's unit vector the vectors z_m of the
        metabolites that homologues vote for, weighted by the votes and one learnable gain, and
        normalises again.

        Parameters
        ----------
        vectors : Tensor, shape (n, enzyme_dimension)
            Encoder vectors.
        votes : Tensor, shape (n, votes_dimension), optional
            Votes of homologues.
        pool : Tensor, shape (votes_dimension, dimension), optional
            z_m of the metabolites that are voted over.
        """
        sequence: Tensor = self.enzyme_head(vectors)
        if self.votes_gain is None:
            return sequence
        if votes is None or pool is None:
            raise ValueError("this tower needs the votes of homologues")
        return functional.normalize(sequence + self.votes_gain * (votes @ pool), dim=1)

    def encode_metabolites(self, vectors: Tensor) -> Tensor:
        """Return z_m, ``(n, dimension)``."""
        return self.metabolite_head(vectors)  # type: ignore[no-any-return]

    def logits(self, cosine: Tensor) -> Tensor:
        """Return ``cosine / tau + b``, the logit of equation 4."""
        return cosine / self.log_temperature.exp() + self.bias


@dataclass(frozen=True)
class Entries:
    """Labelled pairs of one batch, as positions in its score matrix.

    Attributes
    ----------
    row, column : Tensor of int64, shape (n,)
        Position of each pair's enzyme and metabolite.
    label : Tensor of float, shape (n,)
        1 for an interaction.
    anchor : Tensor of int64, shape (n,)
        For each pair the position, among the n, of the positive that it belongs to (its own for
        a positive).
    """

    row: Tensor
    column: Tensor
    label: Tensor
    anchor: Tensor


def joint_loss(
    tower: DualTower,
    enzymes: Tensor,
    metabolites: Tensor,
    entries: Entries,
    triplet_weight: float,
    margin: float,
) -> Tensor:
    """Binary cross-entropy plus weighted triplet margin loss (equations 6 to 8).

    Parameters
    ----------
    tower : DualTower
        Gives temperature and bias.
    enzymes, metabolites : Tensor, shape (n, dimension)
        Unit vectors of the batch's distinct enzymes and metabolites, each encoded once.
    entries : Entries
        Which entries of their score matrix are labelled.
    triplet_weight : float
        lambda of equation 6.
    margin : float
        alpha of equation 8.

    Returns
    -------
    Tensor
        Scalar.
    """
    cosine = (enzymes @ metabolites.T)[entries.row, entries.column]
    loss = functional.binary_cross_entropy_with_logits(tower.logits(cosine), entries.label)
    if triplet_weight == 0:
        return loss
    negative = entries.label == 0
    # d = 1 - cosine, so d+ - d- is the difference of the cosines
    violation = cosine[negative] - cosine[entries.anchor[negative]] + margin
    return loss + triplet_weight * functional.relu(violation).mean()


def score_matrix(
    tower: DualTower,
    enzymes: SingleArray,
    metabolites: SingleArray,
    votes: Any = None,
    pool: SingleArray | None = None,
    batch: int = 2048,
) -> SingleArray:
    """Interaction probability of all pairs.

    Parameters
    ----------
    tower : DualTower
        Used in evaluation mode on its own device.
    enzymes : ndarray of float32, shape (n, enzyme_dimension)
        Vectors of enzymes.
    metabolites : ndarray of float32, shape (m, metabolite_dimension)
        Vectors of metabolites.
    votes : ndarray or sparse array, shape (n, votes_dimension), optional
        Votes of homologues, for a tower that takes them.
    pool : ndarray of float32, shape (votes_dimension, metabolite_dimension), optional
        Vectors of the metabolites that are voted over; `metabolites` by default.
    batch : int
        Enzymes scored at a time.

    Returns
    -------
    ndarray of float32, shape (n, m)
    """
    device = tower.bias.device
    result = np.empty((len(enzymes), len(metabolites)), dtype=np.float32)
    was_training = tower.training
    tower.eval()
    with torch.inference_mode():
        projected = tower.encode_metabolites(torch.from_numpy(metabolites).to(device))
        voted = projected
        if votes is not None and pool is not None:
            voted = tower.encode_metabolites(torch.from_numpy(pool).to(device))
        for start in range(0, len(enzymes), batch):
            part = slice(start, start + batch)
            own_votes = None if votes is None else dense(votes[part]).to(device)
            vectors = torch.from_numpy(enzymes[part]).to(device)
            cosine = tower.encode_enzymes(vectors, own_votes, voted) @ projected.T
            result[part] = torch.sigmoid(tower.logits(cosine)).cpu().numpy()
    tower.train(was_training)
    return result


def dense(votes: Any) -> Tensor:
    """Float32 tensor of a dense or sparse two-dimensional array."""
    values = votes.toarray() if hasattr(votes, "toarray") else votes
    return torch.from_numpy(np.asarray(values, dtype=np.float32))


def save_tower(tower: DualTower, path: str | Path, metadata: Mapping[str, Any]) -> None:
    """Write the tower as safetensors, with its shape and `metadata` as JSON in the header.

    The same tower and metadata give the same bytes.
    """
    facts = {"tower": asdict(tower.options), **metadata}
    write_tensors(path, tower.state_dict(), dict(sorted(facts.items())))


def load_tower(path: str | Path, device: str = "cpu") -> tuple[DualTower, dict[str, Any]]:
    """Read what `save_tower` wrote.

    Returns
    -------
    tower : DualTower
        In evaluation mode.
    metadata : dict
        What was saved with it.

    Raises
    ------
    InputError
        If the file is missing, damaged, or no tower of gemwright.
    """
    cure = "train the model again"
    tensors, facts = read_tensors(path, "tower", cure)
    try:
        tower = DualTower(TowerOptions(**facts.pop("tower")))
        tower.load_state_dict(tensors)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(str(path), f"is no readable tower ({error})", cure) from error
    return tower.to(device).eval(), facts
