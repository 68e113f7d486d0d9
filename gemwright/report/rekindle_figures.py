"""Figures of the kinetic models and their generators; each takes tables that a user can open."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import scipy.stats
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gemwright.kinetics.labelling import RELEVANT_BELOW, time_constants
from gemwright.kinetics.network import Array
from gemwright.rekindle.projection import Projection
from gemwright.rekindle.transfer_modes import SCRATCH, TRANSFER, UNTUNED
from gemwright.rekindle.transfer_tables import transfer_summary
from gemwright.report.style import COLOURS, new_figure

_GREY = COLOURS[7]
_MODE_STYLES = {TRANSFER: "-", SCRATCH: "--", UNTUNED: ":"}
_SCORED = "auc_squares"


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
    axes[3].set(xlabel="mean KL divergence (nats)", ylabel="share of relevant sets", title=title)
    if base_rate is not None:
        axes[1].axhline(base_rate, color=_GREY, linewidth=1, label="sampled sets")
    axes[2].axhline(1, color=_GREY, linewidth=1)
    axes[1].legend(fontsize=7)
    return figure


def plot_time_constants(
    eigenvalues: Mapping[str, Array], longest: float = 12.0, relevant_below: float = RELEVANT_BELOW
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
    axis.axvline(bound, color=_GREY, linestyle="--", linewidth=1)
    axis.set(xlabel="dominant time constant (min)", ylabel="density of all sets (1/min)")
    axis.set(title="Time constants", xlim=(0, longest))
    axis.legend(fontsize=7)
    return figure


def plot_perturbations(
    table: pd.DataFrame, trajectories: pd.DataFrame | None = None, explained: Array | None = None
) -> Figure:
    """Share of perturbed runs that return, and some of them in two components (Fig. 2e).

    Parameters
    ----------
    table : pandas.DataFrame
        From `gemwright.report.rekindle_tables.perturbation_table`.
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


def _draw_trajectories(axis: Axes, trajectories: pd.DataFrame, explained: Array | None) -> None:
    colours = iter(COLOURS)
    for _, part in trajectories.groupby("run", sort=False):
        back = bool(part["returned"].iloc[0])
        colour = next(colours, _GREY) if back else "black"
        axis.plot(
            part["component_1"], part["component_2"], "-" if back else ":", color=colour, lw=1
        )
        start = part.iloc[0]
        axis.plot(start["component_1"], start["component_2"], "o", color=colour, markersize=3)
    shares = ("", "") if explained is None else tuple(f" ({share:.1%})" for share in explained[:2])
    axis.set(xlabel=f"component 1{shares[0]}", ylabel=f"component 2{shares[1]}")
    axis.set_title("Time courses (dotted: escapes)")


def plot_ranking(ranking: pd.DataFrame, relevant: Array, other: Array, top: int = 10) -> Figure:
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
        From `gemwright.report.rekindle_tables.constraining_table`, of one physiology.
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
        axis.axhline(relevant_below, color=_GREY, linewidth=0.8)
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


