"""The tables of a measured physiology as files."""

from pathlib import Path

from gemwright.gem.model import MetabolicModel
from gemwright.io.tables import write_parquet
from gemwright.physiology.flux_map import flux_map
from gemwright.physiology.measure import Physiology


def write_measured(
    model: MetabolicModel,
    physiology: Physiology,
    *,
    rows: str | Path,
    overflow: str | Path,
    yields: str | Path,
    without_oxygen: str | Path,
    fluxes: str | Path,
    core: str | Path,
) -> None:
    """Write what was measured of a model as Parquet.

    Parameters
    ----------
    model : MetabolicModel
        The model.
    physiology : Physiology
        Of it.
    rows, overflow, yields, without_oxygen, fluxes : str or Path
        See `gemwright.physiology.measure.Physiology`.
    core : str or Path
        The fluxes of the core metabolism, see `gemwright.physiology.flux_map.flux_map`, and the
        medium.
    """
    write_parquet(physiology.rows, rows)
    write_parquet(physiology.overflow, overflow)
    write_parquet(physiology.yields, yields)
    write_parquet(physiology.without_oxygen, without_oxygen)
    write_parquet(physiology.fluxes, fluxes)
    mapped = flux_map(model, physiology.fluxes)
    write_parquet(mapped.assign(medium=physiology.medium), core)
