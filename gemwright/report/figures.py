"""Figures; each takes the table that a user can also open as CSV."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from gemwright.report.paper import PAPER
from gemwright.report.style import COLOURS, new_figure


def plot_emi(table: pd.DataFrame, metrics: Sequence[str] = ("auroc", "aupr", "mcc")) -> Figure:
    """Predictors on every split with every kind of negatives, at 1:30.

    Parameters
    ----------
    table : pandas.DataFrame
        From `gemwright.report.emi_tables.emi_table`.
    metrics : sequence of str
        One column of panels each.
    """
    ours = table[(table["ratio"] == 30.0) & ~table["predictor"].str.startswith(PAPER)]
    rows = list(ours[["split", "negatives"]].drop_duplicates().itertuples(index=False, name=None))
    figure = new_figure(3.2 * len(metrics), 2.0 * len(rows))
    axes = figure.subplots(len(rows), len(metrics), squeeze=False, sharex="col")
    for line, (split, negatives) in enumerate(rows):
        part = ours[(ours["split"] == split) & (ours["negatives"] == negatives)]
        place = np.arange(len(part))
        for column, metric in enumerate(metrics):
            axis = axes[line, column]
            colours = [
                COLOURS[0] if name in ("tower", "stack") else COLOURS[7]
                for name in part["predictor"]
            ]
            bars = axis.barh(place, part[metric], color=colours)
            axis.bar_label(bars, fmt="%.2f", padding=2, fontsize=7)
            axis.set_yticks(place, part["predictor"] if column == 0 else [""] * len(part))
            axis.invert_yaxis()
            axis.set_xlim(0, 1)
            axis.set_title(f"{metric.upper()}, {split}\n{negatives} negatives", fontsize=8)
    return figure


def plot_training(histories: Mapping[str, pd.DataFrame]) -> Figure:
    """Loss and validation AUPR by epoch, for every split."""
    figure = new_figure(7.5, 2.8)
    left, right = figure.subplots(1, 2)
    for (name, history), colour in zip(histories.items(), COLOURS, strict=False):
        left.plot(history["epoch"], history["loss"], color=colour, label=name)
        right.plot(history["epoch"], history["validation_aupr"], color=colour, label=name)
        best = history[history["best"].astype(bool)].tail(1)
        right.plot(best["epoch"], best["validation_aupr"], "o", color=colour)
    left.set(xlabel="epoch", ylabel="joint loss", title="Training")
    right.set(xlabel="epoch", ylabel="AUPR", title="Validation (the dot is kept)")
    left.legend()
    return figure


def plot_leakage(table: pd.DataFrame) -> Figure:
    """Share of test enzymes with a training homologue, by identity, for every split."""
    figure = new_figure(4.5, 3)
    axis = figure.subplots()
    for (split, part), colour in zip(table.groupby("split", sort=False), COLOURS, strict=False):
        axis.plot(100 * part["threshold"], part["share"], "o-", color=colour, label=split)
    axis.set(
        xlabel="sequence identity, at least (%)",
        ylabel="share of test enzymes",
        ylim=(-0.02, 1),
        title="Test enzymes with a training homologue",
    )
    axis.legend()
    return figure


def plot_ladder(table: pd.DataFrame) -> Figure:
    """Share of test enzymes with a training homologue, by method, threshold and seed.

    Parameters
    ----------
    table : pandas.DataFrame
        From `gemwright.emi.leakage.leakage_ladder`; one panel for each method.
    """
    methods = list(dict.fromkeys(table["method"]))
    figure = new_figure(4.2 * len(methods), 3)
    axes = figure.subplots(1, len(methods), squeeze=False, sharey=True)[0]
    for axis, method in zip(axes, methods, strict=True):
        part = table[table["method"] == method]
        for (identity, lines), colour in zip(part.groupby("identity"), COLOURS, strict=False):
            shares = lines.groupby("threshold")["share"].agg(["mean", "min", "max"])
            label = f"clusters at {identity:.0%}"
            axis.plot(100 * shares.index, shares["mean"], "o-", color=colour, label=label)
            axis.fill_between(
                100 * shares.index, shares["min"], shares["max"], color=colour, alpha=0.2
            )
        axis.set(xlabel="sequence identity, at least (%)", ylim=(-0.02, 1), title=method)
        axis.legend(fontsize=7)
    axes[0].set_ylabel("share of test enzymes")
    return figure


def plot_models(reasons: pd.DataFrame) -> Figure:
    """Reactions of every model by the reason why they are in it."""
    wide = reasons.pivot_table(
        index=["organism", "method"], columns="reason", values="reactions", fill_value=0, sort=False
    )
    figure = new_figure(8, 0.9 + 0.38 * len(wide))
    axis = figure.subplots()
    start = np.zeros(len(wide))
    place = np.arange(len(wide))
    for reason, colour in zip(wide.columns, COLOURS * 2, strict=False):
        axis.barh(place, wide[reason], left=start, color=colour, label=reason)
        start += wide[reason].to_numpy()
    axis.set_yticks(place, [f"{organism}, {method}" for organism, method in wide.index])
    axis.invert_yaxis()
    axis.set(xlabel="reactions", title="Why each reaction is in the model")
    axis.legend(bbox_to_anchor=(1.01, 1), loc="upper left", fontsize=7)
    return figure


def plot_validation(table: pd.DataFrame, title: str) -> Figure:
    """Accuracy, sensitivity, specificity and MCC of every method, by organism.

    Parameters
    ----------
    table : pandas.DataFrame
        From `gemwright.report.validation_tables.validation_table`.
    title : str
        Of the figure.
    """
    organisms = list(dict.fromkeys(table["organism"]))
    methods = list(dict.fromkeys(table["method"]))
    metrics = ("accuracy", "sensitivity", "specificity", "mcc")
    figure = new_figure(9, 2.1 * len(organisms) + 0.4)
    axes = figure.subplots(len(organisms), 1, squeeze=False)[:, 0]
    width = 0.8 / len(methods)
    for axis, organism in zip(axes, organisms, strict=True):
        part = table[table["organism"] == organism].set_index("method")
        for number, (method, colour) in enumerate(zip(methods, COLOURS, strict=False)):
            if method not in part.index:
                continue
            place = np.arange(len(metrics)) + (number - (len(methods) - 1) / 2) * width
            values = part.loc[method, list(metrics)].astype(float)
            bars = axis.bar(place, values, width, color=colour, label=method)
            axis.bar_label(bars, fmt="%.2f", fontsize=6, padding=1)
        axis.set_xticks(np.arange(len(metrics)), metrics)
        axis.set_ylim(min(0, axis.get_ylim()[0]), 1.1)
        axis.set_title(f"{title}: {organism}")
    axes[0].legend(bbox_to_anchor=(1.01, 1), loc="upper left", fontsize=7)
    return figure


def plot_phenotypes(items: Mapping[str, pd.DataFrame]) -> Figure:
    """Every tested source as a tile: what was observed and what was predicted.

    Parameters
    ----------
    items : mapping of str to pandas.DataFrame
        Organism to source, metabolite, outcome.
    """
    colours = {"TP": COLOURS[2], "TN": COLOURS[4], "FP": COLOURS[1], "FN": COLOURS[5]}
    columns = 40
    blocks = [
        (f"{organism}, {source}", part["outcome"].tolist())
        for organism, table in items.items()
        for source, part in table.sort_values(["source", "outcome", "metabolite"]).groupby("source")
    ]
    heights = [-(-len(outcomes) // columns) for _, outcomes in blocks]
    figure = new_figure(9, 0.5 + 0.22 * (sum(heights) + len(blocks)))
    axis = figure.subplots()
    y = 0.0
    ticks = []
    for (label, outcomes), height in zip(blocks, heights, strict=True):
        for number, outcome in enumerate(outcomes):
            row, column = divmod(number, columns)
            colour = colours.get(outcome, COLOURS[7])
            axis.add_patch(Rectangle((column + 0.06, y + row + 0.06), 0.88, 0.88, color=colour))
        ticks.append((y + height / 2, label))
        y += height + 0.6
    for outcome, colour in colours.items():
        axis.plot([], [], "s", color=colour, label=outcome)
    axis.set(xlim=(0, columns), ylim=(y, 0), xticks=[], title="Growth on single nutrient sources")
    axis.set_yticks([place for place, _ in ticks], [label for _, label in ticks])
    axis.legend(ncols=4, bbox_to_anchor=(0.5, -0.01), loc="upper center", fontsize=7)
    return figure
