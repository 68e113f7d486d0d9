"""Training the networks of DeepGDel on some targets."""

import hashlib
import logging
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from gemwright.arrays import IntArray
from gemwright.config.deletion_networks import NetworkOptions
from gemwright.deepgdel.balance import balanced_pairs, split_validation
from gemwright.deepgdel.block_training import (
    PairCounts,
    block_loss,
    count_pairs,
    gene_steps,
    length_buckets,
    status_loss,
)
from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.network_prediction import (
    VARYING,
    gene_texts,
    genes_digest,
    metabolite_texts,
    text_logits,
)
from gemwright.deepgdel.networks import NETWORKS, DeletionNetwork, NetworkName, NetworkShape
from gemwright.deepgdel.scored import varying_genes
from gemwright.deepgdel.tokens import Bucket, Vocabulary
from gemwright.errors import require_known
from gemwright.io.tensors import read_cached_tensors, write_tensors
from gemwright.learning.checkpoints import CHECKPOINT, comparable, training_digest
from gemwright.learning.determinism import repeatable
from gemwright.learning.device import choose_device
from gemwright.learning.loop import TrainingLoop, out_of_patience

logger = logging.getLogger(__name__)

WEIGHTS = "weights.safetensors"
HISTORY_COLUMNS = ["epoch", "status", "metabolites", "genes", "validation", "best"]


def train_network(
    data: DeletionData,
    train: IntArray,
    name: NetworkName,
    options: NetworkOptions | None = None,
    folder: str | Path = ".",
) -> tuple[Path, pd.DataFrame]:
    """Train one network on some targets.

    The same data, options and seed give the same bytes on a CPU, also after a break: a checkpoint
    is written to `folder` and taken up again, and goes when training is done. Finished weights of
    the same digest are not trained again, and files that are damaged count as missing. Nothing of
    targets outside `train` is read.

    Parameters
    ----------
    data : DeletionData
        Strategies, structures and sequences.
    train : numpy.ndarray of int
        Rows to train and validate on.
    name : str
        One of `networks.NETWORKS`.
    options : NetworkOptions, optional
        How to train.
    folder : str or Path
        Receives ``weights.safetensors``.

    Returns
    -------
    weights : Path
        For `network_prediction.predict_network`.
    history : pandas.DataFrame
        epoch, status (mean binary cross-entropy of the epoch's steps), metabolites and genes
        (reconstruction losses), validation (mean binary cross-entropy of the balanced validation
        pairs of genes that vary in training), best (whether it was the lowest so far).

    Raises
    ------
    InputError
        If the name or an option is unknown, there are too few targets, all genes have one state,
        or `folder` holds the checkpoint of another training.
    """
    options = options or NetworkOptions()
    require_known("network", name, NETWORKS)
    train = np.unique(train)
    path = Path(folder) / WEIGHTS
    digest = network_digest(data, train, name, options)
    _, finished = read_cached_tensors(path, "network") or ({}, {})
    if finished.get("digest") == digest:
        logger.info("taken from %s, which was trained before", path)
        return path, pd.DataFrame(finished["history"], columns=HISTORY_COLUMNS)
    device = choose_device(options.device)
    with repeatable(options.threads):
        inputs = _Inputs(data, train, name, options)
        torch.manual_seed(options.seed)
        network = DeletionNetwork(inputs.shape).to(device)
        rate = options.learning_rate * (1.0 if name == "dnn" else options.rate_factor)
        optimizer = torch.optim.Adam(network.parameters(), lr=rate, fused=True)
        loop = TrainingLoop(
            f"train {name} on {data.model}",
            network,
            {"network": network, "optimizer": optimizer},
            options.epochs,
            seed=lambda epoch: options.seed * 100_003 + epoch,
            better=lambda row, best: (
                np.isnan(row["validation"])
                or row["validation"] < (best["validation"] if best else np.inf)
            ),
            stop=out_of_patience(options.patience),
            digest=digest,
            path=path.with_name(CHECKPOINT),
            every=options.checkpoint_every,
        )
        metabolites, buckets, counts = inputs.fit(device, options.updates)
        for epoch in loop:
            network.train()
            parts = []
            for genes in gene_steps(buckets, options.updates, (options.seed, epoch)):
                losses = block_loss(network, metabolites, genes, counts)
                optimizer.zero_grad(set_to_none=True)
                losses.total.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                parts.append(
                    torch.stack([losses.status, losses.metabolites, losses.genes]).detach()
                )
            figures = [epoch, *torch.stack(parts).mean(dim=0).tolist(), inputs.validate(network)]
            row = dict(zip(HISTORY_COLUMNS, figures, strict=False))
            loop.record(row, status=row["status"], validation=row["validation"])
        loop.take_best()
    tensors = network.state_dict() | {"gene_states": torch.from_numpy(inputs.gene_states)}
    write_tensors(path, tensors, {**inputs.facts, "digest": digest, "history": loop.history})
    path.with_name(CHECKPOINT).unlink(missing_ok=True)
    return path, pd.DataFrame(loop.history, columns=HISTORY_COLUMNS)


