"""The reference: training pair by pair, as a straightforward implementation does it.

A batch holds pairs of a target and a gene. Each pair's own structure and sequence are padded and
run through both autoencoders, however often they come in the batch. It is here to check
`block_training` and to time it against; `training` does not use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from gemwright.deepgdel.block_training import Losses
from gemwright.deepgdel.networks import DeletionNetwork
from gemwright.deepgdel.tokens import Texts, make_bucket

#: Pairs in a step (paper, Table IV).
BATCH_SIZE = 8


@dataclass(frozen=True)
class PaddedLengths:
    """Lengths that texts are padded to at least; 0 pads to the longest text of the batch.

    Attributes
    ----------
    metabolites, genes : int
        Characters. The paper (equation 2) pads all texts to the longest of the training data.
    """

    metabolites: int = 0
    genes: int = 0


def pair_loss(
    network: DeletionNetwork,
    metabolites: Texts,
    genes: Texts,
    rows: Sequence[int] | npt.NDArray[np.int64],
    columns: Sequence[int] | npt.NDArray[np.int64],
    remains: npt.NDArray[np.int8],
    lengths: PaddedLengths | None = None,
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
    lengths : PaddedLengths, optional
        How far to pad.
    """
    lengths = lengths or PaddedLengths()
    device = next(network.parameters()).device
    sides = []
    for side, texts, chosen, length in (
        (network.metabolite_side, metabolites, rows, lengths.metabolites),
        (network.gene_side, genes, columns, lengths.genes),
    ):
        bucket = make_bucket(texts, texts.text_of[np.asarray(chosen)], length).to(device)
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
