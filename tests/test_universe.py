"""Universes that models are made of: steps, sealing, what is shipped, files."""

import functools
from dataclasses import replace

import pandas as pd
import pytest

from gemwright.config.universe import UniverseOptions
from gemwright.errors import InputError
from gemwright.gem.charging import BACKWARDS, FORWARDS
from gemwright.gem.leaks import find_leaks
from gemwright.gem.sbml_reader import read_sbml
from gemwright.io.tables import write_delimited
from gemwright.io.user_tables import read_delimited
from gemwright.sources.bigg_snapshot import UNIVERSES, read_universe
from gemwright.sources.snapshot_tables import write_snapshot_tables
from gemwright.universe import sealed
from gemwright.universe.build import STEPS, build_universe, unsealed_universe
from gemwright.universe.corrections import CLOSED, read_corrections
from gemwright.universe.files import write_universe
from gemwright.universe.sealed import CHARGED, DIRECTIONS, problem_digest, seal_universe
from gemwright.universe.snapshot import Snapshot
from tools.ship_sealed_universes import tables

PLAIN = UniverseOptions(
    models=(), corrections=False, anaerobic=False, merge=False, ions=False, quinones=False,
    biomass=False, seal=False,
)  # fmt: skip


@functools.cache
def snapshot():
    return Snapshot.embedded()


@functools.cache
def grampos():
    return build_universe("grampos", snapshot=snapshot())


def test_every_step_has_its_key():
    options = UniverseOptions()
    assert all(hasattr(options, key) for key in STEPS)


def test_a_universe_is_extended_sealed_and_explained():
    built, curated = grampos(), read_universe("grampos")
    assert list(dict.fromkeys(built.changes["step"])) == list(STEPS)
    ours, theirs = set(built.model.reactions["reaction"]), set(curated.reactions["reaction"])
    steps = {step: set(rows) for step, rows in built.changes.groupby("step")["reaction"]}
    assert len(steps["models"]) == 540
    added = steps["models"] | steps["anaerobic"] | steps["ions"] | steps["quinones"] - {"Growth"}
    assert ours - theirs <= added
    assert theirs - ours <= steps["merge"] | steps["corrections"]
    assert len(built.merged) == len(steps["merge"])
    assert steps["biomass"] == {"Growth"}
    assert set(built.leaks["state"]) == {"tight"}
    before = built.leaks[built.leaks["before"] == "leaks"].groupby("imports").size().to_dict()
    assert before == {
        "nothing": 13, "water and protons": 13, "oxidised inorganics": 23, "all inorganics": 23,
    }  # fmt: skip
    closed = built.sealed.set_index(["reaction", "direction"])
    assert list(closed.columns) == ["weight", "genera", "equation", "cycle"]
    assert len(closed) == 6
    row = closed.loc[("GCDH", BACKWARDS)]
    assert row["genera"] == 1
    assert row["equation"].endswith("glutcoa_c")
    assert any(line.split(" ", 1)[1].startswith("GCDH backwards:") for line in row["cycle"])
    bounds = built.model.reactions.set_index("reaction")
    for reaction, direction in closed.index:
        column = "upper_bound" if direction == FORWARDS else "lower_bound"
        assert bounds.loc[reaction, column] == 0


def test_the_default_directions_are_shipped():
    # computing them takes seconds for each universe, in every demo
    known = set(read_delimited(CHARGED, ("digest",))["digest"])
    for name in UNIVERSES:
        universe = unsealed_universe(name, UniverseOptions(), snapshot())
        digest = problem_digest(universe.model, sealed.as_prices(universe.weights), universe.keep)
        assert digest in known, f"{name}: run tools/ship_sealed_universes.py"


def test_no_later_step_opens_a_direction_that_was_corrected():
    # the merge takes over directions of other ids of a reaction, such as METB2's
    model = unsealed_universe("gramneg", UniverseOptions(), snapshot()).model
    bounds = model.reactions.set_index("reaction")
    table = read_corrections().set_index("reaction")["what"]
    closed = table[table.isin(CLOSED) & table.index.isin(bounds.index)]
    assert {"METB1", "E4PD"} <= set(closed.index)
    for reaction, what in closed.items():
        column = "upper_bound" if CLOSED[what] == FORWARDS else "lower_bound"
        assert bounds.loc[reaction, column] == 0, reaction


@pytest.mark.e2e
def test_what_is_shipped_is_what_the_tool_makes(tmp_path):
    for made, path in zip(tables(), (DIRECTIONS, CHARGED), strict=True):
        write_delimited(made, tmp_path / path.name)
        assert (tmp_path / path.name).read_text() == path.read_text(), path.name


