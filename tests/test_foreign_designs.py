"""Designs on models whose ids are not BiGG's: the same strains, with their carbon and yields."""

import numpy as np
import pandas as pd
import pytest
from sbml_dialects import Dialect, ids_of, textbook, written

from gemwright.errors import InputError
from gemwright.gem.load import read_model
from gemwright.gem.sbml_writer import write_sbml
from gemwright.strain_design.designs import rank_designs
from gemwright.strain_design.foreign_ids import formula_of_inchi
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
