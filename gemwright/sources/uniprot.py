"""UniProtKB enzymes: sequence, EC numbers, Rhea reactions, and how well they are known.

Source: The UniProt Consortium, UniProt: the Universal Protein Knowledgebase in 2025, Nucleic
Acids Research 2025; columns as the REST service writes them in its tab-separated format.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.io.fasta import RESIDUES
from gemwright.io.files import sha256_text
from gemwright.io.text_tables import TextTable, nullable_integers, read_tsv
from gemwright.sources.findings import Findings
from gemwright.sources.parsed import ParsedTables

ACCESSION = "Entry"
REQUIRED = (ACCESSION, "EC number", "Rhea ID", "Sequence")
OPTIONAL = ("Reviewed", "Protein existence", "Organism (ID)")

#: UniProt's levels of protein existence.
_EXISTENCE = {
    "evidence at protein level": 1,
    "evidence at transcript level": 2,
    "inferred from homology": 3,
    "predicted": 4,
    "uncertain": 5,
}

_ACCESSION = r"[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2}"
_EC = r"[1-7]\.(?:\d+|-)\.(?:\d+|-)\.(?:n?\d+|-)"
_ILLEGAL = f"[^{''.join(sorted(RESIDUES))}]"


@dataclass(frozen=True)
class UniProtTables(ParsedTables):
    """Entries of UniProtKB as tables.

    Attributes
    ----------
    proteins : pandas.DataFrame
        accession, enzyme (SHA-256 of the sequence), sequence, reviewed (boolean), existence
        (Int8, 1 is evidence at protein level), organism_id (Int64); missing where the file does
        not tell. One row per accession; equal sequences share their enzyme.
    ec : pandas.DataFrame
        accession, ec.
    rhea : pandas.DataFrame
        accession, rhea_id (int64, of any of a reaction's four identifiers).
    findings : pandas.DataFrame
        item, count, treatment.
    """

    proteins: pd.DataFrame
    ec: pd.DataFrame
    rhea: pd.DataFrame
    findings: pd.DataFrame


def split_list(texts: pd.Series, separators: str = ";,") -> pd.Series:
    """Split cells such as ``2.6.1.85; 4.1.3.38`` into one row per item.

    Parameters
    ----------
    texts : pandas.Series
        Lists as strings; white space separates as well.
    separators : str
        Characters that separate items.

    Returns
    -------
    pandas.Series
        The items, without empty ones, under the index of their cell.
    """
    items = texts.str.split(rf"[{re.escape(separators)}\s]+", regex=True).explode()
    return items[items.notna() & items.ne("")]


def evidence_tier(proteins: pd.DataFrame) -> pd.Series:
    """How well an enzyme's existence is known.

    Parameters
    ----------
    proteins : pandas.DataFrame
        With the columns reviewed and existence of `UniProtTables`.

    Returns
    -------
    pandas.Series
        ``experimental`` (reviewed, with evidence at protein level), ``inferred`` (known not to
        be both), ``unknown`` (the columns are missing).
    """
    # a column of missing values comes back from Parquet without its type
    existence = proteins["existence"].astype("Int8")
    both = proteins["reviewed"].astype("boolean") & existence.eq(1)
    tiers = np.select(
        [both.eq(True).fillna(False), both.isna()], ["experimental", "unknown"], "inferred"
    )
    return pd.Series(tiers, index=proteins.index, dtype=object, name="evidence")


def read_uniprot(path: str | Path) -> UniProtTables:
    """Read entries of UniProtKB in the REST service's tab-separated format.

    Parameters
    ----------
    path : str or Path
        Columns `REQUIRED` and, if it has them, `OPTIONAL`; gzipped or not. Pages that were
        joined with their header lines are understood.

    Raises
    ------
    InputError
        If the file is missing, cut off, lacks a column, or holds something else than entries.
    """
    source = read_tsv(path, required=REQUIRED, optional=OPTIONAL)
    frame = source.frame()
    findings = Findings()
    header = frame[ACCESSION].eq(ACCESSION)
    findings.add("repeated header lines", header, "left out")
    _check_accessions(source, frame, header)
    frame = frame[~header].rename(columns={ACCESSION: "accession", "Sequence": "sequence"})
    proteins = _proteins(frame, findings)
    kept = frame["accession"].isin(proteins["accession"])
    ec = _ec_numbers(frame[kept], findings)
    rhea = _rhea_ids(frame[kept], path, findings)
    known = proteins["accession"]
    for column in ("reviewed", "existence"):
        findings.add(f"entries whose {column} is unknown", proteins[column].isna(), "missing")
    with_ec, with_rhea = known.isin(ec["accession"]), known.isin(rhea["accession"])
    findings.add("entries without an EC number", ~with_ec, "kept")
    findings.add("entries without a Rhea reaction", ~with_rhea, "kept")
    findings.add("entries without either", ~with_ec & ~with_rhea, "kept")
    return UniProtTables(proteins, ec, rhea, findings.frame())


def _check_accessions(source: TextTable, frame: pd.DataFrame, header: pd.Series) -> None:
    bad = ~header & ~frame[ACCESSION].str.fullmatch(_ACCESSION)
    if bad.any():
        first = frame.loc[bad, ACCESSION].iloc[0]
        source.refuse(bad, f"{first!r} is no accession number of UniProtKB")


def _proteins(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    whole = frame["sequence"].copy()
    # only the few are rewritten: copies of all sequences would fill the memory
    lower = whole.str.contains("[a-z]", regex=True)
    findings.add("sequences with lower case", lower, "raised")
    whole[lower] = whole[lower].str.upper()
    stopped = whole.str.endswith("*")
    findings.add("sequences with a trailing stop (*)", stopped, "stop removed")
    whole[stopped] = whole[stopped].str.removesuffix("*")
    empty = whole.eq("")
    findings.add("entries without a sequence", empty, "left out")
    illegal = whole.str.contains(_ILLEGAL, regex=True)
    findings.add("sequences with illegal residues", illegal, "left out")

    existence = _existence(frame, findings)
    reviewed = _reviewed(frame, findings)
    organism, unreadable = (
        nullable_integers(frame["Organism (ID)"])
        if "Organism (ID)" in frame
        else (pd.Series(pd.NA, index=frame.index, dtype="Int64"), np.zeros(len(frame), dtype=bool))
    )
    findings.add("organism identifiers that are no number", unreadable, "missing")
    proteins = pd.DataFrame(
        {
            "accession": frame["accession"],
            "sequence": whole,
            "reviewed": reviewed,
            "existence": existence,
            "organism_id": organism,
        }
    )[~(empty | illegal)]
    twice = proteins["accession"].duplicated()
    differ = proteins.loc[
        proteins["accession"].duplicated(keep=False), ["accession", "sequence"]
    ].drop_duplicates()
    findings.add("repeated accessions", twice, "merged: annotations of all, sequence of the first")
    findings.add(
        "accessions with several sequences",
        int(differ.loc[differ["accession"].duplicated(), "accession"].nunique()),
        "the first is kept",
    )
    proteins = proteins[~twice].reset_index(drop=True)
    findings.add(
        "entries whose sequence an earlier entry has",
        proteins["sequence"].duplicated(),
        "kept; they share the enzyme",
    )
    hashes = [sha256_text(sequence) for sequence in proteins["sequence"]]
    proteins.insert(1, "enzyme", pd.Series(hashes, dtype=object))
    return proteins


def _existence(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    if "Protein existence" not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="Int8")
    texts = frame["Protein existence"].str.lower().str.replace(r"^[1-5]:\s*", "", regex=True)
    values = texts.map(_EXISTENCE).astype("Int8")
    findings.add(
        "levels of protein existence that are not known by name",
        values.isna() & texts.ne(""),
        "missing",
    )
    return values


def _reviewed(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    if "Reviewed" not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="boolean")
    texts = frame["Reviewed"].str.lower()
    values = texts.map({"reviewed": True, "unreviewed": False}).astype("boolean")
    findings.add(
        "review states that are neither reviewed nor unreviewed",
        values.isna() & texts.ne(""),
        "missing",
    )
    return values


def _pairs(items: pd.Series, accessions: pd.Series, name: str) -> tuple[pd.DataFrame, int]:
    """Join items to the accessions of their rows; also tell how many pairs came again."""
    pairs = pd.DataFrame(
        {"accession": accessions.loc[items.index].to_numpy(), name: items.to_numpy()}
    )
    distinct = pairs.drop_duplicates(ignore_index=True)
    return distinct, len(pairs) - len(distinct)


def _ec_numbers(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    numbers = split_list(frame["EC number"])
    malformed = ~numbers.str.fullmatch(_EC)
    findings.add("malformed EC numbers", malformed, "left out")
    ec, again = _pairs(numbers[~malformed], frame["accession"], "ec")
    findings.add("EC numbers given twice to an entry", again, "merged")
    findings.add("incomplete EC numbers (1.1.-.-)", ec["ec"].str.endswith("-"), "kept")
    findings.add("preliminary EC numbers (3.6.5.n1)", ec["ec"].str.contains("n"), "kept")
    return ec


def _rhea_ids(frame: pd.DataFrame, path: str | Path, findings: Findings) -> pd.DataFrame:
    items = split_list(frame["Rhea ID"])
    malformed = ~items.str.fullmatch(r"RHEA:\d{1,9}")
    if len(items) and malformed.all():
        raise InputError(
            str(path),
            f"the column Rhea ID holds {items.iloc[0]!r}, not identifiers such as RHEA:10000",
            FETCH_AGAIN,
        )
    findings.add("malformed Rhea identifiers", malformed, "left out")
    numbers = items[~malformed].str.removeprefix("RHEA:").astype("int64")
    rhea, again = _pairs(numbers, frame["accession"], "rhea_id")
    findings.add("Rhea reactions given twice to an entry", again, "merged")
    return rhea
