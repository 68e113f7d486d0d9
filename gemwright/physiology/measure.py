"""One model's physiology: the row of a medium, products by oxygen, yields, the fluxes behind."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.gem.fuel_audit import audit_fuels
from gemwright.gem.medium import EXCHANGE, Medium, exchange_of
from gemwright.gem.model import MetabolicModel
from gemwright.physiology.acceptors import measure_acceptors
from gemwright.physiology.culture import Bounds, Culture

#: Oxygen uptakes at which products are shown, mmol/gDW/h.
OXYGEN_UPTAKES = (0.0, 5.0, 10.0, 15.0)
#: Products whose largest yields are shown.
YIELDS = ("ac", "lac__D", "succ", "etoh", "for", "pyr")
#: Products that have a column of their own beside those: hydrogen, carbon monoxide, methanol.
PRODUCTS = (*YIELDS, "h2", "co", "meoh")
#: Columns of `Physiology.rows`, behind those that say which model.
COLUMNS = (
    *("medium", "growth", "growth_anaerobic", "o2", "co2", "h", "atp_per_glucose"),
    *("atp_per_glucose_anaerobic", "growth_without_carbon", "atp_without_carbon", "fuel_audit"),
    *("driving_force", "bottleneck", "secreted"),
)
# mmol/gDW/h; less is not shown as a product
_SHOWN = 0.05
_NOISE = 1e-9
_NO_PRODUCTS = frozenset({"h2o", "h", "co2"})


@dataclass(frozen=True)
class Physiology:
    """What was measured of one model.

    Attributes
    ----------
    medium : str
        The first medium with a single carbon source, or else the first: that of what follows the
        rows.
    rows : pandas.DataFrame
        `COLUMNS`; one row a medium. growth and growth_anaerobic (without O2) and
        growth_without_carbon are the largest, 1/h; o2, co2 and h (mmol/gDW/h, positive where given
        off) and secreted are of the parsimonious fluxes at the largest growth; atp_per_glucose is
        the largest ATP hydrolysis without growth and maintenance for each molecule of the carbon
        source (NaN on a medium of several), atp_without_carbon that without any (mmol/gDW/h).
        fuel_audit is the number of carbon compounds of which the model makes too much ATP or too
        many electrons, see `gemwright.gem.fuel_audit`. driving_force and bottleneck are empty:
        `gemwright.thermodynamics.states` makes them of `fluxes`.
    overflow : pandas.DataFrame
        medium, o2_limit (largest uptake, mmol/gDW/h), growth, atp_per_glucose, a column for each
        of `PRODUCTS` (mmol/gDW/h given off), products (all that are given off).
    yields : pandas.DataFrame
        medium, product, per_glucose, per_glucose_anaerobic (mol/mol, largest, without
        maintenance).
    without_oxygen : pandas.DataFrame
        As of `acceptors.measure_acceptors`.
    fluxes : pandas.DataFrame
        reaction, aerobic, anaerobic (parsimonious, mmol/gDW/h; 0 without growth). Reactions
        without flux are left out.
    """

    medium: str
    rows: pd.DataFrame
    overflow: pd.DataFrame
    yields: pd.DataFrame
    without_oxygen: pd.DataFrame
    fluxes: pd.DataFrame


def measure_physiology(
    model: MetabolicModel,
    media: Mapping[str, Medium],
    protocol: MediumOptions | None = None,
    costs: Mapping[str, float] | None = None,
    name: str = "",
) -> Physiology:
    """Measure how a model lives.

    Parameters
    ----------
    model : MetabolicModel
        With BiGG identifiers; its own medium is ignored.
    media : mapping of str to list of str or dict of str to float
        Media, in order, one at least.
    protocol : MediumOptions, optional
        Uptakes; only carbon sources are limited, whatever protocol it names.
    costs : mapping of str to float, optional
        Of fluxes, see `gemwright.gem.parsimony.confidence_costs`.
    name : str
        The organism's scientific name, by which it is known how it lives without oxygen.

    Raises
    ------
    InputError
        If the model has no growth reaction.
    """
    cultures = {medium: Culture(model, media[medium], protocol, costs) for medium in media}
    states = {medium: culture.fluxes() for medium, culture in cultures.items()}
    rows = [_row(medium, culture, states[medium]) for medium, culture in cultures.items()]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["fuel_audit"] = len(audit_fuels(model).failing)
    single = [medium for medium, culture in cultures.items() if len(culture.sources) == 1]
    chosen = (single or list(media))[0]
    culture = cultures[chosen]
    return Physiology(
        chosen,
        table,
        pd.DataFrame([_overflow(chosen, culture, oxygen) for oxygen in OXYGEN_UPTAKES]),
        pd.DataFrame([_yields(chosen, culture, product) for product in YIELDS]),
        measure_acceptors(name, chosen, culture, media.values()),
        _states(states[chosen], culture.fluxes(culture.oxygen(0.0))),
    )


def _row(medium: str, culture: Culture, fluxes: Mapping[str, float]) -> dict[str, object]:
    no_oxygen, no_carbon = culture.oxygen(0.0), culture.without_carbon()

    def given_off(compound: str) -> float:
        return fluxes.get(exchange_of(compound), 0.0) if fluxes else math.nan

    return {
        "medium": medium,
        "growth": culture.growth(),
        "growth_anaerobic": culture.growth(no_oxygen),
        **{compound: given_off(compound) for compound in ("o2", "co2", "h")},
        "atp_per_glucose": _per_source(culture, culture.atp()),
        "atp_per_glucose_anaerobic": _per_source(culture, culture.atp(no_oxygen)),
        "growth_without_carbon": culture.growth(no_carbon),
        "atp_without_carbon": culture.atp(no_carbon),
        "driving_force": math.nan,
        "bottleneck": "",
        "secreted": _told(_secreted(fluxes)),
    }


def _per_source(culture: Culture, rate: float) -> float:
    """Divide a rate by the uptake of the carbon source; NaN if there are several, or none."""
    limits = list(culture.sources.values())
    return rate / limits[0] if len(limits) == 1 and limits[0] > 0 else math.nan


def _secreted(fluxes: Mapping[str, float]) -> dict[str, float]:
    """Products and their rates, the largest first."""
    found = {
        name.removeprefix(EXCHANGE).removesuffix("_e"): rate
        for name, rate in fluxes.items()
        if name.startswith(EXCHANGE) and rate > _SHOWN
    }
    names = sorted(found.keys() - _NO_PRODUCTS, key=lambda name: (-found[name], name))
    return {name: found[name] for name in names}


def _told(products: Mapping[str, float]) -> str:
    return "; ".join(f"{name} {rate:.1f}" for name, rate in products.items())


def _overflow(medium: str, culture: Culture, oxygen: float) -> dict[str, object]:
    bounds: Bounds = culture.oxygen(oxygen)
    products = _secreted(culture.fluxes(bounds))
    return {
        "medium": medium,
        "o2_limit": oxygen,
        "growth": culture.growth(bounds),
        "atp_per_glucose": _per_source(culture, culture.atp(bounds)),
        **{name: products.get(name, 0.0) for name in PRODUCTS},
        "products": _told(products),
    }


def _yields(medium: str, culture: Culture, product: str) -> dict[str, object]:
    rates = [culture.largest_export(product, b) for b in ({}, culture.oxygen(0.0))]
    aerobic, anaerobic = (_per_source(culture, rate) for rate in rates)
    shown = {"per_glucose": aerobic, "per_glucose_anaerobic": anaerobic}
    return {"medium": medium, "product": product, **shown}


def _states(aerobic: Mapping[str, float], anaerobic: Mapping[str, float]) -> pd.DataFrame:
    table = pd.DataFrame({"aerobic": aerobic, "anaerobic": anaerobic}, dtype=float).fillna(0.0)
    table = table[(table.abs() > _NOISE).any(axis=1)].sort_index()
    return table.rename_axis("reaction").reset_index()
