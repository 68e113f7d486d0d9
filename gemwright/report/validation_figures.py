"""Figures; each takes the table that a user can also open as CSV."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from gemwright.report.style import COLOURS, new_figure


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
