"""Homologues across a split, and the check that strict splits have none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.config.splits import SplitOptions
from gemwright.emi.leakage import (
    LADDER_COLUMNS,
    check_strict,
    leakage,
    leakage_ladder,
    nearest_training_identity,
)
from gemwright.emi.splits import split_by_cluster
from gemwright.errors import InputError
from gemwright.homology.components import ComponentOptions, cluster_components


def _hits(rows: list[tuple[str, str, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["query", "subject", "identity"])
    return table.assign(query_coverage=1.0, subject_coverage=1.0)


def test_leakage_counts_test_enzymes_with_a_training_homologue() -> None:
    split = pd.DataFrame(
        {
            "enzyme": ["t1", "t2", "t3", "t4", "a", "v"],
            "part": ["test"] * 4 + ["train", "validation"],
        }
    )
    hits = pd.DataFrame(
        [
            ("t1", "a", 0.35),
            ("t1", "v", 0.55),
            ("a", "t2", 0.9),
            ("t3", "t4", 0.99),
            ("x", "t3", 0.99),
        ],
        columns=["query", "subject", "identity"],
    )
    best = nearest_training_identity(split, hits)
    assert best.to_dict() == {"t1": 0.55, "t2": 0.9, "t3": -1.0, "t4": -1.0}
    table = leakage(split, hits, [0.0, 0.5, 0.9, 0.95])
    assert table["n_test"].tolist() == [4] * 4
    assert table["n_leaking"].tolist() == [2, 2, 1, 0]
    assert table["share"].tolist() == [0.5, 0.5, 0.25, 0.0]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59), st.floats(0.2, 1)), max_size=40),
    st.sampled_from([0.3, 0.5, 0.7]),
    st.integers(0, 3),
)
def test_splits_by_components_never_leak(
    rows: list[tuple[int, int, float]], identity: float, seed: int
) -> None:
    names = [f"e{i:02d}" for i in range(60)]
    hits = _hits([(names[a], names[b], value) for a, b, value in rows if a != b])
    clusters = cluster_components(names, hits, ComponentOptions(identity))
    split = split_by_cluster(clusters, SplitOptions(seed=seed))
    assert check_strict(split, hits, identity) == (split["part"] == "test").sum()


def test_a_leaking_strict_split_is_an_error_that_names_an_enzyme() -> None:
    split = pd.DataFrame({"enzyme": ["t", "u", "a"], "part": ["test", "test", "train"]})
    hits = _hits([("a", "t", 0.45)])
    assert check_strict(split, hits, 0.5) == 2
    # at the very threshold it leaks, too
    with pytest.raises(InputError, match="1 of 2 test enzymes"):
        check_strict(split, hits, 0.45)
    with pytest.raises(InputError, match=r"components40: 1 of 2 test enzymes .* t \(45.0 %\)"):
        check_strict(split, hits, 0.4, "components40")


def test_the_ladder_measures_every_method_identity_and_seed() -> None:
    names = [f"e{i:02d}" for i in range(40)]
    hits = _hits([(names[i], names[i + 1], 0.6) for i in range(0, 40, 2)])
    strict = cluster_components(names, hits, ComponentOptions(0.5))
    blind = pd.DataFrame({"enzyme": names, "cluster": names})
    clusters = pd.concat(
        [
            strict.assign(method="components", identity=0.5),
            blind.assign(method="cdhit", identity=0.5),
        ]
    )
    table = leakage_ladder(clusters, hits, [1, 2], thresholds=[0.0, 0.5, 0.7])
    assert list(table.columns) == LADDER_COLUMNS
    assert len(table) == 2 * 2 * 3
    shares = table.set_index(["method", "seed", "threshold"])["share"]
    assert (shares["components"] == 0).all()
    assert (shares.xs("cdhit").xs(0.5, level="threshold") > 0.2).all()
    assert (shares.xs(0.7, level="threshold") == 0).all()
    assert np.isclose(shares["cdhit", 1, 0.0], shares["cdhit", 1, 0.5])
    with pytest.raises(InputError, match=r"components at 0\.5"):
        leakage_ladder(blind.assign(method="components", identity=0.5), hits, [1])