def plot_transfer(runs: pd.DataFrame) -> Figure:
    """Incidence and spread against the number of training sets (Fig. 4b).

    Parameters
    ----------
    runs : pandas.DataFrame
        See `gemwright.rekindle.transfer_tables.transfer_summary`; a column of panels for each
        target, lines for each source and for training from scratch. Crosses: groups with failed
        trainings.
    """
    summary = transfer_summary(runs)
    targets = sorted(set(summary["target"]))
    sources = sorted(set(summary["source"]) - {""})
    colours = dict(zip(sources, COLOURS, strict=False))
    figure = new_figure(2.9 * len(targets), 4.6)
    axes = figure.subplots(2, len(targets), squeeze=False, sharex=True, sharey="row")
    for column, target in enumerate(targets):
        groups = summary[summary["target"] == target].groupby(["mode", "source"], sort=False)
        for (mode, source), part in groups:
            colour = "black" if mode == SCRATCH else colours[source]
            label = "from scratch" if mode == SCRATCH else f"from {source}"
            label = f"{label}, as it is" if mode == UNTUNED else label
            upper, lower = axes[:, column]
            if mode == UNTUNED:
                upper.axhline(
                    part["incidence_mean"].iloc[0], ls=":", color=colour, lw=1, label=label
                )
                lower.axhline(part["spread_mean"].iloc[0], ls=":", color=colour, lw=1)
                continue
            upper.errorbar(
                part["n_sets"],
                part["incidence_mean"],
                yerr=part["incidence_sd"].fillna(0.0),
                fmt="o" + _MODE_STYLES[str(mode)],
                markersize=3,
                linewidth=1,
                color=colour,
                label=label,
            )
            failed = part[part["failed"] > 0]
            upper.plot(failed["n_sets"], failed["incidence_mean"], "x", color="red", ms=8)
            lower.plot(
                part["n_sets"],
                part["spread_mean"],
                "o" + _MODE_STYLES[str(mode)],
                markersize=3,
                linewidth=1,
                color=colour,
            )
        axes[0, column].set(title=f"to {target}", ylim=(-0.02, 1.05), xscale="log")
        axes[0, column].legend(fontsize=6)
        axes[1, column].set_xlabel("training sets of the target")
        axes[1, column].set_ylim(0, 1.05 * max(1.0, float(summary["spread_mean"].max())))
    axes[0, 0].set_ylabel("share of relevant sets")
    axes[1, 0].set_ylabel("spread, std(ln $K_M$) ratio")
    return figure


def plot_transfer_features(
    returned: pd.DataFrame,
    eigenvalues: Mapping[str, Array],
    relevant_below: float = RELEVANT_BELOW,
) -> Figure:
    """Draw generators by transfer and from scratch: runs that return, and eigenvalues (Fig. 4c).

    Parameters
    ----------
    returned : pandas.DataFrame
        From `gemwright.report.rekindle_tables.perturbation_table`, one row for each source.
    eigenvalues : mapping of str to numpy.ndarray
        Source to the largest eigenvalues of its sets, 1/h.
    relevant_below : float
        Bound of relevance, 1/h.
    """
    figure = new_figure(8, 3)
    left, right = figure.subplots(1, 2)
    place = np.arange(len(returned))
    share = returned["returned"].to_numpy(float)
    errors = np.abs(returned[["returned_low", "returned_high"]].to_numpy(float).T - share)
    left.barh(place, share, xerr=errors.tolist(), color=COLOURS[0])
    left.set_yticks(place, returned["source"])
    left.invert_yaxis()
    left.set(xlim=(0, 1), xlabel="share of runs", title="Runs that return")
    right.boxplot(
        [values for values in eigenvalues.values()],
        whis=(5, 95),
        showfliers=False,
        orientation="horizontal",
    )
    right.set_yticks(np.arange(1, len(eigenvalues) + 1), list(eigenvalues))
    right.invert_yaxis()
    right.axvline(relevant_below, color=_GREY, linestyle="--", linewidth=1)
    right.set(xlabel="largest eigenvalue (1/h)", title="Dynamics (5, 25, 50, 75, 95 %)")
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


def plot_costs(scale: pd.DataFrame, sources: Sequence[str] | None = None) -> Figure:
    """Labelled sets per verified one, by how many are wanted, and against the spread.

    Parameters
    ----------
    scale : pandas.DataFrame
        From `gemwright.rekindle.costs.cost_at_scale`.
    sources : sequence of str, optional
        Those shown; all by default.
    """
    shown = list(sources) if sources is not None else list(dict.fromkeys(scale["source"]))
    figure = new_figure(11, 3)
    left, right = figure.subplots(1, 2)
    for source, colour in zip(shown, COLOURS, strict=False):
        part = scale[scale["source"] == source].sort_values("wanted")
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
    right.set_title(f"at {scale['wanted'].max():,} verified sets")
    return figure
