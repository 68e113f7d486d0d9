"""The configuration's schema, the organism sheet, and how their errors are told."""

import copy
import re
from dataclasses import FrozenInstanceError, replace
from functools import reduce
from operator import getitem
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from gemwright.config.checks import config_problems, unfit_settings
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.config.training import TrainingOptions
from gemwright.config.whole import Config
from gemwright.deepgdel.folds import PROTOCOLS
from gemwright.deepgdel.methods import METHODS
from gemwright.deepgdel.networks import NETWORKS
from gemwright.errors import InputError
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.rekindle.scaling import PRESETS
from tools import write_config

PROJECT = Path(__file__).parents[1]
DEFAULT = yaml.safe_load((PROJECT / "config/config.yaml").read_text())
SCHEMA = yaml.safe_load((PROJECT / "workflow/schemas/config.schema.yaml").read_text())
HEADER = "id\tname\tproteome\tmetabolome\tuniverse\tmedia\tbiolog\n"
ROW = "mine\tMine\tdataset:proteome_ecol\tresources/metabolomes/ecol.tsv\tgramneg\tM9;LB\t\n"


def changed(spot, value):
    """The default configuration with one key changed; left out if the value is `GONE`."""
    config = copy.deepcopy(DEFAULT)
    *way, key = spot.split(".")
    inner = reduce(getitem, way, config)
    if value is GONE:
        del inner[key]
    else:
        inner[key] = value
    return config


GONE = object()
MISTAKES = [
    ("sede", 2, "unknown key 'sede'; did you mean 'seed'?"),
    ("training.epoch", 2, "unknown key 'training.epoch'; did you mean 'epochs'?"),
    (
        "validation.max_uptake",
        5.0,
        "unknown key 'validation.max_uptake'; it is 'medium.max_uptake' now",
    ),
    ("variants.emi.max_uptake", 5.0, "it is 'medium.max_uptake' now"),
    ("training.seed", 2, "unknown key 'training.seed'; known keys: inputs, hidden"),
    ("rekindle.analysis.umpa", True, "'rekindle.analysis.umpa'; did you mean 'umap'?"),
    ("splits.final.idntity", 0.4, "'splits.final.idntity'; did you mean 'identity'?"),
    ("seed", GONE, "'seed' is missing; see config/README.md"),
    ("training.epochs", GONE, "'training.epochs' is missing"),
    ("splits.final.identity", GONE, "'splits.final.identity' is missing"),
    ("splits.final", GONE, "splits: .* lacks the split 'final'"),
    ("seed", "x", "config: seed: 'x' should be a whole number; see config/README.md"),
    ("seed", 1.5, "seed: 1.5 should be a whole number"),
    ("training.epochs", 0, "training.epochs: 0 should be greater than or equal to 1"),
    ("training.epochs", True, "training.epochs: True should be a whole number"),
    ("training.dropout", "0.1", "training.dropout: '0.1' should be a number"),
    ("training.dropout", False, "training.dropout: False should be a number"),
    ("training.dropout", 1, "training.dropout: 1 should be less than 1"),
    ("training", None, "training: None should be a mapping"),
    ("interactions.models", "iML1515", "interactions.models: 'iML1515' should be a list"),
    ("interactions.models", [], r"models: \[\] should have at least 1 item and has 0"),
    ("rekindle.analysis.umap", 1, "rekindle.analysis.umap: 1 should be true or false"),
    ("rekindle.presets", ["papers"], "presets.0: 'papers' should be 'saturation' or 'paper'"),
    ("rekindle.seeds", [1, 1], r"rekindle.seeds: \[1, 1\] names 1 twice"),
    ("kinetics.saturation_bounds", [0.0, 1.5], "saturation_bounds.1: 1.5 should be less than"),
    ("kinetics.saturation_bounds", [0.0], r"saturation_bounds.1: \[0.0\] lacks a value"),
    ("kinetics.criteria", "mine.py", "kinetics.criteria: 'mine.py' should match pattern"),
    ("cache", 3, "cache: 3 should be text"),
    ("sources", "C:\\x", r"sources: 'C:\\\\x' should be 'embedded' or 'live'"),
    (
        "kinetics.physiologies.scratch",
        {"gem": "e_coli_core"},
        "scratch: 'scratch' is a name that gemwright uses",
    ),
    ("kinetics.physiologies.a", {"gme": "m"}, "physiologies.a: .* should name one source: 'gem'"),
    ("kinetics.physiologies.a", {"rekindle": 5}, "a.rekindle: 5 should be less than or equal to 4"),
    (
        "kinetics.physiologies.core_1.concentration_centres",
        {"atp": 0},
        "core_1.concentration_centres.atp: 0 should be greater than 0",
    ),
    (
        "variants.emi.top",
        3,
        "unknown key 'variants.emi.top'; did you mean 'top_k'?",
    ),
    ("variants.emi.top_k", 0, "variants.emi.top_k: 0 should be greater than"),
    ("variants.emi.scorer", 3, "variants.emi.scorer: 3 should be text"),
]


