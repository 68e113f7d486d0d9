"""SBML that we write: every id comes back, and what would not is refused before there is a file."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from networks import branched, consistency_errors
from sbml_dialects import Dialect, written

from gemwright.errors import InputError
from gemwright.gem import sbml_writer
from gemwright.gem.identifiers import plain_id, sbml_id
from gemwright.gem.load import read_model
from gemwright.gem.model_difference import difference
from gemwright.gem.sbml_writer import write_sbml

LETTERS = st.one_of(
    st.sampled_from("_-19aM.[](é"),
    st.characters(exclude_categories=("Cc", "Cs")),
)


@given(st.text(LETTERS, min_size=1), st.sampled_from(["", "M_", "R_", "G_"]))
@example("168", "")
@example("_168", "")
@example("__45__", "M_")
@example("__4-", "M_")
@example("_5__x", "M_")
@example("a__SBML_DOT__b", "G_")
@example("M_M_x", "M_")
def test_every_id_comes_back(name, prefix):
    import libsbml

    made = sbml_id(prefix, name)
    assert libsbml.SyntaxChecker.isValidSBMLSId(made)
    assert plain_id(prefix, made) == name


@given(st.lists(st.text(st.sampled_from("_-45a"), min_size=1, max_size=9), min_size=2, unique=True))
def test_no_two_ids_are_written_alike(names):
    assert len({sbml_id("M_", name) for name in names}) == len(names)
    assert len({sbml_id("", name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("written_id", "plain"),
    [
        ("M_glc__91__e__93__", "glc[e]"),
        ("M_x__9__y", "x__9__y"),
        ("M_x__99999999__y", "x__99999999__y"),
        ("M_x__55296__y", "x__55296__y"),
        ("s_0069", "s_0069"),
    ],
)
def test_ids_of_others_are_decoded_where_a_character_has_the_code(written_id, plain):
    assert plain_id("M_", written_id) == plain


@pytest.mark.case("03-organism-id-digit")
@pytest.mark.parametrize("name", ["168", "83333.7", "_1", "E. coli", "a__45__b", "é-1"])
def test_a_model_of_any_id_has_one_that_others_read(tmp_path, name):
    import cobra

    model = replace(branched(rules={"At": "p1"}), identifier=name)
    write_sbml(model, tmp_path / "model.xml")
    assert cobra.io.read_sbml_model(str(tmp_path / "model.xml")).id == sbml_id("", name)
    assert consistency_errors(tmp_path / "model.xml") == []
    assert read_model(tmp_path / "model.xml").identifier == name
    assert sbml_id("", "168") == "_168"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda m: replace(m, gene_names={"p1": "a\x00b"}),
            r"holds '\\x00', which XML cannot hold",
        ),
        (lambda m: replace(m, rules={"At": "p\x07"}), "has a control character"),
        (lambda m: replace(m, identifier="a\x1b"), "has a control character"),
        (lambda m: replace(m, species=m.species.assign(name="x\x0b")), "XML cannot hold"),
        (
            lambda m: replace(m, species=m.species.assign(charge=10**7)),
            "would read back as another",
        ),
        (
            lambda m: replace(m, reactions=m.reactions.assign(lower_bound=2000.0)),
            "no flux is between",
        ),
        (lambda m: replace(m, reactions=m.reactions.assign(upper_bound=np.nan)), "is no number"),
        (
            lambda m: replace(m, stoichiometry=m.stoichiometry.replace("b_c", "z_c")),
            "'z_c' is not in",
        ),
        (lambda m: replace(m, objective="nothing"), "no objective reaction 'nothing'"),
    ],
)
def test_what_cannot_be_written_leaves_no_file(tmp_path, change, message):
    model = change(branched(rules={"At": "p1"}))
    with pytest.raises(InputError, match=message):
        write_sbml(model, tmp_path / "model.xml")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_reads_back_differently_does_not_count(tmp_path, monkeypatch):
    model = branched(rules={"At": "p1"})
    (tmp_path / "model.xml").write_text("before")
    text = sbml_writer.sbml_text
    monkeypatch.setattr(
        sbml_writer, "sbml_text", lambda *given: text(*given).replace('"G_p1"', '"G_p2"')
    )
    with pytest.raises(InputError, match="gene rule 'At' is 'p2' instead of 'p1'"):
        write_sbml(model, tmp_path / "model.xml")
    assert (tmp_path / "model.xml").read_text() == "before"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("alpha acid", "beta acid", "name of species 'a_c' is 'beta acid' instead of 'alpha acid'"),
        ("A carrier", "Another", "name of reaction 'At' is 'Another' instead of 'A carrier'"),
        ("adhE", "adhF", "name of gene 'p1' is 'adhF' instead of 'adhE'"),
        ("chebi/CHEBI:1", "chebi/CHEBI:2", "annotation of species 'a_c' is .*CHEBI:2.* instead of"),
        ("ec-code/1.1.1.1", "ec-code/1.1.1.2", "annotation of reaction 'At' is .*1.1.1.2.* inst"),
        ("bigg.metabolite/a<", "bigg.metabolite/b<", "annotation of species 'a_c' is .*'b'"),
    ],
)
def test_names_and_annotations_are_compared_too(tmp_path, monkeypatch, old, new, told):
    model = branched(rules={"At": "p1"})
    species = model.species.assign(chebi="", inchikey="", metanetx="")
    species.loc[species["species"] == "a_c", ["name", "chebi"]] = "alpha\nacid", "CHEBI:1;CHEBI:3"
    reactions = model.reactions.assign(rhea="", ec="")
    reactions.loc[reactions["reaction"] == "At", ["name", "ec"]] = "A carrier", "1.1.1.1"
    model = replace(model, species=species, reactions=reactions, gene_names={"p1": "adhE"})
    write_sbml(model, tmp_path / "model.xml")
    before, text = (tmp_path / "model.xml").read_bytes(), sbml_writer.sbml_text
    edited = text(model).replace('/a"', '/a<"') if "<" in old else text(model)
    assert edited.count(old) >= 1
    edited = edited.replace(old, new, 1).replace('<"', '"')
    monkeypatch.setattr(sbml_writer, "sbml_text", lambda *_: edited)
    with pytest.raises(InputError, match=f"would read back as another \\({told}"):
        write_sbml(model, tmp_path / "model.xml")
    assert (tmp_path / "model.xml").read_bytes() == before


def test_nothing_that_says_nothing_counts_as_a_difference(tmp_path):
    model = branched(rules={"At": "p1"})
    species = model.species.assign(bigg=model.species["metabolite"], chebi="NaN;;", name="")
    gene_names = {"p1": "G_p1", "none": "x"}
    reactions = model.reactions.assign(name="", ec=";1.1.1.1;")
    write_sbml(
        replace(model, species=species, gene_names=gene_names, reactions=reactions),
        tmp_path / "model.xml",
    )


@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(core="L2V1", fbc=0),
        Dialect(fbc=1, bounds="infinite"),
        Dialect(core="L3V2", boundary="b", ids="brackets", charges=False),
        Dialect(ids="raven", objective="smallest uptake", bounds="missing"),
        Dialect(objective="two", boundary="marked"),
        Dialect(objective="weighted"),
    ],
)
def test_models_of_others_are_written_as_they_were_read(tmp_path, dialect):
    (tmp_path / "theirs.xml").write_bytes(written(dialect))
    model = read_model(tmp_path / "theirs.xml")
    write_sbml(model, tmp_path / "ours.xml")
    again = read_model(tmp_path / "ours.xml")
    assert difference(model, again) == ""
    assert consistency_errors(tmp_path / "ours.xml") == []
    write_sbml(again, tmp_path / "twice.xml")
    assert (tmp_path / "twice.xml").read_bytes() == (tmp_path / "ours.xml").read_bytes()
