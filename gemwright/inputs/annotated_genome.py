"""Genes that an annotation holds: files of GenBank and EMBL."""

import io
import logging
import re
import warnings
from collections.abc import Sequence
from typing import Any

from Bio import SeqIO
from Bio.SeqFeature import AfterPosition, BeforePosition, SeqFeature
from Bio.SeqRecord import SeqRecord

from gemwright.errors import InputError
from gemwright.inputs.called_genes import BACTERIAL, CalledGene, checked_protein, translate
from gemwright.inputs.gene_calling import check_table
from gemwright.io.fasta import IUPAC_NUCLEOTIDES
from gemwright.io.sequence_records import check_identifier

logger = logging.getLogger(__name__)

_SOURCES = {"genbank": "GenBank", "embl": "EMBL"}
_PSEUDO = ("pseudo", "pseudogene")
# residues that the code lacks, set in by the cell: transl_except=(pos:1..3,aa:Sec)
_RECODED = {"Sec": "U", "Pyl": "O"}
_PROTEIN = re.compile(r"^LOCUS +(\S+) +\d+ aa\b", re.MULTILINE)
# Prokka and others write long names of contigs and the length as one word
_RUN_TOGETHER = re.compile(r"^LOCUS +(\S+) bp\b.*$", re.MULTILINE)
_LENGTH = re.compile(r"^     source +1\.\.(\d+)", re.MULTILINE)
# biopython takes time by the square of the length of a line of these, which nothing here reads
_COMMENT = re.compile(r"^COMMENT[^\n]*(?:\n {12}[^\n]*)*", re.MULTILINE)
_LONGEST_COMMENT = 1_000
# the least that a full line holds of an id, behind the qualifier's name
_FULL_LINE = 40
_EXCEPTION = re.compile(r"aa:\s*(\w+)")


def read_annotation(text: str, layout: str, where: str) -> list[SeqRecord]:
    """Read the records of a GenBank or EMBL file.

    Parameters
    ----------
    text : str
        The file.
    layout : {'genbank', 'embl'}
        Which of the two.
    where : str
        The file's path, for messages.

    Returns
    -------
    list of Bio.SeqRecord.SeqRecord
        Of nucleotides, each with an id of its own.

    Raises
    ------
    InputError
        If it cannot be read, is cut off, holds proteins, or two records have one id.
    """
    name = _SOURCES[layout]
    protein = _PROTEIN.search(text)
    if protein:
        raise InputError(
            f"{where}, record {protein[1]!r}",
            "is a protein (GenPept), not a genome",
            "give the proteins as FASTA in the sheet's column 'proteome'",
        )
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            records = list(SeqIO.parse(io.StringIO(_mended(text)), layout))
        except Exception as error:  # biopython tells damage by many classes
            raise InputError(
                where,
                f"is no {name} file that can be read ({type(error).__name__}: {error})",
                "write it again, or give the genome as FASTA",
            ) from error
    for message in dict.fromkeys(str(one.message).strip() for one in told):
        if message.startswith("Premature end"):
            raise InputError(where, f"is cut off ({message})", "fetch or copy the file again")
        logger.warning("%s: %s", where, message)
    if not records:
        raise InputError(where, f"the {name} file has no record", "give a genome")
    seen: set[str] = set()
    for record in records:
        check_identifier(record.id, f"{where}, record {record.id!r}")
        if record.id in seen:
            raise InputError(
                where, f"two records are called {record.id!r}", "give each a name of its own"
            )
        seen.add(record.id)
    return records


def _mended(text: str) -> str:
    """Part name and length of a LOCUS line where they are one word; cut endless comments."""

    def cut(comment: re.Match[str]) -> str:
        return "\n".join(line[:_LONGEST_COMMENT] for line in comment[0].split("\n"))

    def parted(line: re.Match[str]) -> str:
        length = _LENGTH.search(text, line.end(), line.end() + 20_000)
        if length is None or not line[1].endswith(length[1]) or line[1] == length[1]:
            return line[0]
        name = line[1].removesuffix(length[1])
        return line[0].replace(line[1], f"{name} {length[1]}", 1)

    text = _COMMENT.sub(cut, text)
    return _RUN_TOGETHER.sub(parted, text)


def bases_of(records: Sequence[SeqRecord]) -> dict[str, str]:
    """Record to its bases in upper case, of the records that have any."""
    found = {
        record.id: str(record.seq).upper()
        for record in records
        if record.seq is not None and record.seq.defined and len(record.seq)
    }
    return {name: bases for name, bases in found.items() if bases.strip("N")}


