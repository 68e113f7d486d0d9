"""Figures of strain designs; each takes the tables that a user can also open."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from gemwright.report.style import COLOURS, GREY, new_figure

WILD_TYPE = "wild type"


def plot_envelopes(envelopes: Mapping[str, Mapping[str, pd.DataFrame]], columns: int = 3) -> Figure:
    """Production envelopes: what strains can and must make at each growth rate.

    Parameters
    ----------
    envelopes : mapping of str to mapping of str to pandas.DataFrame
        Target to strain (``wild type`` and the designs) to its envelope; see
        `gemwright.strain_design.designs.design_envelopes`. One panel for each target.
    columns : int
        Panels side by side.
    """
    width = min(columns, len(envelopes))
    lines = -(-len(envelopes) // width)
    figure = new_figure(3.4 * width, 2.7 * lines)
    axes = figure.subplots(lines, width, squeeze=False).ravel()
    for axis, (target, strains) in zip(axes, envelopes.items(), strict=False):
        colours = iter(colour for colour in COLOURS * 2 if colour != GREY)
        for name, envelope in strains.items():
            wild = name == WILD_TYPE
            colour = GREY if wild else next(colours)
            growth = envelope["growth_rate"].to_numpy()
            low = envelope["production_min"].to_numpy()
            high = envelope["production_max"].to_numpy()
            axis.fill_between(growth, low, high, color=colour, alpha=0.15, linewidth=0)
            # once around, so that a strain that must produce shows as a closed shape
            axis.plot(
                np.concatenate([growth, growth[::-1], growth[:1]]),
                np.concatenate([high, low[::-1], high[:1]]),
                color=colour,
                linewidth=1.0 if wild else 1.4,
                label=name,
            )
            if len(growth) and not wild:
                # what growth as fast as possible guarantees
                axis.plot(growth[-1], low[-1], "o", color=colour, markersize=4)
        axis.set_title(target)
        axis.set(xlabel="growth rate (1/h)", ylabel="production (mmol/gDW/h)")
        axis.set_xlim(left=0)
        axis.set_ylim(bottom=0)
        axis.legend(fontsize=7, loc="best")
    for axis in axes[len(envelopes) :]:
        axis.set_visible(False)
    return figure


def plot_solved(summary: pd.DataFrame) -> Figure:
    """Share of targets that each method solves, as predicted and after repair.

    Parameters
    ----------
    summary : pandas.DataFrame
        From `gemwright.strain_design.summaries.success_summary`; one panel for each model, if
        it has that column, and split.
    """
    keys = [name for name in ("model", "split", "protocol") if name in summary]
    groups = (
        [(", ".join(map(str, key)), part) for key, part in summary.groupby(keys, sort=False)]
        if keys
        else [("", summary)]
    )
    tallest = max(len(part) for _, part in groups)
    figure = new_figure(1.6 + 2.9 * len(groups), 1.3 + 0.28 * tallest)
    axes = figure.subplots(1, len(groups), squeeze=False)[0]
    for axis, (title, part) in zip(axes, groups, strict=True):
        part = part.sort_values("share_solved", ascending=False, kind="stable")
        place = np.arange(len(part))
        solved, predicted = 100 * part["share_solved"], 100 * part["share_as_predicted"]
        axis.barh(place, solved, color=COLOURS[4], label="with candidates and repair")
        axis.barh(place, predicted, color=COLOURS[0], height=0.5, label="as predicted")
        for y, value, first in zip(place, solved, predicted, strict=True):
            axis.text(value + 1.5, y, f"{first:.0f} / {value:.0f}", va="center", fontsize=7)
        axis.set_yticks(place, part["method"])
        axis.invert_yaxis()
        axis.set(xlim=(0, 118), xlabel="targets solved (%)", title=title)
        axis.set_xticks(range(0, 101, 25))
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure
