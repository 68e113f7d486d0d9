"""What the sets of each source cost, in labelled sets.

A share of relevant sets alone proves nothing: a narrow box of saturations has a high one without
any network. So each source of sets is charged with the labelled sets that it needs, and its spread
stands beside.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.io.tables import require_columns
from gemwright.kinetics.labelling import time_constant_between

_NORMAL_95 = 1.959963984540054
_SOURCE_COLUMNS = ("source", "prepared", "prepared_verified", "labelled", "verified", "spread")


def wilson_interval(
    hits: FloatArray | int, trials: FloatArray | int
) -> tuple[FloatArray, FloatArray]:
    """Bounds of a share at 95 % (Wilson's score interval); 0 and 1 where nothing was tried."""
    k, n = np.asarray(hits, dtype=float), np.asarray(trials, dtype=float)
    safe = np.where(n > 0, n, 1.0)
    z2 = _NORMAL_95**2
    share = k / safe
    centre = (share + z2 / (2 * safe)) / (1 + z2 / safe)
    half = _NORMAL_95 * np.sqrt(share * (1 - share) / safe + z2 / (4 * safe**2)) / (1 + z2 / safe)
    low = np.where((n > 0) & (k > 0), centre - half, 0.0)
    high = np.where((n > 0) & (k < n), centre + half, 1.0)
    return low, high


def _check_sources(sources: pd.DataFrame) -> None:
    require_columns(sources, _SOURCE_COLUMNS, "sources of verified sets")
    wrong = sources[
        (sources["labelled"] <= 0)
        | (sources["verified"] > sources["labelled"])
        | (sources["prepared_verified"] > sources["prepared"])
    ]
    if len(wrong):
        raise InputError(
            f"sources of verified sets, {wrong['source'].iloc[0]}",
            "more sets are verified than were labelled, or none were labelled",
            "count the labelled sets, and those of them that were wanted",
        )


def cost_table(sources: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Labelled sets that each source needs for 1,000 verified ones.

    Parameters
    ----------
    sources : pandas.DataFrame
        source; prepared (sets labelled before the first one can be drawn: training sets and sets
        of generators under trial; 0 for sampling) and prepared_verified (those of them that were
        wanted); labelled and verified (sets labelled when it was tried, and those that were
        wanted); spread (median ratio of std(ln K_M)). Further columns are kept.
    baseline : str
        The source that the others are compared with: rejection sampling.

    Returns
    -------
    pandas.DataFrame
        The columns of `sources` and incidence, incidence_low, incidence_high (95 %),
        labelled_per_1000 (without what was prepared; infinite where none was found),
        break_even (verified sets from which on the source has cost fewer labelled sets than
        `baseline`, what was prepared included; infinite if never).

    Raises
    ------
    InputError
        If a column or the baseline is missing, or counts do not fit.
    """
    _check_sources(sources)
    if baseline not in set(sources["source"]):
        raise InputError(
            "sources of verified sets",
            f"{baseline!r}, with which the others are compared, is not among them",
            "add the rejection sampling",
        )
    table = sources.reset_index(drop=True)
    labelled, verified = table["labelled"].to_numpy(float), table["verified"].to_numpy(float)
    table["incidence"] = verified / labelled
    table["incidence_low"], table["incidence_high"] = wilson_interval(verified, labelled)
    per_set = _inverse(table["incidence"].to_numpy())
    table["labelled_per_1000"] = 1000 * per_set
    plain = float(per_set[(table["source"] == baseline).to_numpy()][0])
    table["break_even"] = break_even(table["prepared"].to_numpy(float), per_set, plain)
    return table


def break_even(prepared: FloatArray, per_set: FloatArray, plain: float) -> FloatArray:
    """Find the number of wanted sets from which on a source costs fewer labelled sets than another.

    Parameters
    ----------
    prepared : numpy.ndarray
        Labelled sets that each source costs before the first one.
    per_set : numpy.ndarray
        Labelled sets for each wanted one; infinite where none is found.
    plain : float
        The same of the source compared with, which costs nothing before.

    Returns
    -------
    numpy.ndarray
        Infinite where nothing is saved.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        # infinite less infinite: neither gives anything
        saved = np.nan_to_num(np.maximum(plain - per_set, 0.0), nan=0.0, posinf=np.inf)
        return np.where(saved > 0, prepared / saved, np.inf)


def _inverse(shares: FloatArray) -> FloatArray:
    return np.where(shares > 0, 1 / np.where(shares > 0, shares, 1.0), np.inf)


def cost_at_scale(
    costs: pd.DataFrame, wanted: Sequence[int] = (1_000, 10_000, 100_000, 1_000_000)
) -> pd.DataFrame:
    """Labelled sets in all for different numbers of verified sets, and which source wins.

    Parameters
    ----------
    costs : pandas.DataFrame
        From `cost_table`.
    wanted : sequence of int
        Verified sets.

    Returns
    -------
    pandas.DataFrame
        wanted, source, incidence, spread, labelled (prepared ones included), labelled_credited
        (where the wanted ones among the prepared sets are taken as found), cheapest (of all, by
        `labelled`), dominated_by (sources that need no more labelled sets and spread no less, one
        of the two strictly; empty where the source is worth its price).
    """
    tables = []
    for number in wanted:
        per_set = costs["labelled_per_1000"].to_numpy() / 1000
        prepared = costs["prepared"].to_numpy(float)
        still = np.maximum(number - costs["prepared_verified"].to_numpy(float), 0.0)
        labelled = prepared + number * per_set
        # 0 * inf: nothing more is needed of a source that gives nothing
        more = np.where(still > 0, still * np.where(still > 0, per_set, 0.0), 0.0)
        table = pd.DataFrame(
            {
                "wanted": number,
                "source": costs["source"].to_numpy(),
                "incidence": costs["incidence"].to_numpy(),
                "spread": costs["spread"].to_numpy(),
                "labelled": labelled,
                "labelled_credited": prepared + more,
                "cheapest": labelled == labelled.min(),
            }
        )
        table["dominated_by"] = _dominating(table)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _dominating(table: pd.DataFrame) -> list[str]:
    cost, spread = table["labelled"].to_numpy(), table["spread"].to_numpy(float)
    cheaper = cost[None, :] <= cost[:, None]
    wider = spread[None, :] >= spread[:, None]
    strictly = (cost[None, :] < cost[:, None]) | (spread[None, :] > spread[:, None])
    names = table["source"].to_numpy()
    return [", ".join(names[row]) for row in cheaper & wider & strictly]


def window_costs(
    eigenvalues: Mapping[str, FloatArray], windows: Sequence[tuple[float, float]]
) -> pd.DataFrame:
    """Count what a set with a given time constant costs from each source.

    Parameters
    ----------
    eigenvalues : mapping of str to numpy.ndarray
        Source to the largest eigenvalues (1/h) of sets drawn from it, relevant or not. Of a
        generator that takes the time constant as a condition, give those drawn under it, one
        window at a time.
    windows : sequence of (float, float)
        Time constants from (included) and to (excluded), minutes; infinity is allowed.

    Returns
    -------
    pandas.DataFrame
        source, tau_from, tau_to, sets, hits, share, share_low, share_high (95 %),
        labelled_per_1000 (infinite where there was no hit).
    """
    rows = [
        (source, low, high, len(values), int(time_constant_between(low, high)(values).sum()))
        for source, values in eigenvalues.items()
        for low, high in windows
    ]
    table = pd.DataFrame(rows, columns=["source", "tau_from", "tau_to", "sets", "hits"])
    hits, sets = table["hits"].to_numpy(float), table["sets"].to_numpy(float)
    table["share"] = hits / np.where(sets > 0, sets, np.nan)
    table["share_low"], table["share_high"] = wilson_interval(hits, sets)
    table["labelled_per_1000"] = 1000 * _inverse(table["share"].fillna(0.0).to_numpy())
    return table
