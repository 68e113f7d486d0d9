"""Confusion matrices of every method beside the peer's shipped results."""

from collections.abc import Mapping, Sequence

import pandas as pd

from gemwright.validation.confusion import confusion_table
from gemwright.validation.peer import peer_biolog, peer_essentiality

# CarveMe sets 10 mmol/gDW/h for every compound of a medium
PEER_PROTOCOL = "all_limited"


def validation_table(
    items: Mapping[tuple[str, str], pd.DataFrame],
    kind: str,
    peers: Mapping[str, str],
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """Confusion matrices of every method, and the peer's own shipped results.

    Parameters
    ----------
    items : mapping of (method, organism) to pandas.DataFrame
        Results for each item, with the columns protocol and outcome.
    kind : str
        ``phenotypes`` or ``essentiality``.
    peers : mapping of str to str
        Organism to its name in the peer's results.
    by : sequence of str
        Further columns to group by, such as ``source``.

    Returns
    -------
    pandas.DataFrame
        method, organism, protocol (of the media), `by`, TP, FP, FN, TN and the metrics.
        ``carveme`` is the peer's shipped model under our evaluator and thresholds, ``carveme as
        shipped`` its own results.
    """
    tables = [
        table.assign(method=method, organism=organism)
        for (method, organism), table in items.items()
    ]
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
