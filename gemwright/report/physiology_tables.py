"""The physiology of all models, and of curated ones beside them."""

from collections.abc import Mapping

import pandas as pd

from gemwright.physiology.measure import COLUMNS
from gemwright.physiology.methods import PEER_METHOD
from gemwright.physiology.references import METHOD, references

#: How the peer's shipped models are called, which are measured by us.
PEER = "carveme as shipped"
#: The curated model beside which products and yields stand.
REFERENCE = "iML1515"
Measured = Mapping[tuple[str, str], pd.DataFrame]
_OF_METHOD = {PEER_METHOD: PEER}


def by_model(tables: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], pd.DataFrame]:
    """Take tables of organisms apart, by method and organism.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Organism to a table of `gemwright.physiology.files.write_measured`. One without any row
        is of no method.
    """
    return {
        (str(method), organism): part.drop(columns="method").reset_index(drop=True)
        for organism, table in tables.items()
        for method, part in (table.groupby("method", sort=False) if len(table) else [("", table)])
    }


def stacked(measured: Measured) -> pd.DataFrame:
    """Tables of several models under each other, by organism and method.

    Parameters
    ----------
    measured : mapping of (method, organism) to pandas.DataFrame
        ``carveme`` is the peer's shipped model.

    Returns
    -------
    pandas.DataFrame
        organism, method, and the tables' columns; sorted by organism, methods in their order.
    """
    order = sorted(measured, key=lambda key: key[1])
    parts = [
        measured[key].assign(method=_OF_METHOD.get(key[0], key[0]), organism=key[1])
        for key in order
    ]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return table[["organism", "method", *table.columns.drop(["organism", "method"])]]


def physiology_table(measured: Measured, forces: Measured, media: Measured) -> pd.DataFrame:
    """Lay out one row a model and medium; curated models last.

    Parameters
    ----------
    measured : mapping of (method, organism) to pandas.DataFrame
        ``rows`` of `gemwright.physiology.measure.Physiology`.
    forces : mapping of (method, organism) to pandas.DataFrame
        What `gemwright.thermodynamics.states.force_tables` tells of a model; those that are missing
        have no driving force.
    media : mapping of (method, organism) to pandas.DataFrame
        Tables with the medium of the states behind `forces`, ``overflow``.

    Returns
    -------
    pandas.DataFrame
        organism, method, the columns of `gemwright.physiology.measure.COLUMNS`, source (of
        curated models).
    """
    told = {key: _with_force(rows, key, forces, media) for key, rows in measured.items()}
    rows = [stacked(told), references("rows").assign(method=METHOD)]
    both = pd.concat(_without_empty(rows), ignore_index=True)
    both = both.reindex(columns=["organism", "method", *COLUMNS, "source"])
    return both.fillna({"source": "", "bottleneck": "", "secreted": ""})


def _with_force(
    rows: pd.DataFrame,
    key: tuple[str, str],
    forces: Measured,
    media: Measured,
) -> pd.DataFrame:
    """Tell the least driving force of the state with oxygen, and what its bottleneck is."""
    table = forces.get(key)
    if table is None:
        return rows
    table = table[table["state"] == "aerobic"]
    here = rows["medium"] == media[key]["medium"].iloc[0]
    least = pd.to_numeric(table["driving_force"]).min()
    narrow = "; ".join(table.loc[table["bottleneck"] == "yes", "reaction"])
    return rows.assign(
        driving_force=rows["driving_force"].mask(here, least),
        bottleneck=rows["bottleneck"].mask(here, narrow),
    )


def overflow_table(measured: Measured) -> pd.DataFrame:
    """Products at little oxygen, the curated model's last.

    Parameters
    ----------
    measured : mapping of (method, organism) to pandas.DataFrame
        ``overflow`` of `gemwright.physiology.measure.Physiology`.
    """
    reference = references("overflow")
    reference = reference[reference["organism"] == REFERENCE].drop(columns="source")
    rows = [stacked(measured), reference.assign(method=METHOD)]
    return pd.concat(_without_empty(rows), ignore_index=True).fillna({"products": ""})


def yields_table(measured: Measured) -> pd.DataFrame:
    """Largest yields beside those of the curated model.

    Parameters
    ----------
    measured : mapping of (method, organism) to pandas.DataFrame
        ``yields`` of `gemwright.physiology.measure.Physiology`.

    Returns
    -------
    pandas.DataFrame
        organism, method, medium, product, per_glucose, per_glucose_anaerobic, and the same two of
        the curated model, with its name in front.
    """
    reference = references("yields")
    reference = reference[reference["organism"] == REFERENCE]
    shown = ["per_glucose", "per_glucose_anaerobic"]
    names = {name: f"{REFERENCE}_{name}" for name in shown}
    beside = reference[["product", *shown]].rename(columns=names)
    return stacked(measured).merge(beside, on="product", how="left")


def _without_empty(tables: list[pd.DataFrame]) -> list[pd.DataFrame]:
    # columns without any value would leave their type to the version of pandas
    return [table.dropna(axis="columns", how="all") for table in tables]
