"""How models live: against what is known of E. coli's core model and of curated models."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from mirror import MIRROR, needs_mirror

from gemwright.config.medium import MediumOptions
from gemwright.errors import InputError
from gemwright.inputs.media import read_medium
from gemwright.io.tables import read_parquet
from gemwright.physiology.acceptors import measure_acceptors
from gemwright.physiology.culture import Culture
from gemwright.physiology.files import Measured, write_measured
from gemwright.physiology.flux_map import flux_map, map_metabolites, map_steps
from gemwright.physiology.measure import COLUMNS, measure_physiology
from gemwright.physiology.methods import read_measured
from gemwright.physiology.references import TABLES, references
from gemwright.report.physiology_figures import plot_flux_map
from gemwright.report.physiology_tables import (
    by_model,
    overflow_table,
    physiology_table,
    stacked,
    yields_table,
)
from gemwright.report.style import save_figure
from gemwright.strain_design.models import bundled_e_coli_core
from tools.measure_references import measured

# the textbook's medium has carbon dioxide
MEDIA = {"M9": [*read_medium("M9"), "co2"]}


@cache
def core():
    return bundled_e_coli_core()


@cache
def physiology():
    return measure_physiology(core(), MEDIA, name="Escherichia coli K-12 MG1655")


def with_reactions(model, **added):
    """Copy of a model with reactions: name to lower bound, upper bound, species."""
    from dataclasses import replace

    rows = [(name, name, low, high, "", "") for name, (low, high, _) in added.items()]
    names = ["reaction", "name", "lower_bound", "upper_bound", "rhea", "ec"]
    sides = [(name, *pair) for name, (_, _, side) in added.items() for pair in side.items()]
    return replace(
        model,
        reactions=pd.concat([model.reactions, pd.DataFrame(rows, columns=names)]),
        stoichiometry=pd.concat(
            [
                model.stoichiometry,
                pd.DataFrame(sides, columns=["reaction", "species", "coefficient"]),
            ]
        ),
    )


def test_the_core_of_e_coli_lives_as_the_textbook_says():
    row = physiology().rows.iloc[0]
    assert list(row.index) == list(COLUMNS)
    # Orth, Thiele and Palsson 2010: .8739 and .2117 /h, 17.5 and 2.75 ATP of glucose
    expected = {
        "growth": 0.8739, "growth_anaerobic": 0.2117, "o2": -21.80, "co2": 22.81, "h": 17.53,
        "atp_per_glucose": 17.5, "atp_per_glucose_anaerobic": 2.75,
    }  # fmt: skip
    assert row[list(expected)].astype(float).to_dict() == pytest.approx(expected, rel=1e-3)
    assert (row["growth_without_carbon"], row["atp_without_carbon"]) == (0, 0)
    assert (row["medium"], row["secreted"], row["fuel_audit"]) == ("M9", "", 0)


def test_without_oxygen_it_gives_off_acetate_ethanol_and_formate():
    table = physiology().overflow.set_index("o2_limit")
    shown = {"ac": 8.504, "etoh": 8.279, "for": 17.805, "lac__D": 0.0, "h2": 0.0}
    assert table.loc[0.0, list(shown)].astype(float).to_dict() == pytest.approx(shown, abs=0.01)
    assert table.loc[0.0, "products"] == "for 17.8; ac 8.5; etoh 8.3"
    assert table["growth"].is_monotonic_increasing
    assert table["atp_per_glucose"].is_monotonic_increasing
    yields = physiology().yields.set_index("product")
    assert yields.loc["etoh", "per_glucose_anaerobic"] == pytest.approx(2)
    assert yields.loc["lac__D", "per_glucose"] == pytest.approx(2)


def test_whatever_the_protocol_only_carbon_is_limited():
    protocol = MediumOptions(protocol="all_limited")
    assert Culture(core(), MEDIA["M9"], protocol).growth() == pytest.approx(0.8739, rel=1e-3)
    assert Culture(core(), MEDIA["M9"]).sources == {"glc__D": 10}


def test_atp_from_nothing_shows():
    wrong = {"atp_c": 1, "h2o_c": 1, "adp_c": -1, "pi_c": -1, "h_c": -1}
    leaking = with_reactions(core(), LEAK=(0.0, 1000.0, wrong))
    row = measure_physiology(leaking, MEDIA).rows.iloc[0]
    assert row["atp_without_carbon"] == pytest.approx(1000)
    assert row["fuel_audit"] > 0
    # maintenance, whatever it is called, and growth rest while ATP is measured
    assert physiology().rows.loc[0, "atp_per_glucose"] == pytest.approx(17.5)
    renamed = core().part("renamed", core().reactions["reaction"])
    for table in (renamed.reactions, renamed.stoichiometry):
        table["reaction"] = table["reaction"].replace("ATPM", "NGAM")
    assert Culture(renamed, MEDIA["M9"]).atp() == pytest.approx(175)


def test_a_model_without_growth_is_told_and_one_that_cannot_grow_is_shown():
    with pytest.raises(InputError, match="the model has no objective"):
        measure_physiology(core().with_objective({}, False), MEDIA)
    starved = measure_physiology(core(), {"nothing": ["o2"]})
    row = starved.rows.iloc[0]
    assert row["growth"] == 0
    assert np.isnan(row["o2"])
    assert starved.fluxes.empty
    assert (flux_map(core(), starved.fluxes)["aerobic"] == 0).all()
    assert starved.overflow["products"].tolist() == [""] * 4


def test_growth_without_oxygen_is_right_or_wrong_by_what_is_known():
    table = physiology().without_oxygen
    assert table[["acceptor", "known", "right"]].values.tolist() == [["", True, True]]
    # the core model does not breathe nitrate, and growth by fermentation counts for it, too
    wrong = measure_physiology(core(), {"none": ["glc__D"]}, name="Bacillus subtilis 168")
    assert wrong.without_oxygen[["acceptor", "known", "right"]].values.tolist() == [
        ["no3", True, False]
    ]
    assert measure_physiology(core(), MEDIA, name="Vibrio natriegens").without_oxygen.empty


def test_growth_that_was_stated_is_told_from_growth_that_was_found():
    culture = Culture(core(), MEDIA["M9"])
    media = (["glc__D"], ["glc__D", "o2", "no3"], ["glc__D", "no3"])
    for name, stated in {
        "Escherichia coli": [True, False, True],
        "Bacillus subtilis": [False, False, True],
    }.items():
        found = [measure_acceptors(name, "M9", culture, [one])["stated"].item() for one in media]
        assert found == stated
    assert measure_acceptors("Bacillus subtilis", "M9", culture, media)["stated"].item()
    assert not measure_acceptors("Bacillus subtilis", "M9", culture)["stated"].item()


def test_steps_of_the_map_are_sums_of_what_turns_one_into_the_other():
    steps = flux_map(core(), physiology().fluxes).set_index(["from", "to"])
    flux = physiology().fluxes.set_index("reaction")
    assert steps.loc[("pep", "pyr"), "aerobic"] == pytest.approx(
        flux.loc["PYK", "aerobic"] + flux.loc["GLCpts", "aerobic"]
    )
    # written the other way round in the model; aconitate is not on the map
    assert steps.loc[("succoa", "succ"), "aerobic"] == pytest.approx(-flux.loc["SUCOAS", "aerobic"])
    assert steps.loc[("cit", "icit"), "aerobic"] == pytest.approx(flux.loc["ACONTa", "aerobic"])
    assert steps.loc[("glc__D_e", "glc__D"), "anaerobic"] == pytest.approx(10)
    assert steps.loc[("for", "for_e"), "anaerobic"] == pytest.approx(17.805, abs=0.01)
    ends = {*map_steps()["from"], *map_steps()["to"]}
    assert ends == set(map_metabolites()["metabolite"])


def test_tables_stand_beside_curated_models_and_the_peer():
    models = [("fused", "ecol"), ("carveme", "ecol")]
    rows = (
        ("aerobic", "PGI", 3.5, "no"),
        ("aerobic", "FBA", 1.5, "yes"),
        ("anaerobic", "X", -9, "no"),
    )
    force = pd.DataFrame(rows, columns=["state", "reaction", "driving_force", "bottleneck"])
    table = physiology_table(
        dict.fromkeys(models, physiology().rows),
        {("fused", "ecol"): force},
        dict.fromkeys(models, physiology().overflow),
    )
    assert table["driving_force"].tolist()[:2] == [1.5, pytest.approx(float("nan"), nan_ok=True)]
    assert table["bottleneck"].tolist()[:2] == ["FBA", ""]
    assert table["method"].tolist() == ["fused", "carveme as shipped", *["curated"] * 3]
    assert table["organism"].tolist()[2:] == ["iML1515", "iYO844", "iJN1463"]
    assert list(table.columns) == ["organism", "method", *COLUMNS, "source"]
    overflow = overflow_table({models[0]: physiology().overflow})
    assert overflow["organism"].tolist() == ["ecol"] * 4 + ["iML1515"] * 4
    yields = yields_table({models[0]: physiology().yields}).set_index("product")
    assert yields.loc["ac", "iML1515_per_glucose"] == pytest.approx(2.9347)
    known = stacked(dict.fromkeys(models, physiology().without_oxygen))
    assert known[["organism", "method"]].values.tolist() == [
        ["ecol", "fused"], ["ecol", "carveme as shipped"],
    ]  # fmt: skip


def test_curated_models_live_as_published():
    rows = references("rows").set_index("organism")
    published = {"iML1515": (0.877, -22.1, 24.0, 23.5), "iJN1463": (0.980, -18.9, 20.5, 21.75)}
    for name, expected in published.items():
        shown = rows.loc[name, ["growth", "o2", "co2", "atp_per_glucose"]].astype(float)
        assert shown.tolist() == pytest.approx(expected, rel=5e-3)
    assert rows.loc["iYO844", "growth"] == pytest.approx(0.857, rel=1e-3)


@needs_mirror
def test_curated_models_are_what_is_measured_of_them():
    found = measured(MIRROR / "bigg.ucsd.edu/static/models")
    for table in TABLES:
        ours, kept = found[table], references(table)
        numbers = kept.select_dtypes("number").columns.drop("driving_force", errors="ignore")
        texts = ["organism", "source", "medium"]
        pd.testing.assert_frame_equal(ours[texts], kept[texts], check_dtype=False)
        pd.testing.assert_frame_equal(
            ours[numbers].astype(float), kept[numbers].astype(float), atol=2e-3
        )


def test_a_flux_map_is_the_same_bytes_for_the_same_fluxes(tmp_path):
    core_fluxes = flux_map(core(), physiology().fluxes).assign(medium="M9")
    for turn in ("one", "two"):
        figure = plot_flux_map(core_fluxes, physiology().rows, "E. coli")
        save_figure(figure, tmp_path / f"{turn}.svg", tmp_path / f"{turn}.png")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == ["with oxygen: growth 0.87 /h", "without oxygen: growth 0.21 /h"]
    shown = {text.get_text() for text in figure.axes[1].texts}
    assert {"17.8", "8.5", "formate", "acetyl-CoA"} <= shown


def test_tables_of_several_methods_come_back_as_they_were(tmp_path):
    unknown = measure_physiology(core(), MEDIA, name="Vibrio natriegens")
    found = {"other": Measured(core(), physiology()), "fused": Measured(core(), unknown)}
    names = ("rows", "overflow", "yields", "without_oxygen", "fluxes", "core")
    write_measured(found, **{name: tmp_path / name for name in names})
    for name, ours in {"rows": unknown.rows, "fluxes": unknown.fluxes}.items():
        pd.testing.assert_frame_equal(read_measured(tmp_path / name, "fused"), ours)
    assert read_measured(tmp_path / "without_oxygen", "fused").empty
    apart = by_model({"ecol": read_parquet(tmp_path / "without_oxygen")})
    assert list(apart) == [("other", "ecol")]
    pd.testing.assert_frame_equal(apart["other", "ecol"], physiology().without_oxygen)
    # of an organism of which nothing is known
    write_measured(
        {"fused": Measured(core(), unknown)}, **{name: tmp_path / name for name in names}
    )
    empty = by_model({"ecol": read_parquet(tmp_path / "without_oxygen")})
    assert stacked(empty).columns[:2].tolist() == ["organism", "method"]
