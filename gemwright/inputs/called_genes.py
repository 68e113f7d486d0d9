"""Genes of a genome, called or read: one table for all sources."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import pandas as pd
from Bio.Data.CodonTable import unambiguous_dna_by_id
from Bio.Seq import Seq

from gemwright.errors import InputError
from gemwright.io.fasta import RESIDUES

logger = logging.getLogger(__name__)

#: The code of bacteria and archaea, and the one of Mycoplasma, where TGA is tryptophan.
BACTERIAL, MYCOPLASMA = 11, 4
_MOST_NAMED = 10


@dataclass(frozen=True)
class CalledGene:
    """A gene that codes for a protein, or would.

    Attributes
    ----------
    gene : str
        Its id in models.
    contig : str
        Sequence on which it lies.
    start, end : int
        First and last base on the forward strand, from 1; the start is the larger one in a gene
        that crosses the origin. 0 if they are not known.
    strand : str
        ``+`` or ``-``.
    source : str
        Who has called it.
    translation_table : int
        Genetic code, by NCBI's number.
    partial : str
        Ends that are missing: ``5'``, ``3'``, both, or empty.
    symbol, old_locus_tag, protein_id, product : str
        What the annotation says, else empty.
    left_out : str
        Why it has no protein in the proteome, else empty.
    protein : str
        Its residues without stop; empty if it is left out.
    """

    gene: str
    contig: str
    start: int
    end: int
    strand: str
    source: str
    translation_table: int
    partial: str = ""
    symbol: str = ""
    old_locus_tag: str = ""
    protein_id: str = ""
    product: str = ""
    left_out: str = ""
    protein: str = ""

    def without(self, reason: str) -> "CalledGene":
        """Return the same gene without its protein."""
        return replace(self, left_out=reason, protein="")


#: Columns of the table of genes.
GENE_COLUMNS = tuple(name for name in CalledGene.__dataclass_fields__ if name != "protein")


def genes_table(genes: Sequence[CalledGene]) -> pd.DataFrame:
    """Table of genes, one row each with the columns `GENE_COLUMNS`, in their order."""
    return pd.DataFrame([asdict(gene) for gene in genes], columns=list(GENE_COLUMNS))


def proteins_of(genes: Sequence[CalledGene], where: str) -> dict[str, str]:
    """Gene to protein of the genes that are not left out; a warning tells of the others.

    Raises
    ------
    InputError
        If none is left.
    """
    proteins = {gene.gene: gene.protein for gene in genes if not gene.left_out}
    reasons = pd.Series([gene.left_out for gene in genes if gene.left_out], dtype=str)
    for reason, count in reasons.value_counts().items():
        names = [gene.gene for gene in genes if gene.left_out == reason]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        logger.warning(
            "%s: %d gene(s) left out (%s): %s%s",
            where, count, reason, ", ".join(names[:_MOST_NAMED]), more,
        )  # fmt: skip
    if not proteins:
        raise InputError(
            where,
            f"none of its {len(genes)} genes has a protein",
            "give the proteome in its column, or the genome as FASTA without annotation",
        )
    return proteins


def translate(sequence: str, table: int, whole_start: bool) -> str:
    """Translate bases, the stop at the end included as ``*``.

    Parameters
    ----------
    sequence : str
        Bases in upper case, a multiple of three.
    table : int
        Genetic code, by NCBI's number.
    whole_start : bool
        Whether the first codon is the start: then any start codon of the table is methionine.

    Returns
    -------
    str
        Residues; ``X`` for a codon that is ambiguous.
    """
    if not sequence:
        return ""
    residues = str(Seq(sequence.replace("X", "N")).translate(table=table))
    if whole_start and sequence[:3] in unambiguous_dna_by_id[table].start_codons:
        return "M" + residues[1:]
    return residues


def checked_protein(gene: CalledGene, residues: str, where: str) -> CalledGene:
    """Return a gene with its protein, or left out if that has a stop inside or nothing else.

    Raises
    ------
    InputError
        If a letter stands for no residue.
    """
    protein = residues.rstrip("*")
    if not protein:
        return gene.without("no residue")
    if "*" in protein:
        return gene.without("internal stop")
    illegal = sorted(set(protein) - RESIDUES)
    if illegal:
        raise InputError(
            f"{where}, gene {gene.gene!r}",
            f"the translation has the letter {illegal[0]!r}, which is no residue",
            "correct the file, or take the translation out of it",
        )
    return replace(gene, protein=protein)
