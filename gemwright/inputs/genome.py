"""A genome becomes a proteome: its annotation is read, or its genes are called."""

import logging
import re
from pathlib import Path

from gemwright.errors import InputError
from gemwright.inputs.annotated_genome import annotated_genes, bases_of, read_annotation
from gemwright.inputs.called_genes import (
    BACTERIAL,
    MYCOPLASMA,
    CalledGene,
    checked_protein,
    translate,
)
from gemwright.inputs.gene_calling import call_genes, check_table
from gemwright.io.fasta import is_nucleotides
from gemwright.io.sequence_records import other_format, read_records, read_text

logger = logging.getLogger(__name__)

_NO_BASE = re.compile("[^ACGTURYSWKMBDHVNX]")
# a line of GFF: nine columns, the fourth and fifth numbers
_GFF = re.compile(
    r"\A(?:(?:#[^\n]*|[^\S\n]*)\n)*[^\t\n]+\t[^\t\n]*\t[^\t\n]+\t\d+\t\d+\t[^\t\n]*\t[-+.?]\t"
)
# a file of genes holds ribosomal and transfer RNA as well (Prokka's .ffn), and pseudogenes
_MOST = 0.5
_CLEARLY = 0.05


def read_genome(path: str | Path, table: int | None = None) -> list[CalledGene]:
    """Read the genes of a genome, and call them if it has none.

    Parameters
    ----------
    path : str or Path
        FASTA of contigs, whose genes are called; FASTA of coding sequences (most of its records
        are open reading frames from their first base on), which are translated under their own
        names; or a file of GenBank or EMBL, whose coding sequences are read, or called if it has
        none. Also packed by gzip, bzip2 or xz. What it is is seen in its content.
    table : int, optional
        Genetic code, by NCBI's number; chosen by default, see `gene_calling.call_genes`.

    Returns
    -------
    list of CalledGene
        In file order, those without a protein included.

    Raises
    ------
    InputError
        If the file cannot be read or used; the message says what it is instead.
    """
    where = str(path)
    if table is not None:
        check_table(table, where)
    text = read_text(path, "genome")
    start = text.lstrip()
    layout = {"LOCUS": "genbank", "ID   ": "embl"}.get(start[:5])
    if layout:
        return _annotated(start, layout, where, table)
    if start.startswith("##gff") or _GFF.match(text):
        raise InputError(
            where,
            "is a GFF file: it says where genes are, and not what they are made of",
            "give the GenBank or EMBL file of the same annotation, or the genome as FASTA",
        )
    if start and not start.startswith(">"):
        raise InputError(
            where,
            f"is no genome: {other_format(text) or repr(start[:30])}",
            "give FASTA, GenBank or EMBL",
        )
    contigs = _contigs(path)
    genes = _coding_sequences(contigs, table, where)
    return genes or call_genes(contigs, where, table)


def _annotated(text: str, layout: str, where: str, table: int | None) -> list[CalledGene]:
    records = read_annotation(text, layout, where)
    genes = annotated_genes(records, layout, where, table)
    if genes:
        return genes
    bases = bases_of(records)
    if not bases:
        raise InputError(
            where,
            "has neither coding sequences (CDS) nor bases",
            "give the full file ('GenBank (full)' at NCBI)",
        )
    for name, sequence in bases.items():
        bad = _NO_BASE.search(sequence)
        if bad:
            raise InputError(
                f"{where}, record {name!r}",
                f"illegal base {bad.group()!r} at position {bad.start() + 1}",
                "bases are IUPAC's codes of nucleotides",
            )
    logger.warning("%s: has no coding sequence (CDS), its genes are called", where)
    return call_genes(bases, where, table)


def _contigs(path: str | Path) -> dict[str, str]:
    """Bases of the records of a FASTA file, in upper case."""
    where = str(path)
    contigs: dict[str, str] = {}
    for record in read_records(path):
        record.require_letters(where)
        letters = record.letters
        if letters.isascii() and not _NO_BASE.search(bases := letters.upper()):
            contigs[record.name] = bases.replace("X", "N")
            continue
        if not is_nucleotides("".join(letters.upper().split())):
            raise InputError(
                f"{where}, line {record.line}",
                f"{record.name!r} is no sequence of nucleotides",
                "name proteins in the sheet's column 'proteome'",
            )
        for number, line in record.lines:
            bad = _NO_BASE.search("".join(one.upper() if one.isascii() else "?" for one in line))
            if bad:
                raise InputError(
                    f"{where}, line {number}",
                    f"illegal base {line[bad.start()]!r} at column {bad.start() + 1} of"
                    f" {record.name!r}",
                    "bases are IUPAC's codes of nucleotides; gaps are written as N",
                )
    return contigs


def _coding_sequences(contigs: dict[str, str], table: int | None, where: str) -> list[CalledGene]:
    """Translate the records if most are open reading frames from their first base on."""
    clean = {name: bases.replace("U", "T") for name, bases in contigs.items()}
    shares = {
        code: sum(_is_whole(bases, code) for bases in clean.values()) / len(clean)
        for code in ([table] if table else [BACTERIAL, MYCOPLASMA])
    }
    code = next(iter(shares))
    if shares.get(MYCOPLASMA, 0.0) - shares[code] > _CLEARLY:
        code = MYCOPLASMA
    if shares[code] < _MOST:
        return []
    logger.warning(
        "%s: %.0f %% of its %d records are open reading frames: they are translated with the"
        " genetic code %d, and no gene is called",
        where, 100 * shares[code], len(clean), code,
    )  # fmt: skip
    return [_coding_sequence(name, bases, code, where) for name, bases in clean.items()]


def _is_whole(bases: str, code: int) -> bool:
    """Whether bases are a start codon, codons without a stop, and perhaps a stop."""
    if len(bases) % 3 or len(bases) < 6:
        return False
    residues = translate(bases, code, whole_start=True)
    return residues.startswith("M") and "*" not in residues[:-1]


def _coding_sequence(name: str, bases: str, code: int, where: str) -> CalledGene:
    gene = CalledGene(name, name, 1, len(bases), "+", "coding sequence", code)
    if len(bases) % 3:
        return gene.without("length is no multiple of three")
    return checked_protein(gene, translate(bases, code, whole_start=True), where)
