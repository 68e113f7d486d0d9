"""Figures of the predictors of gene deletions; each takes a table that a user can also open."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from gemwright.report.paper import PAPER
from gemwright.report.style import COLOURS, new_figure

#: Genes scored in the figure, of `deepgdel.evaluation.GENE_SETS`; both protocols have it.
HARD_GENES = "not pre-determined, 90%"


def plot_deletion_methods(table: pd.DataFrame, metric: str = "auc") -> Figure:
    """Every method's metric on each model and protocol, the paper's own rows beside them.

    Parameters
    ----------
    table : pandas.DataFrame
        From `gemwright.report.deletion_tables.methods_table`.
    metric : str
        The column shown, for the genes that are hard to tell (`HARD_GENES`); whiskers are its
        deviation over folds (the paper's: as printed).
    """
    table = table[table["genes"].isin([HARD_GENES, ""]) | table["genes"].isna()]
    models = list(dict.fromkeys(table["model"]))
    protocols = [name for name in ("paper", "grouped") if name in set(table["protocol"])]
    most = table.groupby(["model", "protocol"]).size().max() + 5  # the paper's rows join one panel
    figure = new_figure(4.2 * len(protocols), (0.6 + 0.17 * most) * len(models))
    axes = figure.subplots(len(models), len(protocols), squeeze=False)
    for line, model in enumerate(models):
        for axis, protocol in zip(axes[line], protocols, strict=True):
            shown = table["protocol"].isin([protocol, *(["as printed"] * (protocol == "paper"))])
            part = table[shown & (table["model"] == model)].sort_values(metric)
            printed = part["method"].str.startswith(PAPER)
            spread = part[f"{metric}_sd_folds"].fillna(part[f"{metric}_sd_printed"])
            colours = np.where(
                printed,
                COLOURS[1],
                np.where(part["method"].eq("deepgdel"), COLOURS[0], COLOURS[7]),
            )
            place = np.arange(len(part))
            axis.barh(place, part[metric], xerr=spread, color=colours, error_kw={"linewidth": 0.8})
            axis.axvline(50, color="black", linewidth=0.6, linestyle=":")
            axis.set_yticks(place, part["method"], fontsize=7)
            axis.set_xlim(0, 100)
            axis.margins(y=0.01)
            axis.set_xlabel(f"{metric.upper()} (%)")
            axis.set_title(f"{model}, {protocol} protocol", fontsize=9)
    return figure


def plot_deletion_training(histories: Mapping[str, pd.DataFrame]) -> Figure:
    """Training and validation loss of every network by epoch.

    Parameters
    ----------
    histories : mapping of str to pandas.DataFrame
        Model to method, epoch, status, validation, best.
    """
    figure = new_figure(3.6 * len(histories), 2.8)
    axes = figure.subplots(1, len(histories), squeeze=False)[0]
    for axis, (model, rows) in zip(axes, histories.items(), strict=True):
        for (name, history), colour in zip(
            rows.groupby("method", sort=False), COLOURS, strict=False
        ):
            axis.plot(history["epoch"], history["status"], color=colour, alpha=0.35)
            axis.plot(history["epoch"], history["validation"], color=colour, label=name)
            best = history[history["best"].astype(bool)].tail(1)
            axis.plot(best["epoch"], best["validation"], "o", color=colour, markersize=4)
        axis.set(xlabel="epoch", ylabel="cross-entropy", title=f"{model}: faint, training")
        axis.legend(fontsize=7)
    return figure
