"""SBML: valid, the same bytes twice, and the same model back."""

import pandas as pd
import pytest
from networks import branched

from gemwright.errors import InputError
from gemwright.gem.flux import FluxModel
from gemwright.gem.gpr import evaluate_gpr, parse_gpr
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml import (
    consistency_errors,
    plain_id,
    read_model,
    sbml_id,
    write_sbml,
)

RULES = {"At": "p1 and (p2 or PA.3)", "B1": "p1", "B2": "(p1 and p2) or p4-x"}


@pytest.fixture(scope="module")
def model():
    tables = branched()
    gprs = pd.DataFrame(
        {"reaction": tables.reactions["reaction"]}
    ).assign(gpr=lambda t: t["reaction"].map(RULES).fillna(""))  # fmt: skip
    return MetabolicModel("tiny", tables, gprs).on_medium(["a"], 7.5)


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    target = tmp_path_factory.mktemp("sbml") / "tiny.xml"
    write_sbml(model, target)
    return target


def test_the_same_model_gives_the_same_bytes(model, path, tmp_path):
    tables = model.tables
    shuffled = MetabolicModel(
        model.identifier,
        type(tables)(
            tables.species.sample(frac=1, random_state=1),
            tables.reactions.sample(frac=1, random_state=2),
            tables.stoichiometry.sample(frac=1, random_state=3),
            tables.objective,
        ),
        model.gprs.sample(frac=1, random_state=4),
    )
    write_sbml(shuffled, tmp_path / "again.xml")
    assert (tmp_path / "again.xml").read_bytes() == path.read_bytes()


def test_libsbml_finds_no_error(path):
    assert consistency_errors(path) == []
    assert 'fbc:strict="true"' in path.read_text()


def test_a_broken_file_has_errors(path, tmp_path):
    broken = tmp_path / "broken.xml"
    broken.write_text(path.read_text().replace('species="M_b_c"', 'species="M_nowhere"', 1))
    assert consistency_errors(broken)


def test_cobra_reads_it_without_complaint(model, path):
    from cobra.io import validate_sbml_model

    read, complaints = validate_sbml_model(str(path))
    assert not any(complaints.values()), complaints
    assert read.slim_optimize() == pytest.approx(FluxModel.of(model).growth())
    assert read.slim_optimize() == pytest.approx(3.75)
    assert read.medium == {"EX_a_e": 7.5}
    assert {gene.id for gene in read.genes} == {"p1", "p2", "p4-x", "PA.3"}
    assert read.metabolites.a_c.formula == "C6H12O6"
    assert read.metabolites.a_c.annotation["bigg.metabolite"] == "a"
    assert read.reactions.Growth.annotation["sbo"] == "SBO:0000629"
    assert read.reactions.At.annotation["sbo"] == "SBO:0000185"
    assert read.reactions.EX_a_e.annotation["sbo"] == "SBO:0000627"
    for name, rule in RULES.items():
        theirs = parse_gpr(read.reactions.get_by_id(name).gene_reaction_rule)
        for lost in ({"p1"}, {"p2"}, {"PA.3"}, {"p4-x"}, {"p2", "PA.3"}):
            assert evaluate_gpr(theirs, lost) == evaluate_gpr(parse_gpr(rule), lost)


def test_round_trip(model, path):
    again = read_model(path)
    assert again.identifier == "tiny"
    assert again.rules == RULES
    assert again.genes == model.genes
    for name in ("reactions", "species", "stoichiometry"):
        left, right = getattr(again.tables, name), getattr(model.tables, name)
        keys = [column for column in left if column in ("reaction", "species")]
        left, right = (t.sort_values(keys, ignore_index=True) for t in (left, right))
        pd.testing.assert_frame_equal(left, right, check_dtype=False)
    write_sbml(again, path.with_name("second.xml"))
    assert path.with_name("second.xml").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["b0001", "PA.3", "a-b", "x__1", "é"])
def test_ids_survive(name):
    assert sbml_id("G_", name).isascii()
    assert plain_id("G_", sbml_id("G_", name)) == name


def test_no_sbml_is_told(tmp_path):
    (tmp_path / "no.xml").write_text("nothing")
    with pytest.raises(InputError, match="no readable SBML"):
        read_model(tmp_path / "no.xml")
