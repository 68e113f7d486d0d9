"""Facts of the embedded snapshot that the interactions rest on."""

import pandas as pd
import pytest

from gemwright.config.interactions import DEMO_MODELS, InteractionOptions
from gemwright.emi.interactions import build_interactions
from gemwright.sources import bigg_snapshot


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The embedded snapshot, without structures."""
    universe = bigg_snapshot.read_universe("bigg")
    return {
        "gprs": bigg_snapshot.read_gprs(),
        "proteins": bigg_snapshot.read_protein_sequences()[["model", "gene", "enzyme"]],
        "stoichiometry": universe.stoichiometry,
        "species": universe.species,
        "model_bounds": bigg_snapshot.read_model_bounds(),
    }


def test_counts_of_the_snapshot(tables: dict[str, pd.DataFrame]) -> None:
    interactions, funnel = build_interactions(**tables, structures=None)
    assert interactions["enzyme"].nunique() == 19_049
    assert len(interactions) == 58_737
    assert funnel["pairs"].tolist() == [182_917, 115_224, 89_104, 58_737]
    # glucokinase consumes glucose and does not make it
    demo = InteractionOptions(models=DEMO_MODELS)
    subset, _ = build_interactions(**tables, structures=None, options=demo)
    assert subset["enzyme"].nunique() == 4_726
    hexokinase = subset[subset["reactions"] == "HEX1"]
    assert set(hexokinase["metabolite"]) == {"glc__D"}
