"""The interaction predictors beside the paper's printed rows."""

from collections.abc import Sequence

import pandas as pd

from gemwright.emi.metrics import implied_ratio_table
from gemwright.report.paper import PAPER

METRICS = ("auroc", "aupr", "f1", "mcc", "accuracy")


def emi_table(metrics: Sequence[pd.DataFrame], printed: pd.DataFrame) -> pd.DataFrame:
    """Tabulate all predictors on all splits, with the paper's printed rows below.

    Parameters
    ----------
    metrics : sequence of pandas.DataFrame
        From `gemwright.emi.evaluation.evaluate`, one for each split.
    printed : pandas.DataFrame
        table, row, metric, value: what the paper prints.

    Returns
    -------
    pandas.DataFrame
        split, negatives, ratio, predictor, encoder, seed, the five `METRICS`, n_positive,
        n_negative. In the paper's rows predictor is ``paper: <table> <row>``, and data, encoder
        weights and class ratio differ from ours, which the column encoder says.
    """
    rows = pd.concat(metrics, ignore_index=True)
    keys = ["split", "negatives", "ratio", "predictor", "encoder", "seed"]
    keys += ["n_positive", "n_negative"]
    ours = rows[rows["metric"].isin(METRICS)]
    table = ours.pivot_table(index=keys, columns="metric", values="value", sort=False).reset_index()
    theirs = printed[printed["metric"].isin(METRICS)]
    theirs = theirs.assign(
        predictor=PAPER + theirs["table"] + " " + theirs["row"], value=theirs["value"].astype(float)
    )
    theirs = theirs.pivot_table(index="predictor", columns="metric", values="value", sort=False)
    theirs = theirs.reset_index().assign(
        split="as printed", negatives="hard, as stated", encoder="ESM-2 x Uni-Mol2, other data"
    )
    both = pd.concat([table, theirs], ignore_index=True).rename_axis(columns=None)
    both = both.astype(dict.fromkeys(["seed", "n_positive", "n_negative"], "Int64"))
    return both[[*keys[:6], *METRICS, *keys[6:]]]


def class_ratio_table(printed: pd.DataFrame) -> pd.DataFrame:
    """Class ratios that the paper's accuracy, F1 and MCC imply, beside the stated 1:30."""
    known = printed[printed["metric"].isin(METRICS)]
    return implied_ratio_table(known).assign(stated_negatives_per_positive=30)
