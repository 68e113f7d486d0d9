"""Production envelope: how much of a target a strain can and must make at each growth rate."""

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray
from gemwright.gem.flux import FluxModel
from gemwright.strain_design.strain import StrainModel

COLUMNS = ("growth_rate", "production_min", "production_max")
# an extreme growth rate is held within this (1/h): rounding can put it just out of reach
_WIDTHS = (0.0, 1e-9, 1e-8, 1e-7, 1e-6)


def production_envelope(
    strain: StrainModel, target: str, deleted: BoolArray | None = None, points: int = 21
) -> pd.DataFrame:
    """Smallest and largest production of a strain from its smallest to its largest growth rate.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,), optional
        Which genes are deleted; none by default (the wild type).
    points : int
        Growth rates, evenly spaced, at least 2.

    Returns
    -------
    pandas.DataFrame
        growth_rate (1/h), production_min, production_max (mmol/gDW/h); growth rates ascend, from
        0 unless the strain must grow to have any feasible flux. The last row's
        ``production_min`` is the production that `StrainModel.judge` gives. A strain with one
        possible growth rate has one row; one without any feasible flux has none.

    Raises
    ------
    InputError
        If the model has no such species.
    ValueError
        If there are less than two points.
    """
    if points < 2:
        raise ValueError("an envelope has at least two points")
    mask = np.zeros(len(strain.genes), np.bool_) if deleted is None else deleted
    biomass = strain.growth_reaction
    with (
        strain.exporting(target) as production,
        strain.flux.closed(strain.lost_columns(mask)),
    ):
        # a strain that gets rid of something only by growing has no flux without growth
        slowest = strain.flux.optimise(biomass, maximise=False)
        fastest = strain.flux.optimise(biomass)
        if not (slowest.optimal and fastest.optimal):
            return pd.DataFrame(columns=list(COLUMNS), dtype=np.float64)
        low, high = slowest.value, max(fastest.value, slowest.value)
        steps = np.linspace(low, high, points) if high - low > _WIDTHS[1] else np.array([high])
        values = {
            # one extreme at a time, from the optimum down: each solve starts next to the last
            column: [
                _extreme_production(strain.flux, biomass, production, growth, maximise)
                for growth in steps[::-1].tolist()
            ][::-1]
            for column, maximise in (("production_min", False), ("production_max", True))
        }
    # + 0.0: no -0 in tables
    return pd.DataFrame({"growth_rate": steps, **values})[list(COLUMNS)] + 0.0


def _extreme_production(
    flux: FluxModel, biomass: str, production: str, growth: float, maximise: bool
) -> float:
    for width in _WIDTHS:
        with flux.bounds({biomass: (growth - width, growth + width)}):
            solution = flux.optimise(production, maximise=maximise)
        if solution.optimal:
            return solution.value
    raise RuntimeError(f"{production} at growth rate {growth:g} ended {solution.status}")
