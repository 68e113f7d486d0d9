"""UniProtKB entries: sequences, EC numbers, Rhea reactions, evidence."""

import functools
import gzip

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror

from gemwright.errors import InputError
from gemwright.io.files import sha256_text
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.sources.uniprot import evidence_tier, read_uniprot, split_list

LIVE = [
    "Entry", "Reviewed", "Protein existence", "EC number", "Rhea ID", "Organism (ID)", "Sequence",
]  # fmt: skip
ROWS = [
    ["P00558", "reviewed", "Evidence at protein level", "2.7.2.3", "RHEA:14801", "9606", "MSLSN"],
    ["P06169", "reviewed", "3: Inferred from homology", "4.1.1.-; 4.1.1.1; 4.1.1.1", "", "4932",
     "mse"],
    ["A0A009IHW8", "unreviewed", "Evidence at protein level", "3.6.5.n1", "RHEA:16301 RHEA:16302",
     "", "MSLSN"],
    LIVE,
    ["P00558", "reviewed", "Evidence at protein level", "2.7.11.1; x.y", "RHEA:14801", "9606",
     "MSL"],
    ["Q9XYZ1", "reviewed", "Hearsay", "", "RH:1 RHEA:10000", "?", "MKU*"],
    ["Q9XYZ2", "reviewed", "Uncertain", "", "", "1", "MK-L"],
    ["Q9XYZ3", "reviewed", "Predicted", "", "", "1", ""],
    ["Q9XYZ4", "reviewed", "Predicted", "", "", "1", "MAB"],
]  # fmt: skip


def write(path, rows, header=LIVE):
    path.write_text("".join("\t".join(row) + "\n" for row in [header, *rows]), encoding="utf-8")
    return path


def count(tables, item):
    rows = tables.findings[tables.findings["item"].eq(item)]
    assert len(rows) == 1, tables.findings["item"].tolist()
    return rows["count"].iloc[0]


def test_live_entries(tmp_path):
    tables = read_uniprot(write(tmp_path / "u.tsv", ROWS))
    proteins = tables.proteins.set_index("accession")
    assert proteins.index.tolist() == ["P00558", "P06169", "A0A009IHW8", "Q9XYZ1", "Q9XYZ4"]
    assert proteins["sequence"].tolist() == ["MSLSN", "MSE", "MSLSN", "MKU", "MAB"]
    assert proteins.loc["P06169", "enzyme"] == sha256_text("MSE")
    assert proteins.loc["P00558", "enzyme"] == proteins.loc["A0A009IHW8", "enzyme"]
    assert proteins["existence"].tolist() == [1, 3, 1, pd.NA, 4]
    assert proteins["reviewed"].tolist() == [True, True, False, True, True]
    assert proteins["organism_id"].tolist() == [9606, 4932, pd.NA, pd.NA, 1]
    assert tables.ec.values.tolist() == [
        ["P00558", "2.7.2.3"], ["P06169", "4.1.1.-"], ["P06169", "4.1.1.1"],
        ["A0A009IHW8", "3.6.5.n1"], ["P00558", "2.7.11.1"],
    ]  # fmt: skip
    assert tables.rhea.values.tolist() == [
        ["P00558", 14801], ["A0A009IHW8", 16301], ["A0A009IHW8", 16302], ["Q9XYZ1", 10000],
    ]  # fmt: skip
    assert tables.rhea["rhea_id"].dtype == "int64"
    found = {
        "repeated header lines": 1,
        "sequences with lower case": 1,
        "sequences with a trailing stop (*)": 1,
        "entries without a sequence": 1,
        "sequences with illegal residues": 1,
        "repeated accessions": 1,
        "accessions with several sequences": 1,
        "entries whose sequence an earlier entry has": 1,
        "malformed EC numbers": 1,
        "EC numbers given twice to an entry": 1,
        "incomplete EC numbers (1.1.-.-)": 1,
        "preliminary EC numbers (3.6.5.n1)": 1,
        "malformed Rhea identifiers": 1,
        "Rhea reactions given twice to an entry": 1,
        "entries without either": 1,
        "levels of protein existence that are not known by name": 1,
        "organism identifiers that are no number": 1,
    }
    assert {item: count(tables, item) for item in found} == found


def test_evidence_tiers_follow_what_is_known():
    proteins = pd.DataFrame(
        {
            "reviewed": pd.array([True, True, False, True, None, None, None, False], "boolean"),
            "existence": pd.array([1, 2, 1, None, 1, 3, None, None], "Int8"),
        }
    )
    assert evidence_tier(proteins).tolist() == [
        "experimental", "inferred", "inferred", "unknown", "unknown", "inferred", "unknown",
        "inferred",
    ]  # fmt: skip


def test_the_short_layout_leaves_evidence_unknown_and_survives_parquet(tmp_path):
    header = ["Entry", "EC number", "Rhea ID", "Sequence"]
    path = tmp_path / "u.tsv"
    path.write_bytes(gzip.compress(("\t".join(header) + "\nP00558\t\t\tMSL\n").encode()))
    tables = read_uniprot(path)
    assert evidence_tier(tables.proteins).tolist() == ["unknown"]
    assert tables.ec.empty and tables.rhea.empty
    for name, frame in tables.tables().items():
        write_parquet(frame, tmp_path / f"{name}.parquet")
        assert len(read_parquet(tmp_path / f"{name}.parquet")) == len(frame)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["P00558", "reviewed"]], r"u.tsv, line 2: has 2 cells instead of 7"),
        ([ROWS[0], ["sp|P1", *ROWS[0][1:]]], r"u.tsv, line 3: 'sp\|P1' is no accession"),
        ([[*ROWS[0][:4], "14801", *ROWS[0][5:]]], r"the column Rhea ID holds '14801'"),
    ],
)
def test_malformed_files_are_told(tmp_path, rows, message):
    with pytest.raises(InputError, match=message):
        read_uniprot(write(tmp_path / "u.tsv", rows))


def test_a_missing_column_is_told(tmp_path):
    with pytest.raises(InputError, match=r"lacks the column\(s\) Sequence"):
        read_uniprot(write(tmp_path / "u.tsv", [], header=LIVE[:-1]))


EC = st.from_regex(r"\A[1-7]\.[1-9][0-9]?\.[1-9][0-9]?\.(n?[1-9][0-9]{0,2}|-)\Z")


@given(
    st.lists(st.lists(EC, max_size=6), min_size=1, max_size=6), st.sampled_from(["; ", ";", ", "])
)
def test_lists_are_split_as_they_were_joined(cells, separator):
    items = split_list(pd.Series([separator.join(cell) for cell in cells]))
    found = [items[items.index == row].tolist() for row in range(len(cells))]
    assert found == cells


@functools.cache
def entries_of_the_mirror():
    return read_uniprot(MIRROR / "rest.uniprot.org/uniprotkb/stream.tsv.gz")


@needs_mirror
def test_the_mirror_has_its_known_size():
    tables = entries_of_the_mirror()
    assert len(tables.proteins) == 55_261
    assert tables.proteins["enzyme"].nunique() == 53_177
    assert count(tables, "entries whose sequence an earlier entry has") == 55_261 - 53_177
    assert count(tables, "entries without an EC number") == 16_471
    assert count(tables, "entries without a Rhea reaction") == 25_123
    assert len(tables.rhea) == 38_238
    assert set(evidence_tier(tables.proteins)) == {"unknown"}
    ec = tables.ec[tables.ec["accession"] == "A0A011QK89"]
    assert ec["ec"].tolist() == ["1.1.99.2"]
