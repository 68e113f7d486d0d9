"""The checked inputs of an organism, and the log of a job."""

import logging

import pandas as pd
import pytest

from gemwright.errors import InputError
from gemwright.inputs.organism import media_of, prepare_organism, read_medium
from gemwright.inputs.organism_sheet import Organism
from gemwright.io.files import sha256_text
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet
from gemwright.sources.bigg_snapshot import read_media

SPECIES = pd.DataFrame({"metabolite": ["pyr", *read_media()["compound"]]})


def organism(folder, **changes):
    (folder / "p.faa").write_text(">p1\nMKVLW\n")
    (folder / "m.tsv").write_text("bigg_id\tsource\nglc__D\tme\n")
    fields = {
        "id": "mine",
        "name": "Mine",
        "proteome": str(folder / "p.faa"),
        "metabolome": str(folder / "m.tsv"),
        "universe": "gramneg",
        "media": ("M9",),
        "biolog": {},
        "biolog_medium": "M9",
        "essentiality": "",
        "essentiality_medium": "LB",
        "peer": "",
    }
    return Organism(**{**fields, **changes})


def prepare(folder, own):
    files = [folder / f"{name}.parquet" for name in ("proteome", "metabolome", "media")]
    prepare_organism(own, SPECIES, *files)
    return [read_parquet(path) for path in files]


def test_inputs_become_tables(tmp_path):
    proteome, metabolome, media = prepare(tmp_path, organism(tmp_path))
    assert proteome.to_dict("records") == [
        {"protein": "p1", "enzyme": sha256_text("MKVLW"), "sequence": "MKVLW"}
    ]
    assert metabolome["metabolite"].tolist() == ["glc__D"]
    assert list(media["medium"].unique()) == ["M9", "LB"]
    assert "glc__D" in media_of(media, ("M9",))["M9"]
    with pytest.raises(InputError, match="M10"):
        media_of(media, ("M10",))


def test_tables_of_the_users_may_be_parquet(tmp_path):
    pd.DataFrame({"bigg_id": ["glc__D"], "source": ["me"]}).to_parquet(tmp_path / "m.parquet")
    pd.DataFrame({"compound": ["glc__D", "o2"]}).to_parquet(tmp_path / "medium.parquet")
    medium = str(tmp_path / "medium.parquet")
    own = organism(tmp_path, metabolome=str(tmp_path / "m.parquet"), media=(medium,))
    _, metabolome, media = prepare(tmp_path, own)
    assert metabolome["metabolite"].tolist() == ["glc__D"]
    assert media_of(media, (medium,)) == {medium: ["glc__D", "o2"]}
    assert medium in own.own_files


def test_own_files_are_the_ones_to_watch(tmp_path):
    own = organism(tmp_path, media=("M9", "mine.tsv"), essentiality="dataset:essentiality_ecol")
    assert own.own_files == sorted([str(tmp_path / "p.faa"), str(tmp_path / "m.tsv"), "mine.tsv"])
    assert own.validation_files == []


def test_a_model_does_not_depend_on_what_it_is_compared_with(tmp_path):
    one = organism(tmp_path)
    tables = {"biolog": {"C": "plates.tsv"}, "essentiality": "lethal.tsv", "peer": "eco"}
    other = organism(tmp_path, **tables)
    assert other.own_files == one.own_files
    assert other.validation_files == ["lethal.tsv", "plates.tsv"]
    assert repr(other.without_validation) == repr(one.without_validation)
    assert repr(organism(tmp_path, media=("LB",)).without_validation) != repr(one)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("m.tsv", "bigg_id\tsource\nglcD\tme\n", r"m\.tsv, line 2: 'glcD'.*glc__D"),
        ("m.tsv", "bigg_id\tname\nglc__D\tglucose\n", r"lacks the column\(s\) source"),
        ("p.faa", ">p1\nMK?\n", "illegal residue"),
    ],
)
def test_bad_input_writes_nothing(tmp_path, name, content, message):
    own = organism(tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=message):
        prepare(tmp_path, own)
    assert list(tmp_path.glob("*.parquet")) == []


def test_a_medium_of_ones_own(tmp_path):
    path = tmp_path / "medium.tsv"
    path.write_text("compound\tname\nnh4\tammonium\nglc__D\tglucose\n")
    assert read_medium(str(path)) == ["glc__D", "nh4"]
    path.write_text("compound\nunobtainium\n")
    with pytest.raises(InputError, match="unobtainium"):
        prepare(tmp_path, organism(tmp_path, media=(str(path),)))


def test_user_errors_end_a_job_with_one_message(tmp_path, capsys):
    log = tmp_path / "logs" / "job.log"
    with pytest.raises(SystemExit) as stopped, logged(log):
        raise InputError("proteome.faa, line 3", "is wrong", "correct it")
    assert stopped.value.code == 1
    assert (
        capsys.readouterr().err.strip() == "gemwright: proteome.faa, line 3: is wrong; correct it"
    )
    assert "is wrong" in log.read_text()


def test_other_errors_leave_their_traceback_in_the_log(tmp_path):
    log = tmp_path / "job.log"
    with pytest.raises(ZeroDivisionError), logged(log) as logger:
        logger.info("about to divide")
        logging.getLogger("elsewhere").warning("heard")
        _ = 1 / 0
    text = log.read_text()
    assert "ZeroDivisionError" in text
    assert "about to divide" in text
    assert "heard" in text