@pytest.mark.parametrize(("spot", "value", "message"), MISTAKES)
def test_each_mistake_gives_a_line_that_names_the_key(spot, value, message):
    problems = config_problems(changed(spot, value))
    assert all(problem.startswith("config: ") and "\n" not in problem for problem in problems)
    assert re.search(message, problems[0])
    # an unknown key at the top also shows what it was meant to be
    assert len(problems) == 1 or "gme" in problems[1]


def test_a_key_that_is_no_text_is_told():
    config = changed("seed", 1)
    config["training"][168] = 3
    assert config_problems(config) == [
        "config: training.168: 168 is no text; put the name in quotes"
    ]


def test_every_mistake_is_told():
    config = changed("seed", "x")
    config["training"] |= {"epoch": 3, "hidden": 0}
    assert [problem.split(";")[0] for problem in config_problems(config)] == [
        "config: seed: 'x' should be a whole number",
        "config: unknown key 'training.epoch'",
        "config: training.hidden: 0 should be greater than or equal to 1",
    ]


@pytest.mark.parametrize(
    ("spot", "value"),
    [
        ("training.temperature", 1),  # a whole number is a number
        ("interactions.models", None),
        ("kinetics.physiologies.core_1.concentration_centres", {"atp": 1e-3}),
        ("kinetics.physiologies.mine", {"model": "mine.xml"}),
        ("variants.emi.scorer", "tower"),
        ("embeddings.enzyme_options", {"weights": "folder"}),
    ],
)
def test_other_values_are_accepted(spot, value):
    assert config_problems(changed(spot, value)) == []


NAMES = {
    "embeddings.enzyme": ["kmer", "esm2"],
    "scoring.scorer": {"tower": "", "stack": ""},
    "scoring.predictors": [],
    "variants.*.scorer": {"tower": "", "stack": ""},
    "kinetics.criteria": [],
}


@pytest.mark.parametrize(
    ("spot", "name", "cure"),
    [
        ("embeddings.enzyme", "kmre", "did you mean 'kmer'? known names: kmer, esm2; or write"),
        ("scoring.scorer", "x", "known names: tower, stack; or write 'file.py:Name' of yours"),
        (
            "variants.emi.scorer",
            "towr",
            "did you mean 'tower'? known names: tower, stack;",
        ),
        ("scoring.predictors", {"mine": {}}, "or write 'file.py:Name' of yours"),
    ],
)
def test_a_name_that_no_registry_knows_is_told(spot, name, cure):
    assert config_problems(DEFAULT, NAMES) == []
    (problem,) = config_problems(changed(spot, name), NAMES)
    name = next(iter(name)) if isinstance(name, dict) else name
    assert problem.startswith(f"config: {spot}: {name!r} is not known; {cure}")


@pytest.mark.parametrize("spot", NAMES)
def test_a_name_may_be_in_a_file_of_the_users(spot, tmp_path):
    file = tmp_path / "my.py"
    file.write_text("class Mine:\n    pass\n")

    def problems(place):
        value = {place: {"option": 1}} if spot == "scoring.predictors" else place
        return config_problems(changed(spot.replace("*", "emi"), value), NAMES)

    assert problems(f"{file}:Mine") == []
    (problem,) = problems(f"{file}:Mien")
    assert "has no 'Mien'; known names: Mine" in problem
    (problem,) = problems(f"{tmp_path}/gone.py:Mine")
    assert "names no Python file" in problem
    file.write_text("class Mine\n")
    (problem,) = problems(f"{file}:Mine")
    assert "is no Python" in problem


def test_the_written_files_are_what_the_classes_say():
    assert write_config.YAML.read_text() == write_config.config_text()
    assert write_config.SCHEMA.read_text() == write_config.schema_text()
    assert write_config.README.read_text() == write_config.readme_text()


def test_a_changed_default_is_written(monkeypatch):
    monkeypatch.setattr(write_config, "Config", lambda: replace(Config(), seed=7))
    assert "\nseed: 7\n" in write_config.config_text()


@pytest.mark.parametrize(("spot", "value", "message"), MISTAKES)
def test_the_schema_refuses_what_the_classes_refuse(spot, value, message):
    schema = Draft202012Validator(SCHEMA)
    assert schema.is_valid(DEFAULT)
    if "lacks the split 'final'" not in message:  # only the classes know that
        assert not schema.is_valid(changed(spot, value))


# -- the classes as options of the library


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TrainingOptions(epochs=0), "option 'epochs' of TrainingOptions: 0 should be"),
        (lambda: TrainingOptions(dropout="0.1"), "option 'dropout' .* '0.1' should be a number"),
        (lambda: TrainingOptions(epoch=3), "'epoch' .* is not known.* did you mean 'epochs'"),
        (lambda: replace(TrainingOptions(), inputs="all"), "'sequence' or 'sequence.homologues'"),
    ],
)
def test_bad_options_are_told(make, message):
    with pytest.raises(InputError, match=message) as caught:
        make()
    assert "pydantic" not in str(caught.value)


