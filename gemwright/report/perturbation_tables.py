"""Table of perturbed kinetic models (Fig. 2e)."""

from collections.abc import Mapping

import pandas as pd

from gemwright.io.tables import require_columns
from gemwright.rekindle.costs import wilson_interval
from gemwright.report.rekindle_printed import NOT_PRINTED, figure_text


def perturbation_table(
    runs: pd.DataFrame, printed: pd.DataFrame, numbers: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Tabulate the share of perturbed runs that return (Fig. 2e, right; Supplementary Fig. 4).

    Parameters
    ----------
    runs : pandas.DataFrame
        One run a row: physiology, source (``training``, ``generated`` and controls), model (number
        of the parameter set), returned, finished (whether the solver was).
    printed : pandas.DataFrame
        From `read_printed_figures`.
    numbers : mapping of str to str, optional
        Physiology to its number in the paper.

    Returns
    -------
    pandas.DataFrame
        physiology, source, models, runs, failed (of the solver; counted as not returned),
        returned (share of runs), returned_low, returned_high (95 %, runs taken as independent),
        sd_models (of the models' shares), models_always, models_never (shares of models of which
        all or no runs return), paper (per cent as a share, text).
    """
    require_columns(
        runs, ["physiology", "source", "model", "returned", "finished"], "perturbed runs"
    )
    places = numbers or {}
    rows = []
    for (physiology, source), part in runs.groupby(["physiology", "source"], sort=False):
        back = part["returned"].astype(bool) & part["finished"].astype(bool)
        by_model = back.groupby(part["model"]).mean()
        low, high = wilson_interval(int(back.sum()), len(back))
        figure = NOT_PRINTED
        if physiology in places:
            number = places[str(physiology)]
            figure = figure_text(printed, f"share that returns, {source}", number)
        rows.append(
            {
                "physiology": physiology,
                "source": source,
                "models": len(by_model),
                "runs": len(part),
                "failed": int((~part["finished"].astype(bool)).sum()),
                "returned": back.mean(),
                "returned_low": float(low),
                "returned_high": float(high),
                "sd_models": by_model.std(),
                "models_always": (by_model == 1).mean(),
                "models_never": (by_model == 0).mean(),
                "paper": figure if figure == NOT_PRINTED else f"{float(figure) / 100:g}",
            }
        )
    return pd.DataFrame(rows)
