"""Designs on models whose ids are not BiGG's: the same strains, with their carbon and yields."""

import re

import numpy as np
import pandas as pd
import pytest
from sbml_dialects import Dialect, ids_of, textbook, written

from gemwright.errors import InputError
from gemwright.gem.cobra import from_cobra, to_cobra
from gemwright.gem.load import read_model
from gemwright.gem.sbml_writer import write_sbml
from gemwright.strain_design.designs import rank_designs
from gemwright.strain_design.foreign_ids import formula_of_inchi, with_known_compounds
from gemwright.strain_design.models import model_for_design
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.strain_sbml import file_stem

GENES = ["b0724", "b1852", "b2297", "b2458"]  # succinate is coupled to growth without them
SEED = {"glc__D": "cpd00027", "succ": "cpd00036"}


def as_seed(text):
    """Call some species as ModelSEED does, without their formulas."""
    for name, seed in SEED.items():
        for letter in "ce":
            text = text.replace(f'"M_{name}_{letter}"', f'"M_{seed}_{letter}0"')
    lines = [
        line.split(" fbc:chemicalFormula")[0] + f' fbc:charge="{charge}"></species>'
        if (charge := {"cpd00027": "0", "cpd00036": "-2"}.get(line[15:23])) is not None
        else line
        for line in text.splitlines()
    ]
    return "\n".join(lines)


@pytest.mark.case("20-sbml-raven-ids-and-infinity")
@pytest.mark.parametrize(
    ("ids", "bounds", "source"),
    [
        ("bigg", "told", "glc__D"),
        ("bigg", "infinite", "glc__D"),
        ("brackets", "told", "glc__D"),
        ("raven", "told", None),
        ("seed", "told", "glc__D"),
    ],
)
def test_designs_do_not_depend_on_ids(tmp_path, ids, bounds, source):
    dialect = Dialect(ids="bigg" if ids == "seed" else ids, bounds=bounds)
    text = written(dialect).decode()
    path = tmp_path / "model.xml"
    path.write_text(as_seed(text) if ids == "seed" else text)
    write_sbml(model_for_design(str(path)), tmp_path / "prepared.xml")
    strain = StrainModel(read_model(tmp_path / "prepared.xml"))
    species = ids_of(dialect, textbook())[0] | ({"succ_e": "cpd00036_e0"} if ids == "seed" else {})
    target = species["succ_e"].removeprefix("M_").replace("__91__", "[").replace("__93__", "]")
    deleted = strain.gene_mask(GENES)
    row = rank_designs(strain, target, [("given", deleted)], {}).iloc[-1]
    bigg = StrainModel(model_for_design("bundled"))
    same = rank_designs(bigg, "succ_e", [("given", bigg.gene_mask(GENES))], {}).iloc[-1]
    numbers = [
        "growth_rate",
        "production_guaranteed",
        "yield_guaranteed",
        "carbon_yield_guaranteed",
    ]
    assert row["coupled"]
    np.testing.assert_allclose(row[numbers].astype(float), same[numbers].astype(float), rtol=1e-6)
    glucose = species["glc__D_e"].removeprefix("M_")
    assert row["carbon_source"] == (source or glucose)


def test_a_target_by_the_id_of_bigg_is_answered_with_the_species(tmp_path):
    path = tmp_path / "model.xml"
    path.write_text(as_seed(written(Dialect()).decode()))
    strain = StrainModel(model_for_design(str(path)))
    with pytest.raises(InputError, match="write 'cpd00036_c0' or 'cpd00036_e0' if you mean that"):
        strain.production_reaction("succ_c")


def annotated(**species):
    """The textbook model in RAVEN's ids, in which some species have annotations."""
    dialect = Dialect(ids="raven")
    text, ids = written(dialect).decode(), ids_of(dialect, textbook())[0]
    head = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    side = 'xmlns:bqbiol="http://biomodels.net/biology-qualifiers/"'
    for name, entries in species.items():
        items = "".join(f'<rdf:li rdf:resource="https://identifiers.org/{e}"/>' for e in entries)
        about = f'<rdf:Description rdf:about="#{ids[name]}"><bqbiol:is><rdf:Bag>{items}</rdf:Bag>'
        note = f"<annotation><rdf:RDF {head} {side}>{about}</bqbiol:is></rdf:Description></rdf:RDF>"
        start, end = re.search(rf'<species [^>]*id="{ids[name]}"[^>]*>', text).span()
        opening = text[start:end].replace("<species ", f'<species metaid="{ids[name]}" ')
        text = f"{text[:start]}{opening}{note}</annotation>{text[end:]}"
    return text, {name: sbml.removeprefix("M_") for name, sbml in ids.items()}


