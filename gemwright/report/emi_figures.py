"""Figures of the interaction predictors, their trainings and the leakage of splits."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from gemwright.emi.models import CONTROLS
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
            colours = [COLOURS[7] if name in CONTROLS else COLOURS[0] for name in part["predictor"]]
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
