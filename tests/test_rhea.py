"""Rhea: equations, balance, identifiers of the directions, and the findings of its files."""

import functools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror

from gemwright.errors import InputError
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.sources.rhea import read_rhea
from gemwright.sources.rhea_equations import Term, parse_equation

REACTIONS = """\
ENTRY       RHEA:10000
DEFINITION  H2O + pentanamide = NH4(+) + pentanoate
EQUATION    CHEBI:15377 + CHEBI:16459 = CHEBI:28938 + CHEBI:31011
ENZYME      3.5.1.50          3.5.1.51
            3.5.1.52
///
ENTRY       RHEA:10001
DEFINITION  H2O + pentanamide => NH4(+) + pentanoate
EQUATION    CHEBI:15377 + CHEBI:16459 => CHEBI:28938 + CHEBI:31011
///
ENTRY       RHEA:10003
DEFINITION  H2O + pentanamide <=> NH4(+) + pentanoate
EQUATION    CHEBI:15377 + CHEBI:16459 <=> CHEBI:28938 + CHEBI:31011
///
ENTRY       RHEA:20000
DEFINITION  2 H(+)(in) + H(+)(out) + n H2O + [protein]-dithiol
            = (n+1) polymer + H(+)(in)
EQUATION    2 CHEBI:15378 + CHEBI:15378 + n CHEBI:15377 + CHEBI:29950,CHEBI:29950
            = (n+1) POLYMER:12833 + GENERIC:10594
///
ENTRY       RHEA:30000
DEFINITION  alkane = alkene
EQUATION    CHEBI:18310 = CHEBI:32878
///
"""
FILES = {
    "reactions": REACTIONS,
    "directions": (
        "RHEA_ID_MASTER\tRHEA_ID_LR\tRHEA_ID_RL\tRHEA_ID_BI\n"
        "10000\t10001\t10002\t10003\n30000\t30001\t30002\t30003\n99996\t99997\t99998\t99999\n"
    ),
    "reaction_smiles": (
        "10001\tO.CCCCC(N)=O>>[NH4+].CCCCC(=O)[O-]\n"
        "10002\t[NH4+].CCCCC(=O)[O-]>>O.CCCCC(N)=O\n"
        "30001\tC*>>*C*\n"
        "77777\tC>>CC\n"
    ),
    "chebi_smiles": (
        "CHEBI:15377\t[H]O[H]\nCHEBI:16459\tCCCCC(N)=O\nCHEBI:18310\tC*\nCHEBI:1\tC(((\n"
        "CHEBI:15377\tO\n"
    ),
    "chebi_names": "CHEBI:15377\tH2O\nCHEBI:7\t(+)-car-3-ene\n",
    "ec": (
        "RHEA_ID\tDIRECTION\tMASTER_ID\tID\n10000\tUN\t10000\t3.5.1.50\n99996\tUN\t99996\t1.1.1.1\n"
    ),
    "kegg": "RHEA_ID\tDIRECTION\tMASTER_ID\tID\n10003\tBI\t10000\tR02938\n",
    "uniprot": (
        "RHEA_ID\tDIRECTION\tMASTER_ID\tID\n10001\tLR\t10000\tP12345\n10001\tLR\t10000\tP12345\n"
    ),
    "protonation": "CHEBI\tCHEBI_PH7_3\tORIGIN\n16459\t16459\tcomputation\n3\t90\tcuration\n",
}


def read(folder, **changes):
    paths = {}
    for name, text in {**FILES, **changes}.items():
        if text is not None:
            paths[name] = folder / name
            paths[name].write_text(text, encoding="utf-8")
    return read_rhea(**paths)


def count(tables, item):
    rows = tables.findings[tables.findings["item"].str.contains(item, regex=False)]
    assert len(rows) == 1, rows
    return rows["count"].iloc[0]


def test_reactions_of_a_small_rhea(tmp_path):
    tables = read(tmp_path)
    reactions = tables.reactions.set_index("rhea")
    assert reactions.index.tolist() == [10000, 20000, 30000]
    assert reactions.loc[10000, ["lr", "rl", "bi"]].tolist() == [10001, 10002, 10003]
    assert reactions["lr"].isna().tolist() == [False, True, False]
    assert reactions["in_directions"].tolist() == [True, False, True]
    # the alkane gains a dummy atom; the transport reaction has no reaction SMILES
    assert reactions["balanced"].tolist() == [True, pd.NA, False]
    assert reactions["transport"].tolist() == [False, True, False]
    assert reactions["n_generic"].tolist() == [0, 2, 0]
    assert reactions["n_polymer"].tolist() == [0, 1, 0]
    assert reactions["n_r_groups"].tolist() == [0, 0, 1]
    assert reactions.loc[10000, "equation"].startswith("CHEBI:15377 + CHEBI:16459 = ")
    assert str(reactions["balanced"].dtype) == "boolean"


