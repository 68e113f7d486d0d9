"""Protein FASTA, read strictly: what is wrong is told with its line."""

import gzip
import logging
import re
from pathlib import Path

from gemwright.errors import InputError
from gemwright.io.files import atomic_path

logger = logging.getLogger(__name__)

#: What DeepGDel puts for a gene whose sequence its authors did not find.
PLACEHOLDER = "MINP"

# the twenty, selenocysteine, pyrrolysine, and the IUPAC ambiguity codes
RESIDUES = frozenset("ACDEFGHIKLMNPQRSTVWYUOBZXJ")
_ILLEGAL = re.compile(f"[^{''.join(sorted(RESIDUES))}*]")


def read_fasta(path: str | Path) -> dict[str, str]:
    """Read a protein FASTA file.

    Sequences with a stop (``*``) before their end are pseudogenes, which real proteomes contain:
    they are left out, and a warning names them.

    Parameters
    ----------
    path : str or Path
        FASTA text, gzipped if the name ends in ``.gz``. The identifier is the first word after
        ``>``. Lower case is raised and one trailing stop (``*``) is dropped.

    Returns
    -------
    dict of str to str
        Identifier to sequence, in file order.

    Raises
    ------
    InputError
        If the file is missing, empty or not text; if text stands before the first header, a
        header or a sequence is empty, an identifier comes twice, or a residue is illegal.
    """
    where = str(path)
    if not Path(path).is_file():
        raise InputError(where, "the FASTA file does not exist", "check the path")
    opener = gzip.open if where.endswith(".gz") else open
    parts: dict[str, list[str]] = {}
    first_line: dict[str, int] = {}
    current = ""
    try:
        with opener(path, "rt", encoding="utf-8-sig") as handle:
            for number, raw in enumerate(handle, start=1):
                line = raw.strip()
                if not line:
                    continue
                spot = f"{where}, line {number}"
                if line.startswith(">"):
                    words = line[1:].split()
                    if not words:
                        raise InputError(
                            spot, "the header has no identifier", "write a name right after '>'"
                        )
                    current = words[0]
                    if current in parts:
                        raise InputError(
                            spot,
                            f"the identifier {current!r} was used on line {first_line[current]}",
                            "give every protein an identifier of its own",
                        )
                    parts[current] = []
                    first_line[current] = number
                elif not current:
                    raise InputError(
                        spot,
                        f"text before the first header: {line[:30]!r}",
                        "a FASTA file starts with a line like '>protein_id'",
                    )
                else:
                    residues = line.upper()
                    bad = _ILLEGAL.search(residues)
                    if bad:
                        raise InputError(
                            spot,
                            f"illegal residue {bad.group()!r} at column {bad.start() + 1}"
                            f" of {current!r}",
                            "amino acids are one-letter codes; is this a DNA or alignment file",
                        )
                    parts[current].append(residues)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise InputError(
            where, f"is not readable text ({error})", "give a FASTA file, plain or gzipped"
        ) from error
    sequences = {name: "".join(lines).removesuffix("*") for name, lines in parts.items()}
    if not sequences:
        raise InputError(where, "the FASTA file has no sequence", "give a proteome")
    for name, sequence in sequences.items():
        if not sequence:
            raise InputError(
                f"{where}, line {first_line[name]}",
                f"{name!r} has no sequence",
                "remove the header or add its sequence",
            )
    pseudogenes = [name for name, sequence in sequences.items() if "*" in sequence]
    if pseudogenes:
        logger.warning(
            "%s: %d sequence(s) with an internal stop left out as pseudogenes: %s",
            where,
            len(pseudogenes),
            ", ".join(pseudogenes),
        )
        for name in pseudogenes:
            del sequences[name]
        if not sequences:
            raise InputError(where, "every sequence has an internal stop", "give a proteome")
    letters = "".join(sequences.values())
    if len(letters) >= 100 and set(letters) <= set("ACGTUN"):
        raise InputError(
            where, "all sequences look like nucleotides", "give the translated proteome"
        )
    return sequences


def write_fasta(sequences: dict[str, str], path: str | Path) -> None:
    """Write sequences as FASTA, 80 residues a line, atomically."""
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8") as handle:
        for name, sequence in sequences.items():
            lines = [sequence[i : i + 80] for i in range(0, len(sequence), 80)]
            handle.write(f">{name}\n" + "\n".join(lines) + "\n")
