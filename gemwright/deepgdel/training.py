"""Training the networks of DeepGDel on some targets, and predicting the strategies of others."""

import hashlib
import json
import logging
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from tqdm import tqdm

from gemwright.code_digest import code_digest
from gemwright.config.deletion_networks import NetworkOptions
from gemwright.deepgdel.balance import balanced_pairs, split_validation
from gemwright.deepgdel.block_training import (
    PairCounts,
    block_loss,
    count_pairs,
    encode_texts,
    gene_steps,
    length_buckets,
    status_loss,
)
from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.networks import NETWORKS, DeletionNetwork, NetworkName, NetworkShape
from gemwright.deepgdel.scored import varying_genes
from gemwright.deepgdel.tokens import UNKNOWN, Bucket, Texts, Vocabulary, tokenise
from gemwright.errors import InputError
from gemwright.io.files import sha256_text
from gemwright.io.tensors import read_cached_tensors, read_tensors, write_tensors
from gemwright.learning.checkpoints import restore_training, training_tensors
from gemwright.learning.determinism import repeatable
from gemwright.learning.determinism import threads as use_threads
from gemwright.learning.device import arithmetic, choose_device

logger = logging.getLogger(__name__)

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

WEIGHTS = "weights.safetensors"
HISTORY_COLUMNS = ["epoch", "status", "metabolites", "genes", "validation", "best"]
#: State of a gene, in the weights file, whose state differs between the training targets.
VARYING = -1


def train_network(
    data: DeletionData,
    train: IntArray,
    name: NetworkName,
    options: NetworkOptions | None = None,
    folder: str | Path = ".",
) -> tuple[Path, pd.DataFrame]:
    """Train one network on some targets.

    The same data, options and seed give the same bytes on a CPU, also after a break: a checkpoint
    with the digest of data and options in its name is written to `folder` and taken up again, and
    goes when training is done. Finished weights of the same digest are not trained anew, and files
    that are damaged count as missing. Nothing of targets outside `train` is read.

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
        For `predict_network`.
    history : pandas.DataFrame
        epoch, status (mean binary cross-entropy of the epoch's steps), metabolites and genes
        (reconstruction losses), validation (mean binary cross-entropy of the balanced validation
        pairs of genes that vary in training), best (whether it was the lowest so far).

    Raises
    ------
    InputError
        If the name or an option is unknown, there are too few targets, or all genes have one state.
    """
    options = options or NetworkOptions()
    if name not in NETWORKS:
        raise InputError(f"network {name!r}", "is not known", f"Use one of {', '.join(NETWORKS)}")
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
        run = _Run(network, optimizer, options, Path(folder), digest)
        run.load()
        metabolites, buckets, counts = inputs.fit(device, options.updates)
        bar = tqdm(
            range(run.epoch, options.epochs),
            desc=f"train {name} on {data.model}",
            total=options.epochs,
            initial=run.epoch,
        )
        for epoch in bar:
            if run.stopped:
                break
            # seeded by epoch, so that a resumed run draws what an unbroken one draws
            torch.manual_seed(options.seed * 100_003 + epoch)
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
            run.record(torch.stack(parts).mean(dim=0).tolist(), inputs.validate(network))
            bar.set_postfix(status=run.history[-1]["status"], best=run.best_epoch)
        run.finish(path, inputs.facts, inputs.gene_states)
    return path, pd.DataFrame(run.history, columns=HISTORY_COLUMNS)


def predict_network(
    data: DeletionData, test: IntArray, weights: str | Path, device: str = "auto", threads: int = 1
) -> FloatArray:
    """Predict the strategies of some targets.

    Parameters
    ----------
    data : DeletionData
        As for training: the same genes, sequences and order. Its labels are not read.
    test : numpy.ndarray of int
        Rows to predict. A structure may hold characters that no training structure has.
    weights : str or Path
        What `train_network` wrote.
    device : str
        As in `NetworkOptions`.
    threads : int
        Torch's CPU threads.

    Returns
    -------
    numpy.ndarray of float, shape (len(test), m)
        P(gene remains); 0 or 1 for genes with one state in all training targets.

    Raises
    ------
    InputError
        If the file is missing, damaged, or of other genes.
    """
    cure = "Train the network again"
    tensors, facts = read_tensors(weights, "network", cure)
    try:
        states = tensors.pop("gene_states").numpy()
        network = DeletionNetwork(NetworkShape(**facts["shape"]))
        network.load_state_dict(tensors)
        vocabularies = Vocabulary(facts["metabolites"]), Vocabulary(facts["gene_characters"])
        same = facts["genes"] == _genes_digest(data)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(str(weights), f"is no readable network ({error})", cure) from error
    if not same:
        raise InputError(str(weights), "was trained with other genes or sequences", cure)
    test = np.asarray(test, dtype=np.int64)
    where = choose_device(device)
    varying: IntArray = np.flatnonzero(states == VARYING)
    result = np.tile(states.astype(np.float64), (len(test), 1))
    if not len(test) or not len(varying):
        return result
    metabolites = _metabolite_texts(data, network.shape.name, vocabularies[0], test)
    genes = _gene_texts(data, network.shape.name, vocabularies[1], facts["shuffle_seed"])
    if network.shape.name == "metabolite_only":
        # one text, so that genes which the network cannot tell apart tie exactly
        genes = Texts(genes.tokens[:1], np.zeros(len(data.genes), dtype=np.int64))
    columns = np.unique(genes.text_of[varying])
    with use_threads(threads), torch.inference_mode():
        logits = _text_logits(
            network.to(where).eval(), metabolites, np.arange(len(metabolites)), genes, columns
        )
    position = np.searchsorted(columns, genes.text_of[varying])
    chances = torch.sigmoid(logits.double()).numpy()
    result[:, varying] = chances[metabolites.text_of[:, None], position[None]]
    return result


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
        self.metabolites = _metabolite_texts(data, name, vocabulary, train)
        self.genes = _gene_texts(data, name, residues, options.seed)
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
            "genes": _genes_digest(data),
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
            logits = _text_logits(network.eval(), self.metabolites, rows, self.genes, columns)
        block = self.validation_counts.block(torch.from_numpy(rows), torch.from_numpy(columns))
        return float(status_loss(logits, block))


