"""The dataset registry and the embedded BiGG snapshot."""

import dataclasses

import pytest

from gemwright.errors import InputError
from gemwright.gem.sbml_reader import read_sbml
from gemwright.io.tables import read_parquet
from gemwright.sources import bigg_snapshot, registry
from gemwright.sources.snapshot_tables import TABLES, write_snapshot_tables


def test_every_embedded_dataset_is_there_with_its_hash():
    embedded = [name for name, dataset in registry.read_registry().items() if dataset.embedded]
    assert len(embedded) >= 30
    for name in embedded:
        assert registry.locate(name).is_file()


def test_every_dataset_names_version_source_licence_and_note():
    for dataset in registry.read_registry().values():
        row = dataclasses.asdict(dataset)
        assert all(row[column] for column in ("version", "source", "url", "licence", "note"))
        pinned = dataset.embedded or dataset.version not in ("unversioned", "2022-08", "2024-07")
        assert bool(row["sha256"]) == pinned


def test_an_altered_file_is_noticed(monkeypatch):
    row = registry.read_registry()["media"]
    changed = {"media": dataclasses.replace(row, sha256="0" * 64)}
    monkeypatch.setattr(registry, "read_registry", lambda: changed)
    registry.locate.cache_clear()
    with pytest.raises(InputError, match="SHA-256"):
        registry.locate("media")
    registry.locate.cache_clear()


@pytest.mark.parametrize("name", ["no_such_dataset", "rhea_directions"])
def test_unknown_and_live_datasets_are_told(name):
    with pytest.raises(InputError, match=name):
        registry.locate(name)


def test_snapshot_has_the_size_that_the_package_documents(tmp_path):
    write_snapshot_tables(tmp_path)
    size = {name: len(read_parquet(tmp_path / f"{name}.parquet")) for name in TABLES}
    assert size["gprs"] == 108_091
    assert size["proteins"] == 26_727
    assert size["species"] == 15_638
    assert size["reactions"] == 25_348
    proteins = read_parquet(tmp_path / "proteins.parquet")
    enzymes = read_parquet(tmp_path / "enzymes.parquet")
    assert set(proteins["enzyme"]) == set(enzymes["enzyme"])
    assert enzymes["enzyme"].is_unique
    assert proteins["model"].nunique() == 31


def test_hexokinase_is_read_with_sign_and_annotation():
    universe = bigg_snapshot.read_universe("bigg")
    rows = universe.stoichiometry.query("reaction == 'HEX1'").set_index("species")["coefficient"]
    assert rows.to_dict() == {"atp_c": -1, "glc__D_c": -1, "adp_c": 1, "g6p_c": 1, "h_c": 1}
    glucose = universe.species.set_index("species").loc["glc__D_c"]
    assert (glucose["metabolite"], glucose["compartment"]) == ("glc__D", "c")
    assert glucose["formula"] == "C6H12O6"
    assert "WQZGKKKJIJFFOK-GASJEMHNSA-N" in glucose["inchikey"].split(";")


def test_curated_universes_have_a_biomass_reaction():
    for name in bigg_snapshot.UNIVERSES:
        tables = bigg_snapshot.read_universe(name)
        assert tables.objective == "Growth"
        assert "Growth" in set(tables.reactions["reaction"])


def test_unknown_universe_and_broken_sbml_are_told(tmp_path):
    with pytest.raises(InputError, match="gramneg"):
        bigg_snapshot.read_universe("grampositive")
    (tmp_path / "model.xml").write_text("<html><body>404</body></html>")
    with pytest.raises(InputError, match="not SBML level 3"):
        read_sbml(tmp_path / "model.xml")
    (tmp_path / "model.xml").write_text("<sbml")
    with pytest.raises(InputError, match="no readable SBML"):
        read_sbml(tmp_path / "model.xml")
