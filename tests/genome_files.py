"""Genomes made by hand: genes written backwards from proteins, and the layouts of annotations."""

from random import Random

from Bio.Data.CodonTable import unambiguous_dna_by_id
from Bio.Seq import Seq

LINKER = "TTAATTAATTAA"


def coding(protein, table=11, seed=0):
    """A gene of a protein: codons drawn at random, ATG first, a stop of the code at its end."""
    code = unambiguous_dna_by_id[table]
    codons = {}
    for codon, residue in sorted(code.forward_table.items()):
        codons.setdefault(residue, []).append(codon)
    random = Random(f"{seed}{protein}")
    # the cell prefers one codon, and a gene finder lives on that
    drawn = [
        codons[one][0] if random.random() < 0.6 else random.choice(codons[one])
        for one in protein[1:]
    ]
    return "ATG" + "".join(drawn) + random.choice(code.stop_codons)


def contig(proteins, table=11, seed=0):
    """A chromosome: genes with ribosome binding sites, on both strands, some bases apart."""
    random = Random(seed)
    parts = []
    for protein in proteins:
        gap = "".join(random.choice("ATATGC") for _ in range(40))
        gene = gap + "AGGAGG" + "TATATA" + coding(protein, table, seed) + LINKER
        parts.append(str(Seq(gene).reverse_complement()) if random.random() < 0.4 else gene)
    return "".join(parts)


def fasta(records, width=70):
    lines = []
    for name, letters in records.items():
        lines += [f">{name}", *(letters[at : at + width] for at in range(0, len(letters), width))]
    return "\n".join(lines) + "\n"


def feature(kind, place, **qualifiers):
    """A feature as GenBank writes it: long values on several lines."""
    lines = [f"     {kind:<16}{place}"]
    for name, values in qualifiers.items():
        for value in values if isinstance(values, list) else [values]:
            text = f"/{name}" if value is None else f"/{name}={value}"
            lines += [" " * 21 + text[at : at + 58] for at in range(0, len(text), 58)]
    return "\n".join(lines)


def quoted(text):
    return f'"{text}"'


def origin(bases):
    rows = []
    for at in range(0, len(bases), 60):
        row = bases[at : at + 60].lower()
        rows.append(f"{at + 1:>9} " + " ".join(row[i : i + 10] for i in range(0, len(row), 10)))
    return "\n".join(["ORIGIN", *rows, "//"])


REFSEQ = """LOCUS       {name:<16}{length:>12} bp    DNA     circular CON 01-JAN-2024
DEFINITION  Testus exemplaris strain T1, complete sequence.
ACCESSION   {name} NZ_TEST01000000
VERSION     {name}.1
DBLINK      BioProject: PRJNA224116
KEYWORDS    RefSeq.
SOURCE      Testus exemplaris
  ORGANISM  Testus exemplaris
            Bacteria; Bacillota; Bacilli.
COMMENT     REFSEQ INFORMATION: The reference sequence is identical to TEST01.
            ##Genome-Annotation-Data-START##
            Annotation Pipeline :: NCBI Prokaryotic Genome Annotation Pipeline (PGAP)
            ##Genome-Annotation-Data-END##
FEATURES             Location/Qualifiers
{features}
{origin}
"""

PROKKA = """LOCUS       {name} {length} bp    DNA     linear       01-JAN-2024
DEFINITION  Genus species strain strain.
ACCESSION
VERSION
KEYWORDS    .
SOURCE      Genus species
  ORGANISM  Genus species
            Unclassified.
COMMENT     Annotated using prokka 1.14.6 from
            https://github.com/tseemann/prokka.
FEATURES             Location/Qualifiers
{features}
{origin}
"""

BAKTA = """LOCUS       {name:<16}{length:>12} bp    DNA     linear   BCT 01-JAN-2024
DEFINITION  Testus exemplaris, whole genome shotgun sequence.
ACCESSION   {name}
VERSION     {name}
KEYWORDS    WGS.
SOURCE      Testus exemplaris
  ORGANISM  Testus exemplaris
            .
COMMENT     Annotated with Bakta
            Software: v1.9.3
            Database: v5.1, full
            CDSs: 3
FEATURES             Location/Qualifiers
{features}
{origin}
"""


def record(layout, name, bases, features):
    source = feature("source", f"1..{len(bases)}", mol_type=quoted("genomic DNA"))
    return layout.format(
        name=name,
        length=len(bases),
        features="\n".join([source, *features]),
        origin=origin(bases),
    )
