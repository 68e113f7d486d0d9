"""Training, validation and test parts by sequence cluster."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.config.splits import SplitOptions
from gemwright.errors import InputError

PARTS = ("train", "validation", "test")


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
            "give fractions of at least 0 whose sum is below 1",
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
                "use a higher identity threshold, more enzymes or a larger fraction",
            )
    return table.assign(part=part[code])


def interactions_of(
    interactions: pd.DataFrame, split: pd.DataFrame, parts: Sequence[str]
) -> pd.DataFrame:
    """Interactions of the enzymes of some parts."""
    enzymes = split.loc[split["part"].isin(list(parts)), "enzyme"]
    return interactions[interactions["enzyme"].isin(enzymes)]


def _fill(sizes: npt.NDArray[Any], room: int) -> npt.NDArray[Any]:
    chosen = np.zeros(len(sizes), dtype=bool)
    for index, size in enumerate(sizes):
        if size <= room:
            chosen[index] = True
            room -= int(size)
        if room == 0:
            break
    return chosen
