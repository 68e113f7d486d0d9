"""Entries of Rhea and their equations, taken apart."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.io.compressed import reading
from gemwright.sources.findings import Findings

logger = logging.getLogger(__name__)

_SIDES = ("left", "right")
_ARROW = re.compile(r"(?:^|\s)(<=>|=>|<=|=)(?:\s|$)")
# a generic compound is written as GENERIC:10594 or by the ChEBI entries of its reactive parts
_TERM = re.compile(
    r"(?:(?P<coefficient>\S+)\s+)?"
    r"(?P<participant>CHEBI:\d+(?:,CHEBI:\d+)*|GENERIC:\d+|POLYMER:\d+)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_VARIABLE = re.compile(r"[()\d+\-*]*[a-z][()\da-z+\-*]*")
#: Share of equations beyond which a file is taken for another format rather than for a faulty one.
MOST_UNREADABLE = 0.01


@dataclass(frozen=True)
class Term:
    """One participant of one side of an equation.

    Attributes
    ----------
    participant : str
        ``CHEBI:15377``, ``GENERIC:10594``, ``POLYMER:12833``, or the ChEBI entries of the
        reactive parts of a generic compound, joined by commas.
    coefficient : str
        As written: a number, an expression such as ``2n`` or ``(n+1)``, or ``""`` for 1.
    """

    participant: str
    coefficient: str = ""


def parse_equation(text: str) -> tuple[tuple[Term, ...], str, tuple[Term, ...]]:
    """Parse an equation of Rhea.

    Parameters
    ----------
    text : str
        ``CHEBI:15377 + 2 CHEBI:16459 => (n+1) POLYMER:10219``.

    Returns
    -------
    left : tuple of Term
    arrow : str
        ``=`` (direction undefined), ``=>``, ``<=`` or ``<=>``.
    right : tuple of Term

    Raises
    ------
    ValueError
        If the text is no such equation, or a side is empty.
    """
    arrows = _ARROW.findall(text)
    if len(arrows) != 1:
        raise ValueError(f"an equation has one arrow, not {len(arrows)}: {text!r}")
    left, _, right = _ARROW.split(text)
    return _parse_side(left), arrows[0], _parse_side(right)


def _parse_side(text: str) -> tuple[Term, ...]:
    terms = []
    for item in text.strip().split(" + "):
        match = _TERM.fullmatch(item.strip())
        coefficient = match["coefficient"] or "" if match else ""
        if not match or not (
            not coefficient or _NUMBER.fullmatch(coefficient) or _VARIABLE.fullmatch(coefficient)
        ):
            raise ValueError(f"not a participant: {item!r}")
        terms.append(Term(match["participant"], coefficient))
    return tuple(terms)


def _coefficient_values(texts: pd.Series) -> pd.Series:
    """Read stoichiometric coefficients: 1 for ``""``, NaN for a variable one (``2n``)."""
    return pd.to_numeric(texts.where(texts.ne(""), "1"), errors="coerce").astype("float64")


def read_entries(path: str | Path, findings: Findings) -> pd.DataFrame:
    """Read rhea-reactions.txt: rhea_id, line, definition, equation."""
    where = str(path)
    rows: list[tuple[int, int, str, str]] = []
    fields: dict[str, str] = {}
    key, start, continuations = "", 0, 0
    with reading(path) as handle:
        for number, raw in enumerate(handle, start=1):
            line = raw.rstrip()
            if line == "///":
                entry = re.fullmatch(r"RHEA:([0-9]{1,18})", fields.get("ENTRY", ""))
                if not entry or not fields.get("EQUATION"):
                    raise InputError(
                        f"{where}, line {number}",
                        "the entry that ends here has no ENTRY of the form RHEA:10000"
                        " or no EQUATION",
                        FETCH_AGAIN,
                    )
                rows.append(
                    (int(entry[1]), start, fields.get("DEFINITION", ""), fields["EQUATION"])
                )
                fields, key = {}, ""
            elif line.startswith(" ") and key:
                fields[key] += f" {line.strip()}"
                continuations += key != "ENZYME"
            elif line:
                key, _, value = line.partition(" ")
                if not key.isupper() or (not fields and key != "ENTRY"):
                    raise InputError(
                        f"{where}, line {number}",
                        f"expected a field such as ENTRY or EQUATION, not {line[:40]!r}",
                        FETCH_AGAIN,
                    )
                start = start if fields else number
                fields[key] = value.strip()
    if fields or not rows:
        raise InputError(where, "ends inside an entry" if fields else "has no entry", FETCH_AGAIN)
    findings.add("continuation lines of equations and definitions", continuations, "joined")
    return pd.DataFrame(rows, columns=["rhea_id", "line", "definition", "equation"])


def master_reactions(
    entries: pd.DataFrame, path: str | Path, findings: Findings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Choose the master entries and take their equations apart."""
    masters = entries[entries["equation"].str.contains(r"(?:^|\s)=(?:\s|$)")]
    repeated = masters["rhea_id"].duplicated()
    findings.add("repeated master entries", repeated, "the first is kept")
    masters = masters[~repeated]
    rows: list[tuple[int, str, str, str]] = []
    unreadable: list[int] = []
    first = ""
    for identifier, line, equation in zip(
        masters["rhea_id"], masters["line"], masters["equation"], strict=True
    ):
        try:
            left, _, right = parse_equation(equation)
        except ValueError as error:
            unreadable.append(identifier)
            first = first or f"{path}, line {line}: {error}"
            continue
        for side, terms in zip(_SIDES, (left, right), strict=True):
            rows += [(identifier, side, term.participant, term.coefficient) for term in terms]
    if masters.empty or len(unreadable) > MOST_UNREADABLE * len(masters):
        raise InputError(
            str(path),
            f"{len(unreadable)} of {len(masters)} undirected equations cannot be read;"
            f" the first: {first or 'none'}",
            "delete the file and run again; if that does not help, Rhea has changed its format",
        )
    if unreadable:
        logger.warning("%d equations cannot be read; the first: %s", len(unreadable), first)
    findings.add("equations that cannot be read", len(unreadable), "the reaction is left out")
    masters = masters[~masters["rhea_id"].isin(unreadable)]
    frame = pd.DataFrame(
        {
            "rhea": masters["rhea_id"].astype("int64"),
            "equation": masters["equation"],
            "definition": masters["definition"],
            "transport": masters["definition"].str.contains(r"\((?:in|out)\)"),
        }
    ).reset_index(drop=True)
    return frame, _participants(rows, findings)


