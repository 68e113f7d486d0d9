"""Kinetic parameters from saturations, and back (the sampling step of ORACLE)."""

import numpy as np
import scipy.special

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.kinetics.bindings import bindings_of
from gemwright.kinetics.network import KineticModel, Mechanism
from gemwright.kinetics.rates import relative_rates
from gemwright.kinetics.state import KineticState

_EDGE = 1e-12  # saturations are kept this far from 0 and 1
_HILL_COEFFICIENT = {Mechanism.UNI_BI, Mechanism.BI_UNI}


def check_saturations(saturations: FloatArray, source: str) -> None:
    """Check that saturations lie between 0 and 1.

    Parameters
    ----------
    saturations : numpy.ndarray
        Shape (sets, terms).
    source : str
        Where they come from, for the message.

    Raises
    ------
    InputError
        For the first one at or outside of 0 or 1, or not a number.
    """
    outside = np.argwhere(~((saturations > 0) & (saturations < 1)))
    if len(outside):
        row, column = outside[0]
        raise InputError(
            f"{source}, set {row}, saturation {column}",
            f"it is {saturations[row, column]:g}, and {len(outside)} in all lie outside (0, 1)",
            "give shares of enzyme bound, greater than 0 and smaller than 1",
        )


def clipped(saturations: FloatArray) -> FloatArray:
    """Saturations kept off 0 and 1 by `_EDGE`."""
    return np.clip(saturations, _EDGE, 1 - _EDGE)


def michaelis_constants(
    model: KineticModel, state: KineticState, saturations: FloatArray
) -> FloatArray:
    """K_M = S (1 - sigma) / sigma.

    Parameters
    ----------
    model, state : KineticModel, KineticState
        The network and its reference state.
    saturations : numpy.ndarray
        sigma = S / (S + K_M), shape (sets, terms).

    Returns
    -------
    numpy.ndarray
        uM, shape (sets, terms), in the order of `KineticModel.terms`.
    """
    sigma = clipped(saturations)
    return np.asarray(term_concentrations(model, state) * (1 - sigma) / sigma)


def ln_michaelis_constants(
    saturations: FloatArray, concentrations: FloatArray | float = 1.0
) -> FloatArray:
    """Ln K_M = ln S + ln(1 - sigma) - ln sigma.

    Parameters
    ----------
    saturations : numpy.ndarray
        Shape (sets, terms).
    concentrations : numpy.ndarray or float
        S of each term's species, shape (terms,); 1 leaves out what all sets have in common.

    Returns
    -------
    numpy.ndarray
        Shape (sets, terms), of K_M in the units of S.
    """
    sigma = clipped(saturations)
    return np.asarray(np.log(concentrations) + np.log1p(-sigma) - np.log(sigma))


def ln_km_deviations(saturations: FloatArray) -> FloatArray:
    """Return the standard deviations of ln K_M, shape (terms,).

    ln K_M = ln S - logit(sigma), so the concentrations do not matter.
    """
    return np.asarray(scipy.special.logit(clipped(saturations)).std(axis=0))


def term_concentrations(model: KineticModel, state: KineticState) -> FloatArray:
    """Look up the reference concentration of each term's species, uM, shape (terms,)."""
    return np.asarray(state.concentrations[bindings_of(model).species])


def maximal_velocities(
    model: KineticModel, state: KineticState, saturations: FloatArray
) -> FloatArray:
    """V_max that give the fluxes of the state: v over the rate at V_max = 1.

    Parameters
    ----------
    model, state : KineticModel, KineticState
        The network and its reference state.
    saturations : numpy.ndarray
        Shape (sets, terms).

    Returns
    -------
    numpy.ndarray
        uM/h, shape (sets, reactions).
    """
    km = michaelis_constants(model, state, saturations)
    unit = relative_rates(model, state, km, state.concentrations)
    return np.asarray(state.fluxes / unit)


def parameter_names(model: KineticModel) -> tuple[str, ...]:
    """SKiMpy's names of all parameters, in its order.

    By reaction: maximal velocity, equilibrium constant (reversible ones), Hill coefficient, K_M,
    then boundary species where a reaction is the first to bind or move them; volumes at the end.
    """
    names: list[str] = []
    met: set[str] = set()
    boundary = set(model.boundary)
    kms: dict[str, list[str]] = {reaction.name: [] for reaction in model.reactions}
    for term, km in zip(model.terms, model.km_names, strict=True):
        kms[term.reaction].append(km)
    for reaction in model.reactions:
        names.append(f"vmax_forward_{reaction.name}")
        if reaction.reversible:
            names.append(f"k_equilibrium_{reaction.name}")
        if reaction.mechanism in _HILL_COEFFICIENT:
            names.append(f"hill_coefficient_{reaction.name}")
        names += kms[reaction.name]
        moved = [*reaction.substrates, *reaction.products, *reaction.displacements]
        moved += [(name, count) for name, count in reaction.first_order if count < 0]
        for species, _ in moved:
            if species in boundary and species not in met:
                met.add(species)
                names.append(species)
    names += [name for name in model.boundary if name not in met]
    for compartment in dict.fromkeys(model.compartments.values()):
        names += [f"volume_{compartment}", f"cell_volume_{compartment}"]
    return tuple(names)


def parameter_vectors(
    model: KineticModel, state: KineticState, saturations: FloatArray
) -> FloatArray:
    """All parameters of each set, in the order of `parameter_names`.

    Parameters
    ----------
    model, state : KineticModel, KineticState
        The network and its reference state.
    saturations : numpy.ndarray
        Shape (sets, terms).

    Returns
    -------
    numpy.ndarray
        Shape (sets, parameters): uM, uM/h, and 1 for Hill coefficients and volumes.
    """
    places = {name: place for place, name in enumerate(parameter_names(model))}
    values = np.ones((len(saturations), len(places)))
    values[:, [places[name] for name in model.km_names]] = michaelis_constants(
        model, state, saturations
    )
    velocities = maximal_velocities(model, state, saturations)
    ln_constants = state.ln_equilibrium_constants(model)
    for row, reaction in enumerate(model.reactions):
        values[:, places[f"vmax_forward_{reaction.name}"]] = velocities[:, row]
        if reaction.reversible:
            values[:, places[f"k_equilibrium_{reaction.name}"]] = np.exp(ln_constants[row])
    for row, species in enumerate(model.boundary, len(model.dynamic)):
        values[:, places[species]] = state.concentrations[row]
    return values