def test_participants_are_one_row_per_side(tmp_path):
    parts = read(tmp_path).participants
    assert not parts.duplicated(["rhea", "side", "participant"]).any()
    rows = parts[parts["rhea"] == 20000].drop(columns="rhea").fillna(-1).values.tolist()
    assert rows == [
        ["left", "CHEBI:15378", "chebi", 3.0, "3"],
        ["left", "CHEBI:15377", "chebi", -1, "n"],
        ["left", "CHEBI:29950,CHEBI:29950", "generic", 1.0, "1"],
        ["right", "POLYMER:12833", "polymer", -1, "(n+1)"],
        ["right", "GENERIC:10594", "generic", 1.0, "1"],
    ]


def test_other_tables_and_findings(tmp_path):
    tables = read(tmp_path)
    assert len(tables.directions) == 12
    row = tables.directions.set_index("rhea_id").loc[30002]
    assert (row["rhea"], row["direction"]) == (30000, "RL")
    assert tables.ec.values.tolist() == [[10000, "UN", "3.5.1.50"]]
    assert tables.kegg.values.tolist() == [[10000, "BI", "R02938"]]
    assert tables.proteins.values.tolist() == [[10001, 10000, "LR", "P12345"]]
    assert tables.smiles["chebi"].tolist() == ["CHEBI:15377", "CHEBI:16459", "CHEBI:18310"]
    assert tables.names["name"].tolist() == ["H2O", "(+)-car-3-ene"]
    assert tables.protonation.values.tolist() == [
        ["CHEBI:16459", "CHEBI:16459", "computation"],
        ["CHEBI:3", "CHEBI:90", "curation"],
    ]
    assert count(tables, "continuation lines") == 2
    assert count(tables, "written twice on one side") == 1
    assert count(tables, "variable coefficients") == 2
    assert count(tables, "masters that rhea-directions does not list") == 1
    assert count(tables, "rhea-directions without an equation") == 1
    assert count(tables, "differ in heavy atoms") == 1  # C>>CC
    assert count(tables, "dummy atoms only") == 1  # C*>>*C*
    assert count(tables, "identifier rhea-directions does not list") == 1
    assert count(tables, "unbalanced reactions") == 1
    assert count(tables, "ec: reactions without an equation") == 1
    assert count(tables, "uniprot: repeated rows") == 1
    assert count(tables, "chebi_smiles: repeated identifiers") == 1


