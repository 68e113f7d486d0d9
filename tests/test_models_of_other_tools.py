"""Models of two bacteria by AGORA, CarveMe, gapseq and ModelSEED: read, compared, designed on."""

import logging
import math

import pandas as pd
import pytest
from gemsembler_wheel import gemsembler_data  # noqa: F401

from gemwright.gem.flux import FluxModel
from gemwright.gem.load import read_model
from gemwright.gem.model_difference import difference
from gemwright.gem.sbml_writer import write_sbml
from gemwright.strain_design.designing import design_strains
from gemwright.strain_design.models import model_for_design
from gemwright.strain_design.strain import StrainModel

pytestmark = pytest.mark.e2e

# file, and the species that are succinate or lactate, and acetate
MODELS = {
    "BU/BU_agora.xml.gz": ("succ[e]", "ac[e]"),
    "BU/BU_carveme_hom.xml.gz": ("succ_e", "ac_e"),
    "BU/BU_gapseq.xml.gz": ("cpd00036_e0", "cpd00029_e0"),
    "BU/BU_modelSEED.sbml.gz": ("cpd00036_c0", "cpd00029_c0"),
    "LP/LP_agora_model.xml.gz": ("lac_L[e]", "ac[e]"),
    "LP/LP_carveme_model.xml.gz": ("lac__D_e", "ac_e"),
    "LP/LP_gapseq_model.xml.gz": ("cpd00159_e0", "cpd00029_e0"),
    "LP/LP_modelseed_model.xml.gz": ("cpd00159_e0", "cpd00029_e0"),
}


@pytest.mark.parametrize("name", MODELS)
def test_models_of_other_tools(gemsembler_data, tmp_path, name):  # noqa: F811
    import cobra

    logging.getLogger("cobra").setLevel(logging.CRITICAL + 1)
    path = gemsembler_data / name
    theirs = cobra.io.read_sbml_model(str(path))
    model = model_for_design(str(path))
    growth = FluxModel.of(model).growth()
    assert growth == pytest.approx(theirs.slim_optimize(), rel=1e-6)
    assert {item.id for item in theirs.genes} == set(model.genes)
    # species of ModelSEED with a boundary condition have an exchange in cobra, and none here
    unbalanced = {item.id for item in theirs.metabolites} - set(model.stoichiometry["species"])
    assert all(item.endswith("_b") for item in unbalanced)
    write_sbml(model, tmp_path / "again.xml")
    assert difference(model, read_model(tmp_path / "again.xml")) == ""

    strain = StrainModel(model)
    assert strain.wild_growth == pytest.approx(growth)
    targets = [target for target in MODELS[name] if target in set(model.stoichiometry["species"])]
    assert targets
    design_strains(strain, targets, None, {}, tmp_path / "designs")
    table = pd.read_csv(tmp_path / "designs" / "designs.csv", sep=None, engine="python")
    assert set(table["target"]) == set(targets)
    for row in table[table["coupled"]].itertuples():
        assert row.growth_rate > 0
        assert row.production_guaranteed > 0
        assert isinstance(row.carbon_source, str)
        assert math.isfinite(row.yield_guaranteed)
        assert 0 < row.carbon_yield_guaranteed <= 1 + 1e-6
    for written in (tmp_path / "designs").glob("*.xml"):
        assert FluxModel.of(read_model(written)).growth() > 0
