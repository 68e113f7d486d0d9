"""Generated kinetic models as files for other tools, and read back."""

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from toy_kinetic_formats import saturations_of
from toy_kinetics import toy_model, toy_state

import gemwright.kinetics.export as export
from gemwright.errors import InputError
from gemwright.io.tables import read_parquet
from gemwright.kinetics.export import export_models, roadrunner_eigenvalue
from gemwright.kinetics.labelling import Labeller, TimeWindow
from gemwright.kinetics.parameters import (
    maximal_velocities,
    michaelis_constants,
    parameter_names,
    parameter_vectors,
)
from gemwright.kinetics.physiology import ParameterSets, Physiology
from gemwright.kinetics.sampled_sets import Labelling, sample_labelled_sets
from gemwright.kinetics.sbml_import import read_sbml
from gemwright.kinetics.skimpy_sets import read_parameter_sets
from gemwright.kinetics.skimpy_yaml import read_document, read_skimpy_yaml

TOY = Physiology("toy", toy_model(), toy_state())
SLOWEST = -20.0
N_MODELS = 3


def _sets(n_sets: int = 60) -> ParameterSets:
    """Sets of both labels; the first one is not relevant, so that rows and numbers differ."""
    drawn = sample_labelled_sets(TOY, n_sets, 11, (0.1, 0.9), Labelling(TimeWindow(SLOWEST)))
    first = int(np.flatnonzero(~drawn.relevant)[0])
    order = np.r_[first, np.delete(np.arange(n_sets), first)]
    return drawn.rows(order.astype(np.intp))


SETS = _sets()
ROWS = np.flatnonzero(SETS.relevant)[:N_MODELS]


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> tuple[Path, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("export") / "deep" / "models"
    return folder, export_models(TOY, SETS, N_MODELS, folder)


def test_both_labels_are_there():
    assert 10 < SETS.relevant.sum() < 50
    assert not SETS.relevant[0]


def test_every_file_is_written_and_nothing_else(exported):
    folder, table = exported
    assert sorted(path.name for path in folder.iterdir()) == [
        "model.yml",
        "model_1.xml",
        "model_2.xml",
        "model_3.xml",
        "models.csv",
        "parameter_sets.h5",
        "parameters.parquet",
    ]
    assert table["file"].tolist() == ["model_1.xml", "model_2.xml", "model_3.xml"]
    # the first relevant ones, by their row among all sets
    assert table["set"].tolist() == ROWS.tolist()
    assert table["set"].iloc[0] > 0
    written = pd.read_csv(folder / "models.csv")
    assert list(written.columns) == list(table.columns)
    np.testing.assert_allclose(written["largest_eigenvalue"], SETS.largest[ROWS], rtol=1e-5)
    np.testing.assert_allclose(written["time_constant"], -60 / SETS.largest[ROWS], rtol=1e-5)


def test_roadrunner_finds_our_eigenvalue(exported):
    _, table = exported
    ratio = table["roadrunner_eigenvalue"] / table["largest_eigenvalue"]
    np.testing.assert_allclose(ratio, 1.0, rtol=1e-4)
    assert table["largest_eigenvalue"].nunique() == N_MODELS
    assert (table["roadrunner_eigenvalue"] < SLOWEST).all()


def test_sbml_reads_back(exported):
    folder, _ = exported
    inert = np.array([term.inert for term in TOY.model.terms])
    for number, row in enumerate(ROWS, 1):
        model, state, saturations = read_sbml(folder / f"model_{number}.xml")
        assert model.km_names == TOY.model.km_names
        np.testing.assert_allclose(state.fluxes, TOY.state.fluxes, rtol=1e-9)
        np.testing.assert_allclose(saturations[~inert], SETS.saturations[row][~inert], rtol=1e-9)
        largest = Labeller(model, state).largest_eigenvalues(saturations[None])
        np.testing.assert_allclose(largest, SETS.largest[[row]], rtol=1e-6)


def test_sbml_is_valid_for_libsbml(exported):
    import libsbml

    folder, _ = exported
    document = libsbml.readSBMLFromFile(str(folder / "model_1.xml"))
    document.checkConsistency()
    assert document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) == 0
    assert document.getLevel() == 3
    assert document.getModel().getNumReactions() == len(TOY.model.reactions)


