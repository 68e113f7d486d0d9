"""Protein searches by DIAMOND."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gemwright.homology.programs import failure, find_program, run_program, working_folder
from gemwright.io.fasta import write_fasta

_FIELDS: dict[str, Any] = {
    "qseqid": "category", "sseqid": "category", "pident": float, "length": int,
    "qlen": int, "slen": int, "qstart": int, "qend": int, "sstart": int, "send": int,
    "evalue": float, "bitscore": float,
}  # fmt: skip
# what makedb and blastp print at their ends
_IN_DATABASE = re.compile(r"Database sequences\s+([\d,]+)")
_REPORTED = re.compile(r"Reported [\d,]+ pairwise alignments, ([\d,]+) HSPs")


def search(
    queries: Mapping[str, str],
    subjects: Mapping[str, str],
    *,
    threads: int = 1,
    sensitivity: str = "more-sensitive",
    evalue: float = 1e-5,
    min_identity: float = 0.0,
    max_targets: int | None = 25,
    top_percent: float | None = None,
    index_chunks: int | None = None,
) -> pd.DataFrame:
    """Search queries against subjects with ``diamond blastp``.

    Parameters
    ----------
    queries, subjects : mapping of str to str
        Identifier to amino-acid sequence.
    threads : int
        Threads for DIAMOND; the hits do not depend on it.
    sensitivity : str
        DIAMOND's mode without dashes: ``fast``, ``sensitive``, ``more-sensitive``, ...
    evalue : float
        Largest expectation value.
    min_identity : float
        Smallest identity, as a fraction of the alignment.
    max_targets : int or None
        Hits kept for each query; ``None`` keeps all of them.
    top_percent : float, optional
        Keep hits within this percentage of the best bit score instead of `max_targets`.
    index_chunks : int, optional
        Parts in which seeds are looked up, DIAMOND's own number by default; fewer are faster and
        take more memory. Of two alignments that score the same another one may be found, and of
        hits at the border of significance one in a hundred thousand comes or goes.

    Returns
    -------
    pandas.DataFrame
        query, subject, identity, query_coverage, subject_coverage (fractions), length, evalue,
        bitscore; sorted by query, falling bit score, subject. One row for a pair (its best
        alignment).

    Raises
    ------
    InputError
        If DIAMOND is not installed or fails, or has not written what it was to: then its disk was
        full.
    """
    diamond = find_program("diamond")
    # under names of ours: DIAMOND cuts names at spaces, and some it takes apart
    queried, found = list(queries), list(subjects)
    with working_folder("diamond") as folder:
        query, subject = folder / "query.faa", folder / "subject.faa"
        write_fasta({f"q{number}": queries[name] for number, name in enumerate(queried)}, query)
        write_fasta({f"s{number}": subjects[name] for number, name in enumerate(found)}, subject)
        database, hits = folder / "subject.dmnd", folder / "hits.tsv"
        words = ["makedb", "--in", str(subject), "-d", str(database), "-p", str(threads)]
        printed = run_program([diamond, *words], "diamond makedb", folder)
        _check_count(printed, _IN_DATABASE, len(found), "diamond makedb", folder)
        keep = (
            ["--top", str(top_percent)]
            if top_percent is not None
            else ["-k", str(max_targets or 0)]
        )
        arguments = {
            "-q": query, "-d": database, "-o": hits, "-p": threads, "-e": evalue,
            "--max-hsps": 1, "--id": 100 * min_identity, "-t": folder,
        }  # fmt: skip
        if index_chunks is not None:
            arguments["-c"] = index_chunks
        words = [str(word) for pair in arguments.items() for word in pair]
        fields = ["--outfmt", "6", *_FIELDS]
        printed = run_program(
            [diamond, "blastp", *words, *keep, f"--{sensitivity}", *fields],
            "diamond blastp",
            folder,
        )
        try:
            raw = read_hits(hits)
            raw["qseqid"] = _named(raw["qseqid"], "q", queried)
            raw["sseqid"] = _named(raw["sseqid"], "s", found)
        except (OSError, ValueError) as error:
            problem = f"wrote no whole table ({error})"
            raise failure("diamond blastp", problem, folder) from error
        _check_count(printed, _REPORTED, len(raw), "diamond blastp", folder)
    table = pd.DataFrame(
        {
            "query": raw["qseqid"],
            "subject": raw["sseqid"],
            "identity": raw["pident"] / 100,
            "query_coverage": (raw["qend"] - raw["qstart"] + 1) / raw["qlen"],
            "subject_coverage": (raw["send"] - raw["sstart"] + 1) / raw["slen"],
            "length": raw["length"],
            "evalue": raw["evalue"],
            "bitscore": raw["bitscore"],
        }
    )
    return table.sort_values(
        ["query", "bitscore", "subject"], ascending=[True, False, True], ignore_index=True
    )


def read_hits(path: Path) -> pd.DataFrame:
    """Read DIAMOND's table of hits.

    Parameters
    ----------
    path : Path
        Tab-separated, without a header, with the columns `_FIELDS`.

    Returns
    -------
    pandas.DataFrame
        The columns `_FIELDS`; qseqid and sseqid are categories, the others numbers.

    Raises
    ------
    ValueError
        If a line has another number of columns, a number is none or not finite, or the last line
        has no end.
    """
    lines = tabs = 0
    last = b"\n"
    with open(path, "rb") as handle:
        while block := handle.read(1 << 20):
            lines, tabs, last = lines + block.count(b"\n"), tabs + block.count(b"\t"), block[-1:]
    if last != b"\n":
        raise ValueError("its last line is cut")
    if tabs != lines * (len(_FIELDS) - 1):
        raise ValueError("a line has another number of columns")
    # pandas would take the table's first column for its index, NA for nothing, and unite what
    # stands between quotes
    kinds: Any = _FIELDS
    try:
        table: pd.DataFrame = pd.read_csv(
            path, sep="\t", names=list(_FIELDS), dtype=kinds, index_col=False, na_filter=False,
            quoting=csv.QUOTE_NONE, encoding="utf-8", skip_blank_lines=False,
        )  # fmt: skip
    except OverflowError as error:
        raise ValueError("a number is too large") from error
    if len(table) != lines:
        raise ValueError(f"has {lines:,} lines, of which {len(table):,} can be read")
    if not np.isfinite(table[[name for name, kind in _FIELDS.items() if kind is float]]).all(None):
        raise ValueError("a number is not finite")
    return table


def _check_count(
    printed: str, pattern: re.Pattern[str], expected: int, what: str, folder: Path
) -> None:
    """Compare a number that DIAMOND printed, if it did, with what there has to be."""
    told = pattern.search(printed)
    if told and int(told[1].replace(",", "")) != expected:
        raise failure(what, f"counted {told[1]} where there are {expected:,}", folder, printed)


def _named(column: pd.Series, letter: str, names: list[str]) -> pd.Series:
    """Put names in place of ``q0``, ``q1``, ..., which no name of a user's is confused with."""
    places = [int(text.removeprefix(letter)) for text in column.cat.categories]
    if any(not 0 <= place < len(names) for place in places):
        raise ValueError("it names what was not given")
    return column.cat.rename_categories([names[place] for place in places]).astype(object)