def test_options_are_immutable_and_equal_by_value():
    options = TrainingOptions(epochs=3)
    assert options == replace(TrainingOptions(), epochs=3) != TrainingOptions()
    with pytest.raises(FrozenInstanceError):
        options.epochs = 4
    assert ReconstructionOptions(exclude_models=["a"]).exclude_models == ("a",)


def test_the_choices_are_those_of_the_library():
    settings = Config()
    assert settings.deepgdel.methods == tuple(METHODS)
    assert settings.deepgdel.networks == NETWORKS
    assert settings.deepgdel.protocols == PROTOCOLS
    assert set(settings.rekindle.presets) == set(PRESETS)


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


def test_a_split_without_validation_is_told():
    (problem,) = unfit_settings(changed("splits.final.validation_fraction", 0.0))
    assert problem.startswith("config: splits.final: nothing stops a training")


@pytest.mark.parametrize(
    ("variants", "fits"),
    [
        ({"fused": {}}, True),
        ({"fused": {"method": "fused"}, "homology": {"method": "homology"}}, True),
        ({"fused": {"method": "homology"}}, False),
        ({"fused": {"method": "fused", "subject_top": 0.9}}, False),
    ],
)
def test_no_variant_takes_the_name_of_the_default_method(variants, fits):
    told = unfit_settings({"sources": "live", "reconstruction": {"method": "fused"},
        "variants": variants})  # fmt: skip
    assert (told == []) == fits
    assert fits or told == [
        "config: variants.fused: that is how the tables call the models of"
        " 'reconstruction.method'; give the variant another name"
    ]


def test_the_old_key_of_the_method_is_told():
    old = {key: value for key, value in DEFAULT["reconstruction"].items() if key != "method"}
    told = config_problems({**DEFAULT, "reconstruction": {**old, "enzymes": "top_k"}})
    assert "config: unknown key 'reconstruction.enzymes'; it is 'reconstruction.method' now" in told


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


def test_an_id_and_a_genome_are_enough(tmp_path):
    text = "id\tgenome\ttranslation_table\nmine\tREADME.md\t4\nyours\tREADME.md\t\n"
    mine, yours = read_organisms(write_sheet(tmp_path, text)).values()
    assert (mine.name, mine.proteome, mine.metabolome, mine.universe) == ("mine", "", "", "")
    assert (mine.media, mine.biolog_medium, mine.essentiality_medium) == ((), "M9", "M9")
    assert (mine.translation_table, yours.translation_table) == (4, None)
    assert (mine.genome_files, mine.own_files) == (["README.md"], [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\tgenome\n", "lacks the column"),
        (HEADER, "lists no organism"),
        (
            HEADER.replace("biolog", "bioolg") + ROW,
            "unknown column 'bioolg'; did you mean 'biolog'",
        ),
        (HEADER + ROW + ROW, r"line 3: the id 'mine' is used twice"),
        (HEADER + ROW.replace("mine", "my/bug"), "is no file name"),
        (HEADER + ROW.replace("mine", "m" * 300), "of 300 letters; give one of at most 64"),
        (HEADER + ROW.replace("resources", "r" * 300), "does not exist"),
        (HEADER + ROW.replace("mine", "mi" * 20), "repeats itself twenty times"),
        (HEADER + ROW.replace("mine", "..\\up"), "is no file name"),
        (HEADER + "\n# a comment\n\n" + ROW.replace("gramneg", "gram-"), "line 5: unknown univ"),
        (HEADER + ROW.replace("M9;LB", "M99"), r"did you mean 'M9'"),
        (HEADER + ROW.replace("gramneg", "gram-"), "unknown universe 'gram-'"),
        (HEADER + ROW.replace("M9;LB", "M10"), "unknown medium 'M10'"),
        (HEADER + ROW.replace("dataset:proteome_ecol", ""), "neither a proteome nor a genome"),
        ("id\tproteome\tgenome\nx\tREADME.md\tREADME.md\n", "both a proteome and a genome"),
        ("id\tgenome\nx\tno.fna\n", "genome: the file 'no.fna' does not exist"),
        ("id\tgenome\ttranslation_table\nx\tREADME.md\t7\n", "'7' is no genetic code"),
        ("id\tproteome\ttranslation_table\nx\tREADME.md\t4\n", "is translated already"),
        (HEADER + ROW.replace("proteome_ecol", "proteome_ecoli"), "did you mean 'proteome_ecol'"),
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


def test_a_message_shows_no_password():
    config = yaml.safe_load((PROJECT / "config/config.yaml").read_text())
    config["mirror"] = ["https://me:s3cret@files.example.org/x"]
    (problem,) = config_problems(config)
    assert "//files.example.org/x" in problem
    assert "s3cret" not in problem
