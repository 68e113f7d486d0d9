"""The peer, CarveMe: its shipped results and its shipped models under our evaluator."""

import pandas as pd

from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml_reader import read_sbml
from gemwright.io.tables import read_delimited
from gemwright.sources.registry import locate
from gemwright.validation.confusion import OUTCOMES, confusion_table


def peer_biolog() -> pd.DataFrame:
    """CarveMe's own result for every tested source of its six organisms.

    Returns
    -------
    pandas.DataFrame
        organism, source, metabolite, observed, predicted, outcome.
    """
    table = read_delimited(
        locate("carveme_biolog_results"), ("org", "source", "met", "value"), what="peer's results"
    )
    names = {"org": "organism", "met": "metabolite", "value": "outcome"}
    return _with_columns(table.rename(columns=names), ["organism", "source", "metabolite"])


def peer_essentiality() -> pd.DataFrame:
    """CarveMe's own result for every gene.

    Returns
    -------
    pandas.DataFrame
        organism, gene, observed, predicted (True: essential), outcome.
    """
    table = read_delimited(
        locate("carveme_essentiality_results"), ("org", "gene", "value"), what="peer's results"
    )
    table["gene"] = table["gene"].str.removeprefix("G_")
    names = {"org": "organism", "value": "outcome"}
    return _with_columns(table.rename(columns=names), ["organism", "gene"])


def _with_columns(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return table[keys].assign(
        observed=table["outcome"].isin(["TP", "FN"]),
        predicted=table["outcome"].isin(["TP", "FP"]),
        outcome=table["outcome"],
    )


def peer_model(organism: str) -> MetabolicModel:
    """CarveMe's shipped model of ``ecol``, ``bsub`` or ``paer``."""
    return read_sbml(locate(f"carveme_model_{organism}"))


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
