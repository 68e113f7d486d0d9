"""Models for strain design: where they come from, and what is told if they cannot be had."""

import gzip

import numpy as np
import pandas as pd
import pytest
from mirror import MIRROR, needs_mirror
from networks import branched

from gemwright.errors import InputError
from gemwright.gem.load import bigg_model, bundled_e_coli_core, strain_source
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml import read_gene_names, read_model, sbml_text, write_sbml
from gemwright.io.tables import write_parquet
from gemwright.sources.bigg_models import read_bigg_models
from gemwright.strain_design.strain import StrainModel

RULES = {"DIRECT": "g1", "B1": "g2", "C1": "g3 or g4"}


def small(objective="Growth", rules=RULES):
    tables = branched()
    tables = type(tables)(tables.species, tables.reactions, tables.stoichiometry, objective)
    gprs = tables.reactions[["reaction"]].copy()
    gprs["gpr"] = gprs["reaction"].map(rules).fillna("")
    return MetabolicModel("small", tables, gprs)


def test_the_bundled_model_is_e_coli_core():
    source = strain_source("bundled")
    model = source.model
    assert model.identifier == "e_coli_core"
    assert (len(model.tables.reactions), len(model.tables.species)) == (95, 72)
    assert len(model.genes) == 137
    assert StrainModel(model).wild_growth == pytest.approx(0.8739215, abs=1e-6)
    assert source.gene_names["b1241"] == "adhE"
    assert "s0001" not in source.gene_names, "its name in the file is only its id again"
    assert bundled_e_coli_core().rules == model.rules


@needs_mirror
def test_a_model_of_the_bigg_tables_is_the_bundled_one(tmp_path):
    path = MIRROR / "bigg.ucsd.edu" / "static" / "models" / "e_coli_core.json"
    for name, table in read_bigg_models({"e_coli_core": path}).tables().items():
        write_parquet(table, tmp_path / f"{name}.parquet")
    source = strain_source("bigg", "e_coli_core", bigg_tables=tmp_path)
    strain, bundled = StrainModel(source.model), StrainModel(bundled_e_coli_core())
    assert strain.genes == bundled.genes
    assert strain.wild_growth == pytest.approx(bundled.wild_growth, abs=1e-8)
    assert source.gene_names["b1241"] == "adhE"
    # the tables have no annotation columns: the file is written without them, and read back
    write_sbml(source.model, tmp_path / "core.xml")
    again = StrainModel(read_model(tmp_path / "core.xml"))
    assert again.genes == strain.genes
    assert again.wild_growth == pytest.approx(strain.wild_growth, abs=1e-8)
    with pytest.raises(InputError, match=r"there are: e_coli_core"):
        bigg_model(tmp_path, "iJO1366")


def test_a_users_file_gzipped_or_not(tmp_path):
    write_sbml(small(), tmp_path / "mine.xml", gene_names={"g1": "geneA"})
    (tmp_path / "mine.xml.gz").write_bytes(gzip.compress((tmp_path / "mine.xml").read_bytes()))
    plain = strain_source(str(tmp_path / "mine.xml"))
    packed = strain_source(str(tmp_path / "mine.xml.gz"), "other")
    assert (plain.model.identifier, packed.model.identifier) == ("small", "other")
    assert plain.model.rules == packed.model.rules == RULES
    assert plain.gene_names == packed.gene_names == {"g1": "geneA"}


def test_our_own_reconstruction(tmp_path):
    write_sbml(small(), tmp_path / "ecol" / "model.xml")
    assert strain_source("reconstruction", "ecol", reconstructions=tmp_path).model.genes
    with pytest.raises(InputError, match=r"there are: ecol"):
        strain_source("reconstruction", "bsub", reconstructions=tmp_path)


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("bundled", "iML1515", "there is no such model"),
        ("nowhere.xml", "", "there is no such file"),
    ],
)
def test_unknown_models(kind, name, message):
    with pytest.raises(InputError, match=message):
        strain_source(kind, name)


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
            strain_source(str(path))
    cut = gzip.compress(text.encode())[:-200]
    (tmp_path / "cut.xml.gz").write_bytes(cut)
    with pytest.raises(InputError, match=r"cut off|no readable"):
        strain_source(str(tmp_path / "cut.xml.gz"))


def test_notes_and_missing_charges_in_sbml(tmp_path):
    model = small()
    species = model.tables.species.drop(columns=["inchikey", "chebi", "metanetx"])
    species["charge"] = pd.array([pd.NA, *np.zeros(len(species) - 1, int)], dtype="Int64")
    tables = type(model.tables)(
        species, model.tables.reactions.drop(columns=["rhea", "ec"]),
        model.tables.stoichiometry, model.tables.objective,
    )  # fmt: skip
    path = tmp_path / "noted.xml"
    noted = {"R_DIRECT": ["why: a < b & c"], "": ["about: all"]}
    write_sbml(MetabolicModel("noted", tables, model.gprs), path, noted)
    text = path.read_text()
    assert "why: a &lt; b &amp; c" in text
    assert text.count("fbc:charge") == len(species) - 1
    assert read_gene_names(path) == {}
    from cobra.io import read_sbml_model

    assert read_sbml_model(str(path)).reactions.DIRECT.notes["why"].startswith("a &lt; b")
