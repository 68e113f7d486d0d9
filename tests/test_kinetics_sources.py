"""Physiologies from what a config names: GEMs, SKiMpy's YAML, SBML, the paper's files."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import toy_kinetic_formats as formats
import yaml
from mirror import needs_mirror
from rekindle_mirror import KIN_VARMA, REKINDLE, paper_model, paper_state
from toy_kinetics import reaction_rates, toy_model, toy_state

from gemwright.errors import InputError
from gemwright.gem.load import read_model
from gemwright.gem.sbml_writer import write_sbml as write_gem
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.kinetics.flux_states import flux_state
from gemwright.kinetics.labelling import Labeller, TimeWindow
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.physiology import (
    ParameterSets,
    Physiology,
    read_physiology,
    read_sets,
    write_physiology,
    write_sets,
)
from gemwright.kinetics.sampled_sets import Labelling, sample_labelled_sets, shares_of
from gemwright.kinetics.sampling import sample_saturations
from gemwright.kinetics.sbml_export import write_sbml
from gemwright.kinetics.skimpy_yaml import write_skimpy_yaml
from gemwright.kinetics.sources import prepare_physiology, read_sample
from gemwright.kinetics.state import DRY_WEIGHT_PER_LITRE, MICROMOLAR, RT, KineticState, check_state
from gemwright.sources.registry import locate
from gemwright.strain_design.models import bundled_e_coli_core

CONFIG = yaml.safe_load((Path(__file__).parents[1] / "config" / "config.yaml").read_text())
DEFINITIONS = CONFIG["kinetics"]["physiologies"]
TOY = Physiology("toy", toy_model(), toy_state())


@pytest.fixture(scope="module")
def gem(tmp_path_factory) -> Path:
    """The core model as the workflow hands it to `prepare_physiology`."""
    path = tmp_path_factory.mktemp("gem") / "model.xml"
    write_gem(bundled_e_coli_core(), path)
    return path


@pytest.fixture(scope="module")
def core_1(gem) -> Physiology:
    return prepare_physiology("core_1", DEFINITIONS["core_1"], {"model": gem}, 2026)


# -- a GEM


def test_a_gem_runs_the_way_the_config_asks(core_1):
    fluxes = {
        reaction.name: flux
        for reaction, flux in zip(core_1.model.reactions, core_1.state.fluxes, strict=True)
    }
    for reaction, sign in DEFINITIONS["core_1"]["directions"].items():
        assert np.sign(fluxes[reaction]) == sign, reaction
        # at least the minimum flux of 0.1 mmol/gDW/h
        assert abs(fluxes[reaction]) >= 0.1 * 1e-3 * DRY_WEIGHT_PER_LITRE * MICROMOLAR * (1 - 1e-6)
    assert core_1.name == "core_1"
    assert len(core_1.model.moieties) >= 3
    check_state(core_1.model, core_1.state, "core_1")
    drawn = sample_saturations(3, len(core_1.model.terms), 1)
    rates = reaction_rates(core_1.model, core_1.state, drawn, core_1.state.concentrations)
    np.testing.assert_allclose(rates, np.tile(core_1.state.fluxes, (3, 1)), rtol=1e-9)


def test_the_registry_file_gives_what_the_workflow_copy_gives(core_1):
    files = {"model": locate("e_coli_core")}
    straight = prepare_physiology("core_1", DEFINITIONS["core_1"], files, 2026)
    assert straight.model.reactions == core_1.model.reactions
    np.testing.assert_allclose(straight.state.fluxes, core_1.state.fluxes, rtol=1e-9)


def test_another_seed_gives_another_state_unless_the_definition_has_its_own(gem, core_1):
    other = prepare_physiology("core_1", DEFINITIONS["core_1"], {"model": gem}, 7)
    np.testing.assert_array_equal(other.state.fluxes, core_1.state.fluxes)
    assert not np.allclose(other.state.concentrations, core_1.state.concentrations)
    fixed = {**DEFINITIONS["core_1"], "seed": 2026}
    own = prepare_physiology("core_1", fixed, {"model": gem}, 7)
    np.testing.assert_array_equal(own.state.concentrations, core_1.state.concentrations)
    np.testing.assert_array_equal(own.state.displacements, core_1.state.displacements)


def test_options_of_the_reference_reach_the_sampler(gem, core_1):
    narrow = {**DEFINITIONS["core_1"], "energy_window": [1.0, 2.0]}
    found = prepare_physiology("core_1", narrow, {"model": gem}, 2026)
    reversible = np.array([reaction.reversible for reaction in found.model.reactions])
    energies = np.abs(RT * np.log(found.state.displacements[reversible]))
    assert energies.min() >= 1.0 - 1e-6
    assert energies.max() <= 2.0 + 1e-6
    before = np.abs(RT * np.log(core_1.state.displacements[reversible]))
    assert before.max() > 2.0  # so that the option is what changed it


def test_a_prepared_gem_reads_back(core_1, tmp_path):
    write_physiology(core_1, tmp_path / "model.yml", tmp_path / "state.parquet")
    again = read_physiology(tmp_path / "model.yml", tmp_path / "state.parquet")
    assert again.name == "core_1"
    assert again.model.km_names == core_1.model.km_names
    np.testing.assert_array_equal(again.state.fluxes, core_1.state.fluxes)
    drawn = sample_saturations(50, len(core_1.model.terms), 3)
    np.testing.assert_allclose(
        Labeller(again.model, again.state).extremes(drawn),
        Labeller(core_1.model, core_1.state).extremes(drawn),
        rtol=1e-7,
    )


@pytest.fixture(scope="module")
def own_fluxes(gem) -> dict[str, float]:
    definition = DEFINITIONS["core_1"]
    state = flux_state(
        read_model(gem), directions=definition["directions"], bounds=definition["bounds"]
    )
    return dict(state.fluxes)


def _flux_table(path: Path, fluxes: dict[str, float]) -> Path:
    lines = [f"{name}\t{value!r}" for name, value in fluxes.items()]
    path.write_text("\n".join(["reaction\tflux", *lines]) + "\n")
    return path


def test_own_fluxes_take_the_place_of_directions(gem, core_1, own_fluxes, tmp_path):
    table = _flux_table(tmp_path / "fluxes.tsv", own_fluxes)
    definition = {"gem": "e_coli_core", "fluxes": str(table)}
    found = prepare_physiology("mine", definition, {"model": gem, "fluxes": str(table)}, 2026)
    assert found.model.km_names == core_1.model.km_names
    np.testing.assert_allclose(found.state.fluxes, core_1.state.fluxes, rtol=1e-9)


def test_own_fluxes_that_do_not_balance_are_refused(gem, own_fluxes, tmp_path):
    table = _flux_table(tmp_path / "fluxes.tsv", {**own_fluxes, "PGI": own_fluxes["PGI"] * 1.1})
    definition = {"gem": "e_coli_core", "fluxes": str(table)}
    with pytest.raises(InputError) as error:
        prepare_physiology("mine", definition, {"model": gem}, 1)
    assert "fluxes.tsv, species" in str(error.value)
    assert "do not balance" in error.value.what
    assert "steady state" in error.value.cure


def test_a_loop_in_own_fluxes_is_refused(gem, own_fluxes, tmp_path):
    # FRD7 and SUCDi are one reaction written both ways: running in a circle, nothing drives them
    circle = {**own_fluxes, "FRD7": 5.0, "SUCDi": own_fluxes.get("SUCDi", 0.0) + 5.0}
    table = _flux_table(tmp_path / "fluxes.tsv", circle)
    definition = {"gem": "e_coli_core", "fluxes": str(table)}
    with pytest.raises(InputError, match=r"loop.*FRD7.*SUCDi") as error:
        prepare_physiology("mine", definition, {"model": gem}, 1)
    assert "fluxes.tsv" in error.value.where


def test_a_loop_is_refused_whatever_energies_are_given(gem, own_fluxes, tmp_path):
    circle = {**own_fluxes, "FRD7": 5.0, "SUCDi": own_fluxes.get("SUCDi", 0.0) + 5.0}
    energies = tmp_path / "energies.tsv"
    rows = [f"{reaction}\t{-np.sign(flux):g}" for reaction, flux in circle.items() if flux]
    energies.write_text("\n".join(["reaction\tdG", *rows]) + "\n")
    definition = {
        "gem": "e_coli_core",
        "fluxes": str(_flux_table(tmp_path / "fluxes.tsv", circle)),
        "energies": str(energies),
    }
    with pytest.raises(InputError, match=r"form a loop.*FRD7.*SUCDi"):
        prepare_physiology("mine", definition, {"model": gem}, 1)


def test_a_direction_that_cannot_be_is_refused(gem):
    definition = {"gem": "e_coli_core", "directions": {"PFK": -1}}
    with pytest.raises(InputError, match=r"physiologies\.core_9, reaction PFK") as error:
        prepare_physiology("core_9", definition, {"model": gem}, 1)
    assert "bounds" in str(error.value)


# -- SKiMpy's YAML with a steady state


def sample_of(model: KineticModel, state: KineticState) -> dict[str, float]:
    """A steady state as pyTFA writes it."""
    row: dict[str, float] = {}
    per_hour = 1e-3 * DRY_WEIGHT_PER_LITRE * MICROMOLAR
    for reaction, flux, gamma in zip(
        model.reactions, state.fluxes, state.displacements, strict=True
    ):
        row[reaction.name] = max(flux, 0.0) / per_hour
        row[f"{reaction.name}_reverse_0a1b2"] = max(-flux, 0.0) / per_hour
        if reaction.reversible:
            row[f"DG_{reaction.name}"] = RT * np.log(gamma)
    for species, level in zip(model.species, state.concentrations, strict=True):
        row[f"LC_{species}"] = np.log(level / MICROMOLAR)
    return row


def _skimpy_files(folder: Path, drop: str = "", **changes: float) -> dict[str, Path]:
    row = {**sample_of(TOY.model, TOY.state), **changes}
    row.pop(drop, None)
    files = {"model": folder / "toy.yml", "steady_state": folder / "state.csv"}
    write_skimpy_yaml(TOY.model, files["model"])
    pd.DataFrame([row]).to_csv(files["steady_state"])
    return files


def _from_yaml(files: dict[str, Path]) -> Physiology:
    definition = {key: str(path) for key, path in files.items()}
    return prepare_physiology("toy", definition, files, 1)


def test_a_yaml_and_its_steady_state(tmp_path):
    found = _from_yaml(_skimpy_files(tmp_path))
    assert found.model.reactions == TOY.model.reactions
    np.testing.assert_allclose(found.state.fluxes, TOY.state.fluxes, rtol=1e-12)
    np.testing.assert_allclose(found.state.concentrations, TOY.state.concentrations, rtol=1e-12)
    reversible = [reaction.reversible for reaction in TOY.model.reactions]
    np.testing.assert_allclose(
        found.state.displacements[reversible], TOY.state.displacements[reversible], rtol=1e-12
    )
    drawn = sample_saturations(20, len(TOY.model.terms), 1)
    np.testing.assert_allclose(
        Labeller(found.model, found.state).extremes(drawn),
        Labeller(TOY.model, TOY.state).extremes(drawn),
        rtol=1e-8,
    )


@pytest.mark.parametrize("column", ["DG_KIN", "LC_atp", "SPLIT"])
def test_a_missing_column_of_the_steady_state_is_named(tmp_path, column):
    with pytest.raises(InputError, match=f"column '{column}' is missing") as error:
        _from_yaml(_skimpy_files(tmp_path, drop=column))
    assert error.value.where.endswith("state.csv")
    assert "DG_ and LC_" in error.value.cure


def test_a_steady_state_that_does_not_balance_is_refused(tmp_path):
    row = sample_of(TOY.model, TOY.state)
    with pytest.raises(InputError, match=r"state\.csv, species .*do not balance"):
        _from_yaml(_skimpy_files(tmp_path, SPLIT=row["SPLIT"] * 1.001))


def test_a_steady_state_against_its_energies_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"state\.csv, reaction KIN: its flux .* against its dG"):
        _from_yaml(_skimpy_files(tmp_path, DG_KIN=0.5))


def test_a_yaml_without_steady_state_is_refused(tmp_path):
    files = _skimpy_files(tmp_path)
    del files["steady_state"]
    with pytest.raises(InputError, match=r"kinetics\.physiologies\.toy: .*needs a steady state"):
        _from_yaml(files)


@pytest.mark.parametrize("suffix", [".yml", ".xml"])
def test_a_model_that_is_not_there_is_told(tmp_path, suffix):
    files = {**_skimpy_files(tmp_path), "model": tmp_path / f"gone{suffix}"}
    with pytest.raises(InputError, match=rf"gone\{suffix}") as error:
        _from_yaml(files)
    assert error.value.cure


def test_a_steady_state_that_is_not_there_is_told(tmp_path):
    files = {**_skimpy_files(tmp_path), "steady_state": tmp_path / "gone.csv"}
    with pytest.raises(InputError, match=r"gone\.csv: the flux sample does not exist"):
        _from_yaml(files)


def test_a_gem_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match=r"gone\.xml"):
        prepare_physiology("mine", {"gem": "gone"}, {"model": tmp_path / "gone.xml"}, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no readable flux sample"),
        (",PGI,PGI\n0,1,2\n", "the flux sample has two columns 'PGI'"),
        (",PGI,PFK\n", "it has no row"),
        (",PGI,PFK\n0,1.5,fast\n", r"column 'PFK': 'fast' is no number"),
    ],
)
def test_samples_that_cannot_be_used(tmp_path, text, message):
    (tmp_path / "state.csv").write_text(text)
    with pytest.raises(InputError, match=message):
        read_sample(tmp_path / "state.csv")


def test_only_the_first_row_of_a_sample_counts(tmp_path):
    (tmp_path / "state.csv").write_text(",PGI,PFK\n0,1.5,-2\n1,7,nonsense\n")
    assert read_sample(tmp_path / "state.csv") == {"PGI": 1.5, "PFK": -2.0}


@pytest.mark.parametrize("label", ["", "sample", "PGI_id"])
def test_the_first_column_of_a_sample_labels_its_rows(tmp_path, label):
    (tmp_path / "state.csv").write_text(f"{label},PGI,PFK,TPI\n\nbest one,0.25,,3e-1\n")
    found = read_sample(tmp_path / "state.csv")
    assert found.pop("PFK") != found["PGI"]
    assert found == {"PGI": 0.25, "TPI": 0.3}


def test_samples_are_read_as_pandas_reads_them(tmp_path):
    path = tmp_path / "state.csv"
    values = np.random.default_rng(0).normal(size=(2, 400)) * 10.0 ** np.arange(-200, 200)
    frame = pd.DataFrame(values, columns=[f"R{i}" for i in range(400)])
    frame.to_csv(path)
    assert read_sample(path) == pd.read_csv(path, index_col=0).iloc[0].to_dict()
    with pd.ExcelWriter(tmp_path / "state.xlsx") as book:
        frame.iloc[:, 150:250].to_excel(book)
    found = read_sample(tmp_path / "state.xlsx")
    assert found == pytest.approx(frame.iloc[0, 150:250].to_dict(), rel=1e-12)


# -- SBML with kinetic laws


def test_sbml_with_kinetic_laws(tmp_path):
    model, state, drawn = formats.toy_model(), formats.toy_state(), formats.toy_saturations()
    write_sbml(model, state, drawn[0], tmp_path / "toy.xml")
    files = {"model": tmp_path / "toy.xml"}
    found = prepare_physiology("toy", {"model": str(files["model"])}, files, 1)
    assert found.name == "toy"
    assert found.model.km_names == model.km_names
    np.testing.assert_allclose(found.state.fluxes, state.fluxes, rtol=1e-9)
    np.testing.assert_allclose(
        Labeller(found.model, found.state).extremes(drawn),
        Labeller(model, state).extremes(drawn),
        rtol=1e-6,
    )


def straight() -> tuple[KineticModel, KineticState]:
    """a_e -> a -> b_e: nothing is conserved."""
    reactions = (
        KineticReaction("IN", Mechanism.REVERSIBLE, (("a_e", 1.0),), (("a", 1.0),)),
        KineticReaction("OUT", Mechanism.REVERSIBLE, (("a", 1.0),), (("b_e", 1.0),)),
    )
    places = {"a": "c", "a_e": "e", "b_e": "e"}
    model = KineticModel("straight", reactions, ("a",), ("a_e", "b_e"), places)
    return model, KineticState(
        np.array([5.0, 5.0]), np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.5])
    )


@pytest.mark.parametrize("kind", ["sbml", "yaml"])
def test_a_model_without_moieties_is_refused(tmp_path, kind):
    model, state = straight()
    files = {"model": tmp_path / ("model.xml" if kind == "sbml" else "model.yml")}
    if kind == "sbml":
        write_sbml(model, state, np.array([0.5, 0.5, 0.5, 0.5]), files["model"])
    else:
        files["steady_state"] = tmp_path / "state.csv"
        write_skimpy_yaml(model, files["model"])
        pd.DataFrame([sample_of(model, state)]).to_csv(files["steady_state"])
    with pytest.raises(InputError, match="conserves no moiety") as error:
        prepare_physiology("straight", {"model": ""}, files, 1)
    assert error.value.where == str(files["model"])


# -- the paper's files


@needs_mirror
@pytest.mark.parametrize("number", [1, 4])
def test_the_papers_physiologies(number):
    files = {
        "model": KIN_VARMA,
        "steady_state": REKINDLE / "steady_state_samples" / f"samples_fdp{number}.csv",
    }
    found = prepare_physiology(f"fdp{number}", {"rekindle": number}, files, 1)
    assert found.model.reactions == paper_model().reactions
    assert len(found.model.terms) == 259
    np.testing.assert_array_equal(found.state.fluxes, paper_state(number).fluxes)
    np.testing.assert_array_equal(found.state.concentrations, paper_state(number).concentrations)


# -- labelled sets


def test_sets_with_saturations_outside_are_refused(tmp_path):
    drawn = sample_saturations(4, len(TOY.model.terms), 1)
    extremes = Labeller(TOY.model, TOY.state).extremes(drawn)
    path = tmp_path / "sets.parquet"
    write_sets(ParameterSets(drawn, extremes, extremes[:, 0] < -9), TOY.model, path, {})
    assert len(read_sets(path, TOY.model).relevant) == 4
    for value in (0.0, 1.0, -0.3, np.nan):
        frame = read_parquet(path).copy()
        frame.loc[2, f"saturation.{TOY.model.km_names[3]}"] = value
        write_parquet(frame, tmp_path / "bad.parquet")
        with pytest.raises(InputError, match=r"bad\.parquet, set 2, saturation 3: .*outside"):
            read_sets(tmp_path / "bad.parquet", TOY.model)


def test_sets_without_their_smaller_eigenvalue_are_refused(tmp_path):
    drawn = sample_saturations(4, len(TOY.model.terms), 1)
    extremes = Labeller(TOY.model, TOY.state).extremes(drawn)
    path = tmp_path / "sets.parquet"
    write_sets(ParameterSets(drawn, extremes, extremes[:, 0] < -9), TOY.model, path, {})
    write_parquet(read_parquet(path).drop(columns="smallest_eigenvalue"), path)
    with pytest.raises(InputError, match="'smallest_eigenvalue' is missing"):
        read_sets(path, TOY.model)


@pytest.mark.parametrize(
    "body",
    [
        "[True] * len(saturations)",  # a list of bools is as good as an array
        "saturations[:, 0] < 2",
    ],
)
def test_criteria_may_be_lists_or_arrays(tmp_path, body):
    found = _with_criteria(tmp_path, body)
    assert found.relevant.tolist() == TimeWindow(-1.0).admits(found.extremes).tolist()


def test_criteria_take_away_what_they_refuse(tmp_path):
    plain = _with_criteria(tmp_path, "extremes[:, 1] < 1e300")
    strict = _with_criteria(tmp_path, "saturations[:, 0] < 0.5")
    np.testing.assert_array_equal(strict.relevant, plain.relevant & (plain.saturations[:, 0] < 0.5))
    assert 0 < strict.relevant.sum() < plain.relevant.sum()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("saturations[:, 0]", r"float64 of shape \(40,\)"),
        ("saturations < 0.5", r"bool of shape \(40, 22\)"),
        ("True", r"bool of shape \(\)"),
        ("(extremes[:, 0] < 0)[:-1]", r"bool of shape \(39,\)"),
        ("None", r"object of shape \(\)"),
    ],
)
def test_criteria_that_return_the_wrong_thing_are_told(tmp_path, body, told):
    with pytest.raises(InputError, match=rf"kinetics\.criteria: .*{told} for 40 sets"):
        _with_criteria(tmp_path, body)


def _with_criteria(folder: Path, body: str) -> ParameterSets:
    """Label with a user's function, as `label_kinetic_sets` does."""
    file = folder / "mine.py"
    file.write_text(f"def keep(saturations, extremes):\n    return {body}\n")
    options = {
        "window": {"slowest": -1.0, "fastest": None},
        "kernel": "compiled",
        "criteria": f"{file}:keep",
    }
    return sample_labelled_sets(TOY, 40, 5, (0.0, 1.0), Labelling.of(options))


