"""The leak test, U+ and the sealing: exact small networks, and the universes of the snapshot."""

import functools
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemwright.config.medium import MediumOptions
from gemwright.errors import InputError
from gemwright.gem.carriers import IMPORTS
from gemwright.gem.charging import BACKWARDS, FORWARDS
from gemwright.gem.leaks import charged, find_leaks, warn_of_leaks
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sealing import close, least_cover, seal
from gemwright.gem.solver import quiet_highs
from gemwright.reconstruction.statistics import model_statistics
from gemwright.sources import bigg_snapshot
from gemwright.universe.extended import extend_universe
from gemwright.universe.weights import as_prices, direction_weights

NOTE = [
    ("BTS2", BACKWARDS), ("FE3t", BACKWARDS), ("FPRA", FORWARDS), ("GCDH", BACKWARDS),
    ("ITPOXAL", BACKWARDS), ("MECDPDH4E", BACKWARDS), ("SUCD2", FORWARDS), ("UNK2", FORWARDS),
]  # fmt: skip


def network(reactions, objective=""):
    """Reaction to (equation as coefficients, lower bound, upper bound)."""
    rows = [(name, s, c) for name, (sides, *_) in reactions.items() for s, c in sides.items()]
    stoichiometry = pd.DataFrame(rows, columns=["reaction", "species", "coefficient"])
    names = sorted(set(stoichiometry["species"]))
    species = pd.DataFrame({"species": names, "metabolite": names, "formula": "", "charge": None})
    table = pd.DataFrame(
        [(name, float(low), float(high)) for name, (_, low, high) in reactions.items()],
        columns=["reaction", "lower_bound", "upper_bound"],
    )
    return MetabolicModel("small", species, table, stoichiometry, objective)


ATP = {"adp_c": -1, "pi_c": -1, "h_c": -1, "atp_c": 1, "h2o_c": 1}
FREE = {
    # two enzymes turn a into b, one of them with ATP made, and the way back is open
    "MAKE": ({**ATP, "a_c": -1, "b_c": 1}, 0, 1000),
    "BACK": ({"a_c": -1, "b_c": 1}, -1000, 1000),
    "ATPM": ({name: -number for name, number in ATP.items()}, 8, 1000),
}


def states(table, imports="nothing"):
    part = table[table["imports"] == imports]
    return dict(zip(part["carrier"], part["state"], strict=True))


def test_a_cycle_is_found_printed_and_sealed():
    model = network(FREE)
    table = find_leaks(model)
    assert states(table)["ATP"] == "leaks", "the forced maintenance may rest"
    assert states(table)["NADH"] == "missing"
    row = table[(table["imports"] == "nothing") & (table["carrier"] == "ATP")].iloc[0]
    assert row["dissipation"] == pytest.approx(1000.0)
    assert sorted(line.split(":")[0] for line in row["cycle"]) == [
        "1 BACK backwards",
        "1 MAKE forwards",
    ]
    assert "1 BACK backwards: b_c -> a_c" in row["cycle"]
    prices = {("MAKE", FORWARDS): 2.0, ("BACK", FORWARDS): 0.1, ("BACK", BACKWARDS): 0.5}
    sealing = seal(model, prices)
    assert sealing.closed[["reaction", "direction"]].to_numpy().tolist() == [["BACK", "backwards"]]
    assert sealing.cost == 0.5
    assert set(sealing.closed["cycle"].iloc[0]) == set(row["cycle"])
    assert "leaks" not in states(find_leaks(sealing.model)).values()


def test_what_leaks_is_told_with_its_cycle(caplog):
    table = find_leaks(network(FREE))
    assert charged(table) == {imports: ["ATP"] for imports in IMPORTS}
    warn_of_leaks(table, "model 'small'")
    assert len(caplog.records) == 1, "each carrier once, with the least imports"
    assert "model 'small': charges ATP from nothing:" in caplog.text
    assert "1 BACK backwards: b_c -> a_c" in caplog.text
    assert not find_leaks(network(FREE), cycles=False)["cycle"].any()


