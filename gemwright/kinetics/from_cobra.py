"""A kinetic model and its reference state from any constraint-based model and a flux state."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gemwright.arrays import BoolArray, FloatArray
from gemwright.config.physiologies import ReferenceOptions
from gemwright.errors import InputError
from gemwright.gem.identifiers import fit_name
from gemwright.gem.load import read_model
from gemwright.gem.model import MetabolicModel
from gemwright.kinetics.active_network import ActiveNetwork, active_network
from gemwright.kinetics.chemical_potentials import read_energies, sample_energies
from gemwright.kinetics.concentrations import read_concentrations, sample_concentrations
from gemwright.kinetics.flux_network import FluxState
from gemwright.kinetics.flux_tables import flux_state_of, read_flux_state
from gemwright.kinetics.mechanism_choice import choose_mechanism, is_lumped_name
from gemwright.kinetics.network import KineticModel, KineticReaction
from gemwright.kinetics.state import MICROMOLAR, RT, KineticState, check_state, molar_flux


def kinetic_model_from_cobra(
    source: Any,
    fluxes: FluxState | Mapping[str, float] | str | Path,
    options: ReferenceOptions | None = None,
    name: str = "",
) -> tuple[KineticModel, KineticState]:
    """Build a kinetic model around a flux state of a constraint-based model.

    Names are made fit for SBML: a ``_`` in front of a digit (``_2pg_c``), and for every character
    that is neither letter nor digit.

    Parameters
    ----------
    source : MetabolicModel, cobra.Model, str or Path
        The model, or an SBML file of it.
    fluxes : FluxState, mapping of str to float, str or Path
        From `gemwright.kinetics.flux_states.flux_state`, reaction to mmol/gDW/h (cobra's
        ``solution.fluxes``), or a table of it.
    options : ReferenceOptions, optional
        Energies, concentrations and seeds.
    name : str
        What the kinetic model is called; the source of the fluxes by default.

    Returns
    -------
    (KineticModel, KineticState)
        Checked: balanced, driven the right way, with conserved moieties.

    Raises
    ------
    InputError
        If the fluxes do not balance or hold a loop, a table lacks something, or no moiety is
        conserved.
    """
    settings = options or ReferenceOptions()
    read = read_model(source)
    state = _flux_state(fluxes, read)
    network = active_network(read, state)
    if not network.reactions:
        raise InputError(
            state.source, "no internal reaction carries flux", "give a state in which cells do"
        )
    lumped = [
        reaction in {read.objective, *settings.irreversible} or is_lumped_name(reaction)
        for reaction in network.reactions
    ]
    chosen = [
        _reaction(network, column, flagged, state.source) for column, flagged in enumerate(lumped)
    ]
    levels = _levels(network, settings)
    energies = _energies(network, chosen, np.array(lumped), levels, settings, state.source)
    model = _assemble(name or state.source, network, chosen)
    named = dict(zip(map(fit_name, network.species), levels, strict=True))
    turned = np.array([not reaction.reversible for reaction in chosen])
    with np.errstate(over="ignore"):
        gammas = np.exp(np.where(turned, np.sign(network.fluxes), 1.0) * energies / RT)
    result = KineticState(
        molar_flux(np.where(turned, np.abs(network.fluxes), network.fluxes)),
        np.array([named[species] for species in model.species]),
        gammas,
    )
    require_moieties(model, state.source)
    check_state(model, result, state.source)
    return model, result


def _flux_state(
    fluxes: FluxState | Mapping[str, float] | str | Path, model: MetabolicModel
) -> FluxState:
    if isinstance(fluxes, FluxState):
        return fluxes
    if isinstance(fluxes, str | Path):
        return read_flux_state(fluxes, model)
    # what solvers leave of reactions that do not run is not flux
    return flux_state_of(
        {name: float(value) for name, value in fluxes.items() if abs(value) > 1e-9},
        model,
        f"fluxes of {model.identifier}",
    )


def _reaction(network: ActiveNetwork, column: int, lumped: bool, source: str) -> KineticReaction:
    name = network.reactions[column]
    reaction = choose_mechanism(
        name,
        network.balance(column),
        network.chemistry,
        lumped,
        bool(network.fluxes[column] > 0),
    )
    # an irreversible enzyme that binds nothing has no rate
    if not reaction.substrates:
        raise InputError(
            f"{source}, reaction {name}",
            "it makes something out of nothing",
            "turn it into an exchange of that species, or give its substrates",
        )
    return reaction


def _assemble(
    name: str, network: ActiveNetwork, reactions: Sequence[KineticReaction]
) -> KineticModel:
    names = [*network.reactions, *network.species]
    taken: dict[str, str] = {}
    for original in names:
        other = taken.setdefault(fit_name(original), original)
        if other != original:
            raise InputError(
                name,
                f"{original!r} and {other!r} become one name, {fit_name(original)!r}",
                "rename one of them",
            )
    fitted = [
        replace(reaction.renamed(fit_name), name=fit_name(reaction.name)) for reaction in reactions
    ]
    touched = {species for reaction in fitted for species in reaction.balance}
    held = {fit_name(species) for species in network.boundary}
    species = [found for found in map(fit_name, network.species) if found in touched]
    compartments = {fit_name(key): fit_name(value) for key, value in network.compartments.items()}
    return KineticModel(
        name,
        tuple(fitted),
        tuple(found for found in species if found not in held),
        tuple(found for found in species if found in held),
        {found: compartments[found] for found in species},
    )


def _levels(network: ActiveNetwork, settings: ReferenceOptions) -> FloatArray:
    """Concentrations of the network's species, uM; water, which no rate depends on, included."""
    chemistry = network.chemistry
    drawn = sample_concentrations(
        [network.metabolites[species] for species in network.species],
        [species in network.outer for species in network.species],
        [species in chemistry.protons for species in network.species],
        [species in chemistry.water for species in network.species],
        settings.seed,
        settings.concentration_centres,
        settings.concentration_spread,
    )
    if settings.concentrations is None:
        return drawn
    solutes = np.array([species not in chemistry.water for species in network.species])
    drawn[solutes] = read_concentrations(
        settings.concentrations,
        [species for species in network.species if species not in chemistry.water],
    )
    return drawn