def test_labelling_from_the_config():
    kinetics = CONFIG["kinetics"]
    window = {"slowest": kinetics["slowest"], "fastest": kinetics["fastest"]}
    options = {"window": window, "kernel": "numpy", "criteria": None, "criteria_digest": "x"}
    labelling = Labelling.of(options, threads=3)
    assert labelling == Labelling(TimeWindow(-9.0, None), "numpy", None, 3)
    facts = {"slowest": "-9", "fastest": "none", "kernel": "numpy", "criteria": ""}
    assert labelling.facts() == facts
    narrow = Labelling.of({**options, "window": {"slowest": -9.5, "fastest": -3.6e9}})
    assert narrow.facts() == {**facts, "slowest": "-9.5", "fastest": "-3.6e+09"}


def test_labels_do_not_depend_on_threads_or_kernel():
    bounds = (0.1, 0.9)
    one = sample_labelled_sets(TOY, 5000, 3, bounds, Labelling())
    two = sample_labelled_sets(TOY, 5000, 3, bounds, Labelling(threads=2))
    lapack = sample_labelled_sets(TOY, 5000, 3, bounds, Labelling(kernel="numpy"))
    np.testing.assert_array_equal(one.extremes, two.extremes)
    np.testing.assert_array_equal(one.relevant, two.relevant)
    np.testing.assert_allclose(one.largest, lapack.largest, rtol=1e-6)
    assert one.saturations.min() > 0.1
    assert one.saturations.max() < 0.9


def test_shares_add_up():
    largest = np.array([-20.0, -10.0, -8.0, -1.0, 0.0, 3.0, 5.0, 7.0])
    shares = shares_of(largest, largest < -9)
    assert shares == {"sets": 8, "relevant": 0.25, "slow": 0.25, "unstable": 0.5}
    # what a user's criteria take away is slow, not unstable
    strict = shares_of(largest, largest < -15)
    assert strict == {"sets": 8, "relevant": 0.125, "slow": 0.375, "unstable": 0.5}
    # a window that admits growth: each set is counted once
    loose = shares_of(largest, largest < 4)
    assert loose == {"sets": 8, "relevant": 0.75, "slow": 0.0, "unstable": 0.25}


def test_rows_of_sets_stay_together():
    sets = sample_labelled_sets(TOY, 10, 1, (0.0, 1.0), Labelling())
    part = sets.rows(np.array([7, 2], dtype=np.intp))
    np.testing.assert_array_equal(part.largest, sets.extremes[[7, 2], 0])
    np.testing.assert_array_equal(part.saturations, sets.saturations[[7, 2]])
    np.testing.assert_array_equal(part.relevant, sets.relevant[[7, 2]])
    assert len(sets.rows(slice(3)).relevant) == 3
