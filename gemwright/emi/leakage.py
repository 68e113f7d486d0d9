"""Homologues on both sides of a split: how many there are, and that strict splits have none."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gemwright.config.splits import SplitOptions
from gemwright.emi.splits import split_by_cluster
from gemwright.errors import InputError

THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.7, 0.9)
LADDER_COLUMNS = [
    "method", "identity", "seed", "n_clusters", "largest_cluster", "n_train", "n_test",
    "threshold", "n_leaking", "share",
]  # fmt: skip


def leakage(
    split: pd.DataFrame, hits: pd.DataFrame, thresholds: Sequence[float] = THRESHOLDS
) -> pd.DataFrame:
    """Share of test enzymes with a training homologue at or above each identity.

    Hits count in both directions, because a search need not find both. The validation part
    counts as training: models see it.

    Parameters
    ----------
    split : pandas.DataFrame
        enzyme, part.
    hits : pandas.DataFrame
        query, subject, identity of an all-against-all search.
    thresholds : sequence of float
        Identities as fractions; 0 means any hit.

    Returns
    -------
    pandas.DataFrame
        threshold, n_test, n_leaking, share; one row for a threshold, in the given order.
    """
    best = nearest_training_identity(split, hits).to_numpy()
    rows = []
    for threshold in thresholds:
        leaking = int((best >= threshold).sum())
        rows.append(
            {
                "threshold": float(threshold),
                "n_test": len(best),
                "n_leaking": leaking,
                "share": leaking / len(best) if len(best) else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def check_strict(
    split: pd.DataFrame, hits: pd.DataFrame, identity: float, name: str = "split"
) -> int:
    """Make sure that no test enzyme has a training homologue at or above an identity (eq. 1).

    Parameters
    ----------
    split : pandas.DataFrame
        enzyme, part.
    hits : pandas.DataFrame
        query, subject, identity of an all-against-all search.
    identity : float
        The threshold delta of equation (1), as a fraction.
    name : str
        Of the split, for the message.

    Returns
    -------
    int
        Number of test enzymes that were checked.

    Raises
    ------
    InputError
        If a test enzyme leaks.
    """
    best = nearest_training_identity(split, hits)
    leaking = best[best >= identity]
    if len(leaking):
        raise InputError(
            name,
            f"{len(leaking)} of {len(best)} test enzymes have a training homologue of at least"
            f" {100 * identity:g} % identity, for example {leaking.index[0]}"
            f" ({100 * leaking.iloc[0]:.1f} %)",
            "use 'method: components' with this identity, and the homologies it was made from",
        )
    return len(best)


def leakage_ladder(
    clusters: pd.DataFrame,
    hits: pd.DataFrame,
    seeds: Sequence[int],
    test_fraction: float = 0.2,
    thresholds: Sequence[float] = THRESHOLDS,
) -> pd.DataFrame:
    """Leakage of splits by clusters of several methods and identities, over several seeds.

    Parameters
    ----------
    clusters : pandas.DataFrame
        method (``cdhit`` or ``components``), identity, enzyme, cluster.
    hits : pandas.DataFrame
        query, subject, identity of an all-against-all search.
    seeds : sequence of int
        One split each.
    test_fraction : float
        Share of the enzymes in the test part (the paper splits 8:2).
    thresholds : sequence of float
        Identities at which the leakage is measured, besides that of the clusters.

    Returns
    -------
    pandas.DataFrame
        method, identity, seed, n_clusters, largest_cluster, n_train, n_test, threshold,
        n_leaking, share.

    Raises
    ------
    InputError
        If a split by components leaks at its own identity.
    """
    tables = []
    for (method, level), group in clusters.groupby(["method", "identity"], sort=False):
        identity = float(str(level))
        sizes = group["cluster"].value_counts()
        for seed in seeds:
            options = SplitOptions(test_fraction=test_fraction, validation_fraction=0.0, seed=seed)
            split = split_by_cluster(group, options)
            if method == "components":
                check_strict(
                    split, hits, float(identity), f"components at {identity:g}, seed {seed}"
                )
            measured = leakage(split, hits, sorted({*thresholds, identity}))
            measured["method"] = str(method)
            measured["identity"] = identity
            measured["seed"] = seed
            measured["n_clusters"] = len(sizes)
            measured["largest_cluster"] = int(sizes.iloc[0])
            measured["n_train"] = int((split["part"] == "train").sum())
            tables.append(measured)
    return pd.concat(tables, ignore_index=True)[LADDER_COLUMNS]


def nearest_training_identity(split: pd.DataFrame, hits: pd.DataFrame) -> "pd.Series[float]":
    """Largest identity of each test enzyme to a training or validation enzyme.

    Returns
    -------
    pandas.Series
        Indexed by test enzyme; -1 where no hit was found.
    """
    names = pd.Index(split["enzyme"])
    in_test = (split["part"] == "test").to_numpy()
    best = np.full(len(names), -1.0)
    query = names.get_indexer(hits["query"].astype(object))
    subject = names.get_indexer(hits["subject"].astype(object))
    identity = hits["identity"].to_numpy()
    for own, other in ((query, subject), (subject, query)):
        crossing = (own >= 0) & (other >= 0)
        crossing[crossing] = in_test[own[crossing]] & ~in_test[other[crossing]]
        np.maximum.at(best, own[crossing], identity[crossing])
    return pd.Series(best[in_test], index=names[in_test], name="identity")
