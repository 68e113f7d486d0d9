"""Confusion matrices of every method beside the peer's shipped results."""

from collections.abc import Mapping, Sequence

import pandas as pd

from gemwright.config.validation import ValidationSettings
from gemwright.validation.confusion import confusion_table
from gemwright.validation.peer import peer_biolog, peer_essentiality

# CarveMe sets 10 mmol/gDW/h for every compound of a medium
PEER_PROTOCOL = "all_limited"
# kind and setting of a method's own line to how the line of the other setting is called, and the
# column of its outcomes
_OTHERS = {
    ("phenotypes", True): ("without phosphatase", "outcome_taken_up"),
    ("phenotypes", False): ("with phosphatase", "outcome_released"),
    ("essentiality", "evidence"): ("plain knock-outs", "outcome_plain"),
    ("essentiality", "plain"): ("knock-outs by evidence", "outcome_evidence"),
}


def own_lines(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out of a `validation_table` the methods' second lines, by the other setting."""
    second = tuple(f" ({name})" for name, _ in _OTHERS.values())
    return table[~table["method"].str.endswith(second)].reset_index(drop=True)


def validation_table(
    items: Mapping[tuple[str, str], pd.DataFrame],
    kind: str,
    peers: Mapping[str, str],
    by: Sequence[str] = (),
    settings: ValidationSettings | None = None,
) -> pd.DataFrame:
    """Confusion matrices of every method, and the peer's own shipped results.

    Parameters
    ----------
    items : mapping of (method, organism) to pandas.DataFrame
        Results for each item, see `gemwright.validation.biolog.run_biolog` and
        `gemwright.validation.essentiality.run_essentiality`.
    kind : str
        ``phenotypes`` or ``essentiality``.
    peers : mapping of str to str
        Organism to its name in the peer's results.
    by : sequence of str
        Further columns to group by, such as ``source``.
    settings : ValidationSettings, optional
        Of the methods' own lines.

    Returns
    -------
    pandas.DataFrame
        method, organism, protocol (of the media), `by`, TP, FP, FN, TN and the metrics.
        ``carveme`` is the peer's shipped model under our evaluator and thresholds, ``carveme as
        shipped`` its own results. Each method of ours has a second line, by the other setting:
        plain knock-outs, no phosphatase.
    """
    settings = settings or ValidationSettings()
    setting = settings.phosphatase if kind == "phenotypes" else settings.knock_outs
    other, column = _OTHERS[kind, setting]
    tables = []
    for (method, organism), table in items.items():
        tables.append(table.assign(method=method, organism=organism))
        if method != "carveme":
            named = {"method": f"{method} ({other})", "organism": organism}
            tables.append(table.assign(**named, outcome=table[column]))
    shipped = peer_biolog() if kind == "phenotypes" else peer_essentiality()
    for organism, name in peers.items():
        own = shipped[shipped["organism"] == name]
        shown = {"method": "carveme as shipped", "organism": organism, "protocol": PEER_PROTOCOL}
        tables.append(own.assign(**shown))
    keys = ["method", "organism", "protocol", *by]
    rows = pd.concat([table[[*keys, "outcome"]] for table in tables], ignore_index=True)
    result = confusion_table(rows, keys)
    order = {name: place for place, name in enumerate(dict.fromkeys(rows["method"]))}
    places = result["method"].map(order)
    return (
        result.assign(place=places)
        .sort_values(["organism", "place", *by])
        .drop(columns="place")
        .reset_index(drop=True)
    )
