"""Energies of what runs: shipped parameters, flux states of any model, tables per model."""

import logging
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from cobra.flux_analysis import pfba
from cobra.io import load_model
from project_copy import PROJECT

from gemwright.gem.cobra import from_cobra
from gemwright.io.tables import read_metadata
from gemwright.sources.structures import read_structures
from gemwright.thermodynamics import trained
from gemwright.thermodynamics.driving_force import driving_force
from gemwright.thermodynamics.reactions import BOUNDARY, KNOWN, UNBALANCED, reaction_energies
from gemwright.thermodynamics.states import (
    COLUMNS,
    flux_state_driving_force,
    force_tables,
    state_energies,
)


@pytest.fixture(scope="module")
def structures():
    return read_structures(PROJECT / "resources/metabolite_structures.tsv")


@pytest.fixture(scope="module")
def core():
    return from_cobra(load_model("textbook"))


@pytest.fixture(scope="module")
def fluxes():
    return pfba(load_model("textbook")).fluxes.to_dict()


# -- what is shipped


def same(one, other):
    assert one.position == other.position and one.trained == other.trained
    assert one.mean == pytest.approx(other.mean, abs=1e-9)
    assert one.root.T @ one.root == pytest.approx(other.root.T @ other.root, abs=1e-6)
    assert one.unknown == pytest.approx(other.unknown, abs=1e-9)


def test_shipped_energies_are_of_the_installed_packages():
    assert read_metadata(trained.SHIPPED) == trained.package_versions()


@pytest.mark.e2e
def test_shipped_energies_are_what_the_tool_makes():
    same(trained.read_trained(trained.SHIPPED), trained.load_trained())


def test_written_parameters_are_read_back(tmp_path):
    shipped = trained.read_trained(trained.SHIPPED)
    trained.write_trained(shipped, tmp_path / "again.parquet")
    same(trained.read_trained(tmp_path / "again.parquet"), shipped)
    assert (np.tril(shipped.root[:, : len(shipped.root)], -1) == 0).all()


@pytest.mark.parametrize("versions", [{}, {"component-contribution": "0.0.1"}])
def test_other_packages_are_loaded_themselves(monkeypatch, versions):
    monkeypatch.setattr(trained, "package_versions", lambda: versions)
    monkeypatch.setattr(trained, "load_trained", lambda: "loaded")
    assert trained.trained_energies.__wrapped__() == "loaded"
    monkeypatch.setattr(trained, "package_versions", lambda: read_metadata(trained.SHIPPED))
    assert trained.trained_energies.__wrapped__() != "loaded"


# -- flux states


def test_energies_of_what_runs_are_those_of_the_whole_model(core, fluxes, structures):
    part = state_energies(core, fluxes, structures)
    whole = reaction_energies(core, structures)
    assert set(part.reactions["reaction"]) == {n for n, flux in fluxes.items() if abs(flux) > 1e-6}
    both = part.reactions.merge(whole.reactions, on="reaction", suffixes=("", "_whole"))
    assert both["energy"].to_numpy() == pytest.approx(both["energy_whole"].to_numpy(), nan_ok=True)
    state, all_ = (flux_state_driving_force(core, fluxes, given) for given in (part, whole))
    assert state.driving_force == pytest.approx(all_.driving_force, abs=1e-6)
    assert state.driving_force == pytest.approx(8.5, abs=0.2)
    assert {"ACONTa", "ACONTb"} <= set(state.bottleneck)
    assert state.refused == ()


@pytest.mark.parametrize(("name", "direction"), [("PFK", "backward"), ("FBP", "backward")])
def test_a_turned_reaction_is_refused_with_its_direction(core, fluxes, structures, name, direction):
    turned = fluxes | {name: -5.0}
    force, bottleneck, refused = flux_state_driving_force(
        core, turned, state_energies(core, turned, structures)
    )
    assert force < 0 and name in bottleneck
    assert refused == (f"{name} {direction}",)


def test_what_the_energies_lack_is_unknown_and_no_error(core, fluxes, structures):
    given = state_energies(core, fluxes, structures)
    kept = given.reactions["reaction"] != "PFK"
    less = replace(given, reactions=given.reactions[kept].reset_index(drop=True))
    less = replace(less, root=given.root[kept.to_numpy()])
    assert driving_force(core, fluxes, given).unknown == ("Biomass_Ecoli_core",)
    assert driving_force(core, fluxes, less).unknown == ("Biomass_Ecoli_core", "PFK")
    assert "PFK" not in flux_state_driving_force(core, fluxes, less).bottleneck


def test_the_table_of_a_model(core, fluxes, structures, caplog):
    still = pd.DataFrame({"reaction": list(fluxes), "aerobic": list(fluxes.values())})
    still["turned"] = still["aerobic"].where(still["reaction"] != "PFK", -1.0)
    still["anaerobic"] = 0.0
    with caplog.at_level(logging.INFO):
        table = force_tables(core, still, structures)
    assert list(table.columns) == ["state", *COLUMNS]
    assert list(dict.fromkeys(table["state"])) == ["aerobic", "turned"]
    aerobic = table[table["state"] == "aerobic"]
    assert set(aerobic["refused"]) == {"no"}
    assert not aerobic["reaction"].str.startswith("EX_").any()
    assert not (table["status"] == BOUNDARY).any()
    known = aerobic[aerobic["status"] == KNOWN]
    assert known["driving_force"].min() == pytest.approx(8.5, abs=0.2)
    assert known["driving_force"].iloc[0] == known["driving_force"].min()
    assert (aerobic.loc[aerobic["bottleneck"] == "yes", "driving_force"] < 8.7).all()
    growth = aerobic.set_index("reaction").loc["Biomass_Ecoli_core"]
    assert growth["status"] == UNBALANCED and np.isnan(growth["energy"])
    turned = table[table["state"] == "turned"].set_index("reaction")
    assert list(turned.index[turned["refused"] == "yes"]) == ["PFK"]
    assert turned.loc["PFK", "violation"] > 0 and turned.loc["PFK", "energy"] > 0
    assert "core, turned" in caplog.text and "refused PFK" in caplog.text
    # what only stands for something unknown does not count
    without = force_tables(core, still, structures, nominal=["PFK"])
    assert "PFK" not in set(without["reaction"]) and "yes" not in set(without["refused"])


def test_a_model_that_stands_still_has_an_empty_table(core, fluxes, structures):
    states = pd.DataFrame({"reaction": list(fluxes), "aerobic": 0.0})
    table = force_tables(core, states, structures)
    assert table.empty and list(table.columns) == ["state", *COLUMNS]