def annotated_genes(
    records: Sequence[SeqRecord], layout: str, where: str, table: int | None = None
) -> list[CalledGene]:
    """Read the coding sequences of annotated records.

    A gene's id is its locus tag; where there is none, its protein id, its name, or
    ``<record>_cds_<number>``. Its protein is the annotated translation, else translated from the
    bases. Left out are pseudogenes, and all but the longest coding sequence of one locus tag.

    Parameters
    ----------
    records : sequence of Bio.SeqRecord.SeqRecord
        See `read_annotation`.
    layout : {'genbank', 'embl'}
        Named as the source.
    where : str
        The file, for messages.
    table : int, optional
        Genetic code of coding sequences that name none; 11 by default.

    Returns
    -------
    list of CalledGene
        In file order; empty if the file has no coding sequence.

    Raises
    ------
    InputError
        If an id cannot be used, a translation has a letter that is no residue, or a genetic code
        is unknown.
    """
    genes = []
    for record in records:
        features = [feature for feature in record.features if feature.type == "CDS"]
        for number, feature in enumerate(features, start=1):
            genes.append(_gene(record, feature, number, layout, where, table))
    best: dict[str, int] = {}
    for place, gene in enumerate(genes):
        rival = best.setdefault(gene.gene, place)
        if len(gene.protein) > len(genes[rival].protein):
            best[gene.gene] = place
    return [
        gene
        if best[gene.gene] == place or gene.left_out
        else gene.without("a longer coding sequence has the same id")
        for place, gene in enumerate(genes)
    ]


def _first(feature: SeqFeature, name: str) -> str:
    """First value of a qualifier, as one line; empty if there is none."""
    values = feature.qualifiers.get(name, [""])
    return " ".join(str(values[0]).split()) if values else ""


def _described(feature: SeqFeature, name: str) -> str:
    """`_first` for a table, which holds UTF-8 only: what is none is of the old code page 1252."""
    text = _first(feature, name)
    if text.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in text):
        return text
    return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _unbroken(identifier: str) -> str:
    """Join an id that goes over several lines, whose ends biopython makes spaces."""
    *full, _ = pieces = identifier.split(" ")
    return "".join(pieces) if all(len(one) >= _FULL_LINE for one in full) else identifier


def _gene(
    record: SeqRecord, feature: SeqFeature, number: int, layout: str, where: str, table: int | None
) -> CalledGene:
    names = (_unbroken(_first(feature, name)) for name in ("locus_tag", "protein_id", "gene"))
    identifier = next(filter(None, names), f"{record.id}_cds_{number}")
    spot = f"{where}, gene {identifier!r}"
    check_identifier(identifier, spot)
    given = _first(feature, "transl_table") or str(table or BACTERIAL)
    if not (given.isascii() and given.isdecimal() and len(given) < 4):
        raise InputError(spot, f"the genetic code {given!r} is no number", "use NCBI's number")
    check_table(int(given), spot)
    location = feature.location
    gene = CalledGene(
        gene=identifier,
        contig=record.id,
        start=0,
        end=0,
        strand="",
        source=_SOURCES[layout],
        translation_table=int(given),
        symbol=_described(feature, "gene"),
        old_locus_tag=_described(feature, "old_locus_tag"),
        protein_id=_described(feature, "protein_id"),
        product=_described(feature, "product"),
    )
    if location is None:
        return gene.without("its place cannot be read")
    parts = location.parts  # in the order of translation
    forward = location.strand != -1
    first, last = (parts[0], parts[-1]) if forward else (parts[-1], parts[0])
    missing = {
        "5'": _open(parts[0].start if forward else parts[0].end),
        "3'": _open(parts[-1].end if forward else parts[-1].start),
    }
    gene = CalledGene(
        **{
            **vars(gene),
            "start": int(first.start) + 1,
            "end": int(last.end),
            "strand": "+" if forward else "-",
            "partial": " ".join(end for end, lacks in missing.items() if lacks),
        }
    )
    if any(name in feature.qualifiers for name in _PSEUDO):
        return gene.without("pseudogene")
    written = "".join(_first(feature, "translation").split()).upper()
    if written:
        return checked_protein(gene, written, where)
    return _translated(record, feature, gene, where)


def _open(position: Any) -> bool:
    return isinstance(position, BeforePosition | AfterPosition)


def _translated(record: SeqRecord, feature: SeqFeature, gene: CalledGene, where: str) -> CalledGene:
    """Translate a coding sequence whose annotation has no translation."""
    parts = feature.location.parts
    if any(part.ref for part in parts):
        return gene.without("lies in another record")
    if record.seq is None or not record.seq.defined:
        return gene.without("neither translation nor bases")
    if max(int(part.end) for part in parts) > len(record.seq):
        return gene.without("lies beyond the bases of its record")
    bases = str(feature.extract(record.seq)).upper().replace("U", "T")
    if not IUPAC_NUCLEOTIDES.issuperset(bases):
        return gene.without("letters that are no bases")
    start = _first(feature, "codon_start")
    bases = bases[int(start) - 1 if start in ("1", "2", "3") else 0 :]
    if len(bases) % 3:
        if "3'" not in gene.partial:
            return gene.without("length is no multiple of three")
        bases = bases[: -(len(bases) % 3)]
    residues = translate(bases, gene.translation_table, "5'" not in gene.partial)
    return checked_protein(gene, _recoded(residues, feature), where)


def _recoded(residues: str, feature: SeqFeature) -> str:
    """Put selenocysteine and pyrrolysine where the annotation has them: at stops, in order."""
    named = " ".join(map(str, feature.qualifiers.get("transl_except", [])))
    letters = iter([_RECODED[aa] for aa in _EXCEPTION.findall(named) if aa in _RECODED])
    inside, last = residues[:-1], residues[-1:]
    return "".join(next(letters, one) if one == "*" else one for one in inside) + last