def _energies(
    network: ActiveNetwork,
    reactions: Sequence[KineticReaction],
    lumped: BoolArray,
    levels: FloatArray,
    settings: ReferenceOptions,
    source: str,
) -> FloatArray:
    """Energies (kcal/mol) of the reactions as written; endless drive for lumped ones."""
    energies = np.where(network.fluxes > 0, -np.inf, np.inf)
    if settings.energies is None:
        single = np.flatnonzero(~lumped)
        energies[single] = sample_energies(
            [network.reactions[column] for column in single],
            network.stoichiometry[:, single],
            network.fluxes[single],
            settings.seed,
            source,
            settings.energy_window,
        )[0]
        return energies
    solutes = np.array([species not in network.chemistry.water for species in network.species])
    quotients = np.log(levels[solutes] / MICROMOLAR) @ network.stoichiometry[solutes]
    optional = [
        name
        for name, reaction in zip(network.reactions, reactions, strict=True)
        if not reaction.reversible
    ]
    given = read_energies(settings.energies, network.reactions, quotients, optional)
    return np.where(np.isfinite(given), given, energies)


def require_moieties(model: KineticModel, source: str) -> None:
    """Refuse a network in which nothing is conserved.

    Every cell keeps the sums of some pools (NAD with NADH, ATP with ADP, CoA with its esters)
    over the minutes that a kinetic model describes. A network that keeps none was cut through its
    cofactors, and what its models then say of stability has no meaning.

    Parameters
    ----------
    model : KineticModel
        The network.
    source : str
        Where it comes from, for the message.

    Raises
    ------
    InputError
        If the model has no conserved moiety.
    """
    if not len(model.moieties):
        raise InputError(
            source,
            "the network conserves no moiety: its cofactor pools (such as NAD with NADH) are cut",
            "keep both forms of each cofactor as species with a mass balance, and let biomass"
            " return the forms that it does not use up",
        )
