"""Models of BiGG: both layouts, annotations in every form, findings, and the real files."""

import copy
import gzip
import json
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror
from toy_strain import evaluate_gpr

from gemwright.errors import InputError
from gemwright.gem import gpr
from gemwright.gem.gpr import gene_complexes, parse_gpr
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.sources import bigg_snapshot
from gemwright.sources.bigg_annotations import annotation_pairs
from gemwright.sources.bigg_models import (
    reaction_rhea,
    read_bigg_model,
    read_bigg_models,
)

MODELS = MIRROR / "bigg.ucsd.edu" / "static" / "models"

TINY = {
    "id": "tiny",
    "version": "1",
    "compartments": {"c": "cytosol", "e": "extracellular space"},
    "metabolites": [
        {
            "id": "atp_c",
            "name": "ATP",
            "compartment": "c",
            "charge": -4,
            "formula": "C10H12N5O13P3",
            "annotation": {"chebi": ["CHEBI:30616", "15422"], "sbo": "SBO:0000247"},
        },
        {
            "id": "adp_c",
            "name": "ADP",
            "compartment": "c",
            "charge": -3,
            "formula": "C10H12N5O10P2",
        },
        {"id": "pi_c", "name": "Phosphate", "compartment": "c", "charge": -2, "formula": "HO4P"},
        {"id": "h2o_c", "name": "H2O", "compartment": "c", "charge": 0, "formula": "H2O"},
        {"id": "h_c", "name": "H+", "compartment": "c", "charge": 1, "formula": "H"},
        {"id": "h_e", "name": "H+", "compartment": "e", "charge": 1, "formula": "H"},
    ],
    "reactions": [
        {
            "id": "ATPM",
            "name": "ATP maintenance",
            "metabolites": {"adp_c": 1.0, "atp_c": -1.0, "h2o_c": -1.0, "h_c": 1.0, "pi_c": 1.0},
            "lower_bound": 8.39,
            "upper_bound": 1000.0,
            "gene_reaction_rule": "(g1 and g2) or g3",
            "objective_coefficient": 1.0,
            "subsystem": "Maintenance",
            "annotation": {"rhea": ["13065", "RHEA:13066", "13067#1"]},
        },
        {
            "id": "EX_h_e",
            "name": "H+ exchange",
            "metabolites": {"h_e": -1.0},
            "lower_bound": -1000.0,
            "upper_bound": 1000.0,
            "gene_reaction_rule": "",
        },
    ],
    "genes": [
        {"id": "g1", "name": "one", "annotation": {"uniprot": ["P00001"], "ncbigi": "gi:16"}},
        {"id": "g2", "name": "two", "annotation": []},
        {"id": "g3", "name": "three", "annotation": [["UniProt", "P00003"]]},
    ],
}

