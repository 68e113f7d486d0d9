"""The peer, CarveMe: its shipped results and its shipped models under our evaluator."""

import pandas as pd

from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml_reader import read_sbml
from gemwright.io.user_tables import read_delimited
from gemwright.sources.registry import locate


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
