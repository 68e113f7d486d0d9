"""Directions that genera agree on are opened in a model, and it is sealed anew."""

import pandas as pd
import pytest
from networks import tables

from gemwright.gem.leaks import find_leaks
from gemwright.reconstruction.directions import pure_transports, settle_directions

ATP = {"adp_c": -1, "pi_c": -1, "h_c": -1, "atp_c": 1, "h2o_c": 1}


def pumped(**more):
    """ATP is made of protons that enter; x leaves with a proton, or enters alone."""
    return tables(
        {
            "ATPM": (0, 1000, {name: -number for name, number in ATP.items()}),
            "ATPS": (0, 1000, {**ATP, "h_p": -4, "h_c": 3}),
            "SYMPORT": (0, 1000, {"x_p": -1, "h_p": -1, "x_c": 1, "h_c": 1}),
            "UNIPORT": (0, 1000, {"x_p": -1, "x_c": 1}),
            "ENZYME": (0, 1000, {"x_c": -1, "y_c": 1}),
            "SPEND": (0, 1000, {**{name: -number for name, number in ATP.items()},
                                "y_c": -1, "z_c": 1}),
            "LAST": (0, 1000, {"y_c": -1, "z_c": 1}),
            "EX_x_e": (0, 1000, {"x_e": -1}),
            "Xtex": (-1000, 1000, {"x_e": -1, "x_p": 1}),
            **more,
        },
        objective="",
    )  # fmt: skip


def votes(model, **running):
    """Weights by (genera, running forwards, running backwards) of some reactions."""
    rows = []
    for name in model.reactions["reaction"]:
        genera, forwards, backwards = running.get(name, (5, 5.0, 0.0))
        for direction, run in (("forwards", forwards), ("backwards", backwards)):
            rows.append((name, direction, 0.1 + run, genera, run, True))
    columns = ["reaction", "direction", "weight", "genera", "running", "balanced"]
    return pd.DataFrame(rows, columns=columns)


def changes(found):
    table = found.table
    return {
        (reaction, direction): change
        for reaction, direction, change in zip(
            table["reaction"], table["direction"], table["change"], strict=True
        )
    }


def test_pure_transports():
    model = pumped(
        ANTI=(0, 1, {"x_p": -1, "na1_p": 2, "y_c": -1, "y_p": 1, "x_c": 1, "na1_c": -2}),
        PTS=(0, 1, {"x_p": -1, "y_c": 1}),
        PUMP=(0, 1, {"x_p": -1, "x_c": 1, "atp_c": -1, "adp_c": 1}),
        LEAK=(0, 1, {"h_p": -1, "h_c": 1}),
    )
    assert pure_transports(model.stoichiometry) == {"SYMPORT", "UNIPORT", "Xtex", "ANTI"}


def test_a_transport_that_most_genera_run_is_opened_and_an_old_direction_pays():
    model = pumped()
    found = settle_directions(model, votes(model, SYMPORT=(3, 3.0, 2.0), UNIPORT=(2, 1.0, 0.0)))
    assert changes(found) == {("SYMPORT", "backwards"): "opened", ("UNIPORT", "forwards"): "closed"}
    bounds = found.model.reactions.set_index("reaction")
    assert bounds.loc["SYMPORT", "lower_bound"] == -1000
    assert bounds.loc["UNIPORT", "upper_bound"] == 0
    assert "leaks" not in set(find_leaks(found.model)["state"])
    assert set(find_leaks(model)["state"]) == {"tight", "missing"}


def test_the_old_direction_stays_where_growth_needs_it():
    model = pumped()
    table = votes(model, SYMPORT=(3, 3.0, 2.0), UNIPORT=(2, 1.0, 0.0))

    def grows(candidate):
        bounds = candidate.reactions.set_index("reaction")
        return bounds.loc["UNIPORT", "upper_bound"] > 0

    found = settle_directions(model, table, grows=grows)
    assert changes(found) == {("SYMPORT", "backwards"): "left closed"}
    assert grows(found.model)
    kept = settle_directions(model, table[table["reaction"] != "UNIPORT"])
    assert changes(kept) == {("SYMPORT", "backwards"): "left closed"}


@pytest.mark.parametrize("run", [(1, 1.0, 1.0), (4, 4.0, 2.0)])
def test_a_transport_of_one_genus_or_of_half_stays(run):
    model = pumped()
    found = settle_directions(model, votes(model, SYMPORT=run))
    assert changes(found) == {}
    assert found.model.reactions.equals(model.reactions)


def test_an_enzyme_is_opened_where_all_genera_run_it_and_nothing_leaks():
    model = pumped()
    everyone = {"ENZYME": (3, 3.0, 3.0), "LAST": (4, 4.0, 4.0), "SPEND": (5, 5.0, 5.0)}
    found = settle_directions(model, votes(model, **everyone))
    assert changes(found) == {
        # y to z by LAST and back with ATP made
        ("SPEND", "backwards"): "left closed",
        ("LAST", "backwards"): "opened",
        ("ENZYME", "backwards"): "opened",
    }
    whys = found.table.set_index("reaction")["why"]
    assert whys["SPEND"] == "all 5 genera run this way; it would charge ATP"
    assert "leaks" not in set(find_leaks(found.model)["state"])
    assert found.table.set_index("reaction")["equation"]["ENZYME"] == "y_c -> x_c"
    fewer = {"ENZYME": (2, 2.0, 2.0), "LAST": (4, 4.0, 3.9)}
    assert changes(settle_directions(model, votes(model, **fewer))) == {}
    unbalanced = votes(model, ENZYME=(3, 3.0, 3.0)).assign(balanced=False)
    assert changes(settle_directions(model, unbalanced)) == {}
