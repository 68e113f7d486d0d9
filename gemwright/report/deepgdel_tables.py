"""DeepGDel's Tables VI to IX: our counts and predictors beside the printed ones."""

from collections.abc import Sequence

import pandas as pd

from gemwright.deepgdel.metrics import ALL_GENES, METRICS, summarise
from gemwright.report.paper import PAPER

_NAMES = {ALL_GENES: "all_gene_accuracy", "scored genes": "scored_genes"}
_KINDS = {"mean": "", "deviation_folds": "_sd_folds", "deviation_seeds": "_sd_seeds"}


def count_table(counts: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Tabulate our counts of models and data beside Tables VI and VII.

    Parameters
    ----------
    counts : pandas.DataFrame
        table (``VI`` or ``VII``), model, item, value, note (how it is counted).
    printed : pandas.DataFrame
        table, model, method, metric, value: what the paper prints; its items are the metrics.

    Returns
    -------
    pandas.DataFrame
        table, model, item, ours, paper, difference (ours less the paper's; all Int64), note.
        Items of ours that the paper does not print have no paper's value.
    """
    theirs = printed[printed["table"].isin(("VI", "VII"))]
    theirs = theirs.rename(columns={"value": "paper", "metric": "item"})
    theirs["paper"] = theirs["paper"].astype("int64")
    both = counts.rename(columns={"value": "ours"}).merge(
        theirs[["table", "model", "item", "paper"]], on=["table", "model", "item"], how="left"
    )
    both = both.astype({"ours": "Int64", "paper": "Int64"})
    both["difference"] = both["ours"] - both["paper"]
    columns = ["table", "model", "item", "ours", "paper", "difference", "note"]
    return both.sort_values(["table", "model"], kind="stable", ignore_index=True)[columns]


def methods_table(
    metrics: Sequence[pd.DataFrame], printed: pd.DataFrame, strategies: str
) -> pd.DataFrame:
    """Tabulate all deletion predictors beside Tables VIII and IX.

    Parameters
    ----------
    metrics : sequence of pandas.DataFrame
        Tables of `gemwright.deepgdel.metrics.metric_rows`, each of one model and protocol.
    printed : pandas.DataFrame
        table, model, method, metric, value, deviation: what the paper prints, in per cent.
    strategies : str
        Where the known strategies come from, told in the column of that name.

    Returns
    -------
    pandas.DataFrame
        model, protocol, method, strategies, seeds and folds (how many were run), scored_genes
        (mean), and for each of the paper's metrics and for ``all_gene_accuracy`` the mean over
        folds, its standard deviation over folds (``_sd_folds``) and that of the seeds' means
        (``_sd_seeds``), in per cent. Rows of the paper have the protocol ``as printed`` and its
        deviation as ``_sd_printed``. Sorted by AUC within model and protocol.
    """
    rows = pd.concat(metrics, ignore_index=True)
    names = {**dict(zip(METRICS, METRICS, strict=True)), **_NAMES}
    summary = summarise(rows[rows["metric"].isin(names)])
    keys = ["model", "protocol", "method"]
    runs = summary.groupby(keys, sort=False)[["seeds", "folds"]].max()
    wide = summary.pivot(index=keys, columns="metric", values=list(_KINDS))
    wide.columns = [f"{names[metric]}{_KINDS[kind]}" for kind, metric in wide.columns]
    wide[[name for name in wide if not name.startswith("scored")]] *= 100
    table = wide.join(runs).reset_index().assign(strategies=strategies)

    theirs = printed[
        printed["table"].isin(("VIII", "IX")) & printed["model"].isin(set(rows["model"]))
    ].astype({"value": float, "deviation": float})
    other = theirs.pivot(index=["model", "method"], columns="metric", values=["value", "deviation"])
    other.columns = [
        metric if kind == "value" else f"{metric}_sd_printed" for kind, metric in other.columns
    ]
    other = other.reset_index().assign(
        protocol="as printed", strategies="MetNetComp, as the paper says", seeds=5, folds=50
    )
    other["method"] = PAPER + other["method"]
    both = pd.concat([table, other], ignore_index=True)
    order = [
        column
        for metric in (*METRICS, "all_gene_accuracy")
        for column in (metric, *(f"{metric}_sd_{kind}" for kind in ("folds", "seeds", "printed")))
        if column in both
    ]
    both["worst_last"] = -both["auc"]
    both = both.sort_values(["model", "protocol", "worst_last"], kind="stable", ignore_index=True)
    return both[[*keys, "strategies", "seeds", "folds", "scored_genes", *order]]
