"""Made-up deletion strategies, for the tests that learn from them."""

import numpy as np

from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.features import MODES, TargetFeatures


def toy_targets(n=24, m=16, seed=0):
    """Targets of three kinds; the flux mode and the strategies tell the kind."""
    generator = np.random.default_rng(seed)
    kind = np.arange(n) % 3
    pattern = generator.integers(0, 2, (3, m))
    remains = (pattern[kind] ^ (generator.random((n, m)) < 0.1)).astype(np.int8)
    remains[:, 0], remains[:, 1] = 1, 0
    targets = tuple(f"t{row:02d}_{'ce'[row % 2]}" for row in range(n))
    genes = tuple(f"g{column:02d}" for column in range(m))
    data = DeletionData(
        "m",
        targets,
        genes,
        remains,
        tuple("CNO"[k] * 1 + "C" * (row + 1) for row, k in enumerate(kind)),
        ("MA",) * m,
        np.arange(n) != 5,
        np.ones(m, bool),
    )
    fluxes = np.zeros((len(MODES), n, m), np.float32)
    fluxes[:] = pattern[kind] * generator.random((n, m))
    steps = np.abs(kind[:, None] - kind) + 1.0 - np.eye(n)
    features = TargetFeatures(
        "m",
        targets,
        genes,
        genes,
        fluxes,
        np.ones(n),
        np.eye(m, dtype=bool),
        np.eye(m, dtype=bool),
        steps,
        np.exp(-steps),
        np.full((n, m), np.inf, np.float32),
    )
    return data, features


def toy_strategies(seed=0, n=14, m=12):
    """Long targets keep genes whose sequence starts with MK; two genes never vary."""
    generator = np.random.default_rng(seed)
    letters = np.array(list("ACDEFGHIKLMNPQRSTVWY"))
    sequences = [
        ("MK" if gene % 2 else "MW") + "".join(generator.choice(letters, generator.integers(3, 20)))
        for gene in range(m)
    ]
    smiles = ["C" * (1 + row % 5) + ("O" if row % 2 else "=O") for row in range(n)]
    remains = np.array([[(len(s) > 4) ^ (g % 2) for g in range(m)] for s in smiles], dtype=np.int8)
    remains[:, 0], remains[:, 1] = 1, 0
    return DeletionData(
        "tiny",
        tuple(f"t{row:02d}_c" for row in range(n)),
        tuple(f"g{gene:02d}" for gene in range(m)),
        remains,
        tuple(smiles),
        tuple(sequences),
        np.ones(n, dtype=bool),
        np.ones(m, dtype=bool),
    )
