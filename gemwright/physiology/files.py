"""The tables of measured physiologies as files: those of an organism's models, by method."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from gemwright.gem.model import MetabolicModel
from gemwright.physiology.flux_map import flux_map
from gemwright.physiology.measure import Physiology
from gemwright.physiology.methods import write_methods


class Measured(NamedTuple):
    """A model and what was measured of it."""

    model: MetabolicModel
    physiology: Physiology


def write_measured(
    found: Mapping[str, Measured],
    *,
    rows: str | Path,
    overflow: str | Path,
    yields: str | Path,
    without_oxygen: str | Path,
    fluxes: str | Path,
    core: str | Path,
) -> None:
    """Write what was measured of an organism's models as Parquet, with a column method.

    Parameters
    ----------
    found : mapping of str to Measured
        Method to its model.
    rows, overflow, yields, without_oxygen, fluxes : str or Path
        See `gemwright.physiology.measure.Physiology`.
    core : str or Path
        The fluxes of the core metabolism, see `gemwright.physiology.flux_map.flux_map`, and the
        medium.
    """
    measured = {method: one.physiology for method, one in found.items()}
    mapped = {
        method: flux_map(one.model, one.physiology.fluxes).assign(medium=one.physiology.medium)
        for method, one in found.items()
    }
    write_methods({method: one.rows for method, one in measured.items()}, rows)
    write_methods({method: one.overflow for method, one in measured.items()}, overflow)
    write_methods({method: one.yields for method, one in measured.items()}, yields)
    write_methods({method: one.without_oxygen for method, one in measured.items()}, without_oxygen)
    write_methods({method: one.fluxes for method, one in measured.items()}, fluxes)
    write_methods(mapped, core)
