"""Reading FASTA strictly."""

import bz2
import gzip
import lzma

import pytest
from Bio.Data.CodonTable import standard_dna_table
from hypothesis import given
from hypothesis import strategies as st

from gemwright.errors import InputError
from gemwright.io.fasta import RESIDUES, read_fasta, write_fasta
from gemwright.sources.registry import locate

identifiers = st.from_regex(r"[A-Za-z0-9_.|-]{1,20}", fullmatch=True)
sequences = st.text(st.sampled_from(sorted(RESIDUES - set("ACGTUN"))), min_size=1, max_size=200)


@given(st.dictionaries(identifiers, sequences, min_size=1, max_size=8))
def test_what_is_written_is_read_back(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("fasta") / "proteome.faa"
    write_fasta(records, path)
    assert read_fasta(path) == records


def test_headers_case_stops_and_blank_lines(tmp_path):
    path = tmp_path / "p.faa.gz"
    with gzip.open(path, "wt") as handle:
        handle.write(">b1 first protein\nmkv\n\nLW*\n>b2\nMK\n")
    assert read_fasta(path) == {"b1": "MKVLW", "b2": "MK"}


def test_pseudogenes_are_left_out_and_named(tmp_path, caplog):
    path = tmp_path / "p.faa"
    path.write_text(">b1\nMKV\n>b2\nMK*V\n>b3\nMK*\nVV\n")
    assert read_fasta(path) == {"b1": "MKV"}
    assert "b2, b3" in caplog.text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "has no sequence"),
        ("MKV\n", r"line 1: text before the first header"),
        (">\nMKV\n", r"line 1: the header has no identifier"),
        (">b1\nMKV\n>b2\n", r"line 3: 'b2' has no sequence"),
        (">b1\nMKV\n>b1\nMKW\n", r"line 3: the identifier 'b1' was used on line 1"),
        (">b1\nMKV\nM1V\n", r"line 3: illegal residue '1' at column 2 of 'b1'"),
        (">b1\nMK-V\n", r"illegal residue '-' at column 3"),
        (">b1\n" + "ACGT" * 40 + "\n", "look like nucleotides"),
        (">b1\nMK*V\n", "every sequence has an internal stop"),
    ],
)
def test_malformed_fasta_is_told_with_file_and_line(tmp_path, content, message):
    path = tmp_path / "p.faa"
    path.write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        read_fasta(path)
    assert "p.faa" in str(caught.value)


@pytest.mark.case("r06-fasta-gz-damaged")
@pytest.mark.parametrize(
    ("packing", "name"), [(gzip, "gzip"), (bz2, "bzip2"), (lzma, "xz")], ids=lambda what: str(what)
)
def test_packed_files_are_known_by_content_and_damage_is_told(tmp_path, packing, name):
    records = "".join(
        f">b{number}\nMKVLWAALE{'FHIKLMNPQRSTVWY'[number % 15]}\n" for number in range(99)
    )
    packed = packing.compress(records.encode())
    path = tmp_path / "proteome.faa"
    path.write_bytes(packed)
    assert len(read_fasta(path)) == 99
    told = set()
    for place in range(12, len(packed), 7):
        damaged = packed[:place] + bytes([packed[place] ^ 0x55]) + packed[place + 1 :]
        for content in (damaged, packed[:place]):
            path.write_bytes(content)
            with pytest.raises(InputError) as caught:
                read_fasta(path)
            told.add(caught.value.what.partition(" (")[0])
    assert told == {f"is damaged {name}"}


def test_a_deflate_stream_that_points_too_far_back_is_told(tmp_path):
    path = tmp_path / "proteome.faa.gz"
    # fixed codes, one literal, then a match 32,768 bytes before it
    path.write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"\x4b\xfc\xff\xff\xff")
    with pytest.raises(InputError, match="is damaged gzip"):
        read_fasta(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"plain text", "text before the first header"),
        (b"PK\x03\x04zip", "is a zip archive"),
        (b"(\xb5/\xfdzstd", "is packed by zstd"),
        (b"\xff\xfe>\x00", "has no identifier"),
        (b"\xff\xfe>", "is not readable text"),
        (b"LOCUS       NC_1 12 bp DNA\n", r"\(a GenBank file\).*'genome'"),
        (b"##gff-version 3\n", r"\(a GFF file\)"),
    ],
)
def test_what_is_no_fasta_is_told(tmp_path, content, message):
    path = tmp_path / "p.faa.gz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_fasta(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_fasta(tmp_path / "no.faa")


# -- nucleotides

# a codon for each residue of BioPython's standard table, the least by alphabet
CODON_OF = {
    residue: codon
    for codon, residue in sorted(standard_dna_table.forward_table.items(), reverse=True)
}


def coding(protein):
    return "".join(CODON_OF.get(residue, "NNN") for residue in protein) + "TAA"


def degenerate(sequence):
    """Every third base as a code of two, three or four bases."""
    codes = dict(zip("ACGT", "RYKW", strict=True))
    return "".join(codes[base] if place % 3 == 2 and base in codes else base
                   for place, base in enumerate(sequence))  # fmt: skip


@pytest.fixture(scope="module")
def bsub():
    return read_fasta(locate("proteome_bsub"))


