"""Controls beside every generator, and what each source's verified sets cost."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.errors import InputError
from gemwright.kinetics.bindings import bindings_of
from gemwright.kinetics.labelling import time_constant_between
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.parameters import ln_km_deviations
from gemwright.rekindle.constraining import _dynamics_shares
from gemwright.rekindle.costs import (
    cost_at_scale,
    cost_table,
    wilson_interval,
    window_costs,
)
from gemwright.rekindle.matched_box import box_deviation, matched_box


def uniform(n_sets, seed):
    return np.random.default_rng(seed).uniform(size=(n_sets, 3))


def first_decides(saturations):
    """Relevant (-20) where the first saturation is above 3/4, else unstable (+1)."""
    return np.where(saturations[:, 0] > 0.75, -20.0, 1.0)


def test_products_of_irreversible_reactions_are_inert():
    model = KineticModel(
        "toy",
        (
            KineticReaction("R1", Mechanism.REVERSIBLE, (("a", 1.0),), (("b", 1.0),)),
            KineticReaction("R2", Mechanism.IRREVERSIBLE, (("b", 1.0),), (("c", 1.0),)),
        ),
        ("b",),
        ("a", "c"),
    )
    named = dict(zip(model.km_names, bindings_of(model).inert, strict=True))
    assert sum(named.values()) == 1
    assert [name for name, inert in named.items() if inert] == ["km_product1_R2"]


def test_shares_of_the_states():
    shares = _dynamics_shares(np.array([-10.0, -9.0, -1.0, 0.0, 5.0, np.nan, -9.01, -30.0]), -9.0)
    assert shares == {"relevant": 3 / 8, "slow": 2 / 8, "unstable": 3 / 8, "stable": 5 / 8}
    assert np.isnan(_dynamics_shares(np.empty(0), -9.0)["relevant"])


def test_the_window_of_time_constants_is_half_open():
    window = time_constant_between(1, 2)
    assert window(np.array([-60.0, -30.0, -45.0, 45.0, 0.0])).tolist() == [1, 0, 1, 0, 0]
    with pytest.raises(InputError, match="is no window"):
        time_constant_between(2, 2)


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_interval_holds_the_share(hits, more):
    low, high = wilson_interval(hits, hits + more)
    assert 0 <= low <= hits / (hits + more) <= high <= 1


def test_the_interval_of_nothing_is_everything():
    low, high = wilson_interval(np.array([0, 5]), np.array([0, 10]))
    assert (low[0], high[0]) == (0, 1)
    assert low[1] == pytest.approx(0.2366, abs=1e-4)  # Wilson 1927, 5 of 10
    assert high[1] == pytest.approx(0.7634, abs=1e-4)


def test_the_deviation_of_a_box():
    assert box_deviation(0.5) == pytest.approx(np.pi / np.sqrt(3))
    rng = np.random.default_rng(0)
    for half_width in (0.01, 0.3, 0.45, 0.4999):
        drawn = rng.uniform(0.5 - half_width, 0.5 + half_width, (400_000, 1))
        assert box_deviation(half_width) == pytest.approx(ln_km_deviations(drawn)[0], rel=0.01)


@given(st.floats(1e-5, 0.5), st.floats(1e-5, 0.5))
def test_a_wider_box_spreads_more(one, other):
    low, high = sorted((one, other))
    assert box_deviation(low) <= box_deviation(high) * (1 + 1e-6)


@given(st.floats(0.02, 0.98), st.integers(0, 10))
@settings(max_examples=25)
def test_the_box_has_the_spread_that_was_asked_for(spread, seed):
    deviations = np.random.default_rng(seed).uniform(1.7, 1.8, 9)
    (_, high), found = matched_box(spread, deviations)
    assert found == pytest.approx(spread, abs=1e-9)
    assert np.median(box_deviation(high - 0.5) / deviations) == pytest.approx(spread)


def test_drawn_from_the_box_the_sets_spread_as_the_generator():
    rng = np.random.default_rng(5)
    training = rng.uniform(size=(20_000, 9))
    generated = rng.normal(0.5, 0.1, (20_000, 9)).clip(0.01, 0.99)
    whole = ln_km_deviations(training)
    spread = float(np.median(ln_km_deviations(generated) / whole))
    bounds, _ = matched_box(spread, whole)
    drawn = rng.uniform(*bounds, (20_000, 9))
    assert np.median(ln_km_deviations(drawn) / whole) == pytest.approx(spread, rel=0.02)


def test_a_generator_wider_than_any_box_gets_the_whole_range():
    bounds, spread = matched_box(1.3, np.full(4, np.pi / np.sqrt(3)))
    assert bounds == (0, 1)
    assert spread == pytest.approx(1.0)


def test_a_box_cannot_match_what_does_not_vary():
    with pytest.raises(InputError, match="spread is 0"):
        matched_box(0.0, np.ones(3))
    with pytest.raises(InputError, match="does not vary"):
        matched_box(0.5, np.array([1.0, 0.0]))


SOURCES = pd.DataFrame(
    [
        ("rejection", 0, 0, 10_000, 5_000, 1.0),
        ("box", 0, 0, 10_000, 10_000, 0.5),
        ("gan", 80_000, 40_000, 10_000, 10_000, 0.8),
        ("poor gan", 80_000, 40_000, 1_000, 400, 0.4),
        ("dead gan", 80_000, 40_000, 1_000, 0, 0.0),
    ],
    columns=["source", "prepared", "prepared_verified", "labelled", "verified", "spread"],
)


def test_costs_in_labelled_sets():
    costs = cost_table(SOURCES, "rejection").set_index("source")
    assert costs["labelled_per_1000"].tolist() == [2000, 1000, 1000, 2500, np.inf]
    # the network saves one labelled set for each verified one, and 80,000 were spent on it
    assert costs["break_even"].tolist() == [np.inf, 0, 80_000, np.inf, np.inf]
    assert costs.loc["dead gan", "incidence_high"] < 0.004


def test_plain_sampling_beats_the_network_until_its_training_is_paid():
    scale = cost_at_scale(cost_table(SOURCES, "rejection"), (1_000, 79_000, 100_000))
    scale = scale.set_index(["wanted", "source"])
    assert scale.loc[(1_000, "gan"), "labelled"] == 81_000
    assert scale.loc[(1_000, "gan"), "labelled_credited"] == 80_000
    assert scale.loc[(100_000, "gan"), "labelled_credited"] == 80_000 + 60_000
    assert scale.loc[(79_000, "gan"), "dominated_by"] == "rejection"
    assert scale.loc[(100_000, "gan"), "dominated_by"] == ""
    assert scale.loc[(100_000, "box"), "dominated_by"] == ""
    assert scale.loc[(100_000, "poor gan"), "dominated_by"] == "rejection, box, gan"
    assert scale.groupby("wanted")["cheapest"].sum().tolist() == [1, 1, 1]
    assert scale.loc[(100_000, "box"), "cheapest"]


def test_where_sampling_finds_nothing_any_generator_pays():
    sources = SOURCES.head(3).assign(verified=[0, 0, 10_000])
    costs = cost_table(sources, "rejection")
    assert costs["break_even"].tolist() == [np.inf, np.inf, 0]


def test_sources_that_do_not_fit():
    with pytest.raises(InputError, match=r"lacks the column\(s\) spread"):
        cost_table(SOURCES.drop(columns="spread"), "rejection")
    with pytest.raises(InputError, match="'uniform', with which"):
        cost_table(SOURCES, "uniform")
    with pytest.raises(InputError, match="more sets are verified"):
        cost_table(SOURCES.assign(labelled=1), "rejection")


def test_costs_of_a_time_window():
    values = {"rejection": np.array([-60.0, -30.0, -10.0, 3.0]), "gan": np.full(10, -60.0)}
    table = window_costs(values, [(0.5, 1.5), (4, np.inf)]).set_index(["source", "tau_from"])
    assert table["hits"].tolist() == [1, 1, 10, 0]
    assert table["labelled_per_1000"].tolist() == [4000, 4000, 1000, np.inf]
    assert table.loc[("gan", 4.0), "share_high"] == pytest.approx(0.278, abs=1e-3)
