"""Summaries of the grid of transfer trainings; trainings that failed are counted, not hidden."""

from collections.abc import Sequence

import pandas as pd

from gemwright.errors import InputError
from gemwright.io.tables import require_columns
from gemwright.rekindle.transfer_modes import SCRATCH, TRANSFER, UNTUNED

TRANSFER_COLUMNS = (
    *("source", "target", "n_sets", "repeat", "mode"),
    *("incidence", "spread", "epoch", "failed"),
)


def check_transfer_grid(runs: pd.DataFrame) -> None:
    """Check the table of trainings.

    Raises
    ------
    InputError
        If a column is missing, a mode is unknown, a training stands twice, a physiology is
        transferred to itself, or an incidence is not within 0 and 1.
    """
    where = "transfer grid"
    require_columns(runs, TRANSFER_COLUMNS, where)
    unknown = sorted(set(runs["mode"]) - {TRANSFER, SCRATCH, UNTUNED})
    if unknown:
        raise InputError(
            where,
            f"the mode {unknown[0]!r} is unknown",
            f"use {TRANSFER}, {SCRATCH} or {UNTUNED}",
        )
    double = runs[runs.duplicated(["mode", "source", "target", "n_sets", "repeat"])]
    if len(double):
        row = double.iloc[0]
        raise InputError(
            where,
            f"{row['mode']} from {row['source'] or 'nothing'} to {row['target']} with"
            f" {row['n_sets']} sets, repeat {row['repeat']}, stands there twice",
            "keep one row for each training",
        )
    itself = runs[(runs["mode"] != SCRATCH) & (runs["source"] == runs["target"])]
    if len(itself):
        raise InputError(
            where,
            f"{itself['source'].iloc[0]} is transferred to itself",
            "give pairs of different physiologies",
        )
    finished = runs.loc[~runs["failed"].astype(bool), "incidence"].astype(float)
    if not finished.between(0, 1).all():
        raise InputError(
            where,
            "the incidence of a training that did not fail is missing or not within 0 and 1",
            "give the share of relevant sets at the best epoch",
        )


def transfer_summary(
    runs: pd.DataFrame,
    by: Sequence[str] = ("mode", "source", "target", "n_sets"),
    repeats: int | None = None,
) -> pd.DataFrame:
    """Summarise trainings over their repeats.

    Parameters
    ----------
    runs : pandas.DataFrame
        One training a row: source and target (physiologies; source empty from scratch), n_sets
        (training sets of the target), repeat, mode, incidence and spread at the best epoch, epoch,
        failed (the discriminator overpowered the generator).
    by : sequence of str
        Columns that make a group; leave out ``source`` for the means over all sources (Fig. 4b).
    repeats : int, optional
        Trainings that each group should have.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`, runs, failed, missing (of `repeats`, if given), incidence_mean, _sd,
        _min, _max over all trainings (a failed one with what it reached at its best, or 0 if it
        has no incidence), incidence_mean_trained (over those that did not fail), spread_mean,
        _min, epoch_median.

    Raises
    ------
    InputError
        See `check_transfer_grid`.
    """
    check_transfer_grid(runs)
    table = runs.assign(
        failed=runs["failed"].astype(bool),
        incidence=runs["incidence"].astype(float).fillna(0.0),
        spread=runs["spread"].astype(float),
        epoch=runs["epoch"].astype(float),
    )
    table["trained"] = table["incidence"].where(~table["failed"])
    summary = (
        table.groupby(list(by), sort=True)
        .agg(
            runs=("repeat", "size"),
            failed=("failed", "sum"),
            incidence_mean=("incidence", "mean"),
            incidence_sd=("incidence", "std"),
            incidence_min=("incidence", "min"),
            incidence_max=("incidence", "max"),
            incidence_mean_trained=("trained", "mean"),
            spread_mean=("spread", "mean"),
            spread_min=("spread", "min"),
            epoch_median=("epoch", "median"),
        )
        .reset_index()
    )
    if repeats is not None:
        place = list(summary.columns).index("failed") + 1
        summary.insert(place, "missing", (repeats - summary["runs"]).clip(lower=0))
    return summary


def transfer_gain(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean incidence with transfer less that from scratch, for each target and number of sets.

    Returns
    -------
    pandas.DataFrame
        target, n_sets, transfer, scratch, gain, spread_transfer, spread_scratch; only where both
        were trained.
    """
    means = transfer_summary(runs, by=("mode", "target", "n_sets"))
    sides = [
        means.loc[means["mode"] == mode, ["target", "n_sets", "incidence_mean", "spread_mean"]]
        for mode in (TRANSFER, SCRATCH)
    ]
    both = sides[0].merge(sides[1], on=["target", "n_sets"], suffixes=("_t", "_s"))
    table = pd.DataFrame(
        {
            "target": both["target"],
            "n_sets": both["n_sets"],
            "transfer": both["incidence_mean_t"],
            "scratch": both["incidence_mean_s"],
            "gain": both["incidence_mean_t"] - both["incidence_mean_s"],
            "spread_transfer": both["spread_mean_t"],
            "spread_scratch": both["spread_mean_s"],
        }
    )
    return table.sort_values(["target", "n_sets"], kind="stable", ignore_index=True)
