"""Protein FASTA, read strictly: what is wrong is told with its line."""

import logging
import re
from collections.abc import Sequence
from pathlib import Path

from gemwright.errors import InputError
from gemwright.io.files import atomic_path
from gemwright.io.sequence_records import Record, read_records

logger = logging.getLogger(__name__)

#: What DeepGDel puts for a gene whose sequence its authors did not find.
PLACEHOLDER = "MINP"

# the twenty, selenocysteine, pyrrolysine, and the IUPAC ambiguity codes
RESIDUES = frozenset("ACDEFGHIKLMNPQRSTVWYUOBZXJ")
# gffread writes a stop as a full stop, most others as an asterisk
_ILLEGAL = re.compile(f"[^{''.join(sorted(RESIDUES))}*.]")

#: IUPAC's codes of nucleotides, and X, which masks; no protein of some length does without the
#: other letters.
IUPAC_NUCLEOTIDES = frozenset("ACGTURYSWKMBDHVNX")
# shorter records tell nothing on their own
_TELLING_LENGTH = 60
_TELLING_TOTAL = 100


def read_fasta(path: str | Path) -> dict[str, str]:
    """Read a protein FASTA file.

    Sequences with a stop before their end are pseudogenes, which real proteomes contain: they are
    left out, and so are those that have nothing but stops; a warning names them.

    Parameters
    ----------
    path : str or Path
        FASTA text, also packed by gzip, bzip2 or xz, whatever its name. The identifier is the
        first word after ``>``, as it stands there. Lower case is raised; ``*`` and ``.`` are
        stops, and those at the end are dropped.

    Returns
    -------
    dict of str to str
        Identifier to sequence, in file order.

    Raises
    ------
    InputError
        If the file is missing, empty, damaged or not text; if text stands before the first
        header, a header or a sequence is empty, an identifier comes twice or cannot be used, a
        residue is illegal, or the sequences are nucleotides.
    """
    where = str(path)
    sequences: dict[str, str] = {}
    pseudogenes: list[str] = []
    empty: list[str] = []
    lines: dict[str, int] = {}
    for record in read_records(path):
        record.require_letters(where)
        sequence = _residues(record, where).replace(".", "*").rstrip("*")
        if not sequence:
            empty.append(record.name)
        elif "*" in sequence:
            pseudogenes.append(record.name)
        else:
            sequences[record.name] = sequence
            lines[record.name] = record.line
    _tell(where, pseudogenes, "with an internal stop left out as pseudogenes")
    _tell(where, empty, "of nothing but stops left out")
    if not sequences:
        what = "only stops" if empty else "an internal stop"
        raise InputError(where, f"every sequence has {what}", "give a proteome")
    _refuse_nucleotides(sequences, lines, where)
    return sequences


def _residues(record: Record, where: str) -> str:
    """Letters of a record; an illegal one is refused with its line."""
    letters = record.letters
    if letters.isascii() and not _ILLEGAL.search(residues := letters.upper()):
        return residues
    for number, text in record.lines:
        # in upper case, letters that are no ASCII may become others, and more
        bad = _ILLEGAL.search("".join(one.upper() if one.isascii() else "?" for one in text))
        if bad:
            raise InputError(
                f"{where}, line {number}",
                f"illegal residue {text[bad.start()]!r} at column {bad.start() + 1}"
                f" of {record.name!r}",
                "amino acids are one-letter codes; is this a DNA or alignment file",
            )
    raise AssertionError(f"{record.name} has no illegal residue")


def _tell(where: str, names: Sequence[str], what: str) -> None:
    if names:
        logger.warning("%s: %d sequence(s) %s: %s", where, len(names), what, ", ".join(names))


def is_nucleotides(letters: str) -> bool:
    """Whether letters are those of nucleotides and not of residues, ambiguity codes among them.

    At least three bases are each a fiftieth of them, as in no known protein of so few kinds of
    residues; and nine in ten are bases or unknown, or all are IUPAC's codes and half are bases.
    """
    counts = {base: letters.count(base) for base in "ACGTU"}
    if sum(50 * count >= len(letters) > 0 for count in counts.values()) < 3:
        return False
    bases = sum(counts.values())
    unknown = letters.count("N") + letters.count("X")
    return bases + unknown >= 0.9 * len(letters) or (
        bases >= 0.5 * len(letters) and IUPAC_NUCLEOTIDES.issuperset(letters)
    )


def _refuse_nucleotides(sequences: dict[str, str], lines: dict[str, int], where: str) -> None:
    cure = (
        "name the file in the sheet's column 'genome', which translates genes and calls those of"
        " a genome, or give the translated proteome"
    )
    total = "".join(sequences.values())
    if len(total) >= _TELLING_TOTAL and is_nucleotides(total):
        raise InputError(where, "all sequences look like nucleotides", cure)
    found = [
        name
        for name, sequence in sequences.items()
        if len(sequence) >= _TELLING_LENGTH and is_nucleotides(sequence)
    ]
    if found:
        raise InputError(
            f"{where}, line {lines[found[0]]}",
            f"{len(found)} of {len(sequences)} sequences look like nucleotides, the first is"
            f" {found[0]!r}",
            cure,
        )


def write_fasta(sequences: dict[str, str], path: str | Path) -> None:
    """Write sequences as FASTA, 80 residues a line, atomically."""
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8") as handle:
        for name, sequence in sequences.items():
            lines = [sequence[i : i + 80] for i in range(0, len(sequence), 80)]
            handle.write(f">{name}\n" + "\n".join(lines) + "\n")
