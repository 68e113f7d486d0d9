"""Figures of transfer learning (Fig. 4)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from gemwright.arrays import FloatArray
from gemwright.kinetics.labelling import RELEVANT_BELOW
from gemwright.rekindle.transfer_modes import SCRATCH, TRANSFER, UNTUNED
from gemwright.rekindle.transfer_tables import transfer_summary
from gemwright.report.style import COLOURS, GREY, as_mathematics, new_figure

_MODE_STYLES = {TRANSFER: "-", SCRATCH: "--", UNTUNED: ":"}


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
    as_mathematics(axes[1, 0].yaxis.label)
    return figure


def plot_transfer_features(
    returned: pd.DataFrame,
    eigenvalues: Mapping[str, FloatArray],
    relevant_below: float = RELEVANT_BELOW,
) -> Figure:
    """Draw generators by transfer and from scratch: runs that return, and eigenvalues (Fig. 4c).

    Parameters
    ----------
    returned : pandas.DataFrame
        From `gemwright.report.perturbation_tables.perturbation_table`, one row for each source.
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
    right.axvline(relevant_below, color=GREY, linestyle="--", linewidth=1)
    right.set(xlabel="largest eigenvalue (1/h)", title="Dynamics (5, 25, 50, 75, 95 %)")
    return figure
