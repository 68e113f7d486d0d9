"""Table of transfer learning (Fig. 4b)."""

from collections.abc import Mapping

import pandas as pd

from gemwright.rekindle.transfer_modes import TRANSFER
from gemwright.rekindle.transfer_tables import transfer_summary
from gemwright.report.rekindle_printed import NOT_PRINTED, figure_text

_TEN_SETS = "incidence by transfer, 10 sets, from 2 to 4 to all others"


def transfer_table(
    runs: pd.DataFrame, printed: pd.DataFrame, numbers: Mapping[str, str], repeats: int | None
) -> pd.DataFrame:
    """Tabulate transfer against training from scratch (Fig. 4b) beside the paper's prose.

    Parameters
    ----------
    runs : pandas.DataFrame
        See `gemwright.rekindle.transfer_tables.transfer_summary`.
    printed : pandas.DataFrame
        From `read_printed_figures`.
    numbers : mapping of str to str
        Physiology to its number in the paper; empty for other models.
    repeats : int or None
        Trainings that each group should have.

    Returns
    -------
    pandas.DataFrame
        The columns of `transfer_summary` and paper (text).
    """
    table = transfer_summary(runs, repeats=repeats)
    table["paper"] = [
        _transfer_figure(printed, numbers.get(str(source)), numbers.get(str(target)), n_sets)
        if mode == TRANSFER
        else NOT_PRINTED
        for mode, source, target, n_sets in zip(
            table["mode"], table["source"], table["target"], table["n_sets"], strict=True
        )
    ]
    return table


def _transfer_figure(
    printed: pd.DataFrame, source: str | None, target: str | None, n_sets: int
) -> str:
    if source is None or target is None:
        return NOT_PRINTED
    item = f"incidence by transfer, {n_sets} sets, {source} to {target}"
    if source == "1" and n_sets > 50:
        # what holds at 50 sets is said to hold from there on
        item = f"incidence by transfer, 50 sets, 1 to {target}"
    elif source != "1" and n_sets == 10:
        item = _TEN_SETS
    return figure_text(printed, item, target)
