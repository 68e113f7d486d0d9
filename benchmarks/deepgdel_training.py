"""Training DeepGDel by blocks or pair by pair: CPU seconds of an epoch, steps of both measured.

Run as ``python benchmarks/deepgdel_training.py FOLDER...`` with folders of
``gemwright.deepgdel.dataset.write_deletion_data`` (the workflow's ``results/deepgdel/GEM/data``).
On nine tenths of the targets of each, in one process with one thread, it takes all steps of block
epochs and, between the epochs, steps of the pair-by-pair trainer: batches of 8 pairs (the paper's
Table IV), the same network, optimiser and chosen pairs. Pair by pair is timed in three forms that
give the same losses (see ``tests/pair_training.py``): packed sequences, padding
to the longest text of all (the paper's equation 2), and padding to the longest of the batch, which
is the least that pairs can cost. Its epoch is its mean step times the number of steps.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from gemwright.config.deletion_networks import NetworkOptions
from gemwright.deepgdel.balance import balanced_pairs
from gemwright.deepgdel.block_training import (
    Losses,
    block_loss,
    count_pairs,
    gene_steps,
    length_buckets,
)
from gemwright.deepgdel.dataset import read_deletion_data
from gemwright.deepgdel.networks import DeletionNetwork, NetworkShape
from gemwright.deepgdel.tokens import Vocabulary, tokenise

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from pair_training import Padding, pair_loss

BATCH_SIZE = 8  # pairs in a step (paper, Table IV)

SEED = 1


class Trainer:
    """A network of its own with Adam, and the CPU seconds of its steps."""

    def __init__(self, shape: NetworkShape) -> None:
        torch.manual_seed(SEED)
        self.network = DeletionNetwork(shape)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3, fused=True)

    def step(self, losses: Callable[[], Losses]) -> float:
        """CPU seconds of one step."""
        start = time.process_time()
        self.optimizer.zero_grad(set_to_none=True)
        losses().total.backward()
        self.optimizer.step()
        return time.process_time() - start


def measure(folder: str, epochs: int, steps: int) -> None:
    """Print one model's figures."""
    data = read_deletion_data(folder)
    options = NetworkOptions()
    rows = np.arange(len(data.targets))
    rows = rows[rows % 10 > 0]
    vocabulary = Vocabulary.of(data.smiles[row] for row in rows)
    residues = Vocabulary.of(data.sequences)
    metabolites, genes = tokenise(data.smiles, vocabulary), tokenise(data.sequences, residues)
    chosen = balanced_pairs(data.remains[rows], SEED, options.balance)
    counts = count_pairs(data.remains[rows], chosen, metabolites, genes, rows)
    weight = counts.weight.numpy()
    of_metabolites = length_buckets(metabolites, np.flatnonzero(weight.any(axis=1)))
    of_genes = length_buckets(genes, np.flatnonzero(weight.any(axis=0)), options.updates)
    shape = NetworkShape("deepgdel", vocabulary.size, residues.size, 1, 1, len(genes))
    targets, columns = np.nonzero(chosen)
    order = np.random.default_rng(SEED).permutation(len(targets))
    batches = -(-len(targets) // BATCH_SIZE)

    block = Trainer(shape)
    block_seconds: list[float] = []
    forms: dict[Padding, Trainer] = {name: Trainer(shape) for name in get_args(Padding)}
    pair_seconds: dict[Padding, list[float]] = {name: [] for name in forms}
    updates = 0
    for epoch in range(epochs + 1):
        parts = gene_steps(of_genes, options.updates, (SEED, epoch))
        updates = len(parts)
        seconds = sum(
            block.step(lambda p=part: block_loss(block.network, of_metabolites, p, counts))  # type: ignore[misc]
            for part in parts
        )
        # the first round warms up
        block_seconds += [seconds] * (epoch > 0)
        for name, trainer in forms.items():
            for number in range(steps):
                start = (epoch * steps + number) % batches * BATCH_SIZE
                pairs = order[start : start + BATCH_SIZE]
                seconds = trainer.step(
                    lambda t=trainer, p=pairs, n=name: pair_loss(  # type: ignore[misc]
                        t.network, metabolites, genes, rows[targets[p]], columns[p], data.remains, n
                    )
                )
                pair_seconds[name] += [seconds] * (epoch > 0)
    own = float(np.mean(block_seconds))
    print(f"{data.model}: {len(rows)} targets, {len(data.genes)} genes, {len(targets)} pairs")
    print(f"  blocks: {own:.3f} CPU-s an epoch of {updates} updates ({epochs} epochs measured)")
    for name, seconds_of in pair_seconds.items():
        mean = float(np.mean(seconds_of))
        print(
            f"  pairs, {name}: {mean:.4f} CPU-s a step ({len(seconds_of)} measured),"
            f" {mean * batches:.0f} an epoch of {batches} updates: ratio"
            f" {mean * batches / own:.0f}"
        )


def main() -> None:
    """Measure every folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="of write_deletion_data")
    parser.add_argument("--epochs", type=int, default=3, help="block epochs measured")
    parser.add_argument("--steps", type=int, default=4, help="pair steps of each form, an epoch")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for folder in options.folders:
        measure(folder, options.epochs, options.steps)


if __name__ == "__main__":
    main()
