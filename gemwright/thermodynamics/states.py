"""A flux state of any model beside the energies of its own reactions."""

import logging
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.gem.flux import FLUX_TOLERANCE
from gemwright.gem.model import MetabolicModel
from gemwright.thermodynamics.directions import BACKWARD, FORWARD
from gemwright.thermodynamics.driving_force import DrivingForce, driving_force
from gemwright.thermodynamics.formation import Formation
from gemwright.thermodynamics.reactions import (
    BOUNDARY,
    ReactionEnergies,
    energies_of_formation,
    reaction_energies,
)

logger = logging.getLogger(__name__)

#: Columns of `force_table`.
COLUMNS = (
    *("reaction", "flux", "energy", "deviation", "driving_force", "bottleneck", "refused"),
    *("violation", "status"),
)


class StateForce(NamedTuple):
    """What the energies say of a flux state, in short.

    Attributes
    ----------
    driving_force : float
        Largest smallest driving force, kJ/mol; negative if the state cannot run, NaN if none of its
        reactions has an energy.
    bottleneck : tuple of str
        Reactions that hold it down, sorted.
    refused : tuple of str
        Directions that run against their energy (``PFK backward``), sorted.
    """

    driving_force: float
    bottleneck: tuple[str, ...]
    refused: tuple[str, ...]


def state_energies(
    model: MetabolicModel,
    fluxes: Mapping[str, float],
    structures: pd.DataFrame,
    options: ThermodynamicOptions | None = None,
    tolerance: float = FLUX_TOLERANCE,
    formation: Formation | None = None,
) -> ReactionEnergies:
    """Compute the energies of the reactions that run, which are few; as `reaction_energies`."""
    running = [name for name, flux in fluxes.items() if abs(flux) > tolerance]
    return reaction_energies(model.part(model.identifier, running), structures, options, formation)


def flux_state_driving_force(
    model: MetabolicModel,
    fluxes: Mapping[str, float],
    energies: ReactionEnergies,
    options: ThermodynamicOptions | None = None,
) -> StateForce:
    """Say how strongly a flux state is driven, what holds it down, and what cannot run.

    Parameters
    ----------
    model : MetabolicModel
    fluxes : mapping of str to float
        Reaction to flux, mmol/gDW/h.
    energies : ReactionEnergies
        Of the model (`state_energies`), or of its universe.
    options : ThermodynamicOptions, optional

    Raises
    ------
    KeyError, RuntimeError
        As `gemwright.thermodynamics.driving_force.driving_force`.
    """
    told = driving_force(model, fluxes, energies, options)
    refused = tuple(f"{name} {FORWARD if fluxes[name] > 0 else BACKWARD}" for name in told.refused)
    return StateForce(told.force, told.bottleneck, refused)


def force_table(
    fluxes: Mapping[str, float],
    energies: ReactionEnergies,
    told: DrivingForce,
    tolerance: float = FLUX_TOLERANCE,
) -> pd.DataFrame:
    """Lay out the reactions of a flux state with what the energies say of each.

    Parameters
    ----------
    fluxes : mapping of str to float
        Reaction to flux, mmol/gDW/h.
    energies : ReactionEnergies
    told : DrivingForce
        Of the state.
    tolerance : float
        Flux up to which a reaction does not run.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`; running reactions but for boundary ones. energy (dG'0) and driving_force (-dG
        where the least one is largest) are in kJ/mol and of the direction in which the reaction
        runs, missing where there is no energy (status says why); violation is what it lacks to
        run. The least driving forces come first.
    """
    running = pd.DataFrame(
        [(name, flux) for name, flux in fluxes.items() if abs(flux) > tolerance],
        columns=["reaction", "flux"],
    )
    status = energies.reactions.set_index("reaction")["status"]
    running["status"] = running["reaction"].map(status)
    running = running[running["status"] != BOUNDARY]
    known = told.reactions.drop(columns=["flux", "share"], errors="ignore")
    table = running.merge(known, on="reaction", how="left", validate="1:1")
    for column, names in (("bottleneck", told.bottleneck), ("refused", told.refused)):
        table[column] = np.where(table["reaction"].isin(names), "yes", "no")
    table = table.reindex(columns=list(COLUMNS))
    return table.sort_values(["driving_force", "reaction"], ignore_index=True)


def force_tables(
    model: MetabolicModel,
    states: pd.DataFrame,
    structures: pd.DataFrame,
    options: ThermodynamicOptions | None = None,
    nominal: Collection[str] = (),
) -> pd.DataFrame:
    """Lay out several flux states of a model.

    Parameters
    ----------
    model : MetabolicModel
    states : pandas.DataFrame
        reaction, and a column of fluxes (mmol/gDW/h) for each state.
    structures : pandas.DataFrame
        bigg_id, inchikey.
    options : ThermodynamicOptions, optional
    nominal : collection of str
        Reactions that stand for something unknown, such as an ion's import without a gene: which
        gradient drives them nobody knows, so that their energies say nothing. They are left out.

    Returns
    -------
    pandas.DataFrame
        state, and the columns of `force_table`; states in their order, without those that stand
        still.
    """
    tables = [pd.DataFrame(columns=["state", *COLUMNS])]
    states = states[~states["reaction"].isin(nominal)]
    values = states.set_index("reaction").astype(float)
    running = list(values.index[(values.abs() > FLUX_TOLERANCE).any(axis=1)])
    formation = energies_of_formation(model.part(model.identifier, running), structures)
    for name in states.columns.drop("reaction"):
        fluxes = dict(zip(states["reaction"], states[name].astype(float), strict=True))
        if not any(abs(flux) > FLUX_TOLERANCE for flux in fluxes.values()):
            continue
        energies = state_energies(model, fluxes, structures, options, formation=formation)
        told = driving_force(model, fluxes, energies, options)
        logger.info(
            "%s, %s: driving force %.2f kJ/mol, bottleneck %s, refused %s",
            model.identifier, name, told.force, ", ".join(told.bottleneck) or "none",
            ", ".join(told.refused) or "none",
        )  # fmt: skip
        tables.append(force_table(fluxes, energies, told).assign(state=name))
    full = [table for table in tables if len(table)] or tables
    return pd.concat(full, ignore_index=True)[["state", *COLUMNS]]
