"""Parsimonious flux balance analysis: the least flux at the largest objective."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from gemwright.gem.flux import FluxModel
from gemwright.gem.medium import EXCHANGE
from gemwright.gem.solver import steady_state_program

# share of the objective that solvers may lose: at the very optimum the second problem can be
# infeasible by rounding
_KEPT = 1 - 1e-7


def confidence_costs(provenance: pd.DataFrame) -> dict[str, float]:
    """Cost of each reaction's flux: 2 - confidence, so that what has no gene costs double.

    Without them, a way around an enzyme that has a gene is as cheap as the enzyme itself.

    Parameters
    ----------
    provenance : pandas.DataFrame
        reaction, confidence (of homology, 0 to 1; NaN where no gene was found), as of
        `gemwright.reconstruction.provenance.provenance_table`.

    Returns
    -------
    dict of str to float
        Reaction to cost, 1 to 2; 1 for exchange reactions, which no gene can stand for.
    """
    confidence = provenance["confidence"].astype(float).fillna(0.0).clip(0.0, 1.0)
    costs = (2.0 - confidence).mask(provenance["reaction"].str.startswith(EXCHANGE), 1.0)
    return dict(zip(provenance["reaction"], costs.tolist(), strict=True))


def parsimonious_fluxes(
    flux: FluxModel, costs: Mapping[str, float] | None = None, share: float = _KEPT
) -> dict[str, float] | None:
    """Fluxes of least cost at the largest objective, or a share of it, under the present bounds.

    Parameters
    ----------
    flux : FluxModel
        The model; its objective is the flux of one reaction, to be as large as possible.
    costs : mapping of str to float, optional
        Reaction to the cost of one unit of flux, either way; 1 for those that are missing.
    share : float
        Of the largest objective, at least.

    Returns
    -------
    dict of str to float
        Reaction to flux (mmol/gDW/h); None without a steady state.

    Raises
    ------
    RuntimeError
        If the solver finds no such fluxes although there is a largest objective.
    """
    import scipy.sparse as sparse

    best = flux.optimise()
    if not best.optimal:
        return None
    size, goal = len(flux.reactions), flux.index[str(flux.objective)]
    lower, upper = flux.lower.copy(), flux.upper
    lower[goal] = max(lower[goal], best.value * share)
    one_way = np.array([(costs or {}).get(name, 1.0) for name in flux.reactions])
    solver = steady_state_program(
        sparse.hstack([flux.matrix, -flux.matrix], format="csc"),
        np.concatenate([lower.clip(0), (-upper).clip(0)]),
        np.concatenate([upper.clip(0), (-lower).clip(0)]),
    )
    places = np.arange(2 * size, dtype=np.int32)
    solver.changeColsCost(2 * size, places, np.concatenate([one_way, one_way]))
    solver.run()
    status = str(solver.modelStatusToString(solver.getModelStatus())).lower()
    if status != "optimal":
        raise RuntimeError(f"the search for parsimonious fluxes ended {status}")
    found = np.array(solver.getSolution().col_value)
    return dict(zip(flux.reactions, (found[:size] - found[size:]).tolist(), strict=True))
