"""Ions, quinones, biomass and growth without oxygen, in the universes of the snapshot."""

import functools
from dataclasses import replace

import pandas as pd
import pytest
from test_sealing import network

from gemwright.config.universe import UniverseOptions
from gemwright.errors import InputError
from gemwright.gem.flux import FluxModel
from gemwright.gem.leaks import find_leaks
from gemwright.gem.medium import medium_bounds
from gemwright.gem.sealing import seal
from gemwright.sources.bigg_snapshot import read_universe
from gemwright.universe import anaerobic, biomass, ions, quinones
from gemwright.universe.build import unsealed_universe
from gemwright.universe.corrections import correct_universe
from gemwright.universe.extended import extend_universe
from gemwright.universe.free import free_reactions
from gemwright.universe.snapshot import Snapshot
from gemwright.universe.weights import as_prices

IONS = [
    "ca2", "cl", "cobalt2", "cu2", "fe2", "fe3", "k", "mg2", "mn2", "mobd", "na1", "ni2", "so4",
    "zn2", "pi", "nh4", "h2o", "o2", "co2", "h", "no3", "no2",
]  # fmt: skip
PLUS = ["btn_c", "lipopb_c", "udcpdp_c", "2fe2s_c", "4fe4s_c", "pg160_c", "clpn160_c"]
#: Glucose and salts without oxygen and nitrate.
MEDIUM = {name: 1000.0 for name in IONS if name not in ("o2", "no3", "no2")} | {"glc__D": 10.0}

snapshot = functools.cache(Snapshot.embedded)
curated = functools.cache(read_universe)


@functools.cache
def extended(name):
    known = snapshot()
    return extend_universe(curated(name), known.universal, known.bounds)


@functools.cache
def stepped(name):
    """U+ with ions, the pool, Biomass+ and the steps without oxygen."""
    model, universal = extended(name), snapshot().universal
    model, _ = correct_universe(model)
    model, _ = anaerobic.live_without_oxygen(model, universal)
    model, _ = ions.import_ions(model, universal)
    model, _ = quinones.pool_quinones(model, universal)
    return biomass.set_biomass(model, name)[0]


def bounds_of(model, reaction):
    row = model.reactions.set_index("reaction").loc[reaction]
    return row["lower_bound"], row["upper_bound"]


def sides(model, reaction):
    rows = model.stoichiometry[model.stoichiometry["reaction"] == reaction]
    return dict(zip(rows["species"], rows["coefficient"], strict=True))


def without_oxygen(model):
    """Close every reaction with O2, superoxide or hydrogen peroxide: none may come of any."""
    rows = model.stoichiometry
    oxygen = rows["species"].str.fullmatch("(o2|o2s|h2o2)_.")
    table = model.reactions.copy()
    touched = table["reaction"].isin(set(rows.loc[oxygen, "reaction"]))
    table.loc[touched, ["lower_bound", "upper_bound"]] = 0.0
    return replace(model, reactions=table)


def test_ions_enter_without_a_gene_and_carry_nothing_with_them():
    model, changes = ions.import_ions(extended("gramneg"), snapshot().universal)
    assert sorted(ions.ion_imports()) == sorted(f"ION_{name}" for name in IONS)
    for name in IONS:
        assert sides(model, f"ION_{name}") == {f"{name}_e": -1, f"{name}_c": 1}
        out = -1000 if name in ("h2o", "o2", "co2") else 0
        assert bounds_of(model, f"ION_{name}") == (out, 1000)
        assert sides(model, f"EX_{name}_e") == {f"{name}_e": -1}
    added = {f"ION_{name}" for name in IONS} | {"EX_na1_e", "EX_ni2_e"}
    assert set(changes["reaction"]) == added
    assert (
        set(model.reactions["reaction"]) - set(extended("gramneg").reactions["reaction"]) == added
    )
    assert (changes["reason"] != "").all()
    assert not model.reactions.isna().any().any()
    with pytest.raises(ValueError, match="has ION_ca2 already"):
        ions.import_ions(model, snapshot().universal)


def test_growth_takes_a_quinone_whichever_it_is():
    model, changes = quinones.pool_quinones(curated("gramneg"), snapshot().universal)
    growth = biomass.growth_coefficients(model)
    assert growth["quinone_c"] == -0.0001
    assert "mql8_c" not in growth
    assert biomass.growth_coefficients(curated("gramneg"))["mql8_c"] == -0.0001
    for name in ("q8", "mql8", "mql7"):
        assert sides(model, f"QUINONE_{name}") == {f"{name}_c": -1, "quinone_c": 1}
        assert bounds_of(model, f"QUINONE_{name}") == (0, 1000)
    assert changes["reaction"].tolist() == [*quinones.pool_reactions(), "Growth"]
    row = model.species.set_index("species").loc["quinone_c"]
    assert (row["metabolite"], row["compartment"], row["formula"]) == ("quinone", "c", "")
    assert pd.isna(row["charge"])


