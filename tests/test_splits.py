"""Splits by cluster and their leakage."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.config.splits import SplitOptions
from gemwright.emi.splits import split_by_cluster
from gemwright.errors import InputError


def _clusters(sizes: list[int]) -> pd.DataFrame:
    cluster = np.repeat([f"c{i:03d}" for i in range(len(sizes))], sizes)
    return pd.DataFrame({"enzyme": [f"e{i:04d}" for i in range(len(cluster))], "cluster": cluster})


@settings(max_examples=60)
@given(st.lists(st.integers(1, 12), min_size=20, max_size=60), st.integers(0, 5))
def test_parts_hold_whole_clusters_and_keep_their_size(sizes: list[int], seed: int) -> None:
    clusters = _clusters([*sizes, *[1] * 20])
    table = split_by_cluster(clusters, SplitOptions(seed=seed))
    pd.testing.assert_frame_equal(table[["enzyme", "cluster"]], clusters)
    # by the clusters that went in: those that come out could hide an enzyme that left
    part = table.set_index("enzyme")["part"]
    assert (clusters["enzyme"].map(part).groupby(clusters["cluster"]).nunique() == 1).all()
    counts = table["part"].value_counts()
    # singletons fill every gap that larger clusters leave, unless they run out
    assert counts["test"] <= round(0.2 * len(table))
    assert counts["validation"] <= round(0.1 * len(table))
    assert counts["test"] >= round(0.2 * len(table)) - 11


def test_a_giant_cluster_stays_in_training() -> None:
    table = split_by_cluster(_clusters([500, *[1] * 500]))
    assert set(table.loc[table["cluster"] == "c000", "part"]) == {"train"}
    assert table["part"].value_counts().to_dict() == {"train": 700, "test": 200, "validation": 100}


def test_split_depends_on_the_seed_and_not_on_the_order() -> None:
    clusters = _clusters([3] * 50)
    first = split_by_cluster(clusters, SplitOptions(seed=1))
    pd.testing.assert_frame_equal(
        first, split_by_cluster(clusters.sample(frac=1, random_state=0), SplitOptions(seed=1))
    )
    assert not first.equals(split_by_cluster(clusters, SplitOptions(seed=2)))


def test_a_final_model_has_no_test_part() -> None:
    table = split_by_cluster(_clusters([1] * 100), SplitOptions(test_fraction=0))
    assert table["part"].value_counts().to_dict() == {"train": 90, "validation": 10}


def test_impossible_splits_are_told() -> None:
    with pytest.raises(InputError, match="small enough"):
        split_by_cluster(_clusters([50, 50]))
    with pytest.raises(InputError, match="nothing for training"):
        split_by_cluster(
            _clusters([1] * 10), SplitOptions(test_fraction=0.5, validation_fraction=0.5)
        )