def test_the_population_of_skimpy_reads_back(exported):
    folder, _ = exported
    names = parameter_names(TOY.model)
    found, values = read_parameter_sets(folder / "parameter_sets.h5")
    assert found == names
    expected = parameter_vectors(TOY.model, TOY.state, SETS.saturations[ROWS])
    np.testing.assert_array_equal(values, expected)
    km = values[:, [names.index(name) for name in TOY.model.km_names]]
    np.testing.assert_allclose(
        saturations_of(TOY.model, TOY.state, km), SETS.saturations[ROWS], rtol=1e-12
    )


def test_skimpys_model_reads_back_with_the_first_sets_parameters(exported):
    folder, _ = exported
    model = read_skimpy_yaml(folder / "model.yml")
    assert model.reactions == TOY.model.reactions
    assert model.dependent == TOY.model.dependent
    document = read_document(folder / "model.yml")
    names = parameter_names(TOY.model)
    first = parameter_vectors(TOY.model, TOY.state, SETS.saturations[ROWS[:1]])[0]
    written = {name: document["parameters"][name] for name in names}
    assert written == dict(zip(names, first.tolist(), strict=True))
    starts = [document["initial_conditions"][name] for name in model.dynamic]
    np.testing.assert_array_equal(starts, TOY.state.concentrations[: len(model.dynamic)])


def test_the_parameter_table(exported):
    folder, _ = exported
    table = read_parquet(folder / "parameters.parquet")
    chosen = SETS.saturations[ROWS]
    names = TOY.model.km_names
    np.testing.assert_array_equal(table[[f"saturation.{name}" for name in names]], chosen)
    km = michaelis_constants(TOY.model, TOY.state, chosen)
    np.testing.assert_array_equal(table[[f"ln_{name}" for name in names]], np.log(km))
    velocities = [f"vmax_forward_{reaction.name}" for reaction in TOY.model.reactions]
    np.testing.assert_array_equal(
        table[velocities], maximal_velocities(TOY.model, TOY.state, chosen)
    )
    assert table["relevant"].all()
    np.testing.assert_array_equal(table["largest_eigenvalue"], SETS.largest[ROWS])


def test_the_same_sets_give_the_same_bytes(exported, tmp_path):
    folder, _ = exported
    export_models(TOY, SETS, N_MODELS, tmp_path)

    def digests(place: Path) -> dict[str, str]:
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in place.iterdir()
        }

    assert digests(tmp_path) == digests(folder)
    files = digests(folder)
    assert len({files[f"model_{number}.xml"] for number in (1, 2, 3)}) == 3


def test_fewer_relevant_sets_than_asked_for_are_all_written(tmp_path):
    rows = np.r_[0, ROWS[:2]].astype(np.intp)
    table = export_models(TOY, SETS.rows(rows), 10, tmp_path)
    assert table["set"].tolist() == [1, 2]
    assert not (tmp_path / "model_3.xml").exists()


def test_without_a_relevant_set_there_is_no_model(tmp_path, caplog):
    none = dataclasses.replace(SETS, relevant=np.zeros(len(SETS.relevant), dtype=bool))
    assert export_models(TOY, none, 2, tmp_path).empty
    assert "no set of toy is relevant" in caplog.text
    assert not list(tmp_path.glob("*.xml"))
    assert read_skimpy_yaml(tmp_path / "model.yml").reactions == TOY.model.reactions
    assert read_parquet(tmp_path / "parameters.parquet").empty


@pytest.mark.parametrize("factor", [1.1, float("nan"), float("inf")])
def test_another_eigenvalue_in_roadrunner_is_told(tmp_path, monkeypatch, factor):
    monkeypatch.setattr(
        export, "roadrunner_eigenvalue", lambda path: factor * roadrunner_eigenvalue(path)
    )
    with pytest.raises(InputError, match=r"model_1\.xml: libroadrunner finds .* /h"):
        export_models(TOY, SETS, 1, tmp_path)
    assert not (tmp_path / "models.csv").exists()


def test_roadrunner_reads_the_file_that_it_is_given(exported, tmp_path):
    folder, table = exported
    text = (folder / "model_1.xml").read_text()
    assert text.count('initialConcentration="300"') == 1
    # twice as much of `a`: the eigenvalue must move, or the check checks nothing
    moved = text.replace('initialConcentration="300"', 'initialConcentration="600"')
    (tmp_path / "moved.xml").write_text(moved)
    before = table["roadrunner_eigenvalue"].iloc[0]
    assert abs(roadrunner_eigenvalue(tmp_path / "moved.xml") / before - 1) > 1e-3
