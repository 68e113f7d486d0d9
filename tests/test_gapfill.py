"""Gap-filling, against optima known by hand."""

import pytest
from networks import branched, tables

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.errors import InputError
from gemwright.reconstruction.gapfill import fill_gaps, growth_with

MEDIA = {"food": ["a"]}


def added(universe, draft, alpha, nodes=100, media=MEDIA):
    result = fill_gaps(universe, draft, alpha, media, ReconstructionOptions(mip_nodes=nodes))
    return list(result.added["reaction"]), result


@pytest.mark.parametrize("nodes", [0, 100])
def test_one_dear_reaction_against_two_cheap_ones(nodes):
    universe = branched()
    draft = ["At", "Growth"]
    dear = {"DIRECT": 0.9, "B1": 0.2, "B2": 0.3, "C1": 0.8, "C2": 0.8}
    assert added(universe, draft, dear, nodes)[0] == ["B1", "B2"]
    assert added(universe, draft, {**dear, "DIRECT": 0.4}, nodes)[0] == ["DIRECT"]


def test_the_optimum_beats_the_linear_start():
    # twelve units through the plain way cost little flux; the short way needs more flux but one
    # reaction: counting reactions and weighing fluxes disagree
    universe = tables(
        {
            "EX_a_e": (-10, 1000, {"a_e": -1}),
            "LONG1": (0, 1000, {"a_e": -1, "b_c": 1}),
            "LONG2": (0, 1000, {"b_c": -1, "c_c": 1}),
            "LONG3": (0, 1000, {"c_c": -1, "d_c": 1}),
            "SHORT": (0, 1000, {"a_e": -8, "d_c": 1}),
            "Growth": (0, 1000, {"d_c": -1}),
        }
    )
    names, result = added(universe, ["Growth"], {}, nodes=100)
    assert names == ["SHORT"]
    line = result.media.iloc[0]
    assert line["penalty"] == pytest.approx(1.0)
    assert line["bound"] == pytest.approx(1.0)
    assert line["status"] == "within the gap"


def test_what_is_added_is_irreducible_and_grows():
    universe = branched()
    names, result = added(universe, ["At", "B1", "Growth"], {"DIRECT": 1.0, "B2": 0.5})
    assert names == ["B2"]
    line = result.media.iloc[0]
    assert line["growth_before"] == 0.0
    assert line["growth_after"] == pytest.approx(5.0)
    have = {"At", "B1", "Growth"}
    assert growth_with(universe, have | set(names), ["a"]) == pytest.approx(5.0)
    assert growth_with(universe, have, ["a"]) == 0.0


def test_what_the_dearer_way_makes_needless_is_pruned():
    # the cheap way carries half of what growth needs, so the linear start takes both
    universe = tables(
        {
            "EX_a_e": (-10, 1000, {"a_e": -1}),
            "CHEAP": (0, 0.05, {"a_e": -1, "d_c": 1}),
            "DEAR": (0, 1000, {"a_e": -1, "d_c": 1}),
            "Growth": (0, 1000, {"d_c": -1}),
        }
    )
    names, _ = added(universe, ["Growth"], {"CHEAP": 0.1, "DEAR": 0.9}, nodes=0)
    assert names == ["DEAR"]
    # a draft with the cheap way grows, but not at the target
    names, result = added(universe, ["CHEAP", "Growth"], {"DEAR": 0.9})
    assert names == ["DEAR"]
    assert result.media.iloc[0]["growth_before"] == pytest.approx(0.05)


def test_a_model_that_grows_is_left_alone():
    names, result = added(branched(), ["At", "DIRECT", "Growth"], {})
    assert names == []
    assert result.media.iloc[0]["status"] == "nothing to add"


def test_the_second_medium_reuses_what_the_first_needed():
    universe = tables(
        {
            "EX_a_e": (-10, 1000, {"a_e": -1}),
            "EX_b_e": (-10, 1000, {"b_e": -1}),
            "At": (0, 1000, {"a_e": -1, "a_c": 1}),
            "Bt": (0, 1000, {"b_e": -1, "b_c": 1}),
            "BA": (0, 1000, {"b_c": -1, "a_c": 1}),
            "AD": (0, 1000, {"a_c": -1, "d_c": 1}),
            "BD": (0, 1000, {"b_c": -1, "d_c": 1}),
            "Growth": (0, 1000, {"d_c": -1}),
        }
    )
    alpha = {"AD": 0.5, "BD": 0.5, "BA": 0.1}
    both = {"first": ["a"], "second": ["b"]}
    _, result = added(universe, ["At", "Bt", "Growth"], alpha, media=both)
    table = result.added
    assert table.values.tolist() == [["AD", "first", 0.5], ["BA", "second", 0.1]]


def test_missing_precursors_are_named():
    universe = tables(
        {
            "EX_a_e": (-10, 1000, {"a_e": -1}),
            "EX_z_e": (-10, 1000, {"z_e": -1}),
            "At": (0, 1000, {"a_e": -1, "a_c": 1}),
            "Zt": (0, 1000, {"z_e": -1, "z_c": 1}),
            "Growth": (0, 1000, {"a_c": -1, "z_c": -1, "w_c": -1}),
        }
    )
    with pytest.raises(InputError) as error:
        added(universe, ["Growth"], {})
    assert "'food'" in str(error.value)
    assert "w_c, z_c" in str(error.value)
    assert "a_c" not in str(error.value)


def test_missing_precursors_of_the_real_universe():
    from gemwright.gem.medium import medium_compounds
    from gemwright.sources.bigg_snapshot import read_media, read_universe

    without_iron = [c for c in medium_compounds(read_media(), "M9") if c not in ("fe2", "fe3")]
    with pytest.raises(InputError, match="fe2_c, fe3_c, pheme_c, sheme_c"):
        fill_gaps(read_universe("gramneg"), [], {}, {"M9 without iron": without_iron})


def test_the_same_input_gives_the_same_set():
    alpha = {"DIRECT": 1.0, "B1": 0.5, "B2": 0.5, "C1": 0.5, "C2": 0.5}
    runs = {tuple(added(branched(), ["At", "Growth"], alpha)[0]) for _ in range(3)}
    assert len(runs) == 1