def _participants(rows: list[tuple[int, str, str, str]], findings: Findings) -> pd.DataFrame:
    terms = pd.DataFrame(rows, columns=["rhea", "side", "participant", "coefficient_text"])
    terms["coefficient"] = _coefficient_values(terms["coefficient_text"])
    terms.loc[terms["coefficient_text"].eq(""), "coefficient_text"] = "1"
    keys = ["rhea", "side", "participant"]
    twice = terms.duplicated(keys)
    findings.add("participants written twice on one side", twice, "coefficients summed")
    if twice.any():
        groups = terms.groupby(keys, sort=False)
        summed = groups.agg(
            coefficient=("coefficient", lambda values: values.sum(skipna=False)),
            coefficient_text=("coefficient_text", "+".join),
        ).reset_index()
        single = groups["coefficient"].size().to_numpy() == 1
        number = summed["coefficient"].map("{:g}".format)
        fixed = ~single & summed["coefficient"].notna().to_numpy()
        summed["coefficient_text"] = summed["coefficient_text"].mask(fixed, number)
        terms = summed
    kind = terms["participant"].str.partition(":")[0].str.lower()
    terms["kind"] = kind.mask(terms["participant"].str.contains(","), "generic")
    variable = terms["coefficient"].isna()
    findings.add("variable coefficients (n, 2n, (n+1))", variable, "kept; value is NaN")
    for which in ("generic", "polymer"):
        findings.add(
            f"{which} participants",
            int(terms.loc[terms["kind"].eq(which), "participant"].nunique()),
            "kept; no structure of their own",
        )
    columns = ["rhea", "side", "participant", "kind", "coefficient", "coefficient_text"]
    return terms[columns].astype({"rhea": "int64", "coefficient": "float64"})