SBML = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
 xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2"
 xmlns:groups="http://www.sbml.org/sbml/level3/version1/groups/version1"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<model id="tiny">
 <fbc:listOfObjectives><fbc:objective><fbc:listOfFluxObjectives>
  <fbc:fluxObjective fbc:reaction="R_ATPM" fbc:coefficient="1"/>
 </fbc:listOfFluxObjectives></fbc:objective></fbc:listOfObjectives>
 <fbc:listOfGeneProducts>
  <fbc:geneProduct fbc:id="G_g1" fbc:name="one"><annotation><rdf:li
   rdf:resource="http://identifiers.org/uniprot/P00001"/><rdf:li
   rdf:resource="http://identifiers.org/ncbigi/gi:16"/></annotation></fbc:geneProduct>
  <fbc:geneProduct fbc:id="G_g2" fbc:name="two"/>
  <fbc:geneProduct fbc:id="G_g3" fbc:name="three"/>
 </fbc:listOfGeneProducts>
 <groups:listOfGroups><groups:group groups:name="Maintenance"><groups:listOfMembers>
  <groups:member groups:idRef="R_ATPM"/></groups:listOfMembers></groups:group></groups:listOfGroups>
 <listOfSpecies>
  <species id="M_atp_c" name="ATP" compartment="c" fbc:charge="-4"
   fbc:chemicalFormula="C10H12N5O13P3"><annotation><rdf:li
   rdf:resource="http://identifiers.org/chebi/CHEBI:30616"/><rdf:li
   rdf:resource="https://identifiers.org/CHEBI:15422"/></annotation></species>
  <species id="M_adp_c" name="ADP" compartment="c" fbc:charge="-3"
   fbc:chemicalFormula="C10H12N5O10P2"/>
  <species id="M_pi_c" name="Phosphate" compartment="c" fbc:charge="-2"
   fbc:chemicalFormula="HO4P"/>
  <species id="M_h2o_c" name="H2O" compartment="c" fbc:chemicalFormula="H2O"/>
  <species id="M_h_c" name="H+" compartment="c" fbc:charge="1" fbc:chemicalFormula="H"/>
  <species id="M_h_e" name="H+" compartment="e" fbc:charge="1" fbc:chemicalFormula="H"/>
 </listOfSpecies>
 <listOfParameters><parameter id="low" value="8.39"/><parameter id="big" value="1000"/>
  <parameter id="minus" value="-1000"/></listOfParameters>
 <listOfReactions>
  <reaction id="R_ATPM" name="ATP maintenance" fbc:lowerFluxBound="low" fbc:upperFluxBound="big">
   <fbc:geneProductAssociation><fbc:or>
    <fbc:and><fbc:geneProductRef fbc:geneProduct="G_g1"/>
     <fbc:geneProductRef fbc:geneProduct="G_g2"/></fbc:and>
    <fbc:geneProductRef fbc:geneProduct="G_g3"/></fbc:or></fbc:geneProductAssociation>
   <listOfReactants><speciesReference species="M_atp_c" stoichiometry="1"/>
    <speciesReference species="M_h2o_c" stoichiometry="2"/></listOfReactants>
   <listOfProducts><speciesReference species="M_adp_c" stoichiometry="1"/>
    <speciesReference species="M_pi_c" stoichiometry="1"/>
    <speciesReference species="M_h2o_c" stoichiometry="1"/>
    <speciesReference species="M_h_c" stoichiometry="1"/></listOfProducts>
  </reaction>
  <reaction id="R_EX_h_e" name="H+ exchange" fbc:lowerFluxBound="minus" fbc:upperFluxBound="big">
   <listOfReactants><speciesReference species="M_h_e" stoichiometry="1"/></listOfReactants>
  </reaction>
 </listOfReactions>
