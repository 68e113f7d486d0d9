"""Figure of perturbed kinetic models (Fig. 2)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gemwright.arrays import FloatArray
from gemwright.report.style import COLOURS, GREY, new_figure


def plot_perturbations(
    table: pd.DataFrame,
    trajectories: pd.DataFrame | None = None,
    explained: FloatArray | None = None,
) -> Figure:
    """Share of perturbed runs that return, and some of them in two components (Fig. 2e).

    Parameters
    ----------
    table : pandas.DataFrame
        From `gemwright.report.perturbation_tables.perturbation_table`.
    trajectories : pandas.DataFrame, optional
        From `gemwright.rekindle.trajectories.trajectory_table`.
    explained : numpy.ndarray, optional
        Shares of variance of the two components.
    """
    figure = new_figure(8 if trajectories is not None else 4.5, 3)
    axes = figure.subplots(1, 2 if trajectories is not None else 1, squeeze=False)[0]
    if trajectories is not None:
        _draw_trajectories(axes[0], trajectories, explained)
    axis = axes[-1]
    physiologies = list(dict.fromkeys(table["physiology"]))
    sources = list(dict.fromkeys(table["source"]))
    width = 0.8 / len(sources)
    for number, (source, colour) in enumerate(zip(sources, COLOURS, strict=False)):
        part = table[table["source"] == source].set_index("physiology").reindex(physiologies)
        place = np.arange(len(physiologies)) + (number - (len(sources) - 1) / 2) * width
        share = part["returned"].to_numpy(float)
        errors = np.abs(part[["returned_low", "returned_high"]].to_numpy(float).T - share)
        axis.bar(
            place, share, width, color=colour, label=source, yerr=errors.tolist(), ecolor="black"
        )
        printed = pd.to_numeric(part["paper"], errors="coerce").to_numpy(float)
        axis.plot(place, printed, "D", color="black", markersize=3)
    axis.plot([], [], "D", color="black", markersize=3, label="paper")
    axis.set_xticks(np.arange(len(physiologies)), physiologies)
    axis.set(ylim=(0, 1), ylabel="share of runs", title="Runs that return")
    axis.legend(fontsize=7)
    return figure


def _draw_trajectories(
    axis: Axes, trajectories: pd.DataFrame, explained: FloatArray | None
) -> None:
    colours = iter(COLOURS)
    for _, part in trajectories.groupby("run", sort=False):
        back = bool(part["returned"].iloc[0])
        colour = next(colours, GREY) if back else "black"
        axis.plot(
            part["component_1"], part["component_2"], "-" if back else ":", color=colour, lw=1
        )
        start = part.iloc[0]
        axis.plot(start["component_1"], start["component_2"], "o", color=colour, markersize=3)
    shares = ("", "") if explained is None else tuple(f" ({share:.1%})" for share in explained[:2])
    axis.set(xlabel=f"component 1{shares[0]}", ylabel=f"component 2{shares[1]}")
    axis.set_title("Time courses (dotted: escapes)")
