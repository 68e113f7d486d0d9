"""Training of the dual tower: batches of distinct enzymes, early stopping, resumable."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from scipy.sparse import csr_array

from gemwright.config.training import TrainingOptions
from gemwright.embedding.protocol import Embeddings
from gemwright.emi.tower import (
    DualTower,
    Entries,
    TowerOptions,
    dense,
    joint_loss,
    score_matrix,
)
from gemwright.errors import InputError
from gemwright.io.files import sha256_text
from gemwright.learning.checkpoints import CHECKPOINT, comparable
from gemwright.learning.determinism import repeatable
from gemwright.learning.device import choose_device
from gemwright.learning.loop import TrainingLoop, out_of_patience

HISTORY_COLUMNS = [
    "epoch",
    "loss",
    "validation_auroc",
    "validation_aupr",
    "temperature",
    "bias",
    "best",
]


@dataclass(frozen=True)
class TrainingData:
    """Labelled pairs with the vectors of their enzymes and metabolites.

    Attributes
    ----------
    labelled : pandas.DataFrame
        enzyme, positive, metabolite, label, as `gemwright.emi.negatives.label_pairs` gives them.
    enzymes, metabolites : Embeddings
        Vectors; they may hold more than the pairs need.
    votes : scipy.sparse.csr_array or None
        Votes of homologues, rows as `enzymes`.
    """

    labelled: pd.DataFrame
    enzymes: Embeddings
    metabolites: Embeddings
    votes: csr_array | None = None


def train_tower(
    training: TrainingData,
    validation: TrainingData | None,
    options: TrainingOptions | None = None,
    checkpoint_folder: str | Path | None = None,
) -> tuple[DualTower, pd.DataFrame]:
    """Train the dual tower.

    Parameters
    ----------
    training : TrainingData
        Labelled pairs to learn from.
    validation : TrainingData or None
        Pairs of other clusters, for early stopping; ``None`` trains for all epochs.
    options : TrainingOptions, optional
        How to train.
    checkpoint_folder : str or Path, optional
        Receives ``checkpoint.safetensors`` after each epoch, written atomically. If there is one
        it is taken up; the result equals that of a run without a break.

    Returns
    -------
    tower : DualTower
        With the best weights by validation AUPR, in evaluation mode, on the CPU.
    history : pandas.DataFrame
        epoch, loss, validation_auroc, validation_aupr, temperature, bias, best.

    Raises
    ------
    InputError
        If votes are wanted and missing, or a checkpoint is of other options.
    """
    options = options or TrainingOptions()
    with_votes = options.inputs == "sequence+homologues"
    if with_votes and training.votes is None:
        raise InputError(
            "training", "the option 'sequence+homologues' needs votes", "give homologue votes"
        )
    device = choose_device(options.device)
    with repeatable(options.threads):
        pairs = _Pairs(training)
        enzyme_vectors = torch.from_numpy(training.enzymes.values[pairs.enzyme_rows])
        metabolite_vectors = torch.from_numpy(training.metabolites.values).to(device)
        votes = (
            training.votes[pairs.enzyme_rows] if with_votes and training.votes is not None else None
        )
        torch.manual_seed(options.seed)
        tower = DualTower(
            TowerOptions(
                enzyme_dimension=enzyme_vectors.shape[1],
                metabolite_dimension=metabolite_vectors.shape[1],
                votes_dimension=votes.shape[1] if votes is not None else 0,
                hidden=options.hidden,
                dimension=options.dimension,
                input_dropout=options.input_dropout,
                dropout=options.dropout,
                temperature=options.temperature,
                bias=options.bias,
            )
        )
        _standardise(tower.enzyme_head, enzyme_vectors)
        _standardise(tower.metabolite_head, metabolite_vectors.cpu())
        tower.to(device)
        optimizer = torch.optim.AdamW(
            tower.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay
        )
        # a resumed run may have other epochs, patience and device
        told = comparable(options, "epochs", "patience", "device")
        loop = TrainingLoop(
            "train tower",
            tower,
            {"tower": tower, "optimizer": optimizer},
            options.epochs,
            seed=lambda epoch: options.seed * 100_003 + epoch,
            better=lambda row, best: (
                not options.patience
                or np.isnan(row["validation_aupr"])
                or best is None
                or row["validation_aupr"] > best["validation_aupr"]
            ),
            stop=out_of_patience(options.patience),
            digest=sha256_text(json.dumps([told, asdict(tower.options)])),
            path=None if checkpoint_folder is None else Path(checkpoint_folder) / CHECKPOINT,
        )
        for epoch in loop:
            order = np.random.default_rng([options.seed, epoch]).permutation(pairs.n_enzymes)
            losses = []
            tower.train()
            for start in range(0, len(order), options.batch_enzymes):
                rows = order[start : start + options.batch_enzymes]
                columns, entries = pairs.entries(rows, device)
                own_votes = None
                if votes is not None:
                    own_votes = dense(votes[rows]).to(device)
                    blank = torch.rand(len(rows), 1, device=device) < options.votes_dropout
                    own_votes = own_votes.masked_fill(blank, 0.0)
                if own_votes is None:
                    z_metabolites = tower.encode_metabolites(metabolite_vectors[columns])
                    z_enzymes = tower.encode_enzymes(enzyme_vectors[rows].to(device))
                else:
                    pool = tower.encode_metabolites(metabolite_vectors)
                    z_metabolites = pool[columns]
                    z_enzymes = tower.encode_enzymes(
                        enzyme_vectors[rows].to(device), own_votes, pool
                    )
                loss = joint_loss(
                    tower,
                    z_enzymes,
                    z_metabolites,
                    entries,
                    options.triplet_weight,
                    options.margin,
                )
                optimizer.zero_grad(set_to_none=True)
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                losses.append(float(loss.detach()) * len(rows))
            mean_loss = sum(losses) / len(order)
            auroc, aupr = _validate(tower, validation, with_votes)
            temperature, bias = tower.log_temperature.detach().exp(), tower.bias.detach()
            figures = [epoch, mean_loss, auroc, aupr, float(temperature), float(bias)]
            loop.record(
                dict(zip(HISTORY_COLUMNS, figures, strict=False)), loss=mean_loss, aupr=aupr
            )
        loop.take_best()
    return tower.cpu().eval(), pd.DataFrame(loop.history, columns=HISTORY_COLUMNS)


class _Pairs:
    """Labelled pairs sorted by enzyme, from which the entries of a batch are gathered."""

    def __init__(self, data: TrainingData) -> None:
        labelled = data.labelled
        names, enzyme = np.unique(labelled["enzyme"].to_numpy(dtype=str), return_inverse=True)
        self.n_enzymes = len(names)
        self.enzyme_rows = _positions(data.enzymes, names)
        metabolite = _positions(data.metabolites, labelled["metabolite"].to_numpy(dtype=str))
        positive = _positions(data.metabolites, labelled["positive"].to_numpy(dtype=str))
        label = labelled["label"].to_numpy()
        order = np.lexsort((1 - label, positive, enzyme))
        self.metabolite, self.label = metabolite[order], label[order].astype(np.float32)
        enzyme, positive = enzyme[order], positive[order]
        self.count = np.bincount(enzyme, minlength=self.n_enzymes)
        self.start = np.cumsum(self.count) - self.count
        # within an enzyme and positive the positive itself comes first
        first = np.append(True, (enzyme[1:] != enzyme[:-1]) | (positive[1:] != positive[:-1]))
        if not (self.label[first] == 1).all():
            raise InputError("labelled pairs", "a negative has no positive", "make them again")
        self.anchor = np.flatnonzero(first)[np.cumsum(first) - 1]

    def entries(self, rows: npt.NDArray[Any], device: torch.device) -> tuple[torch.Tensor, Entries]:
        count = self.count[rows]
        start = np.cumsum(count) - count
        shift = np.repeat(self.start[rows] - start, count)
        index = np.arange(count.sum()) + shift
        columns, column = np.unique(self.metabolite[index], return_inverse=True)
        entries = Entries(
            row=torch.from_numpy(np.repeat(np.arange(len(rows)), count)).to(device),
            column=torch.from_numpy(column.astype(np.int64)).to(device),
            label=torch.from_numpy(self.label[index]).to(device),
            anchor=torch.from_numpy(self.anchor[index] - shift).to(device),
        )
        return torch.from_numpy(columns).to(device), entries


def _positions(embeddings: Embeddings, names: npt.NDArray[Any]) -> npt.NDArray[Any]:
    position = embeddings.ids.get_indexer(pd.Index(names.astype(object)))
    if (position < 0).any():
        raise InputError(
            "training",
            f"{names[position < 0][0]!r} of the labelled pairs has no vector",
            "embed all enzymes and metabolites of the interactions",
        )
    return position


def _standardise(head: Any, vectors: torch.Tensor) -> None:
    """Centre each input; one scale for all, or rare fingerprint bits would dominate."""
    centre = vectors.mean(dim=0)
    head.centre.copy_(centre)
    head.scale.fill_(1 / float((vectors - centre).pow(2).mean().sqrt().clamp_min(1e-6)))


def _validate(
    tower: DualTower, validation: TrainingData | None, with_votes: bool
) -> tuple[float, float]:
    if validation is None:
        return float("nan"), float("nan")
    labelled = validation.labelled
    names, row = np.unique(labelled["enzyme"].to_numpy(dtype=str), return_inverse=True)
    rows = _positions(validation.enzymes, names)
    column = _positions(validation.metabolites, labelled["metabolite"].to_numpy(dtype=str))
    votes = validation.votes[rows] if with_votes and validation.votes is not None else None
    scores = score_matrix(
        tower, validation.enzymes.values[rows], validation.metabolites.values, votes
    )[row, column]
    label = labelled["label"].to_numpy()
    # scoring a proteome needs no scikit-learn
    from sklearn.metrics import average_precision_score, roc_auc_score

    return float(roc_auc_score(label, scores)), float(average_precision_score(label, scores))