def test_the_statistics_of_a_model_count_what_leaks():
    reasons = pd.DataFrame({"reaction": list(FREE), "reason": "homologue", "rule": None})
    names = [f"energy carriers charged from {imports}" for imports in IMPORTS]

    def numbers(reactions):
        table = model_statistics(network(reactions, "ATPM"), reasons, {}, MediumOptions())
        return table.set_index("statistic")["value"][names].tolist()

    model = {name: value for name, value in FREE.items() if name != "ATPM"}
    idle = ({"atp_c": -1, "h2o_c": -1, "adp_c": 1, "pi_c": 1, "h_c": 1}, 0, 1000)
    assert numbers({**model, "ATPM": idle}) == [1.0] * 4
    shut = {**model, "BACK": (FREE["BACK"][0], 0, 1000), "ATPM": idle}
    assert numbers(shut) == [0.0] * 4
    other = {"R1": ({"cpd1": -1, "cpd2": 1}, 0, 1000), "ATPM": ({"cpd2": -1, "cpd1": 1}, 0, 1000)}
    assert np.isnan(numbers(other)).all(), "not BiGG's ids: nothing can be tested"


def test_a_cycle_that_may_not_be_closed_is_printed():
    with pytest.raises(InputError, match=r"charges ATP.*(?s:.)*1 BACK backwards: b_c -> a_c"):
        seal(network(FREE), {}, keep=("MAKE", "BACK"))


def test_what_enters_decides():
    electrons = {"h2o_c": -1, "nad_c": -2, "o2_c": 0.5, "nadh_c": 2}
    reactions = {
        "SPLIT": (electrons, 0, 1000),
        "H2Ot": ({"h2o_e": -1, "h2o_c": 1}, 0, 1000),
        "O2t": ({"o2_e": -1, "o2_c": 1}, -1000, 0),
        "Ht": ({"h_e": -1, "h_c": 1}, -1000, 0),
        # written the other way round, and closed in the file: the test opens what may leave
        "WATER": ({"h2o_e": 1}, 0, 0),
        "EX_o2_e": ({"o2_e": -1}, 0, 0),
        "EX_h_e": ({"h_e": -1}, -10, 0),
    }
    table = find_leaks(network(reactions))
    assert states(table, "nothing")["NADH"] == "tight"
    assert states(table, "water and protons")["NADH"] == "leaks"


def test_a_model_with_other_identifiers_is_refused():
    with pytest.raises(InputError, match="none of the 24 energy carriers"):
        find_leaks(network({"R1": ({"cpd00002_c0": -1, "cpd00008_c0": 1}, 0, 1000)}))


@given(
    st.lists(
        st.frozensets(st.sampled_from("abcdef"), min_size=1, max_size=4), min_size=1, max_size=6
    ),
    st.lists(st.integers(1, 9), min_size=6, max_size=6),
)
def test_the_cover_is_the_least_of_all(cuts, numbers):
    names = [(letter, FORWARDS) for letter in "abcdef"]
    weights = dict(zip(names, map(float, numbers), strict=True))
    sets = [frozenset((letter, FORWARDS) for letter in cut) for cut in cuts]
    found = least_cover(sets, weights)
    assert all(found & cut for cut in sets)
    least = min(
        sum(weights[item] for item in chosen)
        for size in range(7)
        for chosen in itertools.combinations(names, size)
        if all(cut & set(chosen) for cut in sets)
    )
    assert sum(weights[item] for item in found) == least
    assert least_cover(list(reversed(sets)), weights) == found, "equal covers: the names decide"


@functools.cache
def snapshot():
    return (
        bigg_snapshot.read_universe("bigg"),
        bigg_snapshot.read_model_bounds(),
        bigg_snapshot.read_model_organisms(),
        bigg_snapshot.read_gprs(),
    )


@functools.cache
def extended(name, plus=True):
    universal, bounds, *_ = snapshot()
    universe = bigg_snapshot.read_universe(name)
    return extend_universe(universe, universal, bounds) if plus else universe


@functools.cache
def prices(name, plus=True):
    universal, bounds, organisms, gprs = snapshot()
    return as_prices(direction_weights(extended(name, plus), universal, bounds, organisms, gprs))


def closed_in(sealing):
    return list(zip(sealing.closed["reaction"], sealing.closed["direction"], strict=True))


