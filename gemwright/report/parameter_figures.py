"""Figures of the parameters that decide (Fig. 3)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from gemwright.arrays import FloatArray
from gemwright.kinetics.labelling import RELEVANT_BELOW
from gemwright.rekindle.projection import Projection
from gemwright.report.style import COLOURS, GREY, new_figure

_SCORED = "auc_squares"


def plot_ranking(
    ranking: pd.DataFrame, relevant: FloatArray, other: FloatArray, top: int = 10
) -> Figure:
    """Highest ranked parameters, with the noise, and their distributions (Fig. 3a).

    Parameters
    ----------
    ranking : pandas.DataFrame
        From `gemwright.rekindle.ranking.rank_parameters`.
    relevant, other : numpy.ndarray, shape (sets, parameters)
        Saturations of the two classes, from which it was made.
    top : int
        Parameters shown.
    """
    shown = ranking.head(top)
    figure = new_figure(8.5, 0.6 + 0.36 * len(shown))
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.2))
    place = np.arange(len(shown))
    left.barh(place, shown["kl"], color=COLOURS[0])
    floors = (
        ("inert_floor", "--", "largest of the inert ones"),
        ("chance_floor", ":", "by chance"),
    )
    for column, style, label in floors:
        value = float(shown[column].iloc[0])
        if np.isfinite(value):
            left.axvline(value, color="black", linestyle=style, linewidth=1, label=label)
    left.set_yticks(place, shown["parameter"], fontsize=7)
    left.invert_yaxis()
    left.set(xlabel="KL divergence (nats)", title="Ranking")
    left.legend(fontsize=7)
    edges = np.linspace(0, 1, 41)
    for line, position in zip(place, shown["position"], strict=True):
        for values, colour in ((other, COLOURS[1]), (relevant, COLOURS[0])):
            counts, _ = np.histogram(values[:, position], edges, density=True)
            heights = line + 0.4 - 0.8 * counts / max(counts.max(), 1.0)
            right.fill_between(
                (edges[1:] + edges[:-1]) / 2, line + 0.4, heights, color=colour, alpha=0.5, lw=0
            )
    for label, colour in (("relevant", COLOURS[0]), ("other", COLOURS[1])):
        right.plot([], [], "s", color=colour, alpha=0.5, label=label)
    right.set_ylim(left.get_ylim())
    right.set_yticks([])
    right.set(xlabel="saturation", xlim=(0, 1), title="Distributions")
    right.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def plot_constraining(table: pd.DataFrame) -> Figure:
    """Relevant and stable shares by the number of constrained parameters (Fig. 3c).

    Parameters
    ----------
    table : pandas.DataFrame
        From `gemwright.report.parameter_tables.constraining_table`, of one physiology.
    """
    names = {
        "top": "top k",
        "alone": "the k-th alone",
        "random": "k random ones",
        "inert": "k inert ones",
    }
    figure = new_figure(7.5, 3)
    axes = figure.subplots(1, 2, sharey=True)
    for axis, state in zip(axes, ("relevant", "stable"), strict=True):
        for (kind, label), colour in zip(names.items(), COLOURS, strict=False):
            part = table[table["kind"] == kind]
            axis.errorbar(
                part["k"],
                part[state],
                yerr=part[f"{state}_sd"].fillna(0.0),
                fmt="o-",
                markersize=3,
                linewidth=1,
                color=colour,
                label=label,
            )
        printed = table[table[f"paper_{state}"].notna()]
        axis.plot(printed["k"], printed[f"paper_{state}"].astype(float), "kD", ms=4, label="paper")
        axis.set(xlabel="constrained parameters k", ylim=(-0.02, 1.02), title=state)
    axes[0].set_ylabel("share of the unstable sets")
    axes[0].legend(fontsize=7)
    return figure


def plot_subpopulations(table: pd.DataFrame, relevant_below: float = RELEVANT_BELOW) -> Figure:
    """Eigenvalues along single parameters: medians, quartiles and 5 to 95 % (Fig. 3d).

    Parameters
    ----------
    table : pandas.DataFrame
        From `gemwright.rekindle.subpopulations.subpopulations`; one panel for each parameter.
    relevant_below : float
        Bound of relevance, 1/h.
    """
    parameters = list(dict.fromkeys(table["parameter"]))
    columns = min(4, len(parameters))
    lines = -(-len(parameters) // columns)
    figure = new_figure(2.6 * columns, 2.4 * lines)
    axes = figure.subplots(lines, columns, squeeze=False, sharey=True).ravel()
    for axis, name in zip(axes, parameters, strict=False):
        part = table[table["parameter"] == name]
        axis.fill_between(
            part["part"], part["q05"], part["q95"], color=COLOURS[4], alpha=0.25, lw=0
        )
        axis.fill_between(part["part"], part["q25"], part["q75"], color=COLOURS[4], alpha=0.5, lw=0)
        axis.plot(part["part"], part["q50"], color=COLOURS[0], label="median")
        axis.plot(part["part"], part["mean"], "--", color="black", linewidth=1, label="mean")
        axis.axhline(relevant_below, color=GREY, linewidth=0.8)
        axis.set_title(name, fontsize=7)
        axis.set_xlabel("tenth of the values")
    for axis in axes[len(parameters) :]:
        axis.set_visible(False)
    lowest, highest = float(table["q05"].min()), float(table["q95"].max())
    margin = 0.05 * (highest - lowest) or 1.0
    axes[0].set_ylim(lowest - margin, highest + margin)
    axes[0].set_ylabel("largest eigenvalue (1/h)")
    axes[0].legend(fontsize=7)
    return figure


def plot_boundary(table: pd.DataFrame, normalised: bool = False, top: int = 20) -> Figure:
    """Divergences of parameters in slices near the class boundary (Supplementary Figs. 12, 13).

    Parameters
    ----------
    table : pandas.DataFrame
        From `gemwright.rekindle.subpopulations.boundary_subpopulations`.
    normalised : bool
        Whether each slice runs from 0 to 1.
    top : int
        Parameters with the largest divergences, averaged over the sets, that are shown.
    """
    column = "kl_normalised" if normalised else "kl"
    # slices of few sets have large divergences by chance, so each counts by its sets
    weight = (table["kl"] * table["sets"]).groupby(table["parameter"], sort=False).sum()
    order = weight.sort_values(ascending=False, kind="stable").index
    wide = table.pivot(index="parameter", columns="part", values=column).loc[order[:top]]
    edges = table.drop_duplicates("part")
    figure = new_figure(6.5, 1.2 + 0.19 * len(wide))
    axis = figure.subplots()
    image = axis.imshow(wide.to_numpy(float), aspect="auto", cmap="viridis", vmin=0)
    middles = (edges["eigenvalue_from"] + edges["eigenvalue_to"]) / 2
    axis.set_xticks(
        np.arange(len(edges)), [f"{value:.1f}" for value in middles], rotation=90, fontsize=7
    )
    axis.set_yticks(np.arange(len(wide)), wide.index, fontsize=6)
    axis.set(xlabel="largest eigenvalue (1/h), middle of the slice")
    figure.colorbar(image, ax=axis, label="KL, 0 to 1" if normalised else "KL divergence (nats)")
    return figure


def plot_projections(
    projections: Mapping[str, Projection], scores: pd.DataFrame | None = None
) -> Figure:
    """Training and generated sets in two dimensions (Supplementary Fig. 10).

    Parameters
    ----------
    projections : mapping of str to Projection
        Title of the panel, for example ``all parameters, pca``, to points.
    scores : pandas.DataFrame, optional
        From `gemwright.rekindle.projection.disjointness`; where its choice of parameters begins a
        panel's title, the legend has the AUC at which each source is told from the training sets.
    """
    figure = new_figure(4.2 * len(projections), 3.6)
    axes = figure.subplots(1, len(projections), squeeze=False)[0]
    known = {}
    if scores is not None:
        known = scores.set_index(["parameters", "source"])[_SCORED].to_dict()
    for axis, (title, projection) in zip(axes, projections.items(), strict=True):
        groups = projection.points.groupby("source", sort=False)
        for (source, part), colour in zip(groups, COLOURS, strict=False):
            score = known.get((title.partition(",")[0], source))
            label = str(source) if score is None else f"{source} (AUC {score:.2f})"
            axis.scatter(
                *(part["x"], part["y"]), s=3, color=colour, alpha=0.4, linewidths=0, label=label
            )
        shares = ["" if np.isnan(share) else f" ({share:.1%})" for share in projection.explained]
        axis.set(xlabel=f"component 1{shares[0]}", ylabel=f"component 2{shares[1]}", title=title)
        axis.legend(fontsize=7, markerscale=3)
    return figure
