"""SBML: valid, the same bytes twice, and the same model back."""

import gzip
from dataclasses import replace

import pandas as pd
import pytest
from networks import branched, consistency_errors
from toy_strain import evaluate_gpr

from gemwright.errors import InputError
from gemwright.gem.flux import FluxModel
from gemwright.gem.gpr import parse_gpr, parse_rules
from gemwright.gem.identifiers import fit_name, plain_id, sbml_id
from gemwright.gem.load import read_model
from gemwright.gem.sbml_writer import sbml_text, write_sbml

RULES = {"At": "p1 and (p2 or PA.3)", "B1": "p1", "B2": "(p1 and p2) or p4-x"}


@pytest.fixture(scope="module")
def model():
    return branched(rules=RULES).on_medium({"a": 7.5})


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    target = tmp_path_factory.mktemp("sbml") / "tiny.xml"
    write_sbml(model, target)
    return target


def test_the_same_model_gives_the_same_bytes(model, path, tmp_path):
    shuffled = replace(
        model,
        species=model.species.sample(frac=1, random_state=1),
        reactions=model.reactions.sample(frac=1, random_state=2),
        stoichiometry=model.stoichiometry.sample(frac=1, random_state=3),
        rules=dict(reversed(model.rules.items())),
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
    assert again.rules == parse_rules(RULES)
    assert again.genes == model.genes
    for name in ("reactions", "species", "stoichiometry"):
        left, right = getattr(again, name), getattr(model, name)
        keys = [column for column in left if column in ("reaction", "species")]
        left, right = (t.sort_values(keys, ignore_index=True) for t in (left, right))
        pd.testing.assert_frame_equal(left, right, check_dtype=False)
    write_sbml(again, path.with_name("second.xml"))
    assert path.with_name("second.xml").read_bytes() == path.read_bytes()


def test_charges_keep_their_sign(model, tmp_path):
    charges = [number - 3 for number in range(len(model.species))]
    charged = replace(model, species=model.species.assign(charge=charges))
    write_sbml(charged, tmp_path / "charged.xml")
    left, right = (
        one.species.set_index("species")["charge"].to_dict()
        for one in (charged, read_model(tmp_path / "charged.xml"))
    )
    assert left == right


@pytest.mark.parametrize("name", ["b0001", "PA.3", "a-b", "x__1", "é"])
def test_ids_survive(name):
    assert sbml_id("G_", name).isascii()
    assert plain_id("G_", sbml_id("G_", name)) == name


@pytest.mark.parametrize(
    ("name", "fit"), [("2pg_c", "_2pg_c"), ("a-b(e)", "a_b_e_"), ("b0001", "b0001"), ("é", "_")]
)
def test_fit_names(name, fit):
    assert fit_name(name) == fit


def test_a_missing_charge_stays_missing(model, path, tmp_path):
    text = path.read_text()
    stated = text.replace(' fbc:charge="0"', "", 1)
    (tmp_path / "some.xml").write_text(stated)
    again = read_model(tmp_path / "some.xml")
    assert again.species["charge"].isna().sum() == 1
    assert sbml_text(again) == stated
    bare = text.replace(' fbc:charge="0"', "")
    (tmp_path / "none.xml").write_text(bare)
    assert sbml_text(read_model(tmp_path / "none.xml")) == bare


def test_content_counts_not_the_name(path, tmp_path, model):
    (tmp_path / "packed.xml").write_bytes(gzip.compress(path.read_bytes()))
    (tmp_path / "plain.xml.gz").write_bytes(path.read_bytes())
    for name in ("packed.xml", "plain.xml.gz"):
        assert read_model(tmp_path / name).genes == model.genes
    (tmp_path / "mine.sbml").write_text(path.read_text().replace('id="tiny"', ""))
    assert read_model(tmp_path / "mine.sbml").identifier == "mine"


def test_gene_names_are_read_with_the_model(model, tmp_path):
    named = replace(model, gene_names={"p1": "one", "PA.3": "three"})
    write_sbml(named, tmp_path / "named.xml")
    assert read_model(tmp_path / "named.xml").gene_names == named.gene_names


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('fbc:charge="0"', 'fbc:charge="zero"', r"species 'a_c': its charge 'zero' is no number"),
        ('value="1000"', 'value="many"', r"'cobra_default_ub': its value 'many' is no number"),
        ('stoichiometry="2"', 'stoichiometry="x"', r"reaction 'Growth': .* 'x' is no number"),
        ('FluxBound="cobra_0_bound"', 'FluxBound="none"', r"lower bound 'none' is no number"),
        ('id="R_B2"', 'id="R_B1"', r"the reaction 'R_B1' is defined twice"),
        ('fbc:id="G_p2"', 'fbc:id="G_p1"', r"the geneProduct 'G_p1' is defined twice"),
        ("fbc:or>", "fbc:xor>", r"reaction 'At': the gene rule holds <xor> without genes"),
    ],
)
def test_damage_is_told_by_its_element(path, tmp_path, old, new, message):
    text = path.read_text()
    assert old in text
    (tmp_path / "bad.xml").write_text(text.replace(old, new))
    with pytest.raises(InputError, match=message):
        read_model(tmp_path / "bad.xml")


def test_no_sbml_is_told(tmp_path):
    (tmp_path / "no.xml").write_text("nothing")
    with pytest.raises(InputError, match="no readable SBML"):
        read_model(tmp_path / "no.xml")