def test_tables_survive_parquet_and_a_missing_protonation_table_is_empty(tmp_path):
    tables = read(tmp_path, protonation=None)
    assert tables.protonation.empty
    for name, frame in tables.tables().items():
        write_parquet(frame, tmp_path / f"{name}.parquet")
        assert len(read_parquet(tmp_path / f"{name}.parquet")) == len(frame)
    assert set(tables.tables()) >= {"reactions", "participants", "findings"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reactions": REACTIONS[:-4]}, "reactions: ends inside an entry"),
        ({"reactions": "<html>\n"}, "reactions, line 1: expected a field"),
        (
            {"reactions": "ENTRY       10\nEQUATION    CHEBI:1 = CHEBI:2\n///\n"},
            "line 3: the entry",
        ),
        (
            {"reactions": "ENTRY       RHEA:10\nEQUATION    A = B\n///\n"},
            "line 1: not a participant",
        ),
        ({"reaction_smiles": "10001\tC\n"}, "reaction_smiles, line 1: is no reaction SMILES"),
        ({"reaction_smiles": "10001 C>>C\n"}, "reaction_smiles, line 1: has 1 cells"),
        ({"chebi_smiles": "CHEBI:1\tC\n2\tC\n"}, "chebi_smiles, line 2: has no identifier"),
        ({"directions": FILES["directions"] + "1\t2\t3\t10000\n"}, "line 2: an identifier"),
        ({"ec": "RHEA_ID\tDIRECTION\tMASTER_ID\tID\n1\tUP\t1\t1.1.1.1\n"}, "ec, line 2: the dir"),
        ({"kegg": "RHEA_ID\tDIRECTION\tMASTER_ID\tID\nx\tUN\t1\tR1\n"}, "kegg, line 2: the column"),
    ],
)
def test_malformed_files_are_told_with_file_and_line(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        read(tmp_path, **changes)


def test_a_few_unreadable_equations_are_counted_not_fatal(tmp_path):
    many = "".join(
        f"ENTRY       RHEA:{n}\nEQUATION    CHEBI:1 = CHEBI:2\n///\n"
        for n in range(40000, 40800, 4)
    )
    odd = "ENTRY       RHEA:50000\nEQUATION    CHEBI:1 = CHEBI:2 + ???\n///\n"
    tables = read(tmp_path, reactions=REACTIONS + many + odd)
    assert count(tables, "equations that cannot be read") == 1
    assert 50000 not in set(tables.reactions["rhea"])
    assert 50000 not in set(tables.participants["rhea"])


PARTICIPANTS = st.one_of(
    st.integers(1, 10**6).map("CHEBI:{}".format),
    st.integers(1, 10**5).map("GENERIC:{}".format),
    st.integers(1, 10**5).map("POLYMER:{}".format),
    st.lists(st.integers(1, 10**6), min_size=2, max_size=4).map(
        lambda ids: ",".join(f"CHEBI:{i}" for i in ids)
    ),
)
COEFFICIENTS = st.one_of(
    st.just(""),
    st.integers(2, 99).map(str),
    st.sampled_from(["n", "2n", "(n+1)", "(n-1)", "(2n)", "(m+n)", "(n-x)", "4n"]),
)
SIDES = st.lists(st.builds(Term, PARTICIPANTS, COEFFICIENTS), min_size=1, max_size=8).map(tuple)


def written(side):
    return " + ".join(f"{term.coefficient} {term.participant}".strip() for term in side)


@given(SIDES, st.sampled_from(["=", "=>", "<=>", "<="]), SIDES)
def test_equations_are_read_as_they_were_written(left, arrow, right):
    assert parse_equation(f"{written(left)} {arrow} {written(right)}") == (left, arrow, right)


@pytest.mark.parametrize(
    "text",
    ["", "CHEBI:1", "CHEBI:1 = ", " = CHEBI:1", "CHEBI:1 = CHEBI:2 = CHEBI:3",
     "-1 CHEBI:1 = CHEBI:2", "CHEBI:1 + = CHEBI:2", "CHEBI:x = CHEBI:2", "CHEBI:1=CHEBI:2"],
)  # fmt: skip
def test_what_is_no_equation_is_refused(text):
    with pytest.raises(ValueError, match=r"arrow|participant"):
        parse_equation(text)


@functools.cache
def rhea_of_the_mirror():
    folder = MIRROR / "ftp.expasy.org/databases/rhea"
    return read_rhea(
        reactions=folder / "txt/rhea-reactions.txt.gz",
        directions=folder / "tsv/rhea-directions.tsv",
        reaction_smiles=folder / "tsv/rhea-reaction-smiles.tsv",
        chebi_smiles=folder / "tsv/rhea-chebi-smiles.tsv",
        chebi_names=folder / "tsv/chebiId_name.tsv",
        ec=folder / "tsv/rhea2ec.tsv",
        kegg=folder / "tsv/rhea2kegg_reaction.tsv",
        uniprot=folder / "tsv/rhea2uniprot_sprot.tsv.gz",
    )


@needs_mirror
def test_the_whole_rhea_has_its_known_size():
    tables = rhea_of_the_mirror()
    assert len(tables.reactions) == 12_562
    assert tables.reactions["rhea"].is_unique
    assert len(tables.directions) == 4 * 13_528
    assert tables.smiles.shape == (6_564, 2)
    assert len(tables.names) == 9_243
    assert len(tables.proteins) + count(tables, "sprot.tsv.gz: rows of such") == 298_667
    assert len(tables.ec) + count(tables, "rhea2ec.tsv: rows of such") == 7_579
    # the manifest counts elements other than dummy atoms
    assert count(tables, "differ in heavy atoms") == 164
    assert count(tables, "dummy atoms only") == 28
    assert count(tables, "unbalanced reactions") == (164 + 28) // 2
    assert tables.reactions["balanced"].notna().sum() == 14_816 // 2


@needs_mirror
def test_hexokinase_of_the_mirror():
    tables = rhea_of_the_mirror()
    row = tables.reactions.set_index("rhea").loc[17825]
    assert row["balanced"]
    assert "ATP" in row["definition"]
    parts = tables.participants[tables.participants["rhea"] == 17825]
    assert set(parts["participant"]) == {
        "CHEBI:4167", "CHEBI:30616", "CHEBI:15378", "CHEBI:456216", "CHEBI:61548",
    }  # fmt: skip
    assert set(tables.ec.loc[tables.ec["rhea"] == 17825, "ec"]) >= {"2.7.1.1"}
