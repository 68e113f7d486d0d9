"""SKiMpy's YAML models, patches of them, and its HDF5 parameter sets."""

import copy
import dataclasses

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror
from toy_kinetic_formats import toy_model, toy_state

from gemwright.errors import InputError
from gemwright.io.files import sha256_file
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.skimpy_sets import read_parameter_sets, write_parameter_sets
from gemwright.kinetics.skimpy_yaml import (
    document_of_model,
    model_of_document,
    read_document,
    read_skimpy_yaml,
    write_skimpy_yaml,
)
from gemwright.kinetics.yaml_patches import REKINDLE_PATCH, apply_patch


def test_yaml_round_trip(tmp_path):
    model = toy_model()
    path = tmp_path / "model.yml"
    write_skimpy_yaml(model, path)
    assert read_skimpy_yaml(path) == model
    bare = dataclasses.replace(model, compartments={}, dependent=())
    write_skimpy_yaml(bare, path)
    assert read_skimpy_yaml(path) == bare


def test_yaml_carries_state_and_parameters(tmp_path):
    model, state = toy_model(), toy_state()
    path = tmp_path / "model.yml"
    write_skimpy_yaml(model, path, state, {"vmax_forward_IN": 12.5})
    document = read_document(path)
    assert document["initial_conditions"]["2pg"] == 10.0
    assert document["parameters"]["x_e"] == 100.0
    assert document["parameters"]["vmax_forward_IN"] == 12.5
    # Q / gamma of x_e -> 2pg
    assert document["parameters"]["k_equilibrium_IN"] == pytest.approx(10 / 100 / 0.3, rel=1e-14)
    assert "k_equilibrium_OUT" not in document["parameters"]
    assert set(document) == {
        *("boundary_conditions", "compartments", "constraints", "dependent_reactants"),
        *("initial_conditions", "name", "parameters", "reactants", "reactions"),
    }


names = st.text("abcxyz012", min_size=1, max_size=4).map(lambda text: f"s_{text}")


@settings(max_examples=30)
@given(st.data())
def test_any_convenience_model_survives(tmp_path_factory, data):
    species = data.draw(st.lists(names, min_size=3, max_size=12, unique=True))
    cut = data.draw(st.integers(1, len(species)))
    members = st.lists(
        st.tuples(st.sampled_from(species), st.integers(1, 3).map(float)),
        min_size=1,
        max_size=11,
        unique_by=lambda item: item[0],
    ).map(tuple)
    modifiers = st.lists(
        st.tuples(st.sampled_from(species), st.integers(-4, 4).filter(bool).map(float)),
        max_size=2,
        unique_by=lambda item: item[0],
    ).map(tuple)
    reactions = tuple(
        KineticReaction(
            f"R{number}",
            Mechanism.CONVENIENCE,
            data.draw(members),
            data.draw(members),
            data.draw(modifiers),
        )
        for number in range(data.draw(st.integers(1, 4)))
    )
    model = KineticModel("any", reactions, tuple(species[:cut]), tuple(species[cut:]))
    path = tmp_path_factory.mktemp("yaml") / "model.yml"
    write_skimpy_yaml(model, path)
    assert read_skimpy_yaml(path) == model


def _damaged(*keys, value=None, remove=False):
    document = copy.deepcopy(document_of_model(toy_model()))
    place = document
    for key in keys[:-1]:
        place = place[key]
    if remove:
        del place[keys[-1]]
    else:
        place[keys[-1]] = value
    return document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (_damaged("reactants", remove=True), "'reactants' is missing"),
        (_damaged("reactions", "IN", "mechanism", remove=True), "reaction IN: .*'mechanism'"),
        (_damaged("reactions", "IN", "mechanism", "class", value="MassAction"), "MassAction"),
        (_damaged("reactions", "IN", "mechanism", "inhibitor1", value="d"), "inhibitor1"),
        (_damaged("reactions", "IN", "mechanism", "product2", value="d"), "1 substrates and 2"),
        (_damaged("reactions", "IN", "enzyme", value="E1"), "enzyme"),
        (_damaged("reactions", "IN", "modifiers", value={"X": {"class": "Y"}}), "modifier X.*'Y'"),
        (_damaged("boundary_conditions", "CC_x_e", "class", value="Flow"), "CC_x_e.*'Flow'"),
        (_damaged("boundary_conditions", "CC_x_e", "reactant", value="z"), "'z' is not among"),
        (_damaged("constraints", value={"k": {}}), "constraints are not modelled"),
        (
            _damaged(
                "reactions",
                "DIMER",
                "mechanism",
                "mechanism_stoichiometry",
                "substrate1",
                value=2.0,
            ),
            "wrong sign",
        ),
        (
            _damaged(
                "reactions", "DIMER", "mechanism", "mechanism_stoichiometry", "product1", value="a"
            ),
            "not a number",
        ),
        (_damaged("reactions", "DIMER", "mechanism", "substrate3", value="d"), "substrate3"),
        (
            _damaged(
                "reactions", "DIMER", "mechanism", "class", value="H1GeneralizedReversibleHill"
            ),
            "one to one",
        ),
    ],
)
def test_bad_documents_are_told(document, message):
    with pytest.raises(InputError, match=message) as caught:
        model_of_document(document, "model.yml")
    assert str(caught.value).startswith("model.yml")


