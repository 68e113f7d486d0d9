"""Sequences of KEGG: headers, spelling of genes, findings, and the mirrored files."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror

from gemwright.errors import InputError
from gemwright.io.files import sha256_text
from gemwright.sources.kegg import ORGANISM_CODES, kegg_gene_ids, read_kegg_sequences

REAL = """\
>eco:b0002 K12524 bifunctional aspartokinase | (RefSeq) thrA; fused (A)
MRVLKFGGTSVANAERFL
RVADILESNAR

>eco:b4079 formate dehydrogenase H, with U
MKKVVTVCPYCASGCKINLUVDNGKI*
"""


def put(folder, text, name="eco.fasta"):
    path = folder / name
    path.write_text(text)
    return path


def counts(tables):
    return {
        item: count
        for item, count in zip(tables.findings["item"], tables.findings["count"], strict=True)
        if count
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("kegg")


def test_sequences_with_real_headers(tmp_path):
    tables = read_kegg_sequences(put(tmp_path, REAL), ["b0002", "b4079", "b9999", "s0001"])
    sequence = "MRVLKFGGTSVANAERFLRVADILESNAR"
    assert tables.sequences.iloc[0].to_dict() == {
        "organism_code": "eco", "gene": "b0002", "sequence": sequence,
        "enzyme": sha256_text(sequence), "placeholder": False,
    }  # fmt: skip
    assert tables.missing.values.tolist() == [["b9999", "not in the file"]]
    assert counts(tables) == {
        "gene expected and not in the file": 1,
        "sequence with selenocysteine or pyrrolysine": 1,
    }
    assert set(tables.tables()) == {"sequences", "missing", "findings"}


def test_findings_are_counted(tmp_path):
    text = (
        ">sce:YBR058C-A\nMKLV\n>sce:YAL001C\nMKLV\n>sce:Q0045\nMK*LV\n"
        ">sce:UNKNOWN\nMINP\n>sce:YAR073W\nMINP\n>sce:YAL002W\nMXKL\n"
    )
    tables = read_kegg_sequences(put(tmp_path, text), ["YBR058C_A", "Q0045"])
    assert tables.sequences["gene"].tolist() == [
        "YBR058C_A", "YAL001C", "UNKNOWN", "YAR073W", "YAL002W",
    ]  # fmt: skip
    assert tables.missing.values.tolist() == [["Q0045", "internal stop"]]
    assert counts(tables) == {
        "sequence with an internal stop": 1,
        "placeholder MINP for a sequence": 2,
        "pseudo-gene of the models": 1,
        "gene with the sequence of an earlier one": 1,
        "sequence with an ambiguous residue (B, J, X, Z)": 1,
        "gene that KEGG spells with a hyphen": 1,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no sequence"),
        ("<!DOCTYPE html>", "line 1: is an HTML page"),
        (">b0002\nMKL\n", "line 1: 'b0002' is no KEGG gene"),
        (">\nMKL\n", "line 1: '' is no KEGG gene"),
        (">eco:b1\nMKL\n>eco:b1\nMKL\n", "line 3: .* was used on line 1"),
        (">eco:b1\nMK1L\n", "line 2: illegal residue '1'"),
        (">eco:b1\n>eco:b2\nMKL\n", "line 1: 'eco:b1' has no sequence"),
        (">sce:Y-A\nMKL\n>sce:Y_A\nMKL\n", "'Y_A' stands there twice"),
    ],
)
def test_what_is_no_kegg_fasta_is_told(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as raised:
        read_kegg_sequences(put(tmp_path, text))
    assert "eco.fasta" in str(raised.value)


def test_gene_identifiers():
    found = kegg_gene_ids("iML1515", ["b0002", "s0001", "b0003", "b0002"])
    assert found.identifiers.values.tolist() == [
        ["iML1515", "b0002", "eco:b0002"], ["iML1515", "b0003", "eco:b0003"],
    ]  # fmt: skip
    assert found.left_out == ["s0001"]
    yeast = kegg_gene_ids("iMM904", ["UNKNOWN", "YBR058C_A", "Q0045", "YAL001C"])
    assert yeast.identifiers["kegg"].tolist() == ["sce:YBR058C-A", "sce:Q0045", "sce:YAL001C"]
    assert yeast.left_out == ["UNKNOWN"]
    with pytest.raises(InputError, match="iJO1366"):
        kegg_gene_ids("iJO1366", ["b0002"])


@given(
    st.dictionaries(
        st.from_regex(r"b\d{4}", fullmatch=True),
        st.text("ACDEFGHIKLMNPQRSTVWY", min_size=1, max_size=150),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["", " K00001 dehydrogenase | (RefSeq) adhP"]),
)
def test_written_sequences_come_back(folder, sequences, rest):
    lines = []
    for gene, sequence in sequences.items():
        lines += [f">eco:{gene}{rest}", *(sequence[i : i + 60] for i in range(0, 150, 60))]
    # fewer than a hundred letters of A, C, G and T alone could be protein: make it sure
    lines += [">eco:b99999", "MW"]
    tables = read_kegg_sequences(put(folder, "\n".join(lines)), sequences)
    found = dict(zip(tables.sequences["gene"], tables.sequences["sequence"], strict=True))
    assert found == {**sequences, "b99999": "MW"}
    assert tables.missing.empty


@needs_mirror
@pytest.mark.parametrize(
    ("model", "size", "placeholders"),
    [("iML1515", 1516, 3), ("iMM904", 905, 16), ("e_coli_core", 137, 1)],
)
def test_the_mirrored_sequences(model, size, placeholders):
    content = json.loads(
        (MIRROR / "bigg.ucsd.edu" / "static" / "models" / f"{model}.json").read_text()
    )
    genes = [gene["id"] for gene in content["genes"]]
    tables = read_kegg_sequences(MIRROR / "rest.kegg.jp" / "aaseq" / f"{model}.fasta", genes)
    assert len(tables.sequences) == size == len(genes)
    assert set(tables.sequences["gene"]) == set(genes)
    assert set(tables.sequences["organism_code"]) == {ORGANISM_CODES[model]}
    assert tables.sequences["placeholder"].sum() == placeholders
    assert tables.missing.empty
    identifiers = kegg_gene_ids(model, genes)
    assert len(identifiers.identifiers) == size - 1 and len(identifiers.left_out) == 1
    hyphens = identifiers.identifiers["kegg"].str.contains("-").sum()
    assert hyphens == (10 if model == "iMM904" else 0)