@pytest.mark.parametrize(
    ("entries", "metabolite"),
    [
        (["kegg.compound/C00031"], "glc__D"),
        (["kegg.compound:C00031"], "glc__D"),
        (["hmdb/HMDB0000122"], "glc__D"),
        (["hmdb/HMDB00122"], "glc__D"),
        (["seed.compound/cpd00027"], "glc__D"),
        (["chebi/CHEBI:4167"], "glc__D"),
        (["metanetx.chemical/MNXM41"], "glc__D"),
        (["inchikey/WQZGKKKJIJFFOK-GASJEMHNSA-N"], "glc__D"),
        (["inchi_key/WQZGKKKJIJFFOK-GASJEMHNSA-N"], "glc__D"),
        (["kegg.compound/C00031", "hmdb/HMDB00122", "seed.compound/cpd00027"], "glc__D"),
        # two annotations, two compounds; no such id; not what its database writes
        (["kegg.compound/C00031", "hmdb/HMDB00254"], ""),
        (["kegg.compound/C00031", "kegg.compound/C00042"], ""),
        (["kegg.compound/C99999"], ""),
        (["kegg.compound/glucose"], ""),
    ],
)
def test_species_are_known_by_any_annotation(tmp_path, entries, metabolite):
    text, ids = annotated(glc__D_e=entries)
    (path := tmp_path / "model.xml").write_text(text)
    write_sbml(model_for_design(str(path)), tmp_path / "prepared.xml")
    model = read_model(tmp_path / "prepared.xml")
    table = model.species.set_index("species")
    assert (table["bigg"] if "bigg" in table else table["inchikey"])[ids["glc__D_e"]] == metabolite
    strain = StrainModel(model)
    row = rank_designs(strain, ids["succ_e"], [("given", strain.gene_mask(GENES))], {}).iloc[-1]
    assert row["carbon_source"] == (metabolite or ids["glc__D_e"])


@pytest.mark.parametrize(("name", "bigg"), [("h[c]", ""), ("x_1[c]", "h2"), ("h2[c]", "h2")])
def test_an_id_of_bigg_in_brackets_is_no_other_metabolite(name, bigg):
    made = textbook().copy()
    item = made.metabolites.get_by_id("h_c")
    item.id, item.annotation = name, {"kegg.compound": "C00282"}
    table = with_known_compounds(from_cobra(made)).species.set_index("species")
    assert table.loc[name, "bigg"] == bigg


def test_annotations_of_foreign_species_are_kept(tmp_path):
    text, ids = annotated(succ_e=["kegg.compound/C00042", "hmdb/HMDB0000254"])
    (path := tmp_path / "model.xml").write_text(text)
    write_sbml(read_model(path), tmp_path / "again.xml")
    for name in ("model.xml", "again.xml"):
        row = read_model(tmp_path / name).species.set_index("species").loc[ids["succ_e"]]
        assert (row["kegg"], row["hmdb"]) == ("C00042", "HMDB0000254")
    made = to_cobra(read_model(path))
    assert made.metabolites.get_by_id(ids["succ_e"]).annotation["kegg.compound"] == ["C00042"]
    again = from_cobra(made).species.set_index("species")
    assert again.loc[ids["succ_e"], "kegg"] == "C00042"
    assert "seed" not in again


def test_annotations_of_the_textbook_lead_to_no_other_metabolite():
    made = textbook().copy()
    for item in made.metabolites:
        item.id = f"{item.id.removesuffix(f'_{item.compartment}')}[{item.compartment}]"
    model = with_known_compounds(from_cobra(made))
    found = model.species[model.species["bigg"] != ""]
    assert (found["bigg"] == found["metabolite"]).all()
    assert len(found) > 0.85 * len(model.species)


@pytest.mark.parametrize(
    ("inchi", "charge", "formula"),
    [
        ("InChI=1S/C4H6O4/c5-3(6)1-2-4(7)8/h1-2H2,(H,5,6)(H,7,8)", -2, "C4H4O4"),
        ("InChI=1S/C4H6O4/c5-3(6)1-2-4(7)8/h1-2H2,(H,5,6)(H,7,8)", pd.NA, "C4H6O4"),
        ("InChI=1S/Na/q+1", 1, "Na"),
        ("InChI=1S/p+1", 1, ""),
        ("", 0, ""),
    ],
)
def test_formulas_have_the_protons_of_the_charge(inchi, charge, formula):
    assert formula_of_inchi(inchi, charge) == formula


@pytest.mark.parametrize("name", ["succ_e_1", "succ[e]_1", "EX_x(e)_1"])
def test_files_are_called_by_their_target(name):
    assert file_stem(name) == name


@pytest.mark.parametrize("name", ["a/b_1", "../x_1", "a b_1", "é_1"])
def test_no_target_leads_out_of_the_folder(name):
    assert "/" not in file_stem(name) and file_stem(name) not in (name, "..")
