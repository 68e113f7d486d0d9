"""DeepGDel's Tables VI to IX: our counts and predictors beside the printed ones."""

from collections.abc import Mapping, Sequence

import pandas as pd

from gemwright.deepgdel.metrics import ALL_GENES, METRICS, summarise
from gemwright.report.paper import PAPER

_NAMES = {ALL_GENES: "all_gene_accuracy", "scored genes": "scored_genes"}
_KINDS = {"mean": "", "deviation_folds": "_sd_folds", "deviation_seeds": "_sd_seeds"}


def count_table(counts: Mapping[str, pd.DataFrame], printed: pd.DataFrame) -> pd.DataFrame:
    """Tabulate our counts of models and data beside Tables VI and VII.

    Parameters
    ----------
    counts : mapping of str to pandas.DataFrame
        Model to table (``VI`` or ``VII``), item, value, note (how it is counted).
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
    ours = pd.concat([frame.assign(model=model) for model, frame in counts.items()])
    both = ours.rename(columns={"value": "ours"}).merge(
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
        Tables of `gemwright.deepgdel.evaluation.evaluate_runs`, each of one model and protocol.
    printed : pandas.DataFrame
        table, model, method, metric, value, deviation: what the paper prints, in per cent.
    strategies : str
        Where the known strategies come from, told in the column of that name.

    Returns
    -------
    pandas.DataFrame
        model, protocol, genes (which are scored), method, strategies, seeds and folds (how many
        were run), scored_genes (mean), and for each of the paper's metrics and for
        ``all_gene_accuracy`` the mean over folds, its standard deviation over folds
        (``_sd_folds``) and that of the seeds' means (``_sd_seeds``), in per cent. Rows of the
        paper have the protocol ``as printed`` and its deviation as ``_sd_printed``. Sorted by
        AUC within model, protocol and genes.
    """
    rows = pd.concat(metrics, ignore_index=True)
    names = {**dict(zip(METRICS, METRICS, strict=True)), **_NAMES}
    rows = rows[rows["metric"].isin(names)]
    sets = {genes: summarise(part) for genes, part in rows.groupby("genes", sort=False)}
    summary = pd.concat(sets, names=["genes"]).reset_index(level="genes")
    keys = ["model", "protocol", "genes", "method"]
    runs = summary.groupby(keys, sort=False)[["seeds", "folds"]].max()
    wide = summary.pivot(index=keys, columns="metric", values=list(_KINDS))
    wide.columns = pd.Index([f"{names[key[1]]}{_KINDS[key[0]]}" for key in wide.columns.tolist()])
    wide.loc[:, ~wide.columns.str.startswith("scored")] *= 100
    table = wide.join(runs).reset_index().assign(strategies=strategies)

    theirs = printed[
        printed["table"].isin(("VIII", "IX")) & printed["model"].isin(set(rows["model"]))
    ].astype({"value": float, "deviation": float})
    other = theirs.pivot(index=["model", "method"], columns="metric", values=["value", "deviation"])
    other.columns = pd.Index(
        [key[1] if key[0] == "value" else f"{key[1]}_sd_printed" for key in other.columns.tolist()]
    )
    other = other.reset_index().assign(
        protocol="as printed",
        genes="",
        strategies="MetNetComp, as the paper says",
        seeds=5,
        folds=50,
    )
    other["method"] = PAPER + other["method"]
    both = pd.concat([table, other], ignore_index=True)
    for metric in METRICS:
        printed_deviation = f"{metric}_sd_printed"
        if printed_deviation not in both:
            both[printed_deviation] = float("nan")
    order = [
        column
        for metric in (*METRICS, "all_gene_accuracy")
        for column in (metric, *(f"{metric}_sd_{kind}" for kind in ("folds", "seeds", "printed")))
        if column in both
    ]
    both["worst_last"] = -both["auc"]
    both = both.sort_values([*keys[:3], "worst_last"], kind="stable", ignore_index=True)
    return both[[*keys, "strategies", "seeds", "folds", "scored_genes", *order]]
