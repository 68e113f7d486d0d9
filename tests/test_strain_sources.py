"""Models for strain design: where they come from, and what is told if they cannot be had."""

import gzip
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from mirror import MIRROR, needs_mirror
from networks import branched

from gemwright.errors import InputError
from gemwright.gem.gpr import parse_rules
from gemwright.gem.load import read_model
from gemwright.gem.sbml_writer import sbml_text, write_sbml
from gemwright.io.tables import write_parquet
from gemwright.sources.bigg_models import read_bigg_models
from gemwright.strain_design.models import bigg_model, bundled_e_coli_core, model_for_design
from gemwright.strain_design.strain import StrainModel

RULES = {"DIRECT": "g1", "B1": "g2", "C1": "g3 or g4"}


def small(objective="Growth", rules=RULES):
    return branched(objective=objective, rules=rules, identifier="small")


def test_the_bundled_model_is_e_coli_core():
    model = model_for_design("bundled")
    assert model.identifier == "e_coli_core"
    assert (len(model.reactions), len(model.species)) == (95, 72)
    assert len(model.genes) == 137
    assert StrainModel(model).wild_growth == pytest.approx(0.8739215, abs=1e-6)
    assert model.gene_names["b1241"] == "adhE"
    assert "s0001" not in model.gene_names, "its name in the file is only its id again"
    assert bundled_e_coli_core().rules == model.rules


@needs_mirror
def test_a_model_of_the_bigg_tables_is_the_bundled_one(tmp_path):
    path = MIRROR / "bigg.ucsd.edu" / "static" / "models" / "e_coli_core.json"
    for name, table in read_bigg_models({"e_coli_core": path}).tables().items():
        write_parquet(table, tmp_path / f"{name}.parquet")
    model = model_for_design("bigg", "e_coli_core", bigg_tables=tmp_path)
    strain, bundled = StrainModel(model), StrainModel(bundled_e_coli_core())
    assert strain.genes == bundled.genes
    assert strain.wild_growth == pytest.approx(bundled.wild_growth, abs=1e-8)
    assert model.gene_names["b1241"] == "adhE"
    # the tables have no annotation columns: the file is written without them, and read back
    write_sbml(model, tmp_path / "core.xml")
    again = StrainModel(read_model(tmp_path / "core.xml"))
    assert again.genes == strain.genes
    assert again.wild_growth == pytest.approx(strain.wild_growth, abs=1e-8)
    with pytest.raises(InputError, match=r"there are: e_coli_core"):
        bigg_model(tmp_path, "iJO1366")


def test_a_users_file_gzipped_or_not(tmp_path):
    write_sbml(replace(small(), gene_names={"g1": "geneA"}), tmp_path / "mine.xml")
    (tmp_path / "mine.xml.gz").write_bytes(gzip.compress((tmp_path / "mine.xml").read_bytes()))
    plain = model_for_design(str(tmp_path / "mine.xml"))
    packed = model_for_design(str(tmp_path / "mine.xml.gz"), "other")
    assert (plain.identifier, packed.identifier) == ("small", "other")
    assert plain.rules == packed.rules == parse_rules(RULES)
    assert plain.gene_names == packed.gene_names == {"g1": "geneA"}


def test_our_own_reconstruction(tmp_path):
    write_sbml(small(), tmp_path / "ecol" / "model.xml")
    assert model_for_design("reconstruction", "ecol", reconstructions=tmp_path).genes
    with pytest.raises(InputError, match=r"there are: ecol"):
        model_for_design("reconstruction", "bsub", reconstructions=tmp_path)


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("bundled", "iML1515", "there is no such model"),
        ("nowhere.xml", "", "there is no such file"),
    ],
)
def test_unknown_models(kind, name, message):
    with pytest.raises(InputError, match=message):
        model_for_design(kind, name)


def test_files_that_are_no_model_for_strain_design(tmp_path):
    path = tmp_path / "model.xml"
    text = sbml_text(small())
    for wrong, message in (
        ("nothing", "no readable SBML"),
        (text.replace("<fbc:fluxObjective", "<fbc:other"), "no readable SBML|no objective"),
        (text.replace('fbc:reaction="R_Growth"', 'fbc:reaction="R_Other"'), "no objective"),
        (sbml_text(small(rules={})), "no gene rule"),
        (text.replace('value="1000"', 'value="many"'), "is no number"),
    ):
        assert wrong != text
        path.write_text(wrong)
        with pytest.raises(InputError, match=message):
            model_for_design(str(path))
    cut = gzip.compress(text.encode())[:-200]
    (tmp_path / "cut.xml.gz").write_bytes(cut)
    with pytest.raises(InputError, match=r"cut off|no readable"):
        model_for_design(str(tmp_path / "cut.xml.gz"))


def test_notes_and_missing_charges_in_sbml(tmp_path):
    model = small()
    species = model.species.drop(columns=["inchikey", "chebi", "metanetx"])
    species["charge"] = pd.array([pd.NA, *np.zeros(len(species) - 1, int)], dtype="Int64")
    reactions = model.reactions.drop(columns=["rhea", "ec"])
    path = tmp_path / "noted.xml"
    noted = {"R_DIRECT": ["why: a < b & c"], "": ["about: all"]}
    write_sbml(replace(model, species=species, reactions=reactions), path, noted)
    text = path.read_text()
    assert "why: a &lt; b &amp; c" in text
    assert text.count("fbc:charge") == len(species) - 1
    assert read_model(path).gene_names == {}
    assert read_model(path).species["charge"].isna().sum() == 1
    from cobra.io import read_sbml_model

    assert read_sbml_model(str(path)).reactions.DIRECT.notes["why"].startswith("a &lt; b")
