"""Our results beside the peer's, item by item."""

import pandas as pd

from gemwright.validation.confusion import OUTCOMES, confusion_table


def compare_items(ours: pd.DataFrame, peers: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Put two sets of per-item results side by side.

    Parameters
    ----------
    ours, peers : pandas.DataFrame
        `keys`, outcome.
    keys : list of str
        What identifies an item.

    Returns
    -------
    pandas.DataFrame
        `keys`, outcome, peer_outcome (``""`` where one has no such item), same (bool); sorted.
    """
    left = ours[[*keys, "outcome"]]
    right = peers[[*keys, "outcome"]].rename(columns={"outcome": "peer_outcome"})
    table = left.merge(right, on=keys, how="outer").fillna({"outcome": "", "peer_outcome": ""})
    table["same"] = table["outcome"] == table["peer_outcome"]
    return table.sort_values(keys, ignore_index=True)


def confusion_on_shared(ours: pd.DataFrame, peers: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Confusion matrices of both on the items that both have.

    A small model is judged on fewer genes, and those are the central ones: only on shared items
    do two models' figures compare.

    Parameters
    ----------
    ours, peers : pandas.DataFrame
        organism, outcome and `keys`.
    keys : list of str
        What identifies an item, ``organism`` included.

    Returns
    -------
    pandas.DataFrame
        organism, model (``ours`` or ``peer``), TP, FP, FN, TN and the metrics; sorted.
    """
    sides = compare_items(ours, peers, keys)
    valid = sides["outcome"].isin(OUTCOMES) & sides["peer_outcome"].isin(OUTCOMES)
    both = sides[valid]
    long = pd.concat(
        [
            both[[*keys, "outcome"]].assign(model="ours"),
            both[[*keys, "peer_outcome"]]
            .rename(columns={"peer_outcome": "outcome"})
            .assign(model="peer"),
        ],
        ignore_index=True,
    )
    return confusion_table(long, ("organism", "model"))
