"""The configuration's schema, the organism sheet, and how their errors are told."""

import pytest

from gemwright.config import config_problems, unfit_settings
from gemwright.errors import InputError
from gemwright.inputs.organism_sheet import read_organisms

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["seed"],
    "properties": {
        "seed": {"type": "integer"},
        "training": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"epochs": {"type": "integer", "minimum": 1}},
        },
    },
}
HEADER = "id\tname\tproteome\tmetabolome\tuniverse\tmedia\tbiolog\n"
ROW = "mine\tMine\tdataset:proteome_ecol\tresources/metabolomes/ecol.tsv\tgramneg\tM9;LB\t\n"


def test_a_good_config_has_no_problem():
    assert config_problems({"seed": 1, "training": {"epochs": 3}}, SCHEMA) == []


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"seed": 1, "sede": 2}, "unknown key 'sede'; did you mean 'seed'?"),
        ({"seed": 1, "training": {"epoch": 2}}, "'training.epoch'; did you mean 'epochs'?"),
        ({"seed": "x"}, "seed: 'x' is not of type 'integer'"),
        ({"seed": 1, "training": {"epochs": 0}}, "training.epochs: 0 is less than the minimum"),
        ({}, "'seed' is a required property"),
    ],
)
def test_each_mistake_gives_one_line_that_names_the_key(config, message):
    problems = config_problems(config, SCHEMA)
    assert len(problems) == 1
    assert message in problems[0]


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"sources": "embedded", "interactions": {"route": "embedded"}, "mirror": None},
        {"sources": "live", "interactions": {"route": "ec"}, "mirror": "/folder"},
        {"sources": "live", "interactions": {"route": "embedded"}},
        {"sources": "embedded", "interactions": {}},
    ],
)
def test_settings_that_fit_together_are_left_alone(config):
    assert unfit_settings(config) == []


@pytest.mark.parametrize("sources", ["embedded", None])
@pytest.mark.parametrize("route", ["bigg_rhea", "ec"])
def test_a_route_through_databases_needs_the_live_sources(sources, route):
    (problem,) = unfit_settings({"sources": sources, "interactions": {"route": route}})
    assert f"interactions.route is {route!r}" in problem
    assert "set 'sources: live'" in problem


def test_every_unfit_setting_is_told():
    config = {"sources": "embedded", "interactions": {"route": "ec"}, "mirror": "/folder"}
    route, mirror = unfit_settings(config)
    assert "interactions.route" in route
    assert "a mirror is set" in mirror
    assert "leave the mirror out" in mirror


@pytest.mark.parametrize(
    ("section", "settings", "message"),
    [
        ("strain_design", {"sources": {"core": "bigg"}}, "sources.core needs the databases"),
        ("strain_design", {"strategies": "deepgdel"}, "strategies needs the databases"),
        ("strain_design", {"targets": {"gone": ["succ_e"]}}, "targets names 'gone'"),
        ("strain_design", {"own_strategies": {"gone": "a.tsv"}}, "own_strategies names 'gone'"),
        ("deepgdel", {"models": ["gone"]}, "models names 'gone'"),
        ("deepgdel", {"folds": 3, "network_folds": [3]}, "name folds up to 2"),
        ("deepgdel", {"seeds": [1], "network_seeds": [1, 2]}, "names 2, which is not one of"),
        ("deepgdel", {"seeds": [1, 2], "network_seeds": [2]}, "network_seeds lacks 1, the seed"),
    ],
)
def test_strain_settings_that_do_not_fit_are_told(section, settings, message):
    (problem,) = unfit_settings({"sources": "embedded", section: settings})
    assert message in problem


def write_sheet(folder, text):
    path = folder / "organisms.tsv"
    path.write_text(text)
    return path


def test_sheet_is_read_with_defaults(tmp_path):
    organism = read_organisms(write_sheet(tmp_path, HEADER + ROW))["mine"]
    assert organism.media == ("M9", "LB")
    assert organism.biolog_medium == organism.essentiality_medium == "M9"
    assert organism.essentiality == organism.peer == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id\tname\n", "lacks the column"),
        (HEADER, "lists no organism"),
        (
            HEADER.replace("biolog", "bioolg") + ROW,
            "unknown column 'bioolg'; did you mean 'biolog'",
        ),
        (HEADER + ROW + ROW, r"line 3: the id 'mine' is used twice"),
        (HEADER + ROW.replace("mine", "my/bug"), "is no file name"),
        (HEADER + ROW.replace("gramneg", "gram-"), "unknown universe 'gram-'"),
        (HEADER + ROW.replace("M9;LB", "M10"), "unknown medium 'M10'"),
        (HEADER + ROW.replace("M9;LB", ""), "no medium is given"),
        (HEADER + ROW.replace("proteome_ecol", "proteome_ecoli"), "did you mean dataset:proteome_"),
        (
            HEADER + ROW.replace("resources/metabolomes/ecol.tsv", "no.tsv"),
            "'no.tsv' does not exist",
        ),
        (
            HEADER + ROW.replace("LB\t", "LB\tX=gemwright/resources/datasets.tsv"),
            "is not understood",
        ),
    ],
)
def test_each_mistake_in_the_sheet_is_told_with_its_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as caught:
        read_organisms(write_sheet(tmp_path, text))
    assert "organisms.tsv" in str(caught.value)


def test_the_shipped_sheet_is_valid():
    assert list(read_organisms("config/organisms.tsv")) == ["ecol", "bsub", "paer"]