class _Inputs:
    """Texts, drawn pairs and shapes of one training run."""

    def __init__(
        self, data: DeletionData, train: IntArray, name: NetworkName, options: NetworkOptions
    ) -> None:
        remains = data.remains[train]
        varying = varying_genes(remains)
        self.gene_states = np.where(varying, VARYING, remains[0]).astype(np.int8)
        fit, self.validation = split_validation(
            np.arange(len(train)), options.validation_share, options.seed
        )
        vocabulary = Vocabulary.of(data.smiles[row] for row in train[fit])
        residues = Vocabulary.of(data.sequences)
        self.metabolites = metabolite_texts(data, name, vocabulary, train)
        self.genes = gene_texts(data, name, residues, options.seed)
        self.fit_counts = count_pairs(
            remains[fit],
            balanced_pairs(remains[fit], options.seed, options.balance),
            self.metabolites,
            self.genes,
            fit,
        )
        if len(self.validation):
            held = remains[self.validation]
            # other genes are not predicted by the network
            chosen = np.zeros(held.shape, dtype=bool)
            chosen[:, varying] = balanced_pairs(held[:, varying], options.seed, options.balance)
            self.validation_counts = count_pairs(
                held,
                chosen,
                self.metabolites,
                self.genes,
                self.validation,
            )
        self.shape = NetworkShape(
            name,
            vocabulary.size,
            residues.size,
            max(len(data.smiles[row]) for row in train[fit]),
            max(map(len, data.sequences)),
            len(self.genes),
            options.embedding,
            options.hidden,
            options.dropout,
        )
        self.facts = {
            "shape": asdict(self.shape),
            "metabolites": vocabulary.characters,
            "gene_characters": residues.characters,
            "shuffle_seed": options.seed,
            "genes": genes_digest(data),
        }

    def fit(
        self, device: torch.device, updates: int
    ) -> tuple[list[Bucket], list[Bucket], PairCounts]:
        """Buckets of the texts with a drawn pair, and their counts."""
        weight = self.fit_counts.weight.numpy()
        metabolites = length_buckets(self.metabolites, np.flatnonzero(weight.any(axis=1)))
        genes = length_buckets(self.genes, np.flatnonzero(weight.any(axis=0)), updates)
        return (
            [bucket.to(device) for bucket in metabolites],
            [bucket.to(device) for bucket in genes],
            self.fit_counts.to(device),
        )

    def validate(self, network: DeletionNetwork) -> float:
        """Mean binary cross-entropy of the validation pairs, NaN if there are none."""
        if not len(self.validation) or not self.validation_counts.weight.any():
            return float("nan")
        weight = self.validation_counts.weight.numpy()
        rows, columns = np.flatnonzero(weight.any(axis=1)), np.flatnonzero(weight.any(axis=0))
        with torch.inference_mode():
            logits = text_logits(network.eval(), self.metabolites, rows, self.genes, columns)
        block = self.validation_counts.block(torch.from_numpy(rows), torch.from_numpy(columns))
        return float(status_loss(logits, block))


def network_digest(
    data: DeletionData, train: IntArray, name: NetworkName, options: NetworkOptions
) -> str:
    """SHA-256 of what a network's weights depend on.

    Parameters
    ----------
    data : DeletionData
        Of which nothing but the training targets counts.
    train : numpy.ndarray of int
        Rows to train and validate on.
    name : str
        One of `networks.NETWORKS`.
    options : NetworkOptions
        How it is trained: of the device its kind, and nothing of checkpoints.
    """
    train = np.unique(train)
    return training_digest(
        __file__,
        options.device,
        name,
        comparable(options, "device", "checkpoint_every"),
        genes_digest(data),
        [data.smiles[row] for row in train],
        hashlib.sha256(data.remains[train].astype(np.int8).tobytes()).hexdigest(),
    )
