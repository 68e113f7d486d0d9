"""Tables of the parameters that decide (Fig. 3)."""

from collections.abc import Mapping

import pandas as pd

from gemwright.rekindle.constraining import constraining_summary


def ranking_table(rankings: Mapping[str, pd.DataFrame], top: int = 10) -> pd.DataFrame:
    """Tabulate the highest parameters of each ranking, and the highest inert one as control.

    Parameters
    ----------
    rankings : mapping of str to pandas.DataFrame
        Physiology to a ranking of `gemwright.rekindle.ranking.rank_parameters`.
    top : int
        Parameters of each.

    Returns
    -------
    pandas.DataFrame
        physiology and the columns of the ranking.
    """
    parts = []
    for physiology, table in rankings.items():
        inert = table[table["inert"] & (table["rank"] > top)].head(1)
        part = pd.concat([table.head(top), inert], ignore_index=True)
        part.insert(0, "physiology", physiology)
        parts.append(part.drop(columns="position"))
    return pd.concat(parts, ignore_index=True)


def constraining_table(
    experiments: Mapping[str, pd.DataFrame],
    printed: pd.DataFrame,
    numbers: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Tabulate what constraining parameters does (Fig. 3c), beside the paper's figures.

    Parameters
    ----------
    experiments : mapping of str to pandas.DataFrame
        Physiology to the table of `gemwright.rekindle.constraining.constraining_experiment`.
    printed : pandas.DataFrame
        From `read_printed_figures`.
    numbers : mapping of str to str, optional
        Physiology to its number in the paper; others have no printed figures.

    Returns
    -------
    pandas.DataFrame
        physiology, kind, k, sets, repeats, relevant, relevant_sd, stable, stable_sd,
        paper_relevant, paper_stable (missing where the paper prints none).
    """
    places = numbers or {}
    values = printed.set_index(["item", "physiology"])["value"]
    parts = []
    for physiology, table in experiments.items():
        part = constraining_summary(table)
        part.insert(0, "physiology", physiology)
        for state in ("relevant", "stable"):
            part[f"paper_{state}"] = [
                values.get((f"{state} after constraining the top {k}", places.get(physiology)))
                if kind == "top" and physiology in places
                else None
                for kind, k in zip(part["kind"], part["k"], strict=True)
            ]
            part[f"paper_{state}"] = part[f"paper_{state}"].astype("Float64")
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