@pytest.mark.case("04-fasta-nucleotides")
@pytest.mark.parametrize(
    "write",
    [
        coding,
        lambda protein: degenerate(coding(protein)),
        lambda protein: coding(protein).lower(),
        lambda protein: coding(protein).replace("T", "U"),
        lambda protein: coding(protein).replace("GC", "NN"),
        lambda protein: coding(protein).replace("GCA", "XXX"),
    ],
    ids=["plain", "degenerate", "lower", "RNA", "N", "X"],
)
def test_nucleotides_are_recognised_whatever_codes_they_hold(tmp_path, bsub, write):
    path = tmp_path / "own.faa"
    some = dict(list(bsub.items())[:20])
    write_fasta({name: write(protein) for name, protein in some.items()}, path)
    with pytest.raises(InputError, match=r"all sequences look like nucleotides; .*'genome'"):
        read_fasta(path)
    # one among proteins
    mixed = {**some, "gene": write(some["BSU00010"])}
    write_fasta(mixed, path)
    with pytest.raises(InputError, match=r"line \d+: 1 of 21 sequences .* first is 'gene'"):
        read_fasta(path)


def test_no_real_protein_is_taken_for_nucleotides():
    for name in ("proteome_ecol", "proteome_bsub", "proteome_paer", "bigg_proteins"):
        read_fasta(locate(name))


def test_proteins_of_few_kinds_of_residues_are_none(tmp_path):
    path = tmp_path / "p.faa"
    records = {
        "silk": "GAGAGSGAGAGSGAGAGY" * 5,
        "antifreeze": "DTASDAAAAAALTAANAKAAAELTAANAAAAAAATAR" * 2,
        "polyN": "N" * 200,
        "polyAlanine": "A" * 200,
    }
    write_fasta(records, path)
    assert read_fasta(path) == records


# -- names


@pytest.mark.case("r04-control-characters-in-ids")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        (b"a\x00b", r"'a\x00b' has the character U+0000 at place 2"),
        (b"a\x01b", "U+0001"),
        (b"\x1b[31m", "U+001B"),
        (b"b\x7f", "U+007F"),
        ("b\ufffe".encode(), "U+FFFE"),
        ("b\uffff".encode(), "U+FFFF"),
        ("b\x85".encode(), "U+0085"),
        ("b\u202eb".encode(), "U+202E"),
        ("b\u200bb".encode(), "U+200B"),
        ("b\u00a0b".encode(), "U+00A0"),
        (b"b\xe9", "the byte 0xE9, which is no UTF-8,"),
        (b"x" * 1001, "has 1,001 characters, more than 1,000"),
    ],
)
def test_names_that_no_model_can_hold_are_refused_with_their_line(tmp_path, name, told):
    path = tmp_path / "p.faa"
    path.write_bytes(b">first\nMKV\n\n>" + name + b" what it does\nMKL\n")
    with pytest.raises(InputError) as caught:
        read_fasta(path)
    assert told in caught.value.what
    assert caught.value.where == f"{path}, line 4"


HEADERS = {
    # Prodigal, Prokka, Bakta, NCBI (RefSeq, nr, old), UniProt, gffread, bedtools
    "NODE_1_length_9_cov_1.5_1 # 3 # 98 # 1 # ID=1_1;partial=10;start_type=ATG": (
        "NODE_1_length_9_cov_1.5_1"
    ),
    "ABCDEFGH_00001 Chromosomal replication initiator protein DnaA": "ABCDEFGH_00001",
    "BAKTA_00005 hypothetical protein": "BAKTA_00005",
    "WP_000027430.1 MULTISPECIES: DnaA [Bacillus]\x01NP_1.1 other [E. coli]": "WP_000027430.1",
    "lcl|NC_004567.2_prot_YP_004888044.1_1 [gene=dnaA] [locus_tag=lp_0001]": (
        "lcl|NC_004567.2_prot_YP_004888044.1_1"
    ),
    "gi|16077069|ref|NP_387882.1| initiator": "gi|16077069|ref|NP_387882.1|",
    "gnl|PROKKA|X_1": "gnl|PROKKA|X_1",
    "sp|P05648|DNAA_BACSU Chromosomal replication \xe9": "sp|P05648|DNAA_BACSU",
    "rna-1 gene=dnaA CDS=1-9": "rna-1",
    "dnaA::chr:1-100(+)": "dnaA::chr:1-100(+)",
    "x" * 1000: "x" * 1000,
    "gène_\u03b2\t tab": "gène_\u03b2",
    "  blank before": "blank",
}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_headers_of_many_programs(tmp_path, ends, encoding):
    path = tmp_path / "p.faa"
    text = "".join(f">{header}{ends}mkv{ends}{ends}LW*{ends}" for header in HEADERS)
    path.write_bytes(text.encode(encoding))
    assert read_fasta(path) == dict.fromkeys(HEADERS.values(), "MKVLW")


def test_all_duplicates_are_named(tmp_path):
    path = tmp_path / "p.faa"
    path.write_text(">a\nMK\n>b\nMK\n>a x\nMK\n>b\nML\n")
    with pytest.raises(
        InputError, match=r"line 5: .*'a' was used on line 1, .* 'b' \(lines 3, 7\)"
    ):
        read_fasta(path)


def test_stops_of_other_programs(tmp_path, caplog):
    path = tmp_path / "p.faa"
    path.write_text(">a\nMKV.\n>b\nMK.V\n>c\nMKV**\n>d\n*\n>e\n.\n")
    assert read_fasta(path) == {"a": "MKV", "c": "MKV"}
    assert "1 sequence(s) with an internal stop left out as pseudogenes: b" in caplog.text
    assert "2 sequence(s) of nothing but stops left out: d, e" in caplog.text
    path.write_text(">d\n*\n")
    with pytest.raises(InputError, match="every sequence has only stops"):
        read_fasta(path)


@pytest.mark.parametrize("letter", ["ß", "ſ", "ı", "\x00", " ", "\u00a0", "1"])
def test_letters_that_become_others_in_upper_case_are_refused(tmp_path, letter):
    path = tmp_path / "p.faa"
    path.write_text(f">a\nmk{letter}v\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 2: illegal residue .* at column 3"):
        read_fasta(path)
