"""ChEBI: structures of both layouts, merged identifiers, conjugate acids and bases."""

import functools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror

from gemwright.errors import InputError
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.sources.chebi import read_chebi, resolve

WATER, ETHANOL = "XLYOFNOQVPJJNP-UHFFFAOYSA-N", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N"
DRAWING = '"\n  drawn by hand\n\n  1  0  0\n""CHG""\tM  END\n"'
HEADER = (
    "id\tcompound_id\tstatus_id\tmolfile\tsmiles\tstandard_inchi\tstandard_inchi_key"
    "\tdimension\tdefault_structure\n"
)
STRUCTURES = HEADER + "".join(
    "\t".join([str(number), compound, "1", DRAWING, smiles, '""', key, "2D", default]) + "\n"
    for number, (compound, smiles, key, default) in enumerate(
        [
            ("15377", "[H]O[H]", WATER, "false"),
            ("15377", "O", WATER, "true"),
            ("16236", "CCO", WATER, "true"),  # the key of another compound
            ("5", "C(((", "", "true"),
            ("6", "*CC |$_R1;;$|", "", "true"),
            ("7", "", "", "true"),
            ("8", "N", "InChIKey=QGZKDVFQNNGYKY-UHFFFAOYSA-N", "true"),
            ("9", "[NH4+]", "none", "true"),
            ("100", "OO", "", "true"),  # merged into 15377, which has a structure
            ("102", "CC", "", "true"),  # merged into 103, which has none
            ("11", "C[C@H](N)C(O)=O", "QNAYBMKLOCPYGJ-UWTATZPHSA-N", "true"),  # D-alanine's key
        ],
        start=1,
    )
)
COMPOUNDS = (
    "id\tname\tstatus_id\tsource\tparent_id\tmerge_type\tchebi_accession\tdefinition\n"
    '15377\twater\t1\tChEBI\t\t\tCHEBI:15377\t"An oxygen hydride\n consisting of..."\n'
    "100\told water\t5\tChEBI\t101\t\tCHEBI:100\t\n"
    "101\tolder water\t5\tChEBI\t15377\t\tCHEBI:101\t\n"
)
SECONDARY = "compound_id\tsecondary_id\n103\t102\n15377\t100\n200\t201\n201\t200\n"
RELATIONS = (
    "id\trelation_type_id\tinit_id\tfinal_id\tstatus_id\tevidence_accession\tevidence_source_id\n"
    '1\t7\t16234\t15377\t1\t""\t""\n'
    '2\t6\t101\t16234\t1\t""\t""\n'
    '3\t5\t15377\t33693\t1\t""\t""\n'
    '4\t7\t15377\t15377\t1\t""\t""\n'
)
TYPES = (
    "id\tcode\tallow_cycles\tdescription\n5\tis_a\tfalse\tis a\n"
    "6\tis_conjugate_acid_of\ttrue\tx\n7\tis_conjugate_base_of\ttrue\tx\n11\tis_tautomer_of\ttrue\tx\n"
)


def read(folder, checked=False, **texts):
    paths = {}
    for name, text in texts.items():
        paths[name] = folder / f"{name}.tsv.gz"
        paths[name].write_text(text, encoding="utf-8")
    return read_chebi(**paths, checked=checked)


def count(tables, item):
    rows = tables.findings[tables.findings["item"].eq(item)]
    assert len(rows) == 1, tables.findings["item"].tolist()
    return rows["count"].iloc[0]


def test_live_structures_and_merged_identifiers(tmp_path):
    tables = read(
        tmp_path, structures=STRUCTURES, compounds=COMPOUNDS, secondary_ids=SECONDARY,
        relations=RELATIONS,
    )  # fmt: skip
    structures = tables.structures.set_index("chebi")
    assert structures["smiles"].to_dict() == {
        "CHEBI:15377": "O", "CHEBI:16236": "CCO", "CHEBI:5": "C(((", "CHEBI:6": "*CC",
        "CHEBI:8": "N", "CHEBI:9": "[NH4+]", "CHEBI:103": "CC", "CHEBI:11": "C[C@H](N)C(O)=O",
    }  # fmt: skip
    assert structures.loc["CHEBI:8", "inchikey"] == "QGZKDVFQNNGYKY-UHFFFAOYSA-N"
    assert structures.loc["CHEBI:9", "inchikey"] is None
    assert tables.merged.set_index("secondary")["chebi"].to_dict() == {
        "CHEBI:100": "CHEBI:15377", "CHEBI:101": "CHEBI:15377", "CHEBI:102": "CHEBI:103",
    }  # fmt: skip
    assert tables.parents.values.tolist() == [
        ["CHEBI:16234", "is_conjugate_base_of", "CHEBI:15377"],
        ["CHEBI:15377", "is_conjugate_acid_of", "CHEBI:16234"],
    ]
    found = {
        "merged identifiers with several primary ones": 1,
        "merged identifiers that lead to a merged one": 3,
        "merged identifiers that lead back to themselves": 2,
        "merged identifiers": 3,
        "SMILES with an extension (repeat units, labelled R groups)": 1,
        "rows without SMILES and InChIKey (drawing only)": 1,
        "malformed InChIKeys": 1,
        "further structures of an entry": 1,
        "structures of merged entries whose primary entry has one": 1,
        "structures of merged entries whose primary entry has none": 1,
        "entries with an R group (*)": 1,
        "relations of other types (is_a, has_role, ...)": 1,
        "relations of an entry with itself": 1,
        "relations whose reverse is not listed": 0,
    }
    assert {item: count(tables, item) for item in found} == found