class _Run:
    """State of a training run: history, best weights, checkpoint."""

    def __init__(
        self,
        network: DeletionNetwork,
        optimizer: torch.optim.Optimizer,
        options: NetworkOptions,
        folder: Path,
        digest: str,
    ) -> None:
        self.network, self.optimizer, self.options, self.digest = (
            network, optimizer, options, digest
        )  # fmt: skip
        self.path = folder / f"checkpoint-{digest[:16]}.safetensors"
        self.history: list[dict[str, float]] = []
        self.best: dict[str, torch.Tensor] = {}
        self.best_epoch = -1

    @property
    def epoch(self) -> int:
        return len(self.history)

    @property
    def stopped(self) -> bool:
        return 0 < self.options.patience <= self.epoch - 1 - self.best_epoch

    def record(self, losses: list[float], validation: float) -> None:
        """Note an epoch; without a validation loss the last epoch counts as the best."""
        lowest = self.history[self.best_epoch]["validation"] if self.best else float("inf")
        better = np.isnan(validation) or validation < lowest
        if better:
            self.best_epoch = self.epoch
            self.best = _on_cpu(self.network)
        self.history.append(
            dict(zip(HISTORY_COLUMNS, [self.epoch, *losses, validation, bool(better)], strict=True))
        )
        every = self.options.checkpoint_every
        if every and self.epoch % every == 0:
            self.save()

    def save(self) -> None:
        tensors = training_tensors(self.network, self.best, self.optimizer)
        facts = {"history": self.history, "best_epoch": self.best_epoch}
        write_tensors(self.path, tensors, facts)

    def load(self) -> None:
        found = read_cached_tensors(self.path, "checkpoint")
        if found is None:
            return
        tensors, facts = found
        self.best = restore_training(tensors, self.network, self.optimizer)
        self.history, self.best_epoch = facts["history"], facts["best_epoch"]
        logger.info("resumed after epoch %d", self.epoch - 1)

    def finish(self, path: Path, facts: dict[str, Any], gene_states: npt.NDArray[np.int8]) -> None:
        """Write the best weights; the checkpoint is not needed any more."""
        tensors = {**(self.best or _on_cpu(self.network))}
        tensors["gene_states"] = torch.from_numpy(gene_states)
        write_tensors(path, tensors, {**facts, "digest": self.digest, "history": self.history})
        self.path.unlink(missing_ok=True)


def _text_logits(
    network: DeletionNetwork,
    metabolites: Texts,
    rows: IntArray,
    genes: Texts,
    columns: IntArray,
) -> torch.Tensor:
    """Logits of all pairs of some texts, on the CPU, shape (len(rows), len(columns))."""
    device = next(network.parameters()).device
    z_metabolites = encode_texts(network.metabolite_side, metabolites, rows, device)
    z_genes = encode_texts(network.gene_side, genes, columns, device)
    # by parts, because a grid has D numbers for each pair
    parts = [network.grid_logits(part, z_genes).cpu() for part in torch.split(z_metabolites, 64)]
    return torch.cat(parts)


def _metabolite_texts(
    data: DeletionData, name: str, vocabulary: Vocabulary, rows: IntArray
) -> Texts:
    """Structures of some targets; a network that does not read them sees one text."""
    if name == "gene_only":
        return Texts((np.array([UNKNOWN]),), np.zeros(len(rows), dtype=np.int64))
    return tokenise([data.smiles[row] for row in rows], vocabulary)


def _gene_texts(data: DeletionData, name: str, vocabulary: Vocabulary, seed: int) -> Texts:
    """Sequences of all genes; a network that does not read them sees one text for each gene."""
    genes = len(data.genes)
    if name in ("metabolite_only", "identity"):
        return Texts((np.array([UNKNOWN]),) * genes, np.arange(genes))
    order: IntArray = np.arange(genes)
    if name == "shuffled":
        order = np.random.default_rng([seed, 3]).permutation(genes)
    return tokenise([data.sequences[gene] for gene in order], vocabulary)


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
    same = asdict(replace(options, device=arithmetic(options.device), checkpoint_every=0))
    train = np.unique(train)
    facts = [
        code_digest(__file__),
        name,
        same,
        _genes_digest(data),
        [data.smiles[row] for row in train],
        hashlib.sha256(data.remains[train].astype(np.int8).tobytes()).hexdigest(),
    ]
    return sha256_text(json.dumps(facts, sort_keys=True))


def _genes_digest(data: DeletionData) -> str:
    return sha256_text(json.dumps([data.genes, data.sequences]))


def _on_cpu(network: DeletionNetwork) -> dict[str, torch.Tensor]:
    return {name: value.detach().cpu().clone() for name, value in network.state_dict().items()}