def test_bad_files_are_told(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_document(tmp_path / "none.yml")
    path = tmp_path / "bad.yml"
    path.write_text("a: [1\n")
    with pytest.raises(InputError, match="not YAML"):
        read_document(path)
    path.write_text("just words\n")
    with pytest.raises(InputError, match="no sections"):
        read_document(path)


def test_patch_needs_reasons_and_fits():
    document = {"a": {"b": 1, "d": 2}, "z": 0}
    patch = {"changes": [{"reason": "why", "add": {"a": {"c": 3}}}]}
    changed = apply_patch(document, patch)
    assert list(changed["a"]) == ["b", "c", "d"]
    assert document == {"a": {"b": 1, "d": 2}, "z": 0}
    changed = apply_patch(document, {"changes": [{"reason": "why", "replace": {"a": {"b": 5}}}]})
    assert changed == {"a": {"b": 5, "d": 2}, "z": 0}
    for change, message in (
        ({"add": {"y": 1}}, "no reason"),
        ({"reason": "why"}, "either 'add' or 'replace'"),
        ({"reason": "why", "add": {"z": 1}}, "z is there already"),
        ({"reason": "why", "replace": {"a": {"x": 1}}}, "a.x is not there"),
        ({"reason": "why", "add": {"z": {"x": 1}}}, "one side is none"),
    ):
        with pytest.raises(InputError, match=message):
            apply_patch(document, {"changes": [change]})
    with pytest.raises(InputError, match="no list of changes"):
        apply_patch(document, {})


@needs_mirror
def test_patched_model_is_the_released_one(tmp_path):
    base = read_document(next(MIRROR.rglob("kin_varma.yml")))
    gold = read_document(MIRROR / "derived" / "kin_varma_rekindle.yml")
    patched = apply_patch(base, read_document(REKINDLE_PATCH))
    assert patched == gold
    model = model_of_document(patched, "patched")
    assert model == model_of_document(gold, "gold")
    assert [len(part) for part in (model.reactions, model.dynamic, model.boundary)] == [67, 50, 15]
    assert len(model.independent) == 44
    assert len(model.terms) == 259
    path = tmp_path / "model.yml"
    write_skimpy_yaml(model, path)
    assert read_skimpy_yaml(path) == model


@needs_mirror
def test_public_model_has_the_printed_size():
    model = read_skimpy_yaml(next(MIRROR.rglob("kin_varma.yml")))
    assert (len(model.reactions), len(model.species)) == (65, 64)


def test_sets_round_trip_in_numeric_order(tmp_path):
    values = np.arange(36.0).reshape(12, 3) / 7
    path, again = tmp_path / "sets.h5", tmp_path / "again.h5"
    write_parameter_sets(path, ["a", "b", "c"], values)
    write_parameter_sets(again, ["a", "b", "c"], values)
    assert sha256_file(path) == sha256_file(again)
    names, found = read_parameter_sets(path)
    assert names == ("a", "b", "c")
    assert np.array_equal(found, values)
    with h5py.File(path) as handle:
        assert handle["parameter_names"].asstr()[()].tolist() == ["a", "b", "c"]
        assert handle["num_parameters_sets"][()] == 12
        assert [key.decode() for key in handle["index"][:3]] == ["0", "1", "2"]


def test_sets_that_do_not_fit_their_names(tmp_path):
    with pytest.raises(ValueError, match="do not fit"):
        write_parameter_sets(tmp_path / "sets.h5", ["a"], np.ones((2, 2)))
