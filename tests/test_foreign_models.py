"""Models that other programs wrote: the growth that cobra computes of the same file."""

import gzip
import json
import logging
import lzma
import math
import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sbml_dialects import BIOMASS, OBJECTIVES, Dialect, textbook, written

from gemwright.errors import InputError
from gemwright.gem.boundary_species import without_balance
from gemwright.gem.flux import FluxModel
from gemwright.gem.load import read_model
from gemwright.gem.sbml_writer import write_sbml
from gemwright.strain_design.models import model_for_design
from gemwright.strain_design.strain import StrainModel

GROWTH = 0.8739215069684303


@pytest.fixture(autouse=True)
def quiet_cobra():
    logger = logging.getLogger("cobra")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    yield
    logger.setLevel(before)


def put(folder, dialect, **more):
    path = folder / f"model.xml{dialect.packing}"
    path.write_bytes(written(dialect, **more))
    return path


def optimum(path):
    solution = FluxModel.of(read_model(path)).optimise()
    return solution.value


def optimum_of_cobra(path):
    import cobra

    return cobra.io.read_sbml_model(str(path)).slim_optimize()


dialects = st.builds(
    Dialect,
    core=st.sampled_from(["L2V1", "L2V4", "L3", "L3V2"]),
    fbc=st.integers(0, 3),
    boundary=st.sampled_from(["", "b", "marked"]),
    bounds=st.sampled_from(["told", "infinite", "missing"]),
    ids=st.sampled_from(["bigg", "brackets", "raven", "bare"]),
    charges=st.booleans(),
    objective=st.sampled_from(sorted(OBJECTIVES)),
    decoy=st.booleans(),
    packing=st.sampled_from(["", ".gz", ".bz2"]),
).map(lambda dialect: replace(dialect, fbc=0) if dialect.core.startswith("L2") else dialect)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(dialect=dialects)
def test_every_dialect_has_the_optimum_that_cobra_computes(tmp_path_factory, dialect):
    path = put(tmp_path_factory.mktemp("dialect"), dialect)
    ours, theirs = optimum(path), optimum_of_cobra(path)
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("core, fbc", [("L2V1", 0), ("L2V4", 0), ("L3", 1), ("L3V2", 2), ("L3", 3)])
@pytest.mark.case("16-sbml-l3v2")
def test_levels_and_versions(tmp_path, core, fbc):
    model = read_model(put(tmp_path, Dialect(core=core, fbc=fbc)))
    assert FluxModel.of(model).growth() == pytest.approx(GROWTH)
    assert model.objective == BIOMASS
    assert len(model.genes) == len(textbook().genes)
    species = model.species.set_index("species")
    assert species.loc["atp_c", ["formula", "charge"]].tolist() == ["C10H12N5O13P3", -4]


@pytest.mark.case("13-sbml-active-objective")
def test_the_active_objective_counts(tmp_path):
    path = put(tmp_path, Dialect(decoy=True))
    assert read_model(path).objective == BIOMASS
    assert StrainModel(model_for_design(str(path))).wild_growth == pytest.approx(GROWTH)


@pytest.mark.case("13-sbml-active-objective")
@pytest.mark.parametrize(
    ("objective", "message"),
    [
        ("two", "the objective is of several reactions: ATPM, Biomass_Ecoli_core"),
        ("smallest uptake", "makes the flux of EX_co2_e as small as possible"),
    ],
)
def test_designs_refuse_other_objectives_by_name(tmp_path, objective, message):
    path = put(tmp_path, Dialect(objective=objective))
    with pytest.raises(InputError, match=message):
        model_for_design(str(path))
    with pytest.raises(InputError, match=message):
        StrainModel(read_model(path))
    again = tmp_path / "again.xml"
    write_sbml(read_model(path), again)
    assert optimum(again) == pytest.approx(optimum(path))