@pytest.mark.e2e
def test_the_sealed_universe_is_the_one_of_the_design_and_charges_nothing():
    universe = extended("gramneg")
    assert len(universe.reactions) == 5571 + 623
    leaking = find_leaks(universe)
    counts = leaking[leaking["state"] == "leaks"].groupby("imports").size().to_dict()
    assert counts == {
        "nothing": 15, "water and protons": 24, "oxidised inorganics": 24, "all inorganics": 24,
    }  # fmt: skip
    sealing = seal(universe, prices("gramneg"))
    assert closed_in(sealing) == NOTE
    assert sealing.cost == pytest.approx(3.855, abs=2e-3)
    assert closed_in(seal(universe, prices("gramneg"), seed=2)) == NOTE
    table = find_leaks(sealing.model)
    assert (table["state"] == "tight").all()
    assert table["dissipation"].max() <= 1e-6
    # the seal broken: glutaconyl-CoA decarboxylase open again
    broken = find_leaks(close(universe, [one for one in NOTE if one[0] != "GCDH"]))
    leaks = broken[broken["state"] == "leaks"]
    assert len(leaks)
    assert any("GCDH backwards" in line for line in leaks["cycle"].iloc[0])


@pytest.mark.e2e
@pytest.mark.parametrize("plus", [False, True])
@pytest.mark.parametrize(
    ("name", "count"), [("gramneg", 7), ("grampos", 7), ("bacteria", 7), ("archaea", 9)]
)
def test_every_universe_can_be_sealed(name, count, plus):
    sealing = seal(extended(name, plus), prices(name, plus))
    assert len(sealing.closed) == count + plus
    assert "leaks" not in set(find_leaks(sealing.model)["state"])


def test_a_curated_model_charges_nothing():
    universal, bounds, *_ = snapshot()
    empty = replace(
        universal.part("empty", []), reactions=universal.reactions.iloc[:0], objective=""
    )
    model = extend_universe(empty, universal, bounds, ["iML1515"])
    outside = sorted(s for s in set(model.stoichiometry["species"]) if s.endswith("_e"))
    exchanges = pd.DataFrame(
        {"reaction": [f"EX_{s}" for s in outside], "species": outside, "coefficient": -1.0}
    )
    open_ = exchanges[["reaction"]].assign(lower_bound=-1000.0, upper_bound=1000.0)
    model = replace(
        model,
        reactions=pd.concat([model.reactions, open_], ignore_index=True),
        stoichiometry=pd.concat([model.stoichiometry, exchanges], ignore_index=True),
    )
    table = find_leaks(model)
    assert set(table.loc[table["state"] == "missing", "carrier"]) == {
        "menaquinol 7", "reduced ferredoxin",
    }  # fmt: skip
    assert "leaks" not in set(table["state"])


def test_an_unknown_model_is_told():
    universal, bounds, *_ = snapshot()
    with pytest.raises(InputError, match="iML1515"):
        extend_universe(universal, universal, bounds, ["iXX1"])


def test_a_direction_is_open_only_if_every_model_opens_it():
    universal = network({"R_1": ({"a_c": -1, "b_c": 1}, -1000, 1000)})
    curated = network({"X": ({"a_c": -1, "c_c": 1}, 0, 1000)})
    rows = [("m", "R_1_copy1", -10, 0), ("m", "R_1_copy2", 0, 10), ("n", "R_1", 0, 10)]
    bounds = pd.DataFrame(rows, columns=["model", "reaction", "lower_bound", "upper_bound"])
    both = extend_universe(curated, universal, bounds, ["m", "n"]).reactions.set_index("reaction")
    assert both.loc["R_1", ["lower_bound", "upper_bound"]].tolist() == [0, 1000]
    one = extend_universe(curated, universal, bounds, ["m"]).reactions.set_index("reaction")
    assert one.loc["R_1", ["lower_bound", "upper_bound"]].tolist() == [-1000, 1000]


@pytest.mark.e2e
def test_the_same_directions_with_two_threads(monkeypatch):
    import highspy

    made = []

    def two_threads():
        solver = quiet_highs()
        solver.setOptionValue("threads", 2)
        solver.setOptionValue("parallel", "on")
        made.append(solver)
        return solver

    highspy.Highs.resetGlobalScheduler(True)
    monkeypatch.setattr("gemwright.gem.solver.quiet_highs", two_threads)
    monkeypatch.setattr("gemwright.gem.sealing.quiet_highs", two_threads)
    try:
        assert closed_in(seal(extended("gramneg"), prices("gramneg"))) == NOTE
    finally:
        highspy.Highs.resetGlobalScheduler(True)
    assert len(made) > 2
    assert all(solver.getOptionValue("threads")[1] == 2 for solver in made)
