"""Protein searches by DIAMOND."""

import csv
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from gemwright.homology.programs import find_program, run_program
from gemwright.io.fasta import write_fasta

_FIELDS = "qseqid sseqid pident length qlen slen qstart qend sstart send evalue bitscore"


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

    Returns
    -------
    pandas.DataFrame
        query, subject, identity, query_coverage, subject_coverage (fractions), length, evalue,
        bitscore; sorted by query, falling bit score, subject. One row for a pair (its best
        alignment).

    Raises
    ------
    InputError
        If DIAMOND is not installed.
    RuntimeError
        If DIAMOND fails.
    """
    diamond = find_program("diamond")
    columns = _FIELDS.split()
    with tempfile.TemporaryDirectory(prefix="gemwright-diamond-") as folder:
        query, subject = Path(folder, "query.faa"), Path(folder, "subject.faa")
        write_fasta(dict(queries), query)
        write_fasta(dict(subjects), subject)
        database, hits = Path(folder, "subject.dmnd"), Path(folder, "hits.tsv")
        run_program(
            [diamond, "makedb", "--in", str(subject), "-d", str(database), "-p", str(threads)],
            "diamond makedb",
        )
        keep = (
            ["--top", str(top_percent)]
            if top_percent is not None
            else ["-k", str(max_targets or 0)]
        )
        arguments = {
            "-q": query, "-d": database, "-o": hits, "-p": threads, "-e": evalue,
            "--max-hsps": 1, "--id": 100 * min_identity, "-t": folder,
        }  # fmt: skip
        words = [str(word) for pair in arguments.items() for word in pair]
        fields = ["--outfmt", "6", *columns]
        run_program(
            [diamond, "blastp", *words, *keep, f"--{sensitivity}", *fields], "diamond blastp"
        )
        # ids such as NA or "x stay as they are
        raw = pd.read_csv(
            hits, sep="\t", names=columns, dtype={"qseqid": str, "sseqid": str}, index_col=False,
            na_filter=False, quoting=csv.QUOTE_NONE,
        )  # fmt: skip
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
