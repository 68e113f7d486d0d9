"""What a configuration wants of each collection, and the way from fetched files to tables."""

import logging

import pandas as pd
import pytest

from gemwright.config.checks import unfit_settings
from gemwright.download import parsing
from gemwright.download.parsing import READERS, parse_collection, write_tables
from gemwright.download.records import DownloadRecord, Downloads, write_records
from gemwright.download.wanted import (
    bigg_models,
    check_named_models,
    download_options,
)
from gemwright.errors import InputError
from gemwright.io.files import sha256_file, sha256_text
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.io.user_tables import read_delimited
from gemwright.sources.kegg import STRATEGY_MODELS
from gemwright.sources.registry import locate

SETTINGS = {
    "folder": "downloads", "lock": None, "agree_kegg_terms": False, "retries": 3, "timeout": 7.0,
    "bigg_models": ["iML1515"], "bigg_sbml": ["iML1515"], "strategies": ["e_coli_core&succ_e"],
}  # fmt: skip


def record(dataset, item, status="fetched", **changes):
    values = {
        "dataset": dataset, "item": item, "file": "", "url": f"https://host/{dataset}/{item}",
        "origin": "live", "release": "", "date": "", "size": 0, "records": 0, "sha256": "",
        "licence": "", "status": status,
    }  # fmt: skip
    return DownloadRecord(**{**values, **changes})


def downloads(folder, files):
    """Fetched files: (dataset, item) to text."""
    records = []
    for (dataset, item), text in files.items():
        path = folder / f"{dataset}-{item}"
        path.write_text(text)
        about = {"file": path.name, "size": path.stat().st_size, "sha256": sha256_file(path)}
        records.append(record(dataset, item, **about))
    write_records(records, folder / "manifest.tsv")
    return Downloads(folder / "manifest.tsv", folder)


def test_models_are_those_of_the_config_or_all_that_the_embedded_table_names():
    assert bigg_models(["b", "a"]) == ("b", "a")
    assert bigg_models([]) == ()
    every = bigg_models(None)
    listed = set(read_delimited(locate("bigg_models"), ("model",))["model"])
    assert set(every) == listed | set(STRATEGY_MODELS)
    assert list(every) == sorted(set(every))


def test_only_bigg_is_asked_for_models():
    options = download_options("bigg", SETTINGS, "mirror")
    assert (options.bigg_models, options.bigg_sbml) == (("iML1515",), ("iML1515",))
    assert (options.mirror, options.lock, options.retries) == ("mirror", None, 3)
    assert (str(options.folder), options.read_timeout) == ("downloads", 7.0)
    other = download_options("rhea", {**SETTINGS, "lock": "lock.tsv"}, None)
    assert (other.bigg_models, other.mirror, str(other.lock)) == ((), None, "lock.tsv")


def test_targets_of_deepgdel_name_what_metnetcomp_is_asked_for(tmp_path):
    rows = [("iMM904", "b"), ("e_coli_core", "z"), ("iMM904", "a"), ("iMM904", "b")]
    write_parquet(pd.DataFrame(rows, columns=["model", "target"]), tmp_path / "targets.parquet")
    options = download_options("metnetcomp", SETTINGS, None, targets=tmp_path)
    assert options.metnetcomp_targets == {"e_coli_core": ("z",), "iMM904": ("b", "a")}
    assert options.metnetcomp_strategies == ("e_coli_core&succ_e",)


def test_genes_of_the_models_are_asked_of_kegg_under_its_own_names(tmp_path):
    rows = [
        ("iML1515", "b0002"), ("iML1515", "s0001"), ("iJO1366", "b0003"),
        ("e_coli_core", "b0008"), ("iMM904", "YBR058C_A"),
    ]  # fmt: skip
    write_parquet(pd.DataFrame(rows, columns=["model", "gene"]), tmp_path / "genes.parquet")
    options = download_options("kegg", SETTINGS, None, genes=tmp_path)
    assert options.kegg_genes == {
        "iML1515": ("eco:b0002",), "e_coli_core": ("eco:b0008",), "iMM904": ("sce:YBR058C-A",),
    }  # fmt: skip


def test_models_with_strategies_that_were_not_fetched_are_named(tmp_path):
    rows = [("iML1515", "b0002"), ("iJO1366", "b0003")]
    write_parquet(pd.DataFrame(rows, columns=["model", "gene"]), tmp_path / "genes.parquet")
    message = "genes of e_coli_core, iMM904, which were not fetched"
    with pytest.raises(InputError, match=message) as caught:
        download_options("kegg", SETTINGS, None, genes=tmp_path)
    assert str(caught.value).startswith("downloads.bigg_models: ")


@pytest.mark.parametrize(
    ("dataset", "key"), [("bigg_model_json", "bigg_models"), ("bigg_model_sbml", "bigg_sbml")]
)
def test_a_named_model_that_the_origin_lacks_is_told_with_its_key(dataset, key):
    records = [
        record("bigg_model_json", "iML1515"), record(dataset, "iML1516", "absent"),
    ]  # fmt: skip
    message = f"downloads.{key}: there is no model 'iML1516'"
    with pytest.raises(InputError, match=message):
        check_named_models(records, {**SETTINGS, key: ["iML1515", "iML1516"]})