def test_designs_count_fluxes_whatever_the_weight(tmp_path):
    model = model_for_design(str(put(tmp_path, Dialect(objective="weighted"))))
    assert FluxModel.of(model).growth() == pytest.approx(2.5 * GROWTH)
    assert StrainModel(model).wild_growth == pytest.approx(GROWTH)


@pytest.mark.case("15-sbml-boundary-species")
def test_boundary_species_have_no_balance(tmp_path):
    path = put(tmp_path, Dialect(boundary="b"))
    model = read_model(path)
    assert FluxModel.of(model).growth() == pytest.approx(GROWTH)
    assert StrainModel(model).production_reaction("succ_e") == "EX_succ_e"
    marked = put(tmp_path, Dialect(boundary="marked"))
    assert optimum(marked) == pytest.approx(optimum_of_cobra(marked))
    assert optimum(marked) > 2 * GROWTH


def test_replaced_exchanges_are_counted_not_listed(caplog):
    names = [f"m{number}_e" for number in range(800)]
    reactions = pd.DataFrame({"reaction": [f"EX_{name}" for name in names], "name": "x"})
    reactions = reactions.assign(lower_bound=-5.0, upper_bound=5.0)
    leaves = pd.DataFrame(
        {"reaction": reactions["reaction"], "species": names, "coefficient": -1.0}
    )
    found, balances = without_balance(names, reactions, leaves, "m.xml")
    assert found["lower_bound"].tolist() == [-1000.0] * 800
    assert len(balances) == 800
    told = "replaced: 800, such as EX_m0_e, EX_m100_e, EX_m101_e"
    assert caplog.messages[0].endswith(told), caplog.messages


@pytest.mark.case("18-sbml-no-charges")
def test_unknown_charges_stay_unknown(tmp_path):
    model = read_model(put(tmp_path, Dialect(charges=False)))
    assert model.species["charge"].isna().all()
    write_sbml(model, tmp_path / "again.xml")
    assert "fbc:charge" not in (tmp_path / "again.xml").read_text()
    assert read_model(tmp_path / "again.xml").species["charge"].isna().all()


@pytest.mark.case("20-sbml-raven-ids-and-infinity")
def test_infinite_bounds_are_bounds(tmp_path):
    model = read_model(put(tmp_path, Dialect(bounds="infinite")))
    assert math.isinf(model.reactions["upper_bound"].max())
    assert StrainModel(model).wild_growth == pytest.approx(GROWTH)
    write_sbml(model, tmp_path / "again.xml")
    assert optimum(tmp_path / "again.xml") == pytest.approx(GROWTH)


def test_codes_in_every_id_are_decoded(tmp_path):
    model = read_model(put(tmp_path, Dialect(ids="brackets")))
    assert "glc__D[e]" in set(model.species["species"])
    assert "EX_glc__D(e)" in set(model.reactions["reaction"])
    assert model.species.set_index("species").loc["glc__D[e]", "metabolite"] == "glc__D"
    write_sbml(model, tmp_path / "again.xml")
    again = read_model(tmp_path / "again.xml")
    assert set(again.species["species"]) == set(model.species["species"])
    assert "bigg.metabolite" not in (tmp_path / "again.xml").read_text()


@pytest.mark.case("r16-sbml-empty-model")
def test_a_model_without_reactions(tmp_path):
    space = "http://www.sbml.org/sbml/level3/version1/core"
    path = tmp_path / "m.xml"
    path.write_text(f'<sbml xmlns="{space}" level="3" version="1"><model id="m"/></sbml>')
    with pytest.raises(InputError, match="has no reaction"):
        read_model(path)
    path.write_text('{"id": "m", "reactions": [], "metabolites": []}')
    with pytest.raises(InputError, match="has no reaction"):
        read_model(path)


