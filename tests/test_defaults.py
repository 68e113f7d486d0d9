"""What is chosen for an organism of which only the sequences are known."""

import logging
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.errors import InputError
from gemwright.gem.sbml_writer import write_sbml
from gemwright.inputs.organism import default_media
from gemwright.inputs.organism_sheet import Organism
from gemwright.io.tables import write_parquet
from gemwright.reconstruction.defaults import chosen_ground, chosen_media
from gemwright.reconstruction.universe_guess import guess_universe, guessed_name
from gemwright.sources.bigg_snapshot import (
    UNIVERSES,
    read_media,
    read_model_organisms,
    read_protein_sequences,
    read_universe,
)
from gemwright.sources.genus_universes import GENUS_UNIVERSES
from gemwright.universe.biomass import growth_coefficients

ORGANISM = Organism("mine", "mine", "p.faa", "", "", (), {}, "M9", "", "M9", "")
OPTIONS = ReconstructionOptions()


@pytest.fixture(scope="module")
def proteins():
    return read_protein_sequences()[["model", "enzyme"]]


def hits_of(proteins, shares):
    """Hits of a hundred proteins, so many in each model."""
    rows = []
    for model, count in shares.items():
        enzymes = proteins.loc[proteins["model"] == model, "enzyme"].drop_duplicates()
        for number, enzyme in enumerate(enzymes.head(count)):
            rows.append((f"{model}{number}", enzyme, 100.0))
            # a worse hit elsewhere has no vote
            rows.append((f"{model}{number}", proteins["enzyme"].iloc[number], 50.0))
    return pd.DataFrame(rows, columns=["protein", "enzyme", "bitscore"])


def guess(proteins, **shares):
    table = guess_universe("mine", hits_of(proteins, shares), proteins, read_model_organisms())
    assert table["share"].sum() == pytest.approx(1)
    assert set(table["universe"]) <= {*UNIVERSES, "none (eukaryote)"}
    return table["guess"].unique().tolist()


@pytest.mark.parametrize(
    ("shares", "universe"),
    [
        ({"iYO844": 60, "iJN1463": 40}, "grampos"),
        ({"iNF517": 30, "iEK1008": 30, "iJN1463": 40}, "grampos"),
        ({"iIT341": 60, "iYO844": 40}, "gramneg"),
        ({"iSynCJ816": 60, "iYO844": 40}, "cyanobacteria"),
        ({"iAF692": 60, "iYO844": 40}, "archaea"),
        ({"iYO844": 50, "iJN1463": 50}, "bacteria"),
        # proteins like those of eukaryotes have no vote as long as they are few
        ({"iYO844": 40, "iJN1463": 20, "iMM904": 40}, "grampos"),
    ],
)
def test_the_universe_is_that_of_the_nearest_organisms(proteins, shares, universe, caplog):
    assert guess(proteins, **shares) == [universe]
    assert f"the universe is guessed: '{universe}'" in caplog.text
    assert ("not sure" in caplog.text) == (universe == "bacteria")


def test_eukaryotes_and_strangers_are_told(proteins):
    with pytest.raises(InputError, match=r"60% .* resemble those of eukaryotes"):
        guess(proteins, iMM904=60, iYO844=40)
    with pytest.raises(InputError, match="none of its proteins resembles"):
        guess(proteins)


def test_every_genus_of_the_snapshot_has_a_universe(proteins):
    models = read_model_organisms().set_index("model").loc[proteins["model"].unique()]
    genera = set(models.loc[models["kingdom"] != "Eukarya", "genus"])
    assert genera <= set(GENUS_UNIVERSES)
    assert set(GENUS_UNIVERSES.values()) <= set(UNIVERSES)


def media_table():
    media = read_media()
    return media[media["medium"].isin(default_media())][["medium", "compound"]]


TABLES = {
    "media": media_table(),
    "biomass": pd.DataFrame({"species": [], "coefficient": []}),
}


@pytest.fixture(scope="module")
def gramneg(tmp_path_factory):
    """File of a universe."""
    path = tmp_path_factory.mktemp("universe") / "model.xml"
    write_sbml(read_universe("gramneg"), path)
    return path


def test_what_was_guessed_is_read(tmp_path):
    write_parquet(pd.DataFrame({"guess": ["archaea"] * 2}), tmp_path / "universe.parquet")
    assert guessed_name(tmp_path / "universe.parquet") == "archaea"


def test_the_medium_is_m9_where_that_lets_anything_grow(gramneg, caplog):
    assert default_media() == ("M9", "LB")
    universe, media, changes = chosen_ground(ORGANISM, gramneg, TABLES, OPTIONS)
    assert changes.empty
    assert universe.objective == read_universe("gramneg").objective
    assert list(media) == ["M9"]
    assert "it is 'M9'" in caplog.text
    # a universe that cannot make an amino acid of LB
    wall = universe.stoichiometry["species"] == "his__L_c"
    makers = universe.stoichiometry.loc[wall & (universe.stoichiometry["coefficient"] > 0)]
    assert not makers.empty
    keep = universe.stoichiometry["reaction"].isin(makers["reaction"])
    inside = keep & ~universe.stoichiometry["reaction"].isin(
        universe.stoichiometry.loc[universe.stoichiometry["species"] == "his__L_e", "reaction"]
    )
    closed = universe.reactions.copy()
    names = set(universe.stoichiometry.loc[inside, "reaction"])
    shut = closed["reaction"].isin(names) & (closed["reaction"] != universe.objective)
    closed.loc[shut, ["lower_bound", "upper_bound"]] = 0.0
    lame = replace(universe, reactions=closed)
    caplog.clear()
    assert list(chosen_media(ORGANISM, media_table(), lame, OPTIONS)) == ["LB"]
    assert "on 'M9' everything that is known grows at 0 /h only" in caplog.text


def test_what_the_sheet_says_stays(gramneg, caplog):
    caplog.set_level(logging.INFO)
    own = replace(ORGANISM, universe="grampos", media=("LB", "M9"))
    universe, media, _ = chosen_ground(own, gramneg, TABLES, OPTIONS)
    assert list(media) == ["LB", "M9"]
    assert caplog.text == ""
    assert np.isfinite(universe.reactions["upper_bound"]).all()


def test_the_organisms_biomass_and_maintenance_are_those_of_its_row(gramneg):
    own = replace(ORGANISM, media=("LB",), biomass="wall_less", gam=60.0, ngam=3.5)
    universe, _, changes = chosen_ground(own, gramneg, TABLES, OPTIONS)
    growth = growth_coefficients(universe)
    assert "murein5px4p_p" not in growth and "ala__L_c" in growth
    assert growth["adp_c"] == pytest.approx(60.0)
    bounds = universe.reactions.set_index("reaction")["lower_bound"]
    assert bounds["ATPM"] == 3.5
    assert {"spends 60 mmol ATP/gDW", "spends 3.5 mmol/gDW/h"} <= set(changes["change"])
    table = pd.DataFrame({"species": ["ala__L_c", "atp_c"], "coefficient": [-1.0, -2.0]})
    mine = replace(own, biomass="mine.tsv", gam=None, ngam=None)
    tables = TABLES | {"biomass": table}
    universe, _, _ = chosen_ground(mine, gramneg, tables, OPTIONS)
    assert growth_coefficients(universe) == {"ala__L_c": -1.0, "atp_c": -2.0}
