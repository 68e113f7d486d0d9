"""Flux states that users give as tables."""

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from gemwright.errors import InputError
from gemwright.gem.model import MetabolicModel
from gemwright.inputs.number_tables import read_numbers, refuse_unknown
from gemwright.kinetics.flux_network import FluxState, balanced, flux_network, model_chemistry

logger = logging.getLogger(__name__)
# imbalance of a user's fluxes that is taken for rounded figures, relative to the turnover
_ROUNDING = 1e-3


def read_flux_state(path: str | Path, model: MetabolicModel) -> FluxState:
    """Read a user's flux state.

    Parameters
    ----------
    path : str or Path
        Tab-separated (comma-separated if it ends in ``.csv``): ``reaction`` and ``flux``
        (mmol/gDW/h). Reactions that are missing, empty or zero do not run.
    model : MetabolicModel
        Whose fluxes they are.

    Returns
    -------
    FluxState
        Figures that balance but for their rounding (a thousandth of the turnover) are balanced
        exactly. Protons that do not balance are buffered: held at constant concentration.

    Raises
    ------
    InputError
        If the table cannot be read, names unknown reactions, nothing runs, or a species does not
        balance.
    """
    table = read_numbers(path, "reaction", ["flux"], "flux table")["flux"]
    refuse_unknown(path, table, model.reactions["reaction"], "reaction")
    return flux_state_of(table, model, str(path))


def flux_state_of(fluxes: Mapping[str, float], model: MetabolicModel, source: str) -> FluxState:
    """Check fluxes (mmol/gDW/h) that a user gives; see `read_flux_state`."""
    network = flux_network(model)
    values = np.array([float(fluxes.get(reaction, 0.0)) for reaction in network.reactions])
    running = np.flatnonzero(values)
    if not len(running):
        raise InputError(source, "no reaction carries flux", "give the fluxes of a steady state")
    excess = network.matrix @ values
    turnover = abs(network.matrix) @ np.abs(values)
    share = np.abs(excess) / np.where(turnover > 0, turnover, 1.0)
    chemistry = model_chemistry(model)
    loose = [network.species[row] for row in np.flatnonzero(share > _ROUNDING)]
    small = chemistry.protons | chemistry.water
    unbalanced = [species for species in loose if species not in small]
    if unbalanced:
        worst = max(unbalanced, key=lambda species: share[network.species.index(species)])
        row = network.species.index(worst)
        others = f", and {len(unbalanced) - 1} species more" if len(unbalanced) > 1 else ""
        raise InputError(
            f"{source}, species {worst}",
            f"the fluxes do not balance: {excess[row]:.4g} mmol/gDW/h are left of a turnover of"
            f" {turnover[row] / 2:.4g}{others}",
            "give the fluxes of a steady state of this very model, exchange reactions included",
        )
    if loose:
        logger.warning(
            "%s: the fluxes do not balance %s, which are held constant", source, ", ".join(loose)
        )
    kept = np.array([species not in loose for species in network.species])
    exact = balanced(network.matrix.tocsr()[np.flatnonzero(kept)].tocsc(), values, source)
    return FluxState(
        source,
        {network.reactions[column]: float(exact[column]) for column in running},
        frozenset(loose) & chemistry.protons,
    )