def test_every_smiles_is_checked_only_when_asked(tmp_path):
    lazy = read(tmp_path, structures=STRUCTURES)
    assert not lazy.findings["item"].str.contains("RDKit").any()
    tables = read(tmp_path, structures=STRUCTURES, checked=True)
    structures = tables.structures.set_index("chebi")
    assert structures.loc["CHEBI:5", "smiles"] is None
    assert structures.loc["CHEBI:15377", "smiles"] == "O"
    assert count(tables, "SMILES that RDKit refuses") == 1
    assert count(tables, "entries whose InChIKey names another skeleton than their SMILES") == 1
    stereo = "entries whose InChIKey differs from their SMILES in stereo, isotopes or protons"
    assert count(tables, stereo) == 1


def test_relation_types_by_name_and_a_new_numbering(tmp_path):
    texts = {"structures": STRUCTURES, "relations": RELATIONS + "5\t11\t1\t2\t1\t\t\n"}
    named = read(tmp_path, **texts, relation_types=TYPES).parents
    assert "is_tautomer_of" in set(named["relation"])
    renumbered = RELATIONS.replace("\t6\t101\t", "\t9\t101\t")
    doubtful = read(tmp_path, structures=STRUCTURES, relations=renumbered)
    assert doubtful.parents.empty
    assert count(doubtful, "relations of a type in doubt (most have no reverse)") == 1


def test_the_short_layout_and_parquet(tmp_path):
    text = f"chebi_id\tsmiles\tinchikey\tsource\n15377\tO\t{WATER}\tMNX\nCHEBI:6\t*C\t\tVMH\n"
    tables = read(tmp_path, structures=text)
    assert tables.structures.values.tolist() == [
        ["CHEBI:15377", "O", WATER, "MNX"],
        ["CHEBI:6", "*C", None, "VMH"],
    ]
    assert tables.merged.empty and tables.parents.empty
    for name, frame in tables.tables().items():
        write_parquet(frame, tmp_path / f"{name}.parquet")
        assert len(read_parquet(tmp_path / f"{name}.parquet")) == len(frame)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"structures": "a\tb\n1\t2\n"}, "is no table of ChEBI structures"),
        ({"structures": "chebi_id\tsmiles\tinchikey\tsource\nx\tC\t\tM\n"}, "line 2: the column"),
        ({"structures": "chebi_id\tsmiles\tinchikey\tsource\n1\tC\n"}, "line 2: has 2 cells"),
        ({"structures": STRUCTURES, "compounds": "id\n1\n"}, "compounds.*lacks the column.*parent"),
        (
            {"structures": STRUCTURES, "compounds": "id\tparent_id\n1\tzwei\n"},
            "row 1: parent_id is no number",
        ),
    ],
)
def test_malformed_files_are_told(tmp_path, texts, message):
    with pytest.raises(InputError, match=message):
        read(tmp_path, **texts)


@given(st.lists(st.integers(1, 40), max_size=40), st.lists(st.integers(1, 40), max_size=20))
def test_resolving_twice_changes_nothing_more(secondary, ids):
    # every secondary identifier points to a primary one that is not merged itself
    merged = pd.DataFrame(
        {
            "secondary": [f"CHEBI:{n}" for n in dict.fromkeys(secondary)],
            "chebi": [f"CHEBI:{n + 100}" for n in dict.fromkeys(secondary)],
        },
        dtype=object,
    )
    texts = pd.Series([f"CHEBI:{n}" for n in ids], dtype=object)
    once = resolve(texts, merged)
    assert once.tolist() == [f"CHEBI:{n + 100}" if n in secondary else f"CHEBI:{n}" for n in ids]
    assert resolve(once, merged).equals(once)


@functools.cache
def structures_of_the_mirror():
    return read_chebi(MIRROR / "ftp.ebi.ac.uk/pub/databases/chebi/chebi_id_to_smiles.tsv.gz")


@needs_mirror
def test_the_mirror_has_its_known_size():
    tables = structures_of_the_mirror()
    assert len(tables.structures) == 31_776
    assert count(tables, "entries without InChIKey") == 2_440
    assert count(tables, "entries with an R group (*)") == 2_405
    row = tables.structures.set_index("chebi").loc["CHEBI:15377"]
    assert row["inchikey"] == WATER
