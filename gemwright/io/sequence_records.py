"""Records of a FASTA file, whatever its letters stand for: names checked, every line known."""

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from gemwright.errors import InputError
from gemwright.io.limits import IDENTIFIER_LENGTH, SEQUENCE_BYTES
from gemwright.io.unpacking import read_unpacked

# what a file is that begins so
_OTHERS = {
    "LOCUS ": "a GenBank file",
    "ID   ": "an EMBL file",
    "##gff-version": "a GFF file",
    "##gtf": "a GTF file",
    "@": "FASTQ",
    "<": "a page of the web or XML",
    "CLUSTAL": "an alignment by Clustal",
    "#NEXUS": "a NEXUS file",
    "{\\rtf": "a document of a word processor",
    "%PDF": "a PDF",
}
_BLANKS = " \t\v\f"
_MOST_NAMED = 10


@dataclass
class Record:
    """A record of a FASTA file.

    Attributes
    ----------
    name : str
        First word of the header, up to a blank or a tab.
    line : int
        Line of the header, from 1.
    lines : list of (int, str)
        Number and text of the lines with its letters, without blanks around them.
    """

    name: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)

    @property
    def letters(self) -> str:
        """All letters, as they stand there."""
        return "".join(text for _, text in self.lines)

    def require_letters(self, where: str) -> None:
        """Refuse a record that is a header alone; `where` is the file.

        Raises
        ------
        InputError
            With its line.
        """
        if not self.lines:
            raise InputError(
                f"{where}, line {self.line}",
                f"{self.name!r} has no sequence",
                "remove the header or add its sequence",
            )


def read_text(path: str | Path, what: str) -> str:
    r"""Read a file of sequences as text, its line ends as ``\n``.

    Parameters
    ----------
    path : str or Path
        UTF-8, or UTF-16 with a byte order mark; also packed by gzip, bzip2 or xz. Bytes that
        are no UTF-8 become lone surrogates: in a description they do no harm.
    what : str
        What the file should be, for the error message.

    Returns
    -------
    str
        The text.

    Raises
    ------
    InputError
        If the file is missing, damaged, too large or no text.
    """
    if not Path(path).is_file():
        raise InputError(str(path), f"the {what} does not exist", "check the path")
    content = read_unpacked(path, SEQUENCE_BYTES)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InputError(
                str(path), f"is not readable text ({error})", "save it as UTF-8"
            ) from error
    else:
        text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="surrogateescape")
    # the last character is the end of a file of DOS
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\x1a")


def other_format(text: str) -> str:
    """Name what a text is that is no FASTA, as far as its beginning tells; else empty."""
    start = text.lstrip()[:20]
    return next((what for mark, what in _OTHERS.items() if start.startswith(mark)), "")


def read_records(path: str | Path) -> list[Record]:
    """Read the records of a FASTA file; their letters are not checked.

    Parameters
    ----------
    path : str or Path
        See `read_text`.

    Returns
    -------
    list of Record
        In file order; one may have no line.

    Raises
    ------
    InputError
        If the file cannot be read or has no record, if text stands before the first header, or a
        header has no identifier, one that cannot be used, or one that was used before.
    """
    where = str(path)
    text = read_text(path, "FASTA file")
    records: list[Record] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip(_BLANKS)
        if not line:
            continue
        spot = f"{where}, line {number}"
        if line.startswith(">"):
            words = line[1:].replace("\t", " ").split(" ")
            name = next((word for word in words if word), "")
            if not name:
                raise InputError(
                    spot, "the header has no identifier", "write a name right after '>'"
                )
            check_identifier(name, spot)
            records.append(Record(name, number))
        elif not records:
            found = other_format(text)
            raise InputError(
                spot,
                f"text before the first header: {line[:30]!r}" + (f" ({found})" if found else ""),
                "a FASTA file starts with a line like '>protein_id'; files of GenBank and EMBL"
                " stand in the sheet's column 'genome'",
            )
        else:
            records[-1].lines.append((number, line))
    if not records:
        raise InputError(where, "the FASTA file has no sequence", "give a proteome")
    _check_distinct(records, where)
    return records


def check_identifier(name: str, where: str) -> None:
    """Check that models and tables can hold a name of a gene.

    Raises
    ------
    InputError
        If it is too long or has a character that XML forbids or that nobody sees.
    """
    if len(name) > IDENTIFIER_LENGTH:
        raise InputError(
            where,
            f"the identifier {name[:30]!r}... has {len(name):,} characters, more than"
            f" {IDENTIFIER_LENGTH:,}",
            "shorten it, or put a blank after the name",
        )
    for place, letter in enumerate(name, start=1):
        if unicodedata.category(letter)[0] not in "CZ":
            continue
        what = f"the character U+{ord(letter):04X}"
        if "\udc80" <= letter <= "\udcff":
            what = f"the byte 0x{ord(letter) - 0xDC00:02X}, which is no UTF-8,"
        raise InputError(
            where,
            f"the identifier {name[:60]!a} has {what} at place {place}",
            "use letters, digits and signs that can be seen",
        )


def _check_distinct(records: list[Record], where: str) -> None:
    first: dict[str, int] = {}
    twice: list[Record] = []
    for record in records:
        if record.name in first:
            twice.append(record)
        else:
            first[record.name] = record.line
    if not twice:
        return
    others = [f"{one.name!r} (lines {first[one.name]}, {one.line})" for one in twice[1:]]
    told = f"the identifier {twice[0].name!r} was used on line {first[twice[0].name]}"
    if others:
        told += f", and so were {', '.join(others[:_MOST_NAMED])}"
    if len(others) > _MOST_NAMED:
        told += f" and {len(others) - _MOST_NAMED} more"
    raise InputError(
        f"{where}, line {twice[0].line}", told, "give every protein an identifier of its own"
    )
