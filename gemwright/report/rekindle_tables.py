"""REKINDLE's tables: our figures beside the printed ones, and every generator beside its controls.

The bodies of the paper's Tables 1 and 2 are not in the text that we have; what its prose tells of
them stands here, and the rest is marked as not printed.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.io.tables import read_delimited
from gemwright.rekindle.constraining import constraining_summary
from gemwright.rekindle.costs import wilson_interval
from gemwright.rekindle.transfer_modes import TRANSFER
from gemwright.rekindle.transfer_tables import transfer_summary
from gemwright.report.paper import PAPER

NOT_PRINTED = "not printed"
_PRINTED_COLUMNS = ("place", "item", "physiology", "value", "upper", "unit", "note")
_CONTRADICTION_COLUMNS = ("topic", "one_place", "other_place", "what_we_do")
_MEASURES = ("incidence", "spread", "coverage", "kl_mean", "kl_max")
_SLOW_SETS = "too slow sets in the training data"
_TEN_SETS = "incidence by transfer, 10 sets, from 2 to 4 to all others"


def read_printed_figures(path: str | Path) -> pd.DataFrame:
    """Read the figures that the paper prints.

    Parameters
    ----------
    path : str or Path
        ``gemwright/resources/paper_rekindle_tables.tsv``.

    Returns
    -------
    pandas.DataFrame
        place, item, physiology (``""`` for all), value (missing where not printed), upper (of a
        range), unit, note, printed (bool).

    Raises
    ------
    InputError
        If a column is missing, a value is no number, or an item stands there twice.
    """
    table = read_delimited(path, _PRINTED_COLUMNS, what="table of printed figures")
    table["printed"] = table["value"] != NOT_PRINTED
    for column in ("value", "upper"):
        asked = table[column].where(table["printed"] & (table[column] != ""))
        numbers = pd.to_numeric(asked, errors="coerce")
        wrong = table[asked.notna() & numbers.isna()]
        if len(wrong):
            raise InputError(
                f"{path}, {wrong['item'].iloc[0]}",
                f"{wrong[column].iloc[0]!r} is no number",
                f"write a number, or {NOT_PRINTED!r} as the value",
            )
        table[column] = numbers
    double = table[table.duplicated(["item", "physiology"])]
    if len(double):
        raise InputError(
            str(path),
            f"{double['item'].iloc[0]!r} stands there twice for the same physiology",
            "keep one row",
        )
    return table


def printed_text(value: float, upper: float, printed: bool = True) -> str:
    """Write a printed figure as text: ``0.39 to 0.45``, ``0.977`` or ``not printed``."""
    if not printed or pd.isna(value):
        return NOT_PRINTED
    return f"{value:g}" if pd.isna(upper) else f"{value:g} to {upper:g}"


def _figure(printed: pd.DataFrame, item: str, physiology: str = "") -> str:
    """Text of an item: of the physiology, or of all."""
    rows = printed[(printed["item"] == item) & printed["physiology"].isin((physiology, ""))]
    if rows.empty:
        return NOT_PRINTED
    row = rows.sort_values("physiology").iloc[-1]
    return printed_text(row["value"], row["upper"], row["printed"])


def _need(table: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    missing = [column for column in columns if column not in table]
    if missing:
        raise InputError(
            where,
            f"the column(s) {', '.join(missing)} are missing",
            f"give the columns {', '.join(columns)}",
        )


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
    _need(
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
    _need(
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
            _figure(printed, item, number) if number else "" for number in numbers
        ]
    return table.drop(columns="number")


def controls_table(quality: pd.DataFrame, costs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every generator beside its controls, with what its verified sets cost.

    Parameters
    ----------
    quality : pandas.DataFrame
        As for `generators_table`.
    costs : mapping of str to pandas.DataFrame
        Physiology to the table of `gemwright.rekindle.costs.cost_table`, its sources named as in
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
    _need(timings, ["physiology", "step", "sets", "seconds", "machine"], "timings")
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
        f"{_figure(printed, items[step][0])} {items[step][1]}" if step in items else NOT_PRINTED
        for step in table["step"]
    ]
    columns = ["physiology", "step", "sets", "seconds", "sets_per_second", "seconds_per_million"]
    return table[[*columns, "machine", "paper"]]


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
    _need(runs, ["physiology", "source", "model", "returned", "finished"], "perturbed runs")
    places = numbers or {}
    rows = []
    for (physiology, source), part in runs.groupby(["physiology", "source"], sort=False):
        back = part["returned"].astype(bool) & part["finished"].astype(bool)
        by_model = back.groupby(part["model"]).mean()
        low, high = wilson_interval(int(back.sum()), len(back))
        figure = NOT_PRINTED
        if physiology in places:
            number = places[str(physiology)]
            figure = _figure(printed, f"share that returns, {source}", number)
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
    return _figure(printed, item, target)


def compare_with_printed(
    ours: pd.DataFrame | Iterable[tuple[str, str, float]], printed: pd.DataFrame
) -> pd.DataFrame:
    """Set our values of single items beside the printed ones.

    Parameters
    ----------
    ours : pandas.DataFrame or iterable of (str, str, float)
        item, physiology (number in the paper, or ``""``), value.
    printed : pandas.DataFrame
        From `read_printed_figures`.

    Returns
    -------
    pandas.DataFrame
        place, item, physiology, unit, paper (text), ours (missing where we have none), agrees
        (within the printed range, or within 5 % of the printed value; missing without either),
        note.

    Raises
    ------
    InputError
        If an item of ours is not one of the paper's.
    """
    values = pd.DataFrame(ours, columns=["item", "physiology", "value"])
    unknown = sorted(set(values["item"]) - set(printed["item"]))
    if unknown:
        raise InputError(
            "our figures",
            f"{unknown[0]!r} is no item of the paper",
            "use the printed table's items",
        )
    values = values.rename(columns={"value": "ours"})
    table = printed.merge(values, on=["item", "physiology"], how="left", validate="one_to_one")
    table["paper"] = [
        printed_text(value, upper, known)
        for value, upper, known in zip(
            table["value"], table["upper"], table["printed"], strict=True
        )
    ]
    near = (table["ours"] - table["value"]).abs() <= 0.05 * table["value"].abs()
    inside = (table["ours"] >= table["value"]) & (table["ours"] <= table["upper"])
    agrees = inside.where(table["upper"].notna(), near).astype("boolean")
    table["agrees"] = agrees.mask(table["ours"].isna() | table["value"].isna())
    return table[["place", "item", "physiology", "unit", "paper", "ours", "agrees", "note"]]


def read_contradictions(path: str | Path) -> pd.DataFrame:
    """Read where the paper says two things, and what we do (topic, one_place, other_place, ...).

    Parameters
    ----------
    path : str or Path
        ``gemwright/resources/rekindle_contradictions.tsv``.

    Returns
    -------
    pandas.DataFrame
        topic, one_place, other_place, what_we_do.
    """
    table = read_delimited(path, _CONTRADICTION_COLUMNS, what="list of contradictions")
    return table[list(_CONTRADICTION_COLUMNS)]