def test_another_problem_is_not_taken_for_the_shipped_one():
    model = unsealed_universe("grampos", UniverseOptions(), snapshot()).model
    prices = sealed.as_prices(snapshot().weights(model))
    digest = problem_digest(model, prices)
    assert problem_digest(replace(model, identifier="x"), prices) == digest
    shuffled = replace(model, reactions=model.reactions.iloc[::-1])
    assert problem_digest(shuffled, prices) == digest
    opened = model.reactions.copy()
    opened.loc[opened["upper_bound"] <= 0, "upper_bound"] = 1000.0
    scaled = model.stoichiometry.assign(coefficient=2 * model.stoichiometry["coefficient"])
    others = [
        (replace(model, reactions=opened), prices, ()),
        (replace(model, stoichiometry=scaled), prices, ()),
        (replace(model, objective=""), prices, ()),
        (model, {**prices, ("GCDH", BACKWARDS): 9.0}, ()),
        (model, prices, ("GCDH",)),
    ]
    assert len({digest, *(problem_digest(*other) for other in others)}) == 6


@pytest.mark.e2e
def test_another_problem_is_sealed_anew():
    model = read_universe("grampos")
    weights = snapshot().weights(model)
    built = seal_universe(model, weights, keep=("GCDH",))
    assert not built.shipped
    assert "GCDH" not in set(built.closed["reaction"])
    assert len(built.charged["all inorganics"]) == 23
    assert "leaks" not in set(find_leaks(built.model)["state"])


@pytest.mark.e2e
def test_a_shipped_table_that_does_not_seal_is_noticed(monkeypatch, tmp_path):
    lines = [line for line in DIRECTIONS.read_text().splitlines(True) if "\tGCDH\t" not in line]
    (tmp_path / "directions.tsv").write_text("".join(lines))
    monkeypatch.setattr(sealed, "DIRECTIONS", tmp_path / "directions.tsv")
    with pytest.raises(RuntimeError, match="still leaks"):
        build_universe("grampos", snapshot=snapshot())


def test_without_models_and_seal_it_is_the_curated_one(caplog):
    built, curated = build_universe("grampos", PLAIN, snapshot()), read_universe("grampos")
    for name in ("species", "reactions", "stoichiometry"):
        pd.testing.assert_frame_equal(getattr(built.model, name), getattr(curated, name))
    assert built.sealed.empty and built.changes.empty
    assert "not sealed" in caplog.text
    assert (built.leaks["before"] == built.leaks["state"]).all()
    assert "leaks" in set(built.leaks["state"])


def test_an_unknown_model_is_told_by_its_key():
    options = UniverseOptions(models=("iXX1",))
    with pytest.raises(InputError, match=r"universe\.models: 'iXX1'.*iML1515"):
        build_universe("grampos", options, snapshot())


def test_the_tables_of_the_workflow_are_the_embedded_ones(tmp_path):
    write_snapshot_tables(tmp_path)
    ours = Snapshot.of_tables(tmp_path)
    for name in ("bounds", "organisms", "gprs"):
        pd.testing.assert_frame_equal(getattr(ours, name), getattr(snapshot(), name))
    for name in ("species", "reactions", "stoichiometry"):
        one, other = getattr(ours.universal, name), getattr(snapshot().universal, name)
        pd.testing.assert_frame_equal(one, other, check_dtype=False)


def test_a_written_universe_reads_back_sealed(tmp_path):
    names = {name: tmp_path / f"{name}.csv" for name in ("changes", "sealed", "leaks")}
    names |= {name: tmp_path / f"{name}.parquet" for name in ("merged", "weights")}
    write_universe(grampos(), model=tmp_path / "model.xml", **names)
    model = read_sbml(tmp_path / "model.xml")
    ours = grampos().model.part("", grampos().model.reactions["reaction"])
    theirs = model.part("", model.reactions["reaction"])
    pd.testing.assert_frame_equal(ours.stoichiometry, theirs.stoichiometry)
    bounds = ["reaction", "lower_bound", "upper_bound"]
    pd.testing.assert_frame_equal(ours.reactions[bounds], theirs.reactions[bounds])
    annotations = ["species", "metabolite", "compartment", "charge", "inchikey"]
    pd.testing.assert_frame_equal(ours.species[annotations], theirs.species[annotations])
    assert model.objective == grampos().model.objective
    assert model.identifier == "grampos"
    table = pd.read_csv(names["sealed"])
    assert list(table.columns) == list(sealed.CLOSED)
    assert len(table) == 6
