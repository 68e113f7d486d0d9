"""Predicting the strategies of targets with a trained network, and the texts that networks see."""

import json
from pathlib import Path

import numpy as np
import torch

from gemwright.arrays import FloatArray, IntArray
from gemwright.deepgdel.block_training import encode_texts
from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.networks import DeletionNetwork, NetworkShape
from gemwright.deepgdel.tokens import UNKNOWN, Texts, Vocabulary, tokenise
from gemwright.errors import InputError
from gemwright.io.files import sha256_text
from gemwright.io.tensors import read_tensors
from gemwright.learning.determinism import threads as use_threads
from gemwright.learning.device import choose_device

#: State of a gene, in the weights file, whose state differs between the training targets.
VARYING = -1


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
    cure = "train the network again"
    tensors, facts = read_tensors(weights, "network", cure)
    try:
        states = tensors.pop("gene_states").numpy()
        network = DeletionNetwork(NetworkShape(**facts["shape"]))
        network.load_state_dict(tensors)
        vocabularies = Vocabulary(facts["metabolites"]), Vocabulary(facts["gene_characters"])
        same = facts["genes"] == genes_digest(data)
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
    metabolites = metabolite_texts(data, network.shape.name, vocabularies[0], test)
    genes = gene_texts(data, network.shape.name, vocabularies[1], facts["shuffle_seed"])
    if network.shape.name == "metabolite_only":
        # one text, so that genes which the network cannot distinguish tie exactly
        genes = Texts(genes.tokens[:1], np.zeros(len(data.genes), dtype=np.int64))
    columns = np.unique(genes.text_of[varying])
    with use_threads(threads), torch.inference_mode():
        logits = text_logits(
            network.to(where).eval(), metabolites, np.arange(len(metabolites)), genes, columns
        )
    position = np.searchsorted(columns, genes.text_of[varying])
    chances = torch.sigmoid(logits.double()).numpy()
    result[:, varying] = chances[metabolites.text_of[:, None], position[None]]
    return result


def text_logits(
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


def metabolite_texts(
    data: DeletionData, name: str, vocabulary: Vocabulary, rows: IntArray
) -> Texts:
    """Structures of some targets; a network that does not read them sees one text."""
    if name == "gene_only":
        return Texts((np.array([UNKNOWN]),), np.zeros(len(rows), dtype=np.int64))
    return tokenise([data.smiles[row] for row in rows], vocabulary)


def gene_texts(data: DeletionData, name: str, vocabulary: Vocabulary, seed: int) -> Texts:
    """Sequences of all genes; a network that does not read them sees one text for each gene."""
    genes = len(data.genes)
    if name in ("metabolite_only", "identity"):
        return Texts((np.array([UNKNOWN]),) * genes, np.arange(genes))
    order: IntArray = np.arange(genes)
    if name == "shuffled":
        order = np.random.default_rng([seed, 3]).permutation(genes)
    return tokenise([data.sequences[gene] for gene in order], vocabulary)


def genes_digest(data: DeletionData) -> str:
    """SHA-256 of the genes and their sequences."""
    return sha256_text(json.dumps([data.genes, data.sequences]))