@pytest.mark.case("r32-sbml-reaction-twice")
@pytest.mark.parametrize("place", ["</listOfReactions>", "</fbc:listOfGeneProducts>"])
def test_a_reaction_that_stands_there_twice(tmp_path, place):
    path = put(tmp_path, Dialect())
    text = path.read_text()
    start = text.index('<reaction id="R_PFK"')
    one = text[start : text.index("</reaction>", start) + len("</reaction>")]
    path.write_text(text.replace(place, f"{one}{place}"))
    with pytest.raises(InputError, match="the reaction 'R_PFK' is defined twice"):
        read_model(path)
    # with and without its prefix it is one id, too
    path.write_text(
        text.replace("</listOfReactions>", f"{one.replace('R_PFK', 'PFK', 1)}</listOfReactions>")
    )
    with pytest.raises(InputError, match="the reaction 'PFK' or 'R_PFK' is defined twice"):
        read_model(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('activeObjective="wanted"', 'activeObjective="x"', "objective 'x': 0 objectives have"),
        ('type="maximize"', 'type="most"', "its type 'most' is unknown"),
        ('coefficient="1.0"', 'coefficient="many"', "its coefficient 'many' is no number"),
        ('coefficient="1.0"', 'coefficient="1_0"', "its coefficient '1_0' is no number"),
        (' fbc:coefficient="1.0"', "", "its coefficient 'NaN' is no number"),
        ('id="low" value="-1000.0" constant="true"', 'id="low" constant="false"', None),
        ('id="R_PFK_low" value="0.0"', 'id="R_PFK_low" value="2000"', "reaction 'PFK': no flux"),
        (
            'id="R_PFK_low" value="0.0"',
            'id="R_PFK_low"',
            "R_PFK_low': its value 'NaN' is no number",
        ),
        (
            'id="R_PFK_low" value="0.0" constant="true"',
            'id="R_PFK_low" value="0" constant="false"',
            "parameter 'R_PFK_low': is a bound that is not constant",
        ),
        (
            'species="M_atp_c" stoichiometry="1.0"',
            'species="M_atp_c"',
            "'M_atp_c' has no coefficient",
        ),
        (
            'species="M_atp_c" stoichiometry="1.0"',
            'species="M_x" stoichiometry="1.0"',
            "the species 'x' is not in the list",
        ),
        (
            'species="M_atp_c" stoichiometry="1.0"',
            'species="M_atp_c" stoichiometry="INF"',
            "its coefficient 'INF' is infinite",
        ),
        ('fbc:charge="-4"', 'fbc:charge="-4.5"', "its charge '-4.5' is no whole number"),
    ],
)
def test_what_is_wrong_is_told_by_its_element(tmp_path, old, new, message):
    path = put(tmp_path, Dialect())
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    if message is None:
        assert optimum(path) == pytest.approx(GROWTH)
        return
    with pytest.raises(InputError, match=message):
        read_model(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"MATLAB 5.0 MAT-file", "is a MATLAB file"),
        (b"\x89HDF\r\n\x1a\n", "is an HDF5 or MATLAB 7.3 file"),
        (b"PK\x03\x04rest", "is a zip archive"),
        (b"!!omap\n- metabolites:", "is a YAML file"),
        (b"---\nid: m", "is a YAML file"),
        (b"<html><body/></html>", "is not SBML level 3 or 2: it begins with <html>"),
        (
            b'<sbml xmlns="http://www.sbml.org/sbml/level1" level="1"/>',
            "not SBML level 3 or 2, but 1",
        ),
        (b"[1, 2]", "JSON without 'reactions'"),
        (b'{"reactions": [}', r"is no JSON .line 1"),
        (gzip.compress(b"<sbml>")[:-6], "is cut off"),
        (lzma.compress(b"<sbml>")[:-6], "is cut off"),
        (b"", "no readable SBML"),
        (b'<?xml version="1.0" encoding="rot13"?><a/>', "no readable SBML"),
    ],
)
def test_other_formats_are_named_with_the_cure(tmp_path, content, message):
    path = tmp_path / "model"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_model(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot be opened"):
        read_model(tmp_path / "none.xml")
    with pytest.raises(InputError, match="cannot be opened"):
        read_model(tmp_path)


def test_json_of_cobra_is_the_same_model(tmp_path):
    import cobra

    cobra.io.save_json_model(textbook(), str(tmp_path / "m.json"))
    ours, theirs = read_model(tmp_path / "m.json"), read_model(textbook())
    assert FluxModel.of(ours).growth() == pytest.approx(GROWTH)
    assert ours.rules == theirs.rules
    assert ours.gene_names == theirs.gene_names
    for name in ("species", "reactions", "stoichiometry"):
        left, right = getattr(ours, name), getattr(theirs, name)
        keys = [column for column in left if column in ("reaction", "species")]
        left, right = (t[right.columns].sort_values(keys, ignore_index=True) for t in (left, right))
        assert left.equals(right), name
    packed = tmp_path / "packed"
    with gzip.open(packed, "wb") as handle, open(tmp_path / "m.json", "rb") as plain:
        shutil.copyfileobj(plain, handle)
    assert read_model(packed).rules == ours.rules


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m["reactions"].append(m["reactions"][0]), "of reactions is defined twice"),
        (lambda m: m["metabolites"].append(m["metabolites"][0]), "of metabolites is defined twice"),
        (lambda m: m["reactions"][0].pop("id"), "reactions number 1: has no id"),
        (lambda m: m["reactions"][0].update(lower_bound="low"), "'lower_bound' is no number"),
        (
            lambda m: m["reactions"][0].update(lower_bound=float("nan")),
            "'lower_bound' is no number",
        ),
        (lambda m: m["reactions"][0].update(lower_bound=1e4), "no flux is between its bounds"),
        (
            lambda m: m["reactions"][0]["metabolites"].update(x=1),
            "'x' is not in the list of species",
        ),
        (
            lambda m: m["reactions"][0].update(gene_reaction_rule="(a"),
            "a parenthesis is not closed",
        ),
        (lambda m: m["metabolites"][0].update(charge=0.5), "its charge 0.5 is no whole number"),
        (lambda m: m.update(metabolites={}), "'metabolites' is missing or of another type"),
    ],
)
def test_json_that_is_wrong_is_told_by_its_element(tmp_path, change, message):
    import cobra

    content = cobra.io.model_to_dict(textbook())
    change(content)
    (tmp_path / "m.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=message):
        read_model(tmp_path / "m.json")


@pytest.mark.case("r15-json-deep")
def test_json_that_is_nested_deep(tmp_path):
    from gemwright.sources.bigg_json import read_json

    path = tmp_path / "deep.json"
    for inside in ("[" * 5_000 + "]" * 5_000, "9" * 5_000):
        path.write_text('{"id":"m","reactions":[],"metabolites":[],"genes":[],"x":' + inside + "}")
        for read in (read_model, read_json):
            with pytest.raises(InputError, match="is no JSON of ours"):
                read(path)


def test_rules_in_notes_count_where_there_are_no_gene_products(tmp_path, caplog):
    """Fbc 2 by programs that have left the genes in notes: no gene was read, and none told."""
    text = written(Dialect()).decode()
    assert "geneProductAssociation" in text
    bare = re.sub(r"<fbc:listOfGeneProducts>.*?</fbc:listOfGeneProducts>", "", text, flags=re.S)
    notes = (
        '<notes><body xmlns="http://www.w3.org/1999/xhtml"><p>GENE_ASSOCIATION: n1 and n2</p>'
        "</body></notes>"
    )
    for name, made, genes in (
        ("notes", bare, ["n1", "n2"]),
        ("both", text, []),
    ):
        path = tmp_path / f"{name}.xml"
        path.write_text(
            re.sub(
                r"<fbc:geneProductAssociation.*?</fbc:geneProductAssociation>",
                notes, made, flags=re.S,
            )
        )  # fmt: skip
        assert read_model(path).genes == genes
    assert caplog.text.count("gene rules are read from notes") == 1
