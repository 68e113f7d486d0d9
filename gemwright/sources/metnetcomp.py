"""Gene deletion strategies of MetNetComp, two layouts of CSV, one file for each target.

Source: MetNetComp (Tamura), ``database1/csv``. ``<model>&<target>&core.csv`` lists the genes that
remain under the largest deletion; ``<model>&<target>.csv`` lists strategies with their rates.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.io.compressed import reading
from gemwright.sources.archives import count_mark, table_rows
from gemwright.sources.findings import Findings
from gemwright.sources.parsed import ParsedTables

CORE_HEADER = ("Remaining genes",)
STRATEGY_HEADER = ("Deletion size", "Max growth rate", "Min production rate", "Deleted genes")

_NOT_CHECKED = (
    "gene that the model does not have", 0, "not looked for, no models were given",
)  # fmt: skip
_Row = tuple[int, list[str]]


class FileName(NamedTuple):
    """What the name of a file says: model, target (``12ppd__R_e``), and whether it is a core."""

    model: str
    target: str
    core: bool


@dataclass(frozen=True)
class CoreStrategies(ParsedTables):
    """Largest deletion strategies.

    Attributes
    ----------
    remaining : pandas.DataFrame
        model, target, gene: the genes that are kept.
    groups : pandas.DataFrame
        model, target, group: targets with one number keep the same genes (numbers run from 0
        within a model, in the order of the targets).
    findings : pandas.DataFrame
        item, count, treatment.
    """

    remaining: pd.DataFrame
    groups: pd.DataFrame
    findings: pd.DataFrame


@dataclass(frozen=True)
class DeletionStrategies(ParsedTables):
    """Deletion strategies with their rates.

    Attributes
    ----------
    strategies : pandas.DataFrame
        model, target, strategy (from 0, in the order of the file), deletion_size, growth (1/h,
        the largest), production (mmol/gDW/h, the least at that growth).
    deletions : pandas.DataFrame
        model, target, strategy, gene: the deleted genes.
    findings : pandas.DataFrame
        item, count, treatment.
    """

    strategies: pd.DataFrame
    deletions: pd.DataFrame
    findings: pd.DataFrame


def parse_file_name(name: str) -> FileName:
    """Take a name such as ``iML1515&12ppd__R_e&core.csv`` to pieces.

    Raises
    ------
    InputError
        If the name has another form.
    """
    parts = Path(name).name.removesuffix(".gz").removesuffix(".csv").split("&")
    core = len(parts) == 3 and parts[2] == "core"
    if not (core or len(parts) == 2) or not all(parts):
        raise InputError(
            name,
            "is no file name of MetNetComp",
            "names read '<model>&<target>&core.csv' or '<model>&<target>.csv'",
        )
    return FileName(parts[0], parts[1], core)


def _read_rows(path: str | Path, core: bool, findings: Findings) -> list[_Row]:
    """Line number and cells of all rows after the header, which must be that of the layout."""
    where = str(path)
    with reading(path) as handle:
        rows = table_rows(handle, where, findings)
    count_mark(path, findings)
    if not rows:
        raise InputError(where, "the file is empty", FETCH_AGAIN)
    first = next(cell for cell in rows[0][1] if cell)
    if first.startswith("<"):
        raise InputError(where, "is an HTML page, not a table", FETCH_AGAIN)
    header = tuple(cell for cell in rows[0][1] if cell)
    wanted, other = (CORE_HEADER, STRATEGY_HEADER) if core else (STRATEGY_HEADER, CORE_HEADER)
    if header != wanted:
        kind = "strategies with rates" if core else "remaining genes"
        what = f"is a file of {kind}" if header == other else f"the header is {header!r:.80}"
        raise InputError(
            f"{where}, line {rows[0][0]}", what, f"the header must be {','.join(wanted)!r}"
        )
    return rows[1:]


def _check_gene(gene: str, where: str) -> str:
    if any(letter.isspace() or letter in "<>&" for letter in gene):
        raise InputError(where, f"{gene!r:.40} is no gene", FETCH_AGAIN)
    return gene


def _distinct(genes: Iterable[str], findings: Findings) -> list[str]:
    listed = list(genes)
    kept = list(dict.fromkeys(listed))
    findings.add("gene twice in a strategy", len(listed) - len(kept), "kept once")
    return kept


def read_core_strategies(
    paths: Mapping[tuple[str, str], str | Path],
) -> CoreStrategies:
    """Read the genes that remain under the largest deletion strategy of each target.

    Parameters
    ----------
    paths : mapping of (model, target) to path
        Files with the header `CORE_HEADER`, plain or gzipped.

    Raises
    ------
    InputError
        If a file is missing, empty, HTML or cut off, has another header, names no gene, or has
        more than a gene on a line.
    """
    findings = Findings()
    kept: dict[tuple[str, str], list[str]] = {}
    for key, path in paths.items():
        names = []
        for number, cells in _read_rows(path, True, findings):
            spot = f"{path}, line {number}"
            if not cells[0] or any(cells[1:]):
                raise InputError(spot, "holds not one gene", FETCH_AGAIN)
            names.append(_check_gene(cells[0], spot))
        if not names:
            raise InputError(str(path), "names no gene", FETCH_AGAIN)
        kept[key] = _distinct(names, findings)
    remaining = pd.DataFrame(
        [(*key, gene) for key, names in kept.items() for gene in names],
        columns=["model", "target", "gene"],
        dtype=str,
    )
    seen: dict[str, dict[frozenset[str], int]] = {}
    groups = []
    for (model, target), names in kept.items():
        numbers = seen.setdefault(model, {})
        groups.append((model, target, numbers.setdefault(frozenset(names), len(numbers))))
    findings.add(
        "target with the genes of an earlier one",
        len(kept) - sum(len(numbers) for numbers in seen.values()),
        "kept, numbered in `groups`",
    )
    findings.add(*_NOT_CHECKED)
    return CoreStrategies(
        remaining,
        pd.DataFrame(groups, columns=["model", "target", "group"]).astype({"group": "int64"}),
        findings.frame(),
    )


def _rate(text: str, what: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(where, f"the {what} {text!r} is no number", FETCH_AGAIN)
    return value


def read_strategies(
    paths: Mapping[tuple[str, str], str | Path],
) -> DeletionStrategies:
    """Read all deletion strategies of targets, with growth and production.

    Parameters
    ----------
    paths : mapping of (model, target) to path
        Files with the header `STRATEGY_HEADER`, the deleted genes spread over the columns from
        the fourth on; plain or gzipped.

    Raises
    ------
    InputError
        If a file is missing, empty, HTML or cut off, has another header, a number that is none,
        or a deletion size that differs from the number of genes on its line.
    """
    findings = Findings()
    findings.add("gene twice in a strategy", 0, "kept once")
    findings.add("strategy twice in a file", 0, "the first one counts")
    findings.add("same deletions with other rates", 0, "both kept")
    findings.add("file without a strategy", 0, "the target has no rows")
    findings.add("negative rate", 0, "kept as it is")
    strategies: list[tuple[str, str, int, int, float, float]] = []
    deletions: list[tuple[str, str, int, str]] = []
    for (model, target), path in paths.items():
        seen: dict[frozenset[str], set[tuple[float, float]]] = {}
        rows = _read_rows(path, False, findings)
        findings.add("file without a strategy", int(not rows), "the target has no rows")
        for position, (number, cells) in enumerate(rows):
            spot = f"{path}, line {number}"
            if len(cells) < 4:
                raise InputError(spot, f"has {len(cells)} columns, not four or more", FETCH_AGAIN)
            growth = _rate(cells[1], "growth rate", spot)
            production = _rate(cells[2], "production rate", spot)
            names = [_check_gene(cell, spot) for cell in cells[3:] if cell]
            if cells[0] != str(len(names)):
                raise InputError(
                    spot,
                    f"the deletion size is {cells[0]!r}, and {len(names)} genes are listed",
                    FETCH_AGAIN,
                )
            findings.add("negative rate", int(growth < 0) + int(production < 0), "kept as it is")
            deleted = _distinct(names, findings)
            rates = seen.setdefault(frozenset(deleted), set())
            if (growth, production) in rates:
                findings.add("strategy twice in a file", 1, "the first one counts")
                continue
            findings.add("same deletions with other rates", int(bool(rates)), "both kept")
            rates.add((growth, production))
            strategies.append((model, target, position, len(deleted), growth, production))
            deletions += [(model, target, position, gene) for gene in deleted]
    frame = pd.DataFrame(deletions, columns=["model", "target", "strategy", "gene"]).astype(
        {"strategy": "int64"}
    )
    findings.add(*_NOT_CHECKED)
    return DeletionStrategies(
        pd.DataFrame(
            strategies,
            columns=["model", "target", "strategy", "deletion_size", "growth", "production"],
        ).astype(
            {
                "strategy": "int64",
                "deletion_size": "int64",
                "growth": "float64",
                "production": "float64",
            }
        ),
        frame,
        findings.frame(),
    )