</model></sbml>
"""


@pytest.fixture
def tiny():
    return copy.deepcopy(TINY)


def put(folder, content, name="tiny.json"):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def counts(tables):
    return dict(zip(tables.findings["item"], tables.findings["count"], strict=True))


def named(annotations, namespace, *columns):
    return as_set(annotations[annotations["namespace"] == namespace], *columns)


def as_set(frame, *columns):
    return set(frame[list(columns)].itertuples(index=False, name=None))


def stoichiometry_of(tables, reaction):
    rows = tables.stoichiometry.query("reaction == @reaction")
    return dict(zip(rows["species"], rows["coefficient"], strict=True))


# --- tiny examples ----------------------------------------------------------------------------


def test_a_json_model_becomes_typed_tables(tmp_path, tiny):
    tables = read_bigg_model(put(tmp_path, tiny))
    assert set(tables.tables()) == {
        "reactions", "stoichiometry", "species", "genes", "reaction_annotations",
        "metabolite_annotations", "gene_annotations", "finding_items", "findings",
    }  # fmt: skip
    assert tables.reactions.iloc[0].to_dict() == {
        "model": "tiny", "reaction": "ATPM", "name": "ATP maintenance", "lower_bound": 8.39,
        "upper_bound": 1000.0, "subsystem": "Maintenance", "gene_rule": "(g1 and g2) or g3",
        "objective": 1.0,
    }  # fmt: skip
    assert stoichiometry_of(tables, "ATPM") == TINY["reactions"][0]["metabolites"]
    assert tables.species.iloc[0].to_dict() == {
        "model": "tiny", "species": "atp_c", "metabolite": "atp", "compartment": "c",
        "name": "ATP", "formula": "C10H12N5O13P3", "charge": -4,
    }  # fmt: skip
    assert as_set(reaction_rhea(tables), "reaction", "rhea_id") == {
        ("ATPM", "13065"), ("ATPM", "13066"), ("ATPM", "13067"),
    }  # fmt: skip
    assert {
        ("atp", "chebi", "CHEBI:30616"), ("atp", "chebi", "CHEBI:15422"),
    } <= as_set(tables.metabolite_annotations, "metabolite", "namespace", "identifier")  # fmt: skip
    assert ("tiny", "g1", "uniprot", "P00001") in as_set(
        tables.gene_annotations, "model", "gene", "namespace", "identifier"
    )
    found = counts(tables)
    assert found.pop("ChEBI annotation not written CHEBI:<number>") == 1
    assert found.pop("Rhea annotation with a variant, <number>#<variant>") == 1
    assert set(found.values()) == {0}
    assert tables.finding_items.empty


def test_sbml_gives_the_same_tables_as_json(tmp_path, tiny):
    from_json = read_bigg_model(put(tmp_path, tiny))
    (tmp_path / "tiny.xml.gz").write_bytes(gzip.compress(SBML.encode()))
    from_sbml = read_bigg_model(tmp_path / "tiny.xml.gz")
    pd.testing.assert_frame_equal(from_sbml.reactions, from_json.reactions)
    assert stoichiometry_of(from_sbml, "ATPM") == stoichiometry_of(from_json, "ATPM")
    pd.testing.assert_frame_equal(from_sbml.genes, from_json.genes)
    # the SBML states no charge of water, and that is not a charge of 0
    assert from_sbml.species["charge"].isna().tolist() == [0, 0, 0, 1, 0, 0]
    assert from_sbml.species.drop(columns="charge").equals(from_json.species.drop(columns="charge"))
    assert named(from_sbml.metabolite_annotations, "chebi", "identifier") == {
        ("CHEBI:30616",), ("CHEBI:15422",),
    }  # fmt: skip
    assert as_set(from_sbml.gene_annotations, "gene", "namespace", "identifier") == {
        ("g1", "uniprot", "P00001"), ("g1", "ncbigi", "16"),
    }  # fmt: skip
    assert counts(from_sbml)["species without charge"] == 1


def test_gprs_and_bounds_of_several_models(tmp_path, tiny):
    path = put(tmp_path, tiny)
    (tmp_path / "packed").write_bytes(gzip.compress(path.read_bytes()))
    tables = read_bigg_models({"tiny": path, "again": tmp_path / "packed"})
    first = tables.gprs[tables.gprs["model"] == "tiny"]
    assert as_set(first, "gene", "complex", "reaction") == {
        ("g1", "g1+g2", "ATPM"), ("g2", "g1+g2", "ATPM"), ("g3", "g3", "ATPM"),
    }  # fmt: skip
    assert len(tables.gprs) == 6 and len(tables.model_bounds) == 4
    assert list(tables.model_bounds) == ["model", "reaction", "lower_bound", "upper_bound"]
    assert len(tables.reaction_annotations) == 3  # those of both models are the same
    assert counts(tables)["the id inside the file differs from its name"] == 1
    assert set(tables.finding_items["model"]) == {"again"}
    for name, frame in tables.tables().items():
        write_parquet(frame, tmp_path / f"{name}.parquet")
        assert len(read_parquet(tmp_path / f"{name}.parquet")) == len(frame)


def test_the_universal_model_has_no_genes_and_lists_of_pairs(tmp_path, tiny):
    tiny["id"] = "universal"
    tiny["genes"] = []
    for item in tiny["reactions"]:
        item["gene_reaction_rule"] = ""
    tiny["metabolites"][0]["annotation"] = [
        ["CHEBI", "http://identifiers.org/chebi/CHEBI:15422"],
        ["InChI Key", "https://identifiers.org/inchikey/ZKHQWZAMYRWXGA-KQYNXXCUSA-J"],
        ["MetaNetX (MNX) Chemical", "http://identifiers.org/metanetx.chemical/MNXM3"],
    ]
    tables = read_bigg_models({"universal_model": put(tmp_path, tiny)})
    assert tables.genes.empty and tables.gprs.empty
    assert as_set(tables.metabolite_annotations, "namespace", "identifier") == {
        ("chebi", "CHEBI:15422"),
        ("inchi_key", "ZKHQWZAMYRWXGA-KQYNXXCUSA-J"),
        ("metanetx.chemical", "MNXM3"),
    }


def test_every_finding_is_counted_and_named(tmp_path, tiny):
    reactions, species = tiny["reactions"], tiny["metabolites"]
    tiny["id"] = "other"
    reactions[0]["metabolites"]["pi_c"] = 0
    reactions[0]["objective_coefficient"] = 0
    reactions[0]["annotation"]["rhea"] += ["13065", "", "none"]
    reactions.append(copy.deepcopy(reactions[1]))
    reactions.append(
        {
            "id": "BAD",
            "metabolites": {},
            "lower_bound": 1,
            "upper_bound": 0,
            "gene_reaction_rule": "g1 and (g2 or",
        }
    )
    reactions[1]["gene_reaction_rule"] = "g9"
    species[3]["formula"] = "None"
    species[4]["formula"] = "HR"
    species[5] |= {"formula": "(C6H10O5)n", "charge": 0.5}
    species.append({"id": "lone", "compartment": "c", "charge": None})
    tables = read_bigg_model(put(tmp_path, tiny))
    found = {item: count for item, count in counts(tables).items() if count}
    assert found == {
        "the id inside the file differs from its name": 1,
        "reaction listed twice": 1,
        "coefficient of zero": 1,
        "reaction without metabolites": 1,
        "lower bound above the upper one": 1,
        "model without objective": 1,
        "gene rule that does not parse": 1,
        "gene of a rule that the list of genes lacks": 1,
        "species whose name does not end in its compartment": 1,
        "formula that is a word for none": 1,
        "species without formula": 2,
        "formula with a residue (R, X)": 1,
        "formula of a polymer or not readable": 1,
        "species without charge": 2,
        "species that no reaction uses": 2,
        "blank annotation": 1,
        "ChEBI or Rhea annotation that is no number": 1,
        "ChEBI annotation not written CHEBI:<number>": 1,
        "Rhea annotation with a variant, <number>#<variant>": 1,
        "annotation twice for one item": 1,
        "charge that is no whole number": 1,
    }
    rule = tables.finding_items[tables.finding_items["finding"] == "gene rule that does not parse"]
    assert rule[["item", "detail"]].values.tolist() == [["BAD", "g1 and (g2 or"]]
    assert tables.reactions.set_index("reaction").loc["BAD", "gene_rule"] == ""
    assert tables.genes["gene"].tolist() == ["g1", "g2", "g3", "g9"]
    assert tables.species["metabolite"].tolist()[-1] == "lone"


def test_imbalance_is_measured_where_all_formulas_are_known(tmp_path, tiny):
    tiny["reactions"][0]["metabolites"].pop("h_c")
    tables = read_bigg_model(put(tmp_path, tiny))
    finding = "reaction that is not balanced, all its formulas being known"
    rows = tables.finding_items[tables.finding_items["finding"] == finding]
    assert rows[["item", "detail"]].values.tolist() == [["ATPM", "H-1"]]
    tiny["metabolites"][1]["formula"] = "C10H12N5O10P2R"
    again = read_bigg_model(put(tmp_path, tiny))
    assert finding not in set(again.finding_items["finding"])


def test_differences_between_models_are_counted(tmp_path, tiny):
    path = put(tmp_path, tiny)
    tiny["reactions"][1]["metabolites"]["h_e"] = -2
    tiny["metabolites"][2]["formula"] = "H2O4P"
    other = put(tmp_path, tiny, "other.json")
    found = counts(read_bigg_models({"tiny": path, "other": other}))
    assert found["reaction whose stoichiometry differs between models"] == 1
    assert found["metabolite whose formula differs between models or compartments"] == 1


def test_rules_of_too_many_complexes_are_left_out_and_named(tmp_path, tiny, monkeypatch):
    monkeypatch.setattr(gpr, "MAX_COMPLEXES", 1)
    tables = read_bigg_models({"tiny": put(tmp_path, tiny)})
    assert tables.gprs.empty
    assert tables.finding_items[["item", "detail"]].values.tolist() == [
        ["ATPM", "(g1 and g2) or g3"]
    ]
    assert tables.reactions["gene_rule"].iloc[0] == "(g1 and g2) or g3"


def change(path):
    """Return a function that sets the value at `path`, or removes it if the value is KeyError."""

    def apply(model, value):
        inner = model
        for key in path[:-1]:
            inner = inner[key]
        if value is KeyError:
            del inner[path[-1]]
        else:
            inner[path[-1]] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["reactions"], KeyError, "tiny.json: the key 'reactions' is missing"),
        (["genes"], {}, "the key 'genes' is dict, not list"),
        (["reactions"], [], "no reactions"),
        (["reactions", 0, "id"], KeyError, "reaction number 1: the key 'id' is missing"),
        (["reactions", 0, "id"], "a b", "white space"),
        (["reactions", 0], "ATPM", "reaction number 1: is str"),
        (["reactions", 0, "lower_bound"], "8", "'ATPM': the key 'lower_bound' is str"),
        (["reactions", 0, "upper_bound"], True, "'upper_bound' is bool"),
        (["reactions", 0, "upper_bound"], float("nan"), "'upper_bound' is no number"),
        (["reactions", 0, "metabolites"], KeyError, "'metabolites' is missing"),
        (["reactions", 0, "metabolites", "atp_c"], "1", "'atp_c' is str"),
        (["reactions", 0, "metabolites", "xyz_c"], 1, "'xyz_c' is not in the list"),
        (["metabolites", 0, "formula"], 6, "species 'atp_c': the key 'formula' is int"),
        (["genes", 0, "annotation"], "P00001", "gene 'g1': the annotation 'P00001'"),
        (["genes", 0, "annotation"], {"uniprot": {"a": 1}}, "gene 'g1': .* is no identifier"),
    ],
)  # fmt: skip
def test_what_is_no_model_is_told_with_file_and_key(tmp_path, tiny, path, value, message):
    change(path)(tiny, value)
    with pytest.raises(InputError, match=message) as raised:
        read_bigg_model(put(tmp_path, tiny))
    assert "tiny.json" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("gene,reaction\n", "neither JSON nor SBML"),
        ("<!DOCTYPE html><html>404</html>", "HTML"),
        ('{"reactions": [', "is no JSON"),
        ("{}", "'reactions' is missing"),
        ("<sbml", "no readable SBML"),
        ("<sbml></sbml>", "not SBML level 3"),
        (SBML.replace('value="8.39"', 'value="low"'), "is no number"),
        (SBML.replace('lowerFluxBound="low"', 'lowerFluxBound="none"'), "is no number"),
        (SBML.replace('id="M_h_e"', 'id="M_h_c"'), "'M_h_c' is defined twice"),
        (SBML.replace('species="M_h_e"', 'species="M_q_e"'), "'q_e' is not in the list"),
    ],
)
def test_other_files_are_told(tmp_path, text, message):
    name = "model.xml" if text.startswith("<") else "model.json"
    with pytest.raises(InputError, match=message) as raised:
        read_bigg_model(put(tmp_path, text, name))
    assert name in str(raised.value)


def test_missing_and_truncated_files_are_told(tmp_path, tiny):
    with pytest.raises(InputError, match="cannot be opened"):
        read_bigg_model(tmp_path / "none.json")
    with pytest.raises(InputError, match="none to read"):
        read_bigg_models({})
    for name, text in (("cut.json", json.dumps(tiny)), ("cut.xml.gz", SBML)):
        packed = gzip.compress(text.encode())
        (tmp_path / name).write_bytes(packed[: len(packed) // 2])
        with pytest.raises(InputError, match="cut off"):
            read_bigg_model(tmp_path / name)


# --- annotations and rules, by properties -------------------------------------------------------

names = st.sampled_from(["kegg.compound", "uniprot", "sbo", "EnsemblGenomes-Gn"])
words = st.text("ABCxyz019:-._", min_size=1, max_size=8)


@given(st.dictionaries(names, st.lists(words, min_size=1, max_size=4)))
def test_the_layout_of_an_annotation_does_not_matter(annotation):
    expected = [(key, item) for key, items in annotation.items() for item in dict.fromkeys(items)]
    assert annotation_pairs(annotation) == expected
    pairs = [[key, item] for key, items in annotation.items() for item in items]
    assert annotation_pairs(pairs) == expected
    addresses = [[key, f"http://identifiers.org/{key}/{item}"] for key, item in pairs]
    assert annotation_pairs(addresses) == expected
    single = {key: items[0] for key, items in annotation.items()}
    assert annotation_pairs(single) == [(key, item) for key, item in single.items()]


@given(
    st.integers(1, 10**6),
    st.sampled_from(
        ["{}", "CHEBI:{}", "chebi:{}", "CHEBI:CHEBI:{}", " {} ",
         "http://identifiers.org/chebi/CHEBI:{}", "https://identifiers.org/CHEBI:{}"]
    ),
)  # fmt: skip
def test_chebi_is_written_in_one_way(number, form):
    found = Counter()
    assert annotation_pairs({"chebi": form.format(number)}, counts=found) == [
        ("chebi", f"CHEBI:{number}")
    ]
    assert annotation_pairs({"chebi": [f"CHEBI:{number}"]}) == [("chebi", f"CHEBI:{number}")]


@given(
    st.integers(10000, 99999),
    st.sampled_from(["{}", "RHEA:{}", "{}#1", "{}#12", "http://identifiers.org/rhea/{}"]),
)
def test_rhea_is_written_as_digits(number, form):
    assert annotation_pairs({"rhea": [form.format(number)]}) == [("rhea", str(number))]


@given(st.one_of(words, st.none(), st.integers(0, 99)))
def test_nothing_is_dropped_without_a_count(value):
    found = Counter()
    pairs = annotation_pairs({"chebi": [value]}, counts=found)
    assert len(pairs) + found["blank"] + found["unreadable"] == 1


@pytest.mark.parametrize("layout", [None, {}, [], {"chebi": []}, {"chebi": None}])
def test_empty_annotations(layout):
    assert annotation_pairs(layout) == []


@pytest.mark.parametrize(
    "layout", ["text", 3, [["a", "b", "c"]], ["ab", 1], {"a": True}, {"a": 1.5}]
)
def test_annotations_of_no_known_layout(layout):
    with pytest.raises(InputError, match="here: the annotation"):
        annotation_pairs(layout, "here")


genes = st.sampled_from(["a", "b", "c", "d"])
rules = st.recursive(
    genes,
    lambda inner: st.tuples(
        st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)
    ),
    max_leaves=8,
)


@given(rules, st.sets(genes))
def test_complexes_say_what_the_rule_says(rule, lost):
    complexes = gene_complexes(rule)
    assert evaluate_gpr(rule, lost) == any(not members & lost for members in complexes)
    assert len(set(complexes)) == len(complexes)


def test_complexes_of_nested_rules():
    rule = parse_gpr("(a or b) and (c or d) or a and c")
    assert {"+".join(sorted(members)) for members in gene_complexes(rule)} == {
        "a+c", "a+d", "b+c", "b+d",
    }  # fmt: skip
    assert gene_complexes(None) == []
    wide = " and ".join(f"({' or '.join(f'g{i}_{j}' for j in range(20))})" for i in range(20))
    with pytest.raises(OverflowError):
        gene_complexes(parse_gpr(wide))


# --- the real files ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def iml1515():
    return read_bigg_models({"iML1515": MODELS / "iML1515.json"})


@needs_mirror
def test_json_and_sbml_of_iml1515_agree(iml1515):
    sbml = read_bigg_models({"iML1515": MODELS / "iML1515.xml.gz"})
    for table, columns in (
        ("reactions", ("reaction", "lower_bound", "upper_bound", "objective")),
        ("stoichiometry", ("reaction", "species", "coefficient")),
        ("species", ("species", "metabolite", "compartment", "name", "formula", "charge")),
        ("genes", ("gene",)),
        ("gprs", ("gene", "complex", "reaction")),
    ):
        ours, theirs = getattr(iml1515, table), getattr(sbml, table)
        assert len(ours) == len(theirs)
        assert as_set(ours, *columns) == as_set(theirs, *columns), table
    # and the differences that there are: both files are of another release
    both = iml1515.reactions.merge(sbml.reactions, on="reaction", suffixes=("", "_sbml"))
    names = both[both["name"] != both["name_sbml"]]
    assert len(names) == 12 and set(names["name_sbml"]) == {""}
    groups = both[both["subsystem"] != both["subsystem_sbml"]]
    assert Counter(groups["subsystem_sbml"]) == {"": 339, "Transport, Outer Membrane": 1}
    assert named(iml1515.gene_annotations, "uniprot", "gene", "identifier") == named(
        sbml.gene_annotations, "uniprot", "gene", "identifier"
    )


@needs_mirror
def test_iml1515_agrees_with_the_embedded_snapshot(iml1515):
    snapshot = bigg_snapshot.read_gprs().query("model == 'iML1515'")
    columns = ("model", "gene", "complex", "reaction")
    assert list(iml1515.gprs) == list(columns)
    assert as_set(iml1515.gprs, *columns) == as_set(snapshot, *columns)
    bounds = bigg_snapshot.read_model_bounds().query("model == 'iML1515'")
    joined = iml1515.model_bounds.merge(bounds, on=["model", "reaction"])
    assert len(joined) > 2000
    assert (joined["lower_bound_x"] == joined["lower_bound_y"]).all()
    assert (joined["upper_bound_x"] == joined["upper_bound_y"]).all()


@needs_mirror
def test_all_models_of_the_mirror():
    paths = {path.stem: path for path in sorted(MODELS.glob("*.json"))}
    assert len(paths) == 21
    tables = read_bigg_models(paths)
    size = tables.genes.groupby("model").size()
    assert (size["iML1515"], size["iMM904"], size["e_coli_core"]) == (1516, 905, 137)
    assert len(tables.reactions) == 32_594
    assert len(tables.species) == 24_187
    assert len(tables.stoichiometry) == 134_691
    found = counts(tables)
    assert found["gene rule that does not parse"] == 0
    assert found["reaction without metabolites"] == 1
    assert found["model without objective"] == 1
    assert found["formula that is a word for none"] == 2
    assert found["species without formula"] == 2_962
    assert found["species without charge"] == 5_144
    assert found["Rhea annotation with a variant, <number>#<variant>"] == 2_108
    assert found["reaction that is not balanced, all its formulas being known"] == 113
    assert found["gene rule of more than 10000 complexes"] == 27
    assert found["reaction whose stoichiometry differs between models"] == 0
    chebi = tables.metabolite_annotations.query("namespace == 'chebi'")["identifier"]
    assert chebi.str.fullmatch(r"CHEBI:\d+").all()
    assert reaction_rhea(tables)["rhea_id"].str.fullmatch(r"\d+").all()
    named_genes = named(tables.gene_annotations, "uniprot", "model", "gene")
    assert sum(model == "iML1515" for model, _ in named_genes) == 1515
    # the rules of the snapshot, model by model; it lacks some rules of four models
    snapshot = bigg_snapshot.read_gprs()
    snapshot = snapshot[snapshot["model"].isin(paths)]
    columns = ("model", "gene", "complex", "reaction")
    assert as_set(snapshot, *columns) <= as_set(tables.gprs, *columns)
    assert snapshot["model"].nunique() == 19
    known = as_set(snapshot, "model", "reaction")
    more = as_set(tables.gprs, "model", "reaction") - known
    more = {pair for pair in more if pair[0] in set(snapshot["model"])}
    assert {model for model, _ in more} == {"iAF987", "iEK1008", "iMM904", "iSynCJ816"}