@pytest.mark.parametrize("name", ["gramneg", "grampos", "bacteria", "archaea"])
def test_the_parts_of_biomass_are_those_of_the_curated_universes(name):
    parts = biomass.biomass_parts()
    own = parts[(parts["origin"] == "curated universe") & (parts[name] > 0)]
    growth = biomass.growth_coefficients(curated(name))
    assert {s: -number for s, number in zip(own["species"], own[name], strict=True)} == {
        s: number for s, number in growth.items() if s in set(parts["species"])
    }
    assert (parts["reason"] != "").all()
    assert set(parts["part"]) == {"wall", "membrane", "cofactor"}
    assert not parts.loc[parts["part"] == "wall", "wall_less"].any()


def test_biomass_plus_has_what_the_universe_can_make():
    plain, changes = biomass.set_biomass(curated("gramneg"), "gramneg")
    added = biomass.growth_coefficients(plain).keys() - biomass.growth_coefficients(
        curated("gramneg")
    )
    # the curated universe lacks the ways to these, and may take up biotin
    left_out = {"udcpdp_c", "2fe2s_c", "4fe4s_c"}
    assert left_out <= set(PLUS) - added
    told = changes[changes["change"].str.startswith("leaves")]
    assert set(told["change"]) == {f"leaves {s} out" for s in set(PLUS) - added}
    assert (told["reason"] == "the universe cannot make it").all()
    growth = biomass.growth_coefficients(stepped("gramneg"))
    assert [growth[species] for species in PLUS] == [-0.000223] * 7
    same, nothing = biomass.set_biomass(stepped("gramneg"), "gramneg")
    assert biomass.growth_coefficients(same) == growth
    assert nothing.empty


def test_another_kind_of_biomass():
    model, changes = biomass.set_biomass(stepped("gramneg"), "wall_less")
    growth = biomass.growth_coefficients(model)
    assert growth.keys().isdisjoint(["kdo2lipid4_p", "murein5px4p_p", "pe160_p", "udcpdp_c"])
    assert {"pg160_c", "clpn160_c", "quinone_c", "ala__L_c"} <= growth.keys()
    back, _ = biomass.set_biomass(model, "gramneg")
    assert biomass.growth_coefficients(back) == biomass.growth_coefficients(stepped("gramneg"))
    assert "takes no murein5px4p_p (takes 0.013894 before)" in set(changes["change"])


def test_what_growth_and_maintenance_cost():
    model = biomass.set_maintenance(curated("gramneg"), 75.4, 6.86)
    old, new = map(biomass.growth_coefficients, (curated("gramneg"), model))
    for species, sign in (("atp_c", -1), ("h2o_c", -1), ("adp_c", 1), ("h_c", 1), ("pi_c", 1)):
        assert new[species] - old[species] == pytest.approx(sign * (75.4 - 53.95))
    assert new["adp_c"] == pytest.approx(75.4)
    assert {s: new[s] for s in old.keys() - {"atp_c", "h2o_c", "adp_c", "h_c", "pi_c"}} == {
        s: old[s] for s in old.keys() - {"atp_c", "h2o_c", "adp_c", "h_c", "pi_c"}
    }
    assert bounds_of(model, "ATPM") == (6.86, 1000)
    assert bounds_of(biomass.set_maintenance(curated("gramneg"), 75.4), "ATPM") == (0, 1000)


GROWING = {
    "EX_a_e": ({"a_e": -1}, -1000, 1000),
    "IN": ({"a_e": -1, "a_c": 1}, 0, 1000),
    "MAKE": ({"a_c": -1, "b_c": 1}, 0, 1000),
    "NEVER": ({"n_c": -1, "m_c": 1}, 0, 1000),
    "ATPM": ({"atp_c": -1, "adp_c": 1}, 5, 1000),
    "Growth": ({"b_c": -1}, 0, 1000),
}


def test_a_biomass_of_ones_own(caplog):
    small = network(GROWING, "Growth")
    model, changes = biomass.set_own_biomass(
        small, {"a_c": -2.0, "m_c": -1.0, "lost_c": 1.0, "adp_c": 1.0}, "mine.tsv"
    )
    assert biomass.growth_coefficients(model) == {"a_c": -2.0, "adp_c": 1.0}
    assert "mine.tsv: left out, because the universe cannot make it: m_c, lost_c" in caplog.text
    assert [change for change in changes["change"] if "out" in change] == [
        "leaves m_c out", "leaves lost_c out",
    ]  # fmt: skip
    with pytest.raises(InputError, match="can make nothing of it"):
        biomass.set_own_biomass(small, {"m_c": -1.0}, "mine.tsv")


