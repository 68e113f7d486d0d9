"""Training by blocks of the matrix of targets and genes: every text is encoded once a step.

A step takes some of the genes and all training metabolites, encodes each different sequence and
each different structure once, and predicts the whole block. Its loss is the mean over the block's
chosen pairs of what a pair costs when it is trained alone: the binary cross-entropy of its state,
plus the reconstruction losses of its metabolite and of its gene (equations 18, 21, 24 and 25). So
the reconstruction loss of a text counts as often as the text has chosen pairs, and the loss and
its gradient equal those of training pair by pair (`tests/pair_training.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from gemwright.arrays import BoolArray, IntArray
from gemwright.deepgdel.networks import DeletionNetwork, Side
from gemwright.deepgdel.tokens import Bucket, Texts, make_buckets

#: Padded characters in a bucket: the states of both LSTMs then stay within a core's cache.
BUCKET_TOKENS = 8192
#: What one position costs beside its texts, in characters (measured on a CPU).
STEP_COST = 4


@dataclass(frozen=True)
class Losses:
    """Mean losses over pairs.

    Attributes
    ----------
    status : Tensor
        Binary cross-entropy (equation 24, as a mean).
    metabolites, genes : Tensor
        Reconstruction losses (equations 18 and 21); 0 for a side that reconstructs nothing.
    """

    status: Tensor
    metabolites: Tensor
    genes: Tensor

    @property
    def total(self) -> Tensor:
        """Their sum (equation 25)."""
        return self.status + self.metabolites + self.genes


@dataclass(frozen=True)
class PairCounts:
    """How many chosen pairs of each metabolite text and gene text there are, by state.

    Attributes
    ----------
    kept, deleted : Tensor of float, shape (metabolite texts, gene texts)
        Counts of pairs whose gene remains or is deleted.
    """

    kept: Tensor
    deleted: Tensor

    def to(self, device: torch.device) -> "PairCounts":
        """Return the counts on a device."""
        return PairCounts(self.kept.to(device), self.deleted.to(device))

    def block(self, metabolites: Tensor, genes: Tensor) -> "PairCounts":
        """Return the counts of some texts."""
        return PairCounts(*(c[metabolites][:, genes] for c in (self.kept, self.deleted)))

    @property
    def weight(self) -> Tensor:
        """Chosen pairs of either state."""
        return self.kept + self.deleted


def count_pairs(
    remains: npt.NDArray[np.int8],
    chosen: BoolArray,
    metabolites: Texts,
    genes: Texts,
    rows: IntArray,
) -> PairCounts:
    """Count the chosen pairs by their texts.

    Parameters
    ----------
    remains : numpy.ndarray of int8, shape (k, m)
        States of the k targets `rows`.
    chosen : numpy.ndarray of bool, shape (k, m)
        Pairs to count.
    metabolites, genes : Texts
        Texts of all targets and genes.
    rows : numpy.ndarray of int, shape (k,)
        Rows of the targets.
    """
    flat = metabolites.text_of[rows][:, None] * len(genes) + genes.text_of[None]
    size = len(metabolites) * len(genes)
    counts = (
        np.bincount(flat[chosen & (remains == state)], minlength=size).reshape(-1, len(genes))
        for state in (1, 0)
    )
    return PairCounts(*(torch.from_numpy(count.astype(np.float32)) for count in counts))


def block_loss(
    network: DeletionNetwork,
    metabolites: Sequence[Bucket],
    genes: Sequence[Bucket],
    counts: PairCounts,
) -> Losses:
    """Mean losses over the chosen pairs of a block.

    Parameters
    ----------
    network : DeletionNetwork
        On the device of the buckets and counts.
    metabolites, genes : sequence of Bucket
        The block's texts, each once.
    counts : PairCounts
        Of all texts.
    """
    z_metabolites, text_metabolites, items_metabolites = _encode(
        network.metabolite_side, metabolites
    )
    z_genes, text_genes, items_genes = _encode(network.gene_side, genes)
    block = counts.block(items_metabolites, items_genes)
    weight = block.weight
    pairs = weight.sum()
    return Losses(
        status_loss(network.grid_logits(z_metabolites, z_genes), block),
        weight.sum(dim=1) @ text_metabolites / pairs,
        weight.sum(dim=0) @ text_genes / pairs,
    )


def status_loss(logits: Tensor, counts: PairCounts) -> Tensor:
    """Mean binary cross-entropy of counted pairs, whose logits have the shape of the counts."""
    kept = functional.softplus(-logits) * counts.kept
    deleted = functional.softplus(logits) * counts.deleted
    return (kept + deleted).sum() / counts.weight.sum()


def encode_texts(side: Side, texts: Texts, items: IntArray, device: torch.device) -> Tensor:
    """Vectors of some texts in their order, shape (len(items), D)."""
    buckets = [bucket.to(device) for bucket in length_buckets(texts, items)]
    vectors = torch.cat([side.encode(bucket) for bucket in buckets])
    place = np.empty(len(texts), dtype=np.int64)
    place[torch.cat([bucket.items for bucket in buckets]).cpu().numpy()] = np.arange(len(items))
    return vectors[torch.from_numpy(place[items]).to(device)]


def gene_steps(buckets: Sequence[Bucket], updates: int, seed: Sequence[int]) -> list[list[Bucket]]:
    """Deal the buckets of genes to the steps of an epoch by chance.

    Returns
    -------
    list of list of Bucket
        `updates` steps, or as many as there are buckets if they are fewer.
    """
    generator = np.random.default_rng(list(seed))
    order = generator.permutation(len(buckets))
    # the largest first, each to the step that has the fewest texts: no step gets one text only
    order = order[np.argsort([-len(buckets[number].items) for number in order], kind="stable")]
    steps: list[list[Bucket]] = [[] for _ in range(min(updates, len(buckets)))]
    filled = np.zeros(len(steps), dtype=np.int64)
    for number in order:
        step = int(np.argmin(filled))
        steps[step].append(buckets[number])
        filled[step] += len(buckets[number].items)
    return [steps[number] for number in generator.permutation(len(steps))]


def length_buckets(texts: Texts, items: IntArray, parts: int = 1) -> list[Bucket]:
    """Buckets of similar lengths for a step, or for at least `parts` steps (see `make_buckets`)."""
    return make_buckets(texts, items, BUCKET_TOKENS, STEP_COST, -(-len(items) // parts))


def _encode(side: Side, buckets: Sequence[Bucket]) -> tuple[Tensor, Tensor, Tensor]:
    """Vectors, reconstruction losses (0 where there are none) and numbers of the texts."""
    vectors, losses = [], []
    for bucket in buckets:
        z, loss = side(bucket)
        vectors.append(z)
        losses.append(z.new_zeros(len(z)) if loss is None else loss)
    return torch.cat(vectors), torch.cat(losses), torch.cat([bucket.items for bucket in buckets])
