"""Names of users that become files and wildcards of Snakemake."""

import copy
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gemwright.config.checks import config_problems
from gemwright.config.names import MAX_NAME, name_problem
from gemwright.errors import InputError
from gemwright.inputs.organism_sheet import read_organisms

DEFAULT = yaml.safe_load(Path(__file__).parents[1].joinpath("config/config.yaml").read_text())
HEADER = "id\tname\tproteome\tmetabolome\tuniverse\tmedia\tessentiality\tbiolog\n"
BAD = ["../../up", "a/b", ".", "..", "", " ", "a b", "{organism}", "a\n", "ä", "-x", "_x", "x" * 65,
       "x" * 21, "ab" * 20, "a.b", "~", "$x", "a\\b"]  # fmt: skip
ENTRIES = {
    "splits": {"method": "cdhit", "identity": 0.7, "test_fraction": 0.1,
        "validation_fraction": 0.1},
    "variants": {"method": "homology"},
    "strain_design.sources": "bundled",
    "kinetics.physiologies": {"gem": "e_coli_core"},
}  # fmt: skip


def problems(spot, name, entry):
    config = copy.deepcopy(DEFAULT)
    section = config
    for key in spot.split("."):
        section = section[key]
    section[name] = entry
    return config_problems(config)


@pytest.mark.case("r03-variant-names")
@pytest.mark.parametrize("spot", ENTRIES)
@pytest.mark.parametrize("name", BAD)
def test_names_that_are_no_files_are_told_with_their_key(spot, name):
    (told,) = problems(spot, name, ENTRIES[spot])
    assert told.startswith(f"config: {spot}.{name}: ")


@pytest.mark.case("r03-variant-names")
def test_misspelt_keys_and_taken_names_of_variants_are_told():
    told = "\n".join(
        problems("variants", "typo", {"methodd": "homology", "top_k": "minus"})
        + problems("variants", "carveme", {"method": "homology"})
    )
    assert "unknown key 'variants.typo.methodd'; did you mean 'method'?" in told
    assert "variants.typo.top_k: 'minus' should be a whole number" in told
    assert "variants.carveme: 'carveme' is a name that gemwright uses itself" in told


@pytest.mark.parametrize(
    ("spot", "name"),
    [
        ("splits", "strict_clusters"),
        ("kinetics.physiologies", "scratch"),
        ("kinetics.physiologies", "transfer"),
        ("kinetics.physiologies", "a_to_b"),
        ("variants", "none"),
    ],
)
def test_names_that_the_workflow_joins_or_uses_are_told(spot, name):
    (told,) = problems(spot, name, ENTRIES[spot])
    assert repr(name) in told


@pytest.mark.parametrize("spot", ENTRIES)
@pytest.mark.parametrize("name", ["a", "A-1", "iML1515", "168", "x" * 19, "a_b-C"])
def test_names_of_files_are_taken(spot, name):
    assert problems(spot, name, ENTRIES[spot]) == []


def test_names_that_are_numbers_are_told():
    (told,) = problems("variants", 168, {"method": "homology"})
    assert "variants.168: 168 is no text; put the name in quotes" in told


@given(st.text(max_size=80))
def test_what_is_taken_is_one_file_name(name):
    if name_problem(name) is None:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name)
        assert len(name) <= MAX_NAME


@pytest.mark.case("r27-braces-in-path")
@pytest.mark.parametrize("spot", ["structures", "organisms", "mirror", "cache"])
def test_braces_in_paths_of_the_configuration_are_told(spot):
    told = config_problems({**DEFAULT, spot: "a/{x}.tsv"})
    assert any(line.startswith(f"config: {spot}: 'a/{{x}}.tsv' holds braces") for line in told)
    design = {**DEFAULT["strain_design"], "own_strategies": {"e": "}"}}
    (told,) = config_problems({**DEFAULT, "strain_design": design})
    assert told.startswith("config: strain_design.own_strategies.e: '}' holds braces")


@pytest.mark.case("r27-braces-in-path")
@pytest.mark.parametrize("column", [2, 3, 5, 6, 7])
def test_braces_in_paths_of_the_sheet_are_told_with_the_line(tmp_path, column):
    (tmp_path / "met{x}.tsv").write_text("bigg_id\tsource\nglc__D\tp\n")
    path = str(tmp_path / "met{x}.tsv")
    cells = ["mini", "B", "dataset:proteome_bsub", "resources/metabolomes/bsub.tsv", "grampos"]
    cells += ["M9", "", ""]
    cells[column] = f"C={path}" if column == 7 else path
    sheet = tmp_path / "organisms.tsv"
    sheet.write_text(HEADER + "\n# two lines below the header\n" + "\t".join(cells) + "\n")
    with pytest.raises(InputError, match=r"organisms\.tsv, line 4: \w+: '.*met{x}\.tsv' holds"):
        read_organisms(sheet)


@pytest.mark.case("r27-braces-in-path")
def test_an_id_of_three_hundred_letters_is_told_with_its_length(tmp_path):
    sheet = tmp_path / "organisms.tsv"
    cells = ["dataset:proteome_bsub", "resources/metabolomes/bsub.tsv", "grampos", "M9", "", ""]
    sheet.write_text(HEADER + "\t".join(["m" * 300, "B", *cells]) + "\n")
    with pytest.raises(InputError, match=r"line 2: the id 'm+' is a name of 300 letters; give one"):
        read_organisms(sheet)
