"""Training, validation and test parts by sequence cluster, and the leakage between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.errors import InputError

PARTS = ("train", "validation", "test")
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.7, 0.9)


@dataclass(frozen=True)
class SplitOptions:
    """How clusters are dealt to the parts.

    Attributes
    ----------
    test_fraction : float
        Wanted share of enzymes in the test part (0.2 in the paper); 0 for a final model.
    validation_fraction : float
        Wanted share of all enzymes in the validation part, taken from the training side.
    seed : int
        Seed of the shuffle of clusters.
    """

    test_fraction: float = 0.2
    validation_fraction: float = 0.1
    seed: int = 0


def split_by_cluster(clusters: pd.DataFrame, options: SplitOptions | None = None) -> pd.DataFrame:
    """Deal whole clusters to the test, validation and training parts.

    The clusters are shuffled. The test part takes them one by one and passes over a cluster that
    would carry it beyond its size; the validation part then does the same with what is left.
    A giant cluster (components at 40 % identity have one) therefore always falls to training,
    and the test part is short of its size by less than the smallest cluster passed over.

    Parameters
    ----------
    clusters : pandas.DataFrame
        enzyme, cluster.
    options : SplitOptions, optional
        Sizes and seed.

    Returns
    -------
    pandas.DataFrame
        enzyme, cluster, part (``train``, ``validation`` or ``test``), sorted by enzyme.

    Raises
    ------
    InputError
        If the fractions leave nothing for training, or a part that was asked for stays empty.
    """
    options = options or SplitOptions()
    wanted = {"test": options.test_fraction, "validation": options.validation_fraction}
    if min(wanted.values()) < 0 or sum(wanted.values()) >= 1:
        raise InputError(
            "split",
            f"the fractions {wanted} leave nothing for training",
            "Give fractions of at least 0 whose sum is below 1",
        )
    table = clusters[["enzyme", "cluster"]].sort_values("enzyme", ignore_index=True)
    names, code, size = np.unique(
        table["cluster"].to_numpy(dtype=str), return_inverse=True, return_counts=True
    )
    part = np.full(len(names), "train", dtype=object)
    order = np.random.default_rng(options.seed).permutation(len(names))
    for name, fraction in wanted.items():
        free = order[part[order] == "train"]
        chosen = _fill(size[free], round(fraction * len(table)))
        part[free[chosen]] = name
        if fraction > 0 and not chosen.any():
            raise InputError(
                "split",
                f"no cluster is small enough for the {name} part"
                f" (smallest has {size[free].min()} of {len(table)} enzymes)",
                "Use a higher identity threshold, more enzymes or a larger fraction",
            )
    return table.assign(part=part[code])


def _fill(sizes: npt.NDArray[Any], room: int) -> npt.NDArray[Any]:
    chosen = np.zeros(len(sizes), dtype=bool)
    for index, size in enumerate(sizes):
        if size <= room:
            chosen[index] = True
            room -= int(size)
        if room == 0:
            break
    return chosen


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
