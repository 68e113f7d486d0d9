"""Zip archives of many small tables, as people make them on their own machines."""

import csv
import io
import struct
import zipfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import pandas as pd

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.io.limits import ARCHIVE_BYTES, ARCHIVE_CELLS
from gemwright.sources.findings import Findings

_SYSTEM_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class ZipTable:
    """One delimited table of an archive.

    Attributes
    ----------
    name : str
        File name without folder and suffix.
    member : str
        Path in the archive.
    header : tuple of str
        The first line.
    rows : list of (int, list of str)
        Line number and stripped cells of every other line that is not blank.
    """

    name: str
    member: str
    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]


def table_rows(
    lines: Iterable[str], where: str, findings: Findings, most: int | None = None
) -> list[tuple[int, list[str]]]:
    """Split comma-separated lines into cells.

    Parameters
    ----------
    lines : iterable of str
        An open text file, for instance.
    where : str
        For the message of an error.
    findings : Findings
        Counts the blank lines, which are left out.
    most : int, optional
        Cells that there may be, `gemwright.io.limits.ARCHIVE_CELLS` by default.

    Returns
    -------
    list of (int, list of str)
        Line number and stripped cells.

    Raises
    ------
    InputError
        If the lines are no table, or have more cells.
    """
    reader = csv.reader(lines)
    kept = []
    blank = n_cells = 0
    most = ARCHIVE_CELLS if most is None else most
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            n_cells += max(len(cells), 1)
            if n_cells > most:
                raise InputError(
                    where, f"has more than {ARCHIVE_CELLS:,} cells", "give a smaller table"
                )
            if any(stripped):
                kept.append((reader.line_num, stripped))
            else:
                blank += 1
    except csv.Error as error:
        raise InputError(
            f"{where}, line {reader.line_num}", f"is no table ({error})", FETCH_AGAIN
        ) from error
    findings.add("blank line in a table", blank, "left out")
    return kept


def count_mark(path: str | Path, findings: Findings) -> None:
    """Count the byte order mark of a plain text file, which `io.compressed` drops."""
    with open(path, "rb") as handle:
        marked = handle.read(len(BOM_UTF8)) == BOM_UTF8
    findings.add("byte order mark in a table", int(marked), "left out")


def _check_name(where: str, info: zipfile.ZipInfo) -> PurePosixPath:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    drive = bool(path.parts) and path.parts[0].endswith(":")
    link = (info.external_attr >> 16) & 0o170000 == 0o120000
    if not path.parts:
        raise InputError(where, "a member has no name", FETCH_AGAIN)
    if path.is_absolute() or ".." in path.parts or drive or link:
        raise InputError(
            f"{where}, member {info.filename!r}",
            "the name leads out of the archive",
            "do not use this archive; fetch it from its source again",
        )
    return path


def _parse(
    where: str, member: IO[bytes], findings: Findings, most: int
) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """Read a table line by line, so that no more of it is in memory than its cells."""
    content = io.BufferedReader(member)  # type: ignore[type-var]
    marked = content.peek(len(BOM_UTF8)).startswith(BOM_UTF8)
    lines = io.TextIOWrapper(content, encoding="utf-8-sig", newline=None)
    try:
        kept = table_rows(lines, where, findings, most)
    except UnicodeDecodeError as error:
        raise InputError(where, f"is no UTF-8 text ({error})", FETCH_AGAIN) from error
    findings.add("byte order mark in a table", int(marked), "left out")
    ends = lines.newlines or ()
    crlf = "\r\n" in ([ends] if isinstance(ends, str) else ends)
    findings.add("table with CRLF line ends", int(crlf), "read as line ends")
    if not kept:
        raise InputError(where, "the table is empty", FETCH_AGAIN)
    return tuple(kept[0][1]), kept[1:]


def read_zip_tables(path: str | Path, suffix: str = ".csv") -> tuple[list[ZipTable], pd.DataFrame]:
    """Read the tables of a zip archive; nothing is unpacked to disk.

    Parameters
    ----------
    path : str or Path
        The archive, with tables in any folder.
    suffix : str
        How the names of tables end; commas separate their cells.

    Returns
    -------
    tables : list of ZipTable
        In the order of the archive.
    findings : pandas.DataFrame
        item, count, treatment: entries of macOS and other systems, files of another kind, byte
        order marks, CRLF, blank lines, tables twice.

    Raises
    ------
    InputError
        If the file is missing, no zip archive or cut off; if a member is damaged, encrypted,
        has a name that leads out of the archive, unpacks to more than `ARCHIVE_BYTES` or more
        than `ARCHIVE_CELLS` cells, is no text, or is empty; if two tables of one name differ, or
        there is no table.
    """
    where = str(path)
    findings = Findings()
    tables: dict[str, ZipTable] = {}
    for item, treatment in (
        ("entry of macOS (__MACOSX)", "left out"),
        ("file of an operating system", "left out"),
        ("member that is no table", "left out"),
        ("table in a folder", "read like the others"),
        ("table twice with the same content", "read once"),
        ("byte order mark in a table", "left out"),
        ("table with CRLF line ends", "read as line ends"),
        ("blank line in a table", "left out"),
    ):
        findings.add(item, 0, treatment)
    left = ARCHIVE_CELLS
    try:
        with zipfile.ZipFile(path) as archive:
            members = [(_check_name(where, info), info) for info in archive.infolist()]
            if sum(info.file_size for _, info in members) > ARCHIVE_BYTES:
                raise InputError(where, f"unpacks to more than {ARCHIVE_BYTES} bytes", FETCH_AGAIN)
            for inside, info in members:
                if info.is_dir():
                    continue
                if "__MACOSX" in inside.parts or inside.name.startswith("._"):
                    findings.add("entry of macOS (__MACOSX)", 1, "left out")
                elif inside.name in _SYSTEM_FILES:
                    findings.add("file of an operating system", 1, "left out")
                elif inside.suffix.lower() != suffix:
                    findings.add("member that is no table", 1, "left out")
                else:
                    spot = f"{where}, member {info.filename!r}"
                    with archive.open(info) as member:
                        header, rows = _parse(spot, member, findings, left)
                    left -= len(header) + sum(len(cells) for _, cells in rows)
                    table = ZipTable(inside.stem, info.filename, header, rows)
                    known = tables.setdefault(inside.stem, table)
                    if known is not table:
                        if (known.header, known.rows) != (header, rows):
                            raise InputError(
                                spot, f"differs from {known.member!r}", "keep one of the two"
                            )
                        findings.add("table twice with the same content", 1, "read once")
                    elif len(inside.parts) > 1:
                        findings.add("table in a folder", 1, "read like the others")
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, struct.error) as error:
        # RuntimeError: an encrypted member; NotImplementedError, its child: unknown compression
        raise InputError(where, f"is no whole zip archive ({error})", FETCH_AGAIN) from error
    if not tables:
        raise InputError(where, f"the archive has no {suffix} file", FETCH_AGAIN)
    return list(tables.values()), findings.frame()