def test_models_that_nobody_named_may_be_absent():
    records = [
        record("bigg_model_json", "iML1515"), record("bigg_model_json", "other", "absent"),
        # named, and absent in the other format only
        record("bigg_model_sbml", "iJO1366", "absent"),
    ]  # fmt: skip
    check_named_models(records, {**SETTINGS, "bigg_models": ["iML1515", "iJO1366"]})
    check_named_models(records, {**SETTINGS, "bigg_models": None, "bigg_sbml": []})


def test_cd_hit_has_a_smallest_identity():
    splits = {
        "low": {"method": "cdhit", "identity": 0.39},
        "least": {"method": "cdhit", "identity": 0.4},
        "other": {"method": "components", "identity": 0.3},
        "random": {"method": "random"},
    }
    assert unfit_settings({"splits": splits}) == [
        "config: splits.low: CD-HIT stops at an identity of 0.4; set 'method: components'"
    ]


def test_a_collection_without_bigg_models_is_refused(tmp_path):
    with pytest.raises(InputError, match="no BiGG model was fetched") as caught:
        parse_collection("bigg", downloads(tmp_path, {}))
    assert "manifest.tsv" in str(caught.value)


def test_a_damaged_file_is_refused_before_it_is_read(tmp_path):
    files = downloads(tmp_path, {("chebi_structures", ""): "chebi_id\tsmiles\tinchikey\tsource\n"})
    (tmp_path / "chebi_structures-").write_text("chebi_id\tsmiles\tinchikey\tsomething\n")
    with pytest.raises(InputError, match="is not the file that was fetched"):
        parse_collection("chebi", files)


def test_chebi_is_parsed_checked_and_without_its_optional_files(tmp_path):
    text = "chebi_id\tsmiles\tinchikey\tsource\nCHEBI:1\tOCC\t\tx\nCHEBI:2\tC(\t\tx\n"
    tables = parse_collection("chebi", downloads(tmp_path, {("chebi_structures", ""): text}))
    smiles = tables["structures"].set_index("chebi")["smiles"]
    assert smiles["CHEBI:1"] == "OCC"
    # RDKit refuses it
    assert "CHEBI:2" not in smiles.dropna()
    assert tables["merged"].empty


def test_genes_that_kegg_did_not_give_are_listed_and_counted(tmp_path, caplog):
    files = downloads(
        tmp_path,
        {
            ("kegg_sequences", "iML1515"): ">eco:b0002 K12524\nMRVL\n",
            ("kegg_sequences", "iMM904"): ">sce:YBR058C-A\nMTQ\n",
        },
    )
    rows = [
        ("iML1515", "b0002"), ("iML1515", "b0003"), ("iML1515", "s0001"),
        ("iMM904", "YBR058C_A"), ("iMM904", "YAL001C"), ("iJO1366", "b0004"),
    ]  # fmt: skip
    with caplog.at_level(logging.INFO, logger=parsing.__name__):
        tables = parse_collection("kegg", files, pd.DataFrame(rows, columns=["model", "gene"]))
    columns = ["model", "organism_code", "gene", "sequence", "enzyme", "placeholder"]
    assert tables["sequences"][columns].values.tolist() == [
        ["iML1515", "eco", "b0002", "MRVL", sha256_text("MRVL"), False],
        ["iMM904", "sce", "YBR058C_A", "MTQ", sha256_text("MTQ"), False],
    ]
    # s0001 is no gene of a genome, and nobody asked for the gene of iJO1366
    assert tables["missing"][["model", "gene", "reason"]].values.tolist() == [
        ["iML1515", "b0003", "not in the file"],
        ["iMM904", "YAL001C", "not in the file"],
    ]
    counts = tables["findings"].groupby("item")["count"].sum()
    assert counts[counts > 0].to_dict() == {
        "gene expected and not in the file": 2,
        "gene that KEGG spells with a hyphen": 1,
    }
    assert any("gene expected and not in the file" in message for message in caplog.messages)


def test_the_json_of_a_model_counts_where_there_are_both(tmp_path, monkeypatch):
    seen = {}

    def read(paths):
        seen.update(paths)
        raise InputError("here", "enough", "Stop")

    monkeypatch.setattr(parsing, "read_bigg_models", read)
    items = [("bigg_model_sbml", "b"), ("bigg_model_json", "b"), ("bigg_model_sbml", "a")]
    with pytest.raises(InputError, match="enough"):
        parse_collection("bigg", downloads(tmp_path, dict.fromkeys(items, "x")))
    names = {model: path.name for model, path in seen.items()}
    assert names == {"a": "bigg_model_sbml-a", "b": "bigg_model_json-b"}
    assert list(seen) == ["a", "b"]


def test_findings_are_logged_and_written_for_people(tmp_path, monkeypatch, caplog):
    findings = pd.DataFrame(
        [("odd rows", 2, "left out"), ("empty rows", 0, "left out")],
        columns=["item", "count", "treatment"],
    )
    found = pd.DataFrame({"chebi": ["CHEBI:1"]})
    monkeypatch.setitem(READERS, "chebi", lambda files: {"structures": found, "findings": findings})
    with caplog.at_level(logging.INFO, logger=parsing.__name__):
        tables = parse_collection("chebi", downloads(tmp_path, {}))
    assert caplog.messages == ["chebi: 2 odd rows: left out"]
    folder = tmp_path / "chebi"
    write_tables(tables, folder, tmp_path / "findings.csv")
    assert [path.name for path in folder.iterdir()] == ["structures.parquet"]
    pd.testing.assert_frame_equal(read_parquet(folder / "structures.parquet"), found)
    assert (tmp_path / "findings.csv").read_text().count("\n") == 3
