"""Models to and from cobra, in memory."""

from dataclasses import replace

import pandas as pd
import pytest
from networks import branched

from gemwright.gem.cobra import from_cobra, to_cobra
from gemwright.gem.flux import FluxModel
from gemwright.gem.load import read_model
from gemwright.gem.model import MetabolicModel
from gemwright.sources.registry import locate

RULES = {"At": "p1 and (p2 or PA.3)", "B1": "2p-1", "B2": "(p1 and p2) or p4-x"}


def equal(left: MetabolicModel, right: MetabolicModel) -> None:
    """Assert that two models are one, whatever the order of their rows."""
    assert (left.identifier, left.objective) == (right.identifier, right.objective)
    assert (left.rules, left.gene_names) == (right.rules, right.gene_names)
    for name in ("species", "reactions", "stoichiometry"):
        keys = [key for key in ("reaction", "species") if key in getattr(left, name)]
        pd.testing.assert_frame_equal(
            *(getattr(model, name).sort_values(keys, ignore_index=True) for model in (left, right)),
            check_dtype=False,
        )


def test_there_and_back():
    model = branched(rules=RULES).on_medium({"a": 7.5})
    charges = pd.array([None, 0, -4, *[1] * (len(model.species) - 3)], dtype="Int64")
    species = model.species.assign(charge=charges, chebi="CHEBI:1;CHEBI:2")
    species.loc[0, "formula"] = ""
    reactions = model.reactions.assign(rhea="10000;20000", ec="1.1.1.1")
    model = replace(model, species=species, reactions=reactions, gene_names={"p1": "one"})
    made = to_cobra(model)
    equal(from_cobra(made), model)
    assert made.slim_optimize() == pytest.approx(FluxModel.of(model).growth(), abs=1e-9)
    assert made.medium == {"EX_a_e": 7.5}
    first = made.metabolites.get_by_id(species.loc[0, "species"])
    assert (first.charge, first.formula) == (None, None)
    assert made.genes.get_by_id("p1").name == "one"
    assert made.reactions.At.gene_reaction_rule == "p1 and (p2 or PA.3)"


@pytest.mark.parametrize("name", ["e_coli_core", "carveme_model_bsub"])
def test_what_we_and_cobra_read_of_a_file_is_one_model(name):
    from cobra.io import read_sbml_model

    theirs, ours = read_sbml_model(str(locate(name))), read_model(locate(name))
    read = read_model(theirs)
    assert (read.objective, read.genes) == (ours.objective, ours.genes)
    assert read.rules.keys() == ours.rules.keys()
    for table, keys in (("reactions", ["reaction"]), ("species", ["species"])):
        left, right = (getattr(model, table).set_index(keys).sort_index() for model in (read, ours))
        numbers = [c for c in ("lower_bound", "upper_bound", "charge", "formula") if c in left]
        # cobra reads a charge that the file does not state as 0
        right = right.fillna({"charge": 0})
        pd.testing.assert_frame_equal(left[numbers], right[numbers], check_dtype=False)
    growth = FluxModel.of(ours).growth()
    assert to_cobra(ours).slim_optimize() == pytest.approx(growth, abs=1e-9)
    assert to_cobra(read).slim_optimize() == pytest.approx(theirs.slim_optimize(), abs=1e-9)


def test_what_is_no_model_is_told():
    with pytest.raises(TypeError, match=r"cobra\.Model"):
        read_model(7)
