"""Figures of generators of kinetic models."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import scipy.stats
from matplotlib.figure import Figure

from gemwright.arrays import FloatArray
from gemwright.kinetics.labelling import RELEVANT_BELOW, time_constants
from gemwright.report.style import COLOURS, GREY, as_mathematics, new_figure


def plot_training_quality(history: pd.DataFrame, base_rate: float | None = None) -> Figure:
    """Divergence and incidence over epochs, and each against the other (Fig. 2 a-c).

    Parameters
    ----------
    history : pandas.DataFrame
        seed, epoch, kl_mean, incidence, spread, failed (of the whole training); one row for each
        saved generator.
    base_rate : float, optional
        Incidence among the sampled sets, drawn as a line.
    """
    figure = new_figure(11, 2.9)
    axes = figure.subplots(1, 4)
    for (seed, part), colour in zip(history.groupby("seed"), COLOURS, strict=False):
        failed = bool(part["failed"].any())
        label = f"seed {seed}, failed" if failed else f"seed {seed}"
        style = ":" if failed else "-"
        for axis, column in zip(axes, ("kl_mean", "incidence", "spread"), strict=False):
            axis.plot(part["epoch"], part[column], style, color=colour, label=label)
        axes[3].plot(part["kl_mean"], part["incidence"], "x" if failed else ".", color=colour, ms=4)
    both = history[["kl_mean", "incidence"]].dropna()
    title = "Incidence and divergence"
    if len(both) > 2 and (both.nunique() > 1).all():
        title = f"Spearman {scipy.stats.spearmanr(both['kl_mean'], both['incidence'])[0]:.3f}"
    axes[0].set(xlabel="epoch", ylabel="mean KL divergence (nats)", title="KL divergence")
    axes[1].set(xlabel="epoch", ylabel="share of relevant sets", title="Incidence", ylim=(0, 1.02))
    axes[2].set(xlabel="epoch", ylabel="std(ln $K_M$), ratio", title="Spread", ylim=(0, None))
    as_mathematics(axes[2].yaxis.label)
    axes[3].set(xlabel="mean KL divergence (nats)", ylabel="share of relevant sets", title=title)
    if base_rate is not None:
        axes[1].axhline(base_rate, color=GREY, linewidth=1, label="sampled sets")
    axes[2].axhline(1, color=GREY, linewidth=1)
    axes[1].legend(fontsize=7)
    return figure


def plot_time_constants(
    eigenvalues: Mapping[str, FloatArray],
    longest: float = 12.0,
    relevant_below: float = RELEVANT_BELOW,
) -> Figure:
    """Dominant time constants of stable sets from each source (Fig. 2d).

    Parameters
    ----------
    eigenvalues : mapping of str to numpy.ndarray
        Source to largest eigenvalues, 1/h.
    longest : float
        Longest time drawn, minutes; the share of slower and unstable sets stands in the legend.
    relevant_below : float
        Bound of relevance, 1/h.
    """
    figure = new_figure(5, 3)
    axis = figure.subplots()
    edges = np.linspace(0, longest, 61).tolist()
    for (source, values), colour in zip(eigenvalues.items(), COLOURS, strict=False):
        tau = time_constants(values)
        shown = tau[tau < longest]
        weights = np.full(len(shown), 1 / (max(len(values), 1) * (edges[1] - edges[0])))
        label = f"{source} ({1 - len(shown) / max(len(values), 1):.0%} beyond)"
        axis.hist(
            shown, edges, weights=weights, histtype="step", color=colour, label=label, linewidth=1.4
        )
    bound = float(time_constants(np.array([relevant_below]))[0])
    axis.axvline(bound, color=GREY, linestyle="--", linewidth=1)
    axis.set(xlabel="dominant time constant (min)", ylabel="density of all sets (1/min)")
    axis.set(title="Time constants", xlim=(0, longest))
    axis.legend(fontsize=7)
    return figure


def plot_costs(scale: pd.DataFrame) -> Figure:
    """Labelled sets per verified one, by how many are wanted, and against the spread.

    Parameters
    ----------
    scale : pandas.DataFrame
        From `gemwright.rekindle.controls.cost_at_scale`.
    """
    figure = new_figure(11, 3)
    left, right = figure.subplots(1, 2)
    for (source, rows), colour in zip(scale.groupby("source", sort=False), COLOURS, strict=False):
        part = rows.sort_values("wanted")
        left.plot(
            part["wanted"],
            part["labelled"] / part["wanted"],
            "o-",
            color=colour,
            ms=3,
            label=source,
        )
        largest = part.tail(1)
        right.plot(largest["spread"], largest["labelled"] / largest["wanted"], "o", color=colour)
    left.set(
        xscale="log", yscale="log", xlabel="verified sets", ylabel="labelled sets per verified set"
    )
    left.set_title("Cost")
    handles, labels = left.get_legend_handles_labels()
    right.legend(handles, labels, fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    right.set(xlabel="spread, std(ln $K_M$) ratio", ylabel="labelled sets per verified set")
    as_mathematics(right.xaxis.label)
    right.set_title(f"at {scale['wanted'].max():,} verified sets")
    return figure
