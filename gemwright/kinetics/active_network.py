"""A model cut down to what runs in a flux state."""

from dataclasses import dataclass

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.gem.model import MetabolicModel
from gemwright.kinetics.flux_network import FluxState, flux_network, model_chemistry
from gemwright.kinetics.mechanism_choice import Chemistry


@dataclass(frozen=True)
class ActiveNetwork:
    """What runs in a flux state, without exchange reactions.

    Parameters
    ----------
    reactions, species : tuple of str
        In the model's order; species that no running reaction touches are left out.
    stoichiometry : numpy.ndarray
        Shape (species, reactions).
    fluxes : numpy.ndarray
        mmol/gDW/h, shape (reactions,).
    boundary : frozenset of str
        Species of constant concentration: extracellular ones, those that a one-species reaction
        (exchange, demand, sink) supplies or drains, and buffered protons.
    outer : frozenset of str
        The extracellular species.
    compartments, metabolites : dict of str to str
        Of each species.
    chemistry : Chemistry
        Formulas, protons, water.
    """

    reactions: tuple[str, ...]
    species: tuple[str, ...]
    stoichiometry: FloatArray
    fluxes: FloatArray
    boundary: frozenset[str]
    outer: frozenset[str]
    compartments: dict[str, str]
    metabolites: dict[str, str]
    chemistry: Chemistry

    def balance(self, column: int) -> dict[str, float]:
        """Signed stoichiometric numbers of a reaction's species."""
        numbers = self.stoichiometry[:, column]
        return {self.species[row]: float(numbers[row]) for row in np.flatnonzero(numbers)}


def active_network(model: MetabolicModel, state: FluxState) -> ActiveNetwork:
    """Cut a model down to what runs in a flux state.

    Exchange reactions (one species) are taken out, and so is every reaction that touches nothing
    with a mass balance: extracellular ones, the flow of water.

    Parameters
    ----------
    model : MetabolicModel
        The model.
    state : FluxState
        A steady state of it.
    """
    network = flux_network(model)
    table = model.species.set_index("species")
    compartment, metabolite = table["compartment"].to_dict(), table["metabolite"].to_dict()
    chemistry = model_chemistry(model)
    fluxes = np.array([state.fluxes.get(reaction, 0.0) for reaction in network.reactions])
    exchanged = [
        network.species[row]
        for column in np.flatnonzero(~network.internal & (np.diff(network.matrix.indptr) == 1))
        for row in [network.matrix.indices[network.matrix.indptr[column]]]
    ]
    drained = [
        network.species[network.matrix.indices[network.matrix.indptr[column]]]
        for column in np.flatnonzero(~network.internal & (fluxes != 0))
    ]
    outside = table.loc[exchanged, "compartment"].mode().tolist()[:1]
    outer = frozenset(table.index[table["compartment"].isin(outside)])
    boundary = outer | frozenset(drained) | state.buffered | chemistry.water
    moving = np.array([species not in boundary for species in network.species])
    columns = [
        column
        for column in np.flatnonzero(network.internal & (fluxes != 0))
        if moving[network.matrix.indices[slice(*network.matrix.indptr[column : column + 2])]].any()
    ]
    part = network.matrix[:, columns].toarray()
    rows = np.flatnonzero(np.any(part != 0, axis=1))
    species = tuple(network.species[row] for row in rows)
    return ActiveNetwork(
        reactions=tuple(network.reactions[column] for column in columns),
        species=species,
        stoichiometry=part[rows],
        fluxes=fluxes[columns],
        boundary=boundary & {*species},
        outer=outer & {*species},
        compartments={name: str(compartment[name]) for name in species},
        metabolites={name: str(metabolite[name]) for name in species},
        chemistry=chemistry,
    )
