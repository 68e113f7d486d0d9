"""Genomes: genes called, genes that an annotation holds, files of genes, and what is refused."""

import bz2
import gzip
import io
import lzma
import re
import time

import pandas as pd
import pyrodigal
import pytest
from Bio import SeqIO
from Bio.Seq import Seq
from genome_files import (
    BAKTA,
    PROKKA,
    REFSEQ,
    coding,
    contig,
    fasta,
    feature,
    origin,
    quoted,
    record,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.errors import InputError
from gemwright.inputs.called_genes import GENE_COLUMNS, genes_table, proteins_of
from gemwright.inputs.genetic_codes import GENETIC_CODES
from gemwright.inputs.genome import read_genome
from gemwright.inputs.genome_files import prepare_genome
from gemwright.inputs.organism import prepare_organism
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.fasta import read_fasta
from gemwright.io.tables import read_parquet
from gemwright.sources.bigg_snapshot import read_media
from gemwright.sources.registry import locate


@pytest.fixture(scope="module")
def bsub():
    """A hundred proteins of some length, without ambiguous residues."""
    proteins = read_fasta(locate("proteome_bsub")).items()
    kept = [(name, protein) for name, protein in proteins if 150 < len(protein) < 600]
    return dict(kept[:100])


def write(path, text):
    path.write_text(text)
    return path


# -- contigs


def test_genes_of_contigs_are_called_under_their_contigs_names(tmp_path, bsub):
    names = list(bsub)
    parts = {"chr|1": names[:90], "plasmid.2": names[90:]}
    records = {name: contig([bsub[one] for one in ones]) for name, ones in parts.items()}
    genes = read_genome(write(tmp_path / "g.fna", fasta(records).lower()))
    proteins = proteins_of(genes, "g.fna")
    ends = {protein[-30:] for protein in proteins.values()}
    found = sum(protein[-30:] in ends for protein in bsub.values())
    assert found >= 98
    assert len(proteins) <= 105
    assert all(re.fullmatch(r"chr\|1_\d+|plasmid\.2_\d+", name) for name in proteins)
    for gene in genes:
        bases = Seq(records[gene.contig][gene.start - 1 : gene.end])
        if gene.strand == "-":
            bases = bases.reverse_complement()
        if not gene.partial:
            assert str(bases.translate(table=11))[1:-1] == gene.protein[1:]
        assert gene.source == f"pyrodigal {pyrodigal.__version__} (single)"
        assert gene.translation_table == 11


@pytest.mark.parametrize("pack", [gzip, bz2, lzma])
def test_packed_genomes_are_known_by_content(tmp_path, bsub, pack):
    text = fasta({"c": contig(list(bsub.values())[:5])})
    plain = read_genome(write(tmp_path / "g.fna", text))
    packed = tmp_path / "packed.fasta"
    packed.write_bytes(pack.compress(text.encode()))
    assert read_genome(packed) == plain
    assert plain[0].source.endswith("(meta)")


def test_the_code_of_mycoplasma_is_recognised_and_can_be_given(tmp_path, bsub, caplog):
    proteins = [one for one in bsub.values() if "W" in one][:60]
    path = write(tmp_path / "g.fna", fasta({"c": contig(proteins, table=4)}))
    genes = read_genome(path)
    assert {gene.translation_table for gene in genes} == {4}
    assert "with the genetic code 4" in caplog.text
    ends = {gene.protein[-30:] for gene in genes}
    assert sum(one[-30:] in ends for one in proteins) >= 57
    assert read_genome(path, 4) == genes
    assert {gene.translation_table for gene in read_genome(path, 11)} == {11}


def test_codes_are_those_of_pyrodigal():
    assert pyrodigal.TRANSLATION_TABLES == GENETIC_CODES


# -- files of genes


@pytest.mark.case("04-fasta-nucleotides")
def test_a_file_of_genes_is_translated_under_its_own_names(tmp_path, bsub, caplog):
    genes = {name: coding(protein) for name, protein in bsub.items()}
    # Prokka's .ffn holds RNA as well, and files of genes hold pseudogenes
    others = {"rRNA": "ACGTTAGCAT" * 40, "pseudo": genes["BSU00010"][:30] + "TAA" + "GCA" * 40}
    path = write(tmp_path / "g.ffn", fasta({**genes, **others}))
    called = read_genome(path)
    assert proteins_of(called, "g.ffn") == {name: "M" + one[1:] for name, one in bsub.items()}
    left = {gene.gene: gene.left_out for gene in called if gene.left_out}
    assert left == {"rRNA": "length is no multiple of three", "pseudo": "internal stop"}
    assert "98 % of its 102 records are open reading frames" in caplog.text
    with pytest.raises(InputError, match="column 'genome'"):
        read_fasta(path)


def test_genes_with_other_starts_without_stops_and_of_other_codes(tmp_path, bsub):
    some = list(bsub.values())[:40]
    cut = {f"g{n}": "GTG" + coding(one)[3:-3] for n, one in enumerate(some)}
    called = read_genome(write(tmp_path / "g.ffn", fasta(cut)))
    assert [gene.protein for gene in called] == ["M" + one[1:] for one in some]
    with_w = [one for one in bsub.values() if one.count("W") > 2]
    mycoplasma = {f"g{n}": coding(one, 4).replace("T", "U") for n, one in enumerate(with_w)}
    called = read_genome(write(tmp_path / "g.ffn", fasta(mycoplasma)))
    assert [gene.protein for gene in called] == ["M" + one[1:] for one in with_w]


# -- annotations


def cds(place, gene, tag, protein, **more):
    return feature(
        "CDS",
        place,
        gene=quoted(gene),
        locus_tag=quoted(tag),
        codon_start="1",
        transl_table="11",
        product=quoted(f"protein {gene}"),
        **({"translation": quoted(protein)} if protein else {}),
        **more,
    )


PROTEINS = {"abcA": "MKVLWDEFGHIKLM", "abcB": "MSTNPQRYWACDEF", "abcC": "MGGHHKKLLMMNNPP"}


def bases_and_places():
    """Three genes: on the forward strand, on the other one, and across the origin."""
    genes = {name: coding(protein) for name, protein in PROTEINS.items()}
    backwards = str(Seq(genes["abcB"]).reverse_complement())
    half = 20
    bases = "".join(
        [
            genes["abcC"][half:],
            "TTTT",
            genes["abcA"],
            "CCCC",
            backwards,
            "GGGG",
            genes["abcC"][:half],
        ]
    )
    a = bases.index(genes["abcA"]) + 1
    b = bases.index(backwards) + 1
    places = {
        "abcA": f"{a}..{a + len(genes['abcA']) - 1}",
        "abcB": f"complement({b}..{b + len(backwards) - 1})",
        "abcC": f"join({len(bases) - half + 1}..{len(bases)},1..{len(genes['abcC']) - half})",
    }
    return bases, places


def refseq(translated=True):
    bases, places = bases_and_places()
    features = []
    for number, (name, place) in enumerate(places.items(), start=1):
        tag = f"TEST_RS{5 * number:05}"
        features.append(feature("gene", place, gene=quoted(name), locus_tag=quoted(tag)))
        features.append(
            cds(
                place, name, tag, PROTEINS[name] if translated else "",
                old_locus_tag=quoted(f"TEST_{number}"),
                inference=quoted("COORDINATES: similar to AA sequence:RefSeq:WP_000027430.1"),
                note=quoted("Derived by automated computational analysis using gene prediction "
                            "method: Protein Homology."),
                protein_id=quoted(f"WP_{number:09}.1"),
            )
        )  # fmt: skip
    features += [
        feature("gene", "1..30", locus_tag=quoted("TEST_RS00090"), pseudo=None),
        feature(
            "CDS", "1..30", locus_tag=quoted("TEST_RS00090"), pseudo=None, codon_start="1",
            transl_table="11", product=quoted("incomplete transposase"),
            note=quoted("frameshifted; internal stop"),
        ),
        feature("rRNA", "5..20", locus_tag=quoted("TEST_RS00095"), product=quoted("16S rRNA")),
    ]  # fmt: skip
    return record(REFSEQ, "NZ_TEST01000001", bases, features)


def prokka():
    bases, places = bases_and_places()
    features = [
        cds(place, name, f"ABCDEFGH_{number:05}", PROTEINS[name],
            inference=[quoted("ab initio prediction:Prodigal:002006"),
                       quoted("similar to AA sequence:UniProtKB:P12345")])
        for number, (name, place) in enumerate(places.items(), start=1)
    ]  # fmt: skip
    first = record(PROKKA, "NODE_1_length_482145_cov_68.3644", bases, features)
    # a second contig without genes, its name and its length one word
    name = "NODE_2_length_310298_cov_71.236498"
    return first + record(PROKKA, name, "ACGT" * 20, []).replace(f"{name} 80", f"{name}80")


def bakta():
    bases, places = bases_and_places()
    features = []
    for number, (name, place) in enumerate(places.items(), start=1):
        tag = f"BAKTA_{5 * number:05}"
        features.append(feature("gene", place, gene=quoted(name), locus_tag=quoted(tag)))
        features.append(
            cds(place, name, tag, PROTEINS[name],
                protein_id=quoted(f"gnl|Bakta|{tag}"),
                db_xref=[quoted("SO:0001217"), quoted("UniRef:UniRef50_P12345")],
                inference=quoted("ab initio prediction:Prodigal:2.6"))
        )  # fmt: skip
    return record(BAKTA, "contig_1", bases, features)


LAYOUTS = {
    "RefSeq": (refseq, ["TEST_RS00005", "TEST_RS00010", "TEST_RS00015"]),
    "RefSeq without translations": (
        lambda: refseq(translated=False), ["TEST_RS00005", "TEST_RS00010", "TEST_RS00015"]
    ),
    "Prokka": (prokka, [f"ABCDEFGH_{number:05}" for number in (1, 2, 3)]),
    "Bakta": (bakta, ["BAKTA_00005", "BAKTA_00010", "BAKTA_00015"]),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["genbank", "embl"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_layouts_of_annotations(tmp_path, layout, kind, ends):
    make, tags = LAYOUTS[layout]
    text = make()
    if kind == "embl":
        mended = re.sub(r"(NODE_2_length_310298_cov_71\.236498)80", r"\1 80", text)
        out = io.StringIO()
        SeqIO.write(SeqIO.parse(io.StringIO(mended), "genbank"), out, "embl")
        text = out.getvalue()
    path = tmp_path / "genome.txt"
    path.write_bytes(text.replace("\n", ends).encode())
    genes = read_genome(path)
    assert proteins_of(genes, "x") == dict(zip(tags, PROTEINS.values(), strict=True))
    first, second, third = genes[:3]
    assert (first.strand, second.strand, third.strand) == ("+", "-", "+")
    assert third.start > third.end, "it crosses the origin"
    assert first.end - first.start + 1 == 3 * len(PROTEINS["abcA"]) + 3
    assert [one.symbol for one in genes[:3]] == list(PROTEINS)
    assert first.source == {"genbank": "GenBank", "embl": "EMBL"}[kind]
    if layout.startswith("RefSeq"):
        assert (first.old_locus_tag, first.protein_id) == ("TEST_1", "WP_000000001.1")
        assert [(gene.gene, gene.left_out) for gene in genes[3:]] == [
            ("TEST_RS00090", "pseudogene")
        ]


def one_gene(place, bases, **qualifiers):
    """A GenBank file of one CDS without translation."""
    return record(BAKTA, "c", bases, [feature("CDS", place, **qualifiers)])


GENE = coding("MKVLWDEFGHIKLM")
REVERSED = str(Seq(GENE).reverse_complement())


@pytest.mark.parametrize(
    ("place", "bases", "qualifiers", "protein", "left_out"),
    [
        ("1..45", GENE, {"locus_tag": '"a"'}, "MKVLWDEFGHIKLM", ""),
        ("1..45", "GTG" + GENE[3:], {"locus_tag": '"a"'}, "MKVLWDEFGHIKLM", ""),
        ("<1..45", "GTG" + GENE[3:], {"locus_tag": '"a"'}, "VKVLWDEFGHIKLM", ""),
        ("<1..46", "C" + GENE, {"codon_start": "2"}, "MKVLWDEFGHIKLM", ""),
        ("1..>44", GENE, {"locus_tag": '"a"'}, "MKVLWDEFGHIKLM", ""),
        ("1..44", GENE, {"locus_tag": '"a"'}, "", "length is no multiple of three"),
        ("1..450", GENE, {"locus_tag": '"a"'}, "", "lies beyond the bases of its record"),
        ("J00194.1:1..45", GENE, {"locus_tag": '"a"'}, "", "lies in another record"),
        ("join(1..21,22..45)", GENE, {"locus_tag": '"a"'}, "MKVLWDEFGHIKLM", ""),
        ("order(1..21,22..45)", GENE, {"locus_tag": '"a"'}, "MKVLWDEFGHIKLM", ""),
        (
            "complement(join(1..20,24..48))", REVERSED[:20] + "CCC" + REVERSED[20:],
            {"locus_tag": '"a"'}, "MKVLWDEFGHIKLM", "",
        ),
        (
            "join(complement(24..48),complement(1..20))", REVERSED[:20] + "CCC" + REVERSED[20:],
            {"locus_tag": '"a"'}, "MKVLWDEFGHIKLM", "",
        ),
        (
            "join(25..45,complement(1..24))", str(Seq(GENE[21:]).reverse_complement()) + GENE[:21],
            {"locus_tag": '"a"'}, "MKVLWDEFGHIKLM", "",
        ),
        ("1..45", GENE, {"locus_tag": '"a"', "pseudogene": '"unknown"'}, "", "pseudogene"),
        ("1..45", GENE[:9] + "TGA" + GENE[12:], {"locus_tag": '"a"'}, "", "internal stop"),
        (
            "1..45", GENE[:9] + "TGA" + GENE[12:],
            {"locus_tag": '"a"', "transl_except": "(pos:10..12,aa:Sec)"}, "MKVUWDEFGHIKLM", "",
        ),
        (
            "1..45", GENE[:9] + "TGA" + GENE[12:],
            {"locus_tag": '"a"', "transl_table": "4"}, "MKVWWDEFGHIKLM", "",
        ),
    ],
)  # fmt: skip
def test_genes_without_translation(tmp_path, place, bases, qualifiers, protein, left_out):
    path = write(tmp_path / "g.gbk", one_gene(place, bases, **qualifiers))
    (gene,) = read_genome(path)
    assert gene.left_out == left_out
    assert gene.protein == protein


@pytest.mark.parametrize(
    ("qualifiers", "name"),
    [
        ({"protein_id": '"WP_1.1"', "gene": '"abc"'}, "WP_1.1"),
        ({"gene": '"abc"'}, "abc"),
        ({}, "c_cds_1"),
    ],
)
def test_genes_without_locus_tag(tmp_path, qualifiers, name):
    path = write(tmp_path / "g.gbk", one_gene("1..45", GENE, **qualifiers))
    assert [gene.gene for gene in read_genome(path)] == [name]


@pytest.mark.parametrize("length", [46, 47, 48, 104, 105, 300])
@pytest.mark.parametrize("name", ["locus_tag", "protein_id"])
def test_ids_over_several_lines_stay_one_word(tmp_path, length, name):
    tag = "x" * length
    path = write(tmp_path / "g.gbk", one_gene("1..45", GENE, **{name: quoted(tag)}))
    assert [gene.gene for gene in read_genome(path)] == [tag]
    with pytest.raises(InputError, match=r"U\+0020"):
        read_genome(write(path, one_gene("1..45", GENE, **{name: '"a b"'})))


@pytest.mark.parametrize(
    "more", ["A" * 100_000, "identical to TEST01 " * 5_000 + "\n" + " " * 12 + "x"]
)
def test_an_endless_comment_takes_no_time(tmp_path, more):
    plain, longer = tmp_path / "plain.gbff", tmp_path / "longer.gbff"
    plain.write_text(prokka())
    longer.write_text(prokka().replace("\nFEATURES", f"\nCOMMENT     {more}\nFEATURES"))
    assert longer.stat().st_size > 100_000
    before = time.process_time()
    assert read_genome(longer) == read_genome(plain)
    assert time.process_time() - before < 3  # it was minutes


def test_a_record_without_bases_needs_translations(tmp_path):
    """What NCBI calls 'GenBank': where the bases lie, and no bases."""
    features = [
        feature("CDS", "1..45", locus_tag='"a"', translation='"MKVLWDEFGHIKLM"'),
        feature("CDS", "51..95", locus_tag='"b"'),
    ]
    for end in ("CONTIG      join(X.1:1..100)\n//", "ORIGIN\n//"):
        text = REFSEQ.format(name="NC_1", length=100, features="\n".join(features), origin=end)
        genes = read_genome(write(tmp_path / "g.gbk", text))
        assert proteins_of(genes, "x") == {"a": "MKVLWDEFGHIKLM"}
        assert genes[1].left_out == "neither translation nor bases"


def test_one_locus_tag_in_two_records_is_told(tmp_path):
    records = [
        record(BAKTA, name, GENE, [feature("CDS", "1..45", locus_tag='"a"')]) for name in "cd"
    ]
    genes = read_genome(write(tmp_path / "g.gbk", "".join(records)))
    assert proteins_of(genes, "x") == {"a": "MKVLWDEFGHIKLM"}
    assert [(one.contig, one.left_out) for one in genes] == [
        ("c", ""),
        ("d", "a longer coding sequence has the same id"),
    ]


def test_of_one_locus_tag_the_longest_protein_stays(tmp_path):
    features = [
        feature("CDS", place, locus_tag='"a"', translation=quoted(protein))
        for place, protein in [("1..30", "MKV"), ("1..45", "MKVLW"), ("1..9", "MK")]
    ]
    genes = read_genome(write(tmp_path / "g.gbk", record(BAKTA, "c", GENE, features)))
    assert proteins_of(genes, "x") == {"a": "MKVLW"}
    assert [bool(gene.left_out) for gene in genes] == [True, False, True]


def test_an_annotation_without_genes_is_called(tmp_path, bsub, caplog):
    bases = contig(list(bsub.values())[:8])
    genes = read_genome(write(tmp_path / "g.gbk", record(REFSEQ, "NC_1", bases, [])))
    ends = {gene.protein[-30:] for gene in genes}
    assert sum(one[-30:] in ends for one in list(bsub.values())[:8]) >= 7
    assert "has no coding sequence (CDS), its genes are called" in caplog.text
    assert genes[0].gene == "NC_1.1_1"


# -- what is refused

CONTIG_ONLY = REFSEQ.format(
    name="NC_1",
    length=100,
    features="     source          1..100",
    origin="CONTIG      join(X.1:1..100)\n//",
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("##gff-version 3\nc\tProdigal\tCDS\t1\t9\t.\t+\t0\tID=1\n", "is a GFF file"),
        ("# comment\nc\tProdigal\tCDS\t1\t9\t.\t+\t0\tID=1\n", "is a GFF file"),
        ("\n" * 99 + "# x\n \t\r\nc\tRefSeq\tCDS\t1\t9\t.\t+\t0\tID=1\n", "is a GFF file"),
        ("\n" * 2000 + "<apply>\n", "is no genome"),
        ("@read\nACGT\n+\nIIII\n", "is no genome: FASTQ"),
        ("<html>log in</html>", "a page of the web"),
        ("", "has no sequence"),
        ("ACGT\n", "is no genome: 'ACGT"),
        (">p\nMKVLWDEFGHIKLM\n", "line 1: 'p' is no sequence of nucleotides.*'proteome'"),
        (">c\nACGTACGTAC\nACGT-ACGTA\n", r"line 3: illegal base '-' at column 5 of 'c'"),
        (">c\nACGTACGTAC\nACGTßACGTA\n", r"line 3: illegal base 'ß' at column 5 of 'c'"),
        (">c\nACGT\n>d\n>e\nACGT\n", r"line 3: 'd' has no sequence"),
        (">c\nACGT\n>c\nACGT\n", r"line 3: .*'c' was used on line 1"),
        (">c\x01\nACGT\n", r"line 1: .* U\+0001"),
        (">c\n" + "ACGT" * 5 + "\n", "no gene was found in its 20 bases"),
        ("LOCUS       c\n", "is no GenBank file that can be read"),
        (one_gene("1..45", GENE, locus_tag='"a\x01b"'), r"U\+0001"),
        (one_gene("1..45", GENE, transl_table="7"), "genetic code 7 is unknown"),
        (one_gene("1..45", GENE, translation='"MK-V"'), "'-', which is no residue"),
        (bakta() + bakta(), "two records are called 'contig_1'"),
        (CONTIG_ONLY, r"neither coding sequences \(CDS\) nor bases"),
        (bakta().replace(" bp    DNA", " aa       "), "is a protein .GenPept."),
    ],
)  # fmt: skip
def test_what_is_no_genome_is_told(tmp_path, text, message):
    path = tmp_path / "genome.fna"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_genome(path)
    assert "genome.fna" in caught.value.where


def test_a_genome_of_other_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("gemwright.inputs.gene_calling.GENOME_BASES", 1000)
    path = write(tmp_path / "g.fna", fasta({"c": "ACGTT" * 300}))
    with pytest.raises(InputError, match="has 1,500 bases, more than 1,000"):
        read_genome(path)


@pytest.mark.parametrize("text", [one_gene("1..45", GENE, pseudo=None), ">c\n" + "N" * 500 + "\n"])
def test_a_genome_whose_genes_are_all_left_out_is_refused(tmp_path, text):
    path = write(tmp_path / "g.gbk", text)
    with pytest.raises(InputError, match="none of its 1 genes has a protein"):
        proteins_of(read_genome(path), str(path))


# -- names

tags = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"\\'), min_size=1
)


@settings(max_examples=60, deadline=None)
@given(st.lists(tags, min_size=3, max_size=3, unique=True))
def test_any_locus_tags_become_the_genes_names(tmp_path_factory, names):
    bases, places = bases_and_places()
    features = [
        feature("CDS", place, locus_tag=quoted(name), translation=quoted(protein))
        for name, place, protein in zip(names, places.values(), PROTEINS.values(), strict=True)
    ]
    path = tmp_path_factory.mktemp("tags") / "g.gbk"
    path.write_text(record(BAKTA, "c", bases, features))
    assert proteins_of(read_genome(path), "x") == dict(zip(names, PROTEINS.values(), strict=True))


# -- the step


def test_an_organism_of_a_genome_alone(tmp_path, caplog):
    caplog.set_level("INFO")
    genome = write(tmp_path / "g.gbk", refseq())
    (sheet := tmp_path / "organisms.tsv").write_text(f"id\tgenome\nmine\t{genome}\n")
    organism = read_organisms(sheet)["mine"]
    called, genes = tmp_path / "called.parquet", tmp_path / "genes.csv"
    prepare_genome(organism, called, genes)
    table = pd.read_csv(genes, keep_default_na=False)
    assert tuple(table) == GENE_COLUMNS
    assert table["left_out"].tolist() == ["", "", "", "pseudogene"]
    assert "1 gene(s) left out (pseudogene): TEST_RS00090" in caplog.text
    files = [tmp_path / f"{name}.parquet" for name in ("proteome", "metabolome", "media")]
    species = pd.DataFrame({"metabolite": read_media()["compound"]})
    prepare_organism(organism, species, *files, called=called)
    assert read_parquet(files[0])["protein"].tolist() == table["gene"].tolist()[:3]
    assert read_parquet(files[1]).empty
    assert set(read_parquet(files[2])["medium"]) == {"M9", "LB"}
    assert "no metabolome" in caplog.text


def test_the_table_of_no_genes_has_its_columns():
    assert tuple(genes_table([])) == GENE_COLUMNS
    assert origin("ACGT").endswith("//")


def test_products_in_an_old_code_page_go_into_the_table(tmp_path):
    """Bytes that are no UTF-8 went as far as the table, which cannot hold them: a traceback."""
    bases = coding("M" + "KVLWDEFGHI" * 9)
    text = one_gene(
        f"1..{len(bases)}", bases, locus_tag='"a"', gene='"abé"', product='"protéine β"'
    )
    path = write(tmp_path / "g.gbk", "")
    path.write_bytes(text.replace("β", "b").encode("cp1252"))
    (sheet := tmp_path / "organisms.tsv").write_text(f"id\tgenome\nmine\t{path}\n")
    organism = read_organisms(sheet)["mine"]
    prepare_genome(organism, tmp_path / "p.parquet", tmp_path / "genes.csv")
    table = pd.read_csv(tmp_path / "genes.csv")
    assert table[["symbol", "product"]].to_numpy().tolist() == [["abé", "protéine b"]]
    path.write_text(text, encoding="utf-8")
    prepare_genome(organism, tmp_path / "p.parquet", tmp_path / "genes.csv")
    assert list(pd.read_csv(tmp_path / "genes.csv")["product"]) == ["protéine β"]


@pytest.mark.parametrize("lost", [3, 20, 100])
def test_an_annotation_that_is_cut_off_is_told(tmp_path, lost):
    """The genes of what is missing are missing as well, and Biopython only warns."""
    text = one_gene("1..45", GENE * 9, locus_tag='"a"').rstrip()
    path = write(tmp_path / "g.gbk", text[:-lost])
    with pytest.raises(InputError, match="is cut off"):
        read_genome(path)