def test_what_a_model_cannot_make_is_named():
    small = network(GROWING, "Growth")
    assert biomass.cannot_make(small, ["m_c", "a_c", "absent_c", "b_c"]) == ["m_c", "absent_c"]
    assert biomass.cannot_make(small, ["a_c", "b_c"], medium=[]) == ["a_c", "b_c"]


def test_what_is_added_for_growth_without_oxygen():
    plus = extended("gramneg")
    model, changes = anaerobic.live_without_oxygen(plus, snapshot().universal)
    assert changes[["reaction", "change"]].to_numpy().tolist() == [["OMPHHX3", "added"]]
    assert set(model.reactions["reaction"]) - set(plus.reactions["reaction"]) == {"OMPHHX3"}
    assert sides(model, "OMPHHX3") == sides(snapshot().universal, "OMPHHX3")
    assert bounds_of(model, "OMPHHX3") == (0, 1000)
    table = anaerobic.anaerobic_table()
    assert set(table["reaction"]) <= set(model.reactions["reaction"])
    counterparts = {name for names in table["genes_of"] for name in names.split()}
    assert counterparts <= set(snapshot().universal.reactions["reaction"])
    assert (table["reason"] != "").all()


@pytest.mark.parametrize("name", ["gramneg", "grampos"])
def test_no_precursor_needs_oxygen(name):
    needed = [s for s, number in biomass.growth_coefficients(stepped(name)).items() if number < 0]
    needed += ["q8_c", "mql8_c", "mql7_c", "pheme_c", "sheme_c"]
    closed = without_oxygen(stepped(name))
    assert biomass.cannot_make(closed, needed, MEDIUM) == []
    # without the hydroxylation that the models' reactions lack
    part = set(closed.reactions["reaction"]) - {"OMPHHX3"}
    lacking = replace(closed.part(name, part), objective=closed.objective)
    assert biomass.cannot_make(lacking, needed, MEDIUM) == ["q8_c"]


def test_nothing_makes_oxygen():
    def most_oxygen(model):
        flux = FluxModel.of(model)
        flux.set_bounds(medium_bounds(model, MEDIUM))
        demand = flux.add_demands(["o2_c"])[0]
        flux.set_bounds({demand: (0.0, 1000.0)})
        return flux.optimise(demand).value

    assert most_oxygen(stepped("gramneg")) == pytest.approx(0, abs=1e-6)
    assert most_oxygen(extended("gramneg")) > 1


def test_steps_without_oxygen_take_the_genes_of_those_with_it():
    rows = [
        ("PDX5POi", "m", "x", ("g1",), 0.9), ("OMMBLHX", "m", "y", ("g2",), 0.8),
        ("OMMBLHX3", "n", "z", ("g3",), 0.7), ("OPHHXy", "m", "w", ("g4",), 0.6),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["reaction", "model", "complex", "genes", "confidence"])
    universe = ["PDX5PO2", "PDX5POi", "OMMBLHX3", "OPHHX3"]
    found = anaerobic.with_stand_ins(table, universe)
    genes = dict(zip(found["reaction"], found["genes"], strict=True))
    assert len(found) == 6
    assert genes["PDX5PO2"] == ("g1",)
    assert genes["OPHHX3"] == ("g4",)
    assert genes["OMMBLHX3"] == ("g3",), "its own complex stays"
    assert anaerobic.with_stand_ins(table, ["PDX5POi"]).equals(
        table.sort_values("reaction", ignore_index=True)
    )


def test_what_needs_no_gene():
    names = free_reactions(stepped("gramneg"))
    assert {f"ION_{name}" for name in IONS} | set(quinones.pool_reactions()) <= set(names)
    assert {"GCALDt", "sink_5drib_c", "sink_amob_c"} <= set(names)
    rest = set(names) - set(quinones.pool_reactions()) - {"GCALDt"}
    assert all(name.startswith(("ION_", "sink_")) for name in rest)
    assert free_reactions(network(GROWING, "Growth")) == []


def test_no_ion_and_no_quinone_has_a_price():
    options = UniverseOptions(models=(), corrections=False, merge=False, biomass=False)
    universe = unsealed_universe("grampos", options, snapshot())
    kept = {*ions.ion_imports(), *quinones.pool_reactions()}
    assert universe.keep == kept
    assert kept <= set(universe.model.reactions["reaction"])
    assert kept.isdisjoint(universe.weights["reaction"])
    assert set(universe.changes["step"]) == {"anaerobic", "ions", "quinones"}


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["gramneg", "grampos", "archaea"])
def test_the_sealing_closes_no_ion_and_no_quinone(name):
    model = stepped(name)
    keep = (*ions.ion_imports(), *quinones.pool_reactions())
    sealing = seal(model, as_prices(snapshot().weights(model)), keep)
    assert len(sealing.closed) <= 10, "no more than without them"
    assert set(sealing.closed["reaction"]).isdisjoint(keep)
    table = find_leaks(sealing.model)
    assert (table["state"] == "tight").all(), "ions that enter charge nothing"
