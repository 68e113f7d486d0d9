"""The reference: training pair by pair, as a straightforward implementation does it.

A batch holds pairs of a target and a gene. Each pair's own structure and sequence are padded and
run through both autoencoders, however often they come in the batch. It checks
`gemwright.deepgdel.block_training`. All forms of padding give the same losses and gradients.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gemwright.arrays import IntArray
from gemwright.deepgdel.block_training import Losses
from gemwright.deepgdel.networks import DeletionNetwork, SequenceAutoencoder
from gemwright.deepgdel.tokens import Bucket, Texts, make_bucket

#: ``packed``: PyTorch's packed sequences, its own way to ignore padded positions. ``uniform``: to
#: the longest of all texts, as equation 2 has it; padded positions are computed and masked.
#: ``batch``: to the longest of the batch, masked.
Padding = Literal["packed", "uniform", "batch"]


def pair_loss(
    network: DeletionNetwork,
    metabolites: Texts,
    genes: Texts,
    rows: Sequence[int] | IntArray,
    columns: Sequence[int] | IntArray,
    remains: npt.NDArray[np.int8],
    padding: Padding = "batch",
) -> Losses:
    """Mean losses over some pairs (equations 18, 21, 24 and 25).

    Parameters
    ----------
    network : DeletionNetwork
        Any of the networks.
    metabolites, genes : Texts
        Texts of all targets and genes.
    rows, columns : sequence of int, length k
        Target and gene of each pair.
    remains : numpy.ndarray of int8, shape (n, m)
        States of all targets.
    padding : {'packed', 'uniform', 'batch'}
        See `Padding`.
    """
    device = next(network.parameters()).device
    sides = []
    for side, texts, chosen in (
        (network.metabolite_side, metabolites, rows),
        (network.gene_side, genes, columns),
    ):
        length = max(map(len, texts.tokens)) if padding == "uniform" else 0
        bucket = make_bucket(texts, texts.text_of[np.asarray(chosen)], length).to(device)
        if padding == "packed" and isinstance(side, SequenceAutoencoder):
            sides.append(_packed(side, bucket))
        else:
            sides.append(side(bucket))
    (z_metabolites, text_metabolites), (z_genes, text_genes) = sides
    logits = network.head(z_metabolites, z_genes)
    states = torch.from_numpy(remains[rows, columns]).to(logits)
    nothing = logits.new_zeros(())
    return Losses(
        functional.binary_cross_entropy_with_logits(logits, states),
        nothing if text_metabolites is None else text_metabolites.mean(),
        nothing if text_genes is None else text_genes.mean(),
    )


def _packed(side: SequenceAutoencoder, bucket: Bucket) -> tuple[Tensor, Tensor]:
    """Z and reconstruction losses of an autoencoder, by packed sequences."""
    lengths = bucket.lengths.cpu()

    def pack(values: Tensor) -> torch.nn.utils.rnn.PackedSequence:
        return pack_padded_sequence(values, lengths, enforce_sorted=False)

    embedded = side.dropout(side.embedding(bucket.tokens))
    states, _ = pad_packed_sequence(side.encoder(pack(embedded))[0])
    z = side.pool(states, bucket)
    decoded, _ = side.decoder(pack(z.expand(len(bucket.tokens), -1, -1)), side.start(z))
    return z, side.entropy(pad_packed_sequence(decoded)[0], bucket)
