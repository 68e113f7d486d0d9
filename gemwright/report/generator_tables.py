"""Tables of generators of kinetic models beside their controls (Tables 1 and 2)."""

from collections.abc import Mapping

import pandas as pd

from gemwright.io.tables import require_columns
from gemwright.report.paper import PAPER
from gemwright.report.rekindle_printed import NOT_PRINTED, figure_text

_MEASURES = ("incidence", "spread", "coverage", "kl_mean", "kl_max")


_SLOW_SETS = "too slow sets in the training data"


def generators_table(quality: pd.DataFrame) -> pd.DataFrame:
    """Summarise every source of sets over its seeds: the generators and their controls.

    Parameters
    ----------
    quality : pandas.DataFrame
        One trained generator or control a row: physiology, source (``gan, saturation preset``,
        ``box``, ...), seed, sets (generated), failed, judged (trained long enough to fail),
        incidence, spread (median ratio of std(ln K_M)), coverage, kl_mean, kl_max.

    Returns
    -------
    pandas.DataFrame
        physiology, source, seeds, failed, judged (trainings that were long enough to fail), sets
        (of one seed), and of each measure the mean (``incidence``) and its standard
        deviation over seeds (``incidence_sd``); incidence_best and the spread of that very
        generator (spread_of_best). Failed trainings are in the means.
    """
    require_columns(
        quality,
        ["physiology", "source", "seed", "sets", "failed", "judged", *_MEASURES],
        "generators",
    )
    rows = []
    for (physiology, source), part in quality.groupby(["physiology", "source"], sort=False):
        best = part.sort_values("incidence", ascending=False, kind="stable").iloc[0]
        row = {
            "physiology": physiology,
            "source": source,
            "seeds": len(part),
            "failed": int(part["failed"].astype(bool).sum()),
            "judged": int(part["judged"].astype(bool).sum()),
            "sets": int(part["sets"].iloc[0]),
        }
        for measure in _MEASURES:
            row[measure] = part[measure].mean()
            row[f"{measure}_sd"] = part[measure].std()
        row["incidence_best"], row["spread_of_best"] = best["incidence"], best["spread"]
        rows.append(row)
    return pd.DataFrame(rows)


def physiology_table(
    fractions: pd.DataFrame, quality: pd.DataFrame, printed: pd.DataFrame
) -> pd.DataFrame:
    """Table 1: what each physiology's sampled sets are, and what the generators and controls give.

    Parameters
    ----------
    fractions : pandas.DataFrame
        physiology (name), tala, icl (``+`` or ``-``; empty for other models), sets, relevant, slow,
        unstable (shares of sampled sets), and number (``1`` to ``4`` of the paper's physiologies,
        else empty).
    quality : pandas.DataFrame
        As for `generators_table`.
    printed : pandas.DataFrame
        From `read_printed_figures`.

    Returns
    -------
    pandas.DataFrame
        physiology, tala, icl, sets, relevant, slow, unstable, not_relevant (slow and unstable,
        what the paper calls too slow); for every source ``best incidence: <source>`` and ``spread
        of the best: <source>`` and ``failed: <source>`` (``1 of 5`` judged); paper: not relevant,
        paper: relevant, paper: best incidence (text).
    """
    require_columns(
        fractions,
        ["physiology", "number", "tala", "icl", "sets", "relevant", "slow", "unstable"],
        "fractions of the physiologies",
    )
    table = fractions.reset_index(drop=True)
    table["not_relevant"] = table["slow"] + table["unstable"]
    summary = generators_table(quality)
    for source in dict.fromkeys(summary["source"]):
        part = summary[summary["source"] == source].set_index("physiology")
        table[f"best incidence: {source}"] = table["physiology"].map(part["incidence_best"])
        table[f"spread of the best: {source}"] = table["physiology"].map(part["spread_of_best"])
        failed = part["failed"].astype(str) + " of " + part["judged"].astype(str)
        table[f"failed: {source}"] = table["physiology"].map(failed)
    numbers = table["number"].astype(str)
    for item, name in (
        (_SLOW_SETS, "not relevant, of all four"),
        ("fraction of relevant sets", "relevant"),
        ("best incidence", "best incidence"),
    ):
        table[PAPER + name] = [
            figure_text(printed, item, number) if number else "" for number in numbers
        ]
    return table.drop(columns="number")


def controls_table(quality: pd.DataFrame, costs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every generator beside its controls, with what its verified sets cost.

    Parameters
    ----------
    quality : pandas.DataFrame
        As for `generators_table`.
    costs : mapping of str to pandas.DataFrame
        Physiology to the table of `gemwright.rekindle.controls.cost_table`, its sources named as in
        `quality`.

    Returns
    -------
    pandas.DataFrame
        The rows of `generators_table` and prepared, labelled_per_1000, break_even.
    """
    paid = pd.concat(
        [table.assign(physiology=name) for name, table in costs.items()], ignore_index=True
    )
    columns = ["physiology", "source", "prepared", "labelled_per_1000", "break_even"]
    return generators_table(quality).merge(
        paid[columns], on=["physiology", "source"], how="left", validate="one_to_one"
    )


def times_table(timings: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Table 2: times of the steps. They differ from run to run, so they stand apart.

    Parameters
    ----------
    timings : pandas.DataFrame
        physiology, step, sets (that it was timed for), seconds, machine (how it was measured).
        Steps that the paper times: ``sampling and labelling``, ``generation`` (scaled to 1 million
        sets) and ``training`` (as it is).
    printed : pandas.DataFrame
        From `read_printed_figures`.

    Returns
    -------
    pandas.DataFrame
        physiology, step, sets, seconds, sets_per_second, seconds_per_million (missing for
        training), machine, paper (text with unit).
    """
    require_columns(timings, ["physiology", "step", "sets", "seconds", "machine"], "timings")
    items = {
        "sampling and labelling": ("sampling of 1 million sets by ORACLE", "h per million sets"),
        "generation": ("generation of 1 million sets", "s per million sets"),
        "training": ("training time at 72000 sets", "min at 72,000 sets"),
    }
    table = timings.reset_index(drop=True)
    table["sets_per_second"] = table["sets"] / table["seconds"]
    per_million = 1e6 / table["sets_per_second"]
    table["seconds_per_million"] = per_million.where(table["step"] != "training")
    table["paper"] = [
        f"{figure_text(printed, items[step][0])} {items[step][1]}" if step in items else NOT_PRINTED
        for step in table["step"]
    ]
    columns = ["physiology", "step", "sets", "seconds", "sets_per_second", "seconds_per_million"]
    return table[[*columns, "machine", "paper"]]
