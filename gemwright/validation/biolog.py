"""Growth on single sources of carbon, nitrogen, phosphorus and sulfur (Biolog plates).

Protocol of the paper (4.4.2): M9, one of the four sources replaced by each tested compound, at
most 10 mmol/gDW/h of it, growth if mu >= 0.01 /h. How much may be taken up of the rest of the
medium is said in `gemwright.gem.medium`.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pandas as pd
from tqdm import tqdm  # type: ignore[import-untyped]

from gemwright.config.medium import MediumOptions
from gemwright.config.validation import ValidationSettings
from gemwright.errors import InputError
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.medium import OPEN, exchange_of, medium_bounds, without
from gemwright.gem.model import MetabolicModel
from gemwright.io.user_tables import UserTable, note_unused_columns, read_user_table
from gemwright.validation.confusion import outcomes

logger = logging.getLogger(__name__)
PHOSPHATE = "pi"
SOURCES = ("C", "N", "P", "S")
# what the base media hold of each element, taken out when another source of it is tested
DEFAULT_SOURCES: Mapping[str, frozenset[str]] = {
    "C": frozenset({"glc__D", "lac__D", "lac__L", "succ", "glyc"}),
    "N": frozenset({"nh4"}),
    "P": frozenset({"pi"}),
    "S": frozenset({"so4"}),
}
_GROWTH = {"++": True, "+": True, "-": False, "--": False}
# minus signs and dashes, which editors make of hyphens
_DASHES = "[\u2010-\u2015\u2212]"
NO_EXCHANGE = "no exchange reaction in the model"
NO_UPTAKE = "cannot be taken up"
NO_USE = "taken up, but gives no growth"


def read_biolog(
    paths: Mapping[str, str | Path], translate: Callable[[UserTable], list[str]] | None = None
) -> pd.DataFrame:
    """Read phenotype tables.

    Parameters
    ----------
    paths : mapping of str to path
        Element (C, N, P or S) to a tab-separated table with the columns bigg_id, compound and
        growth (``++`` and ``+``: growth; ``-`` and ``--``: none). Rows without an id or without
        growth are left out; of rows with the same id the last counts, as for CarveMe.
    translate : callable, optional
        Given the rows with an id, returns the BiGG metabolites of the column bigg_id, or ``""``,
        which leaves the cell as it is; by default the cells are BiGG ids.

    Returns
    -------
    pandas.DataFrame
        source, metabolite, compound, observed (bool); in file order.

    Raises
    ------
    InputError
        If a source is not one of the four, a file or column is missing, or growth is written in
        another way.
    """
    parts = []
    for source, path in paths.items():
        if source not in SOURCES:
            raise InputError(
                f"phenotype table {path}", f"{source!r} is no element", "use C, N, P or S"
            )
        given = read_user_table(path, ("bigg_id", "compound", "growth"), what="phenotype table")
        note_unused_columns(given, ("bigg_id", "compound", "growth"), "phenotype table")
        table = given.frame
        table["growth"] = table["growth"].str.replace(_DASHES, "-", regex=True)
        for row, value in enumerate(table["growth"]):
            if value and value not in _GROWTH:
                raise InputError(
                    given.where(row),
                    f"growth is {value!r}",
                    "write ++ or + for growth, - or -- for none",
                )
        filled = (table["bigg_id"] != "") & (table["growth"] != "")
        table = table[filled].reset_index(drop=True)
        if translate is not None and len(table):
            places = [place for place, kept in zip(given.places, filled, strict=True) if kept]
            meant = pd.Series(translate(UserTable(given.path, table, places)), dtype=object)
            table["bigg_id"] = meant.where(meant != "", table["bigg_id"])
        verdicts = table["growth"].map(_GROWTH).groupby(table["bigg_id"]).nunique()
        if (verdicts > 1).any():
            logger.warning(
                "%s: growth and none for one compound, of which the last row counts: %s",
                *(given.path, ", ".join(verdicts.index[verdicts > 1])),
            )
        table = table.drop_duplicates("bigg_id", keep="last")
        parts.append(
            pd.DataFrame(
                {
                    "source": source,
                    "metabolite": table["bigg_id"],
                    "compound": table["compound"],
                    "observed": table["growth"].map(_GROWTH).astype(bool),
                }
            )
        )
    if not parts:
        return pd.DataFrame(columns=["source", "metabolite", "compound", "observed"])
    return pd.concat(parts, ignore_index=True)


def run_biolog(
    model: MetabolicModel,
    data: pd.DataFrame,
    medium: Collection[str],
    organism: str = "",
    protocol: MediumOptions | None = None,
    released: Collection[str] = (),
    settings: ValidationSettings | None = None,
) -> pd.DataFrame:
    """Predict growth on every tested source and compare with the experiment.

    Parameters
    ----------
    model : MetabolicModel
        The model; its own medium is ignored.
    data : pandas.DataFrame
        The table of `read_biolog`.
    medium : collection of str
        Compounds of the base medium (M9), with its usual sources.
    organism : str
        For the first column.
    protocol : MediumOptions, optional
        How much may be taken up of each compound of the base medium, and of the tested ones.
    released : collection of str
        Compounds whose phosphate the organism sets free outside of the cell, see
        `gemwright.validation.phosphatase`: as sources of phosphorus they also count as phosphate.
    settings : ValidationSettings, optional
        Which growth counts, and whether `released` does.

    Returns
    -------
    pandas.DataFrame
        organism, protocol (of the medium), source, metabolite, compound, observed, predicted,
        growth_rate (1/h), outcome, reason (why there is no growth where growth was observed, else
        ``""``), and outcome_taken_up, outcome_released: without and with what is `released`; in the
        order of `data`.
    """
    protocol, settings = protocol or MediumOptions(), settings or ValidationSettings()
    threshold = settings.growth_threshold
    flux = FluxModel.of(model)
    rates, reasons, with_phosphate = [], [], []
    bar = tqdm(
        list(zip(data["source"], data["metabolite"], data["observed"], strict=True)),
        desc="phenotypes", unit="source", disable=None, mininterval=1.0,
    )  # fmt: skip
    current, on_phosphate = "", 0.0
    for source, metabolite, observed in bar:
        if source != current:
            base = without(medium, DEFAULT_SOURCES[source])
            flux.set_bounds(medium_bounds(model, base, protocol))
            current = source
            on_phosphate = _on_phosphate(flux, protocol) if source == "P" and released else 0.0
        with_phosphate.append(on_phosphate if metabolite in released else 0.0)
        exchange = exchange_of(metabolite)
        if exchange not in flux:
            rates.append(0.0)
            reasons.append(NO_EXCHANGE if observed else "")
            continue
        with flux.bounds({exchange: (-protocol.max_uptake, OPEN)}):
            rate = flux.growth()
            fails = observed and rate < threshold
            reasons.append(_no_growth(flux, exchange) if fails else "")
        rates.append(rate)
    table = data[["source", "metabolite", "compound", "observed"]].reset_index(drop=True)
    table.insert(0, "organism", organism)
    table.insert(1, "protocol", protocol.protocol)
    own = pd.Series(rates, dtype=float)
    free = pd.Series(with_phosphate, dtype=float)
    best = own.mask((own < threshold) & (free > own), free)
    table["growth_rate"] = best if settings.phosphatase else own
    table["predicted"] = table["growth_rate"] >= threshold
    table["outcome"] = outcomes(table["observed"], table["predicted"])
    table["reason"] = pd.Series(reasons, dtype=object).where(~table["predicted"], "")
    table["outcome_taken_up"] = outcomes(table["observed"], own >= threshold)
    table["outcome_released"] = outcomes(table["observed"], best >= threshold)
    return table


def _on_phosphate(flux: FluxModel, protocol: MediumOptions) -> float:
    """Growth on phosphate, as much of it as of a tested compound; it brings no carbon."""
    exchange = exchange_of(PHOSPHATE)
    if exchange not in flux:
        return 0.0
    with flux.bounds({exchange: (-protocol.max_uptake, OPEN)}):
        return flux.growth()


def _no_growth(flux: FluxModel, exchange: str) -> str:
    solution = flux.optimise(exchange, maximise=False)
    taken = solution.optimal and solution.value < -FLUX_TOLERANCE
    return NO_USE if taken else NO_UPTAKE
