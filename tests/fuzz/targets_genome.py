"""Parsers of proteomes and genomes."""

import io
import sys
from pathlib import Path

from Bio import SeqIO
from harness import Target

from gemwright.io.fasta import read_fasta, write_fasta

sys.path.insert(0, str(Path(__file__).parents[1]))

import test_genome
from genome_files import coding, contig, fasta

from gemwright.inputs.genome import read_genome

PROTEINS = fasta({"a b": "MKVLWDEFGHIKLM*", "sp|P1|X": "mstnpqryw.", "c": "MK*V"}).encode()
GENES = fasta({name: coding(one) for name, one in test_genome.PROTEINS.items()}).encode()
CONTIG = fasta({"c": contig(["".join(test_genome.PROTEINS.values()) * 5] * 4)}).encode()


def _round_trip(path):
    proteins = read_fasta(path)
    again = path.with_name("again.faa")
    write_fasta(proteins, again)
    assert read_fasta(again) == proteins


def _embl():
    out = io.StringIO()
    SeqIO.write(SeqIO.parse(io.StringIO(test_genome.refseq()), "genbank"), out, "embl")
    return [out.getvalue().encode()]


TARGETS = [
    Target("protein FASTA", ".faa", lambda: [PROTEINS], _round_trip),
    Target("genome FASTA", ".fna", lambda: [GENES, CONTIG], read_genome),
    Target(
        "GenBank",
        ".gbk",
        lambda: [make().encode() for make in (test_genome.refseq, test_genome.prokka)],
        read_genome,
    ),
    Target("EMBL", ".embl", _embl, read_genome),
]
