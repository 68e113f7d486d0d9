"""A small made-up world of enzymes and metabolites, for the tests that train a tower."""

import numpy as np
import pandas as pd

from gemwright.config.negatives import NegativeOptions
from gemwright.config.splits import SplitOptions
from gemwright.config.training import TrainingOptions
from gemwright.embedding.protocol import Embeddings
from gemwright.emi.data import EmiData
from gemwright.emi.labelling import label_parts
from gemwright.emi.splits import split_by_cluster

OPTIONS = TrainingOptions(
    hidden=32,
    dimension=16,
    epochs=10,
    batch_enzymes=64,
    learning_rate=5e-3,
    device="cpu",
    threads=1,
)


def toy_world() -> EmiData:
    """Families of enzymes: a family's vector and its homologues say what it acts on."""
    rng = np.random.default_rng(0)
    families, metabolites = 80, 16
    family = np.repeat(np.arange(families), 4)
    enzymes = pd.Index([f"e{i:03d}" for i in range(len(family))])
    pool = pd.Index([f"m{i:02d}" for i in range(metabolites)])
    target = rng.integers(0, metabolites, families)
    bits = (rng.random((metabolites, 64)) < 0.4).astype(np.float32)
    noise = 0.3 * rng.normal(size=(len(family), metabolites))
    vectors = (np.eye(metabolites)[target[family]] + noise).astype(np.float32)
    interactions = pd.DataFrame({"enzyme": enzymes, "metabolite": pool[target[family]]})
    # remote homology between families with the same target, close homology within a family
    one, other = np.meshgrid(np.arange(len(family)), np.arange(len(family)), indexing="ij")
    same = family[one] == family[other]
    related = (target[family[one]] == target[family[other]]) & (rng.random(one.shape) < 0.3)
    joined = (same | related) & (one != other)
    hits = pd.DataFrame(
        {
            "query": enzymes[one[joined]],
            "subject": enzymes[other[joined]],
            "identity": np.where(same[joined], 0.9, 0.3),
            "query_coverage": 1.0,
            "subject_coverage": 1.0,
            "bitscore": 100.0,
        }
    )
    clusters = pd.DataFrame({"enzyme": enzymes, "cluster": [f"c{i:02d}" for i in family]})
    split = split_by_cluster(clusters, SplitOptions(validation_fraction=0.2))
    fingerprints = Embeddings(pool, bits, "bits 1")
    return labelled_world(
        interactions, split, Embeddings(enzymes, vectors, "made-up 1"), fingerprints, hits
    )


def labelled_world(
    interactions: pd.DataFrame,
    split: pd.DataFrame,
    enzymes: Embeddings,
    fingerprints: Embeddings,
    hits: pd.DataFrame,
) -> EmiData:
    """Draw negatives beside the interactions."""
    options = NegativeOptions(ratio=5, epsilon=0.2)
    labelled, _ = label_parts(interactions, split, fingerprints, options)
    return EmiData(interactions, split, labelled, enzymes, fingerprints, hits)
