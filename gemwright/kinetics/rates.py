"""Rate laws in NumPy: the reference that simulators and Jacobians are checked against.

With a = c / K_M, a rate is V_max prod(a**n) (1 - Q / K_eq) / D; under a Convenience mechanism and
its special cases D = prod_s p(a) + prod_p p(a) - 1 with p(a) = 1 + a + ... + a**n, under a
generalised Hill mechanism D = prod_k (1 + a_k + b_k) over the shared sites. An irreversible rate is
V_max prod S / (S + K_M), whatever the stoichiometry.
"""

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.kinetics.bindings import (
    SIDED,
    Bindings,
    binding_polynomial,
    bindings_of,
    side_products,
)
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.state import KineticState


def relative_rates(
    model: KineticModel, state: KineticState, km: FloatArray, concentrations: FloatArray
) -> FloatArray:
    """Rates at V_max = 1.

    Parameters
    ----------
    model, state : KineticModel, KineticState
        The network, and the state that its equilibrium constants come from.
    km : numpy.ndarray
        K_M, uM, shape (..., terms).
    concentrations : numpy.ndarray
        Of dynamic, then boundary species, uM, shape (species,) or (..., species).

    Returns
    -------
    numpy.ndarray
        Shape (..., reactions).
    """
    bindings = bindings_of(model)
    levels = concentrations[..., bindings.species] / km
    denominators = _denominators(bindings, levels)
    powers = np.array(
        [
            term.count if model.reactions[row].reversible else 1.0
            for term, row in zip(model.terms, bindings.reaction, strict=True)
        ]
    )
    numerators, _ = side_products(bindings, levels**powers)
    return np.asarray(numerators * _driving_forces(model, state, concentrations) / denominators)


def _driving_forces(
    model: KineticModel, state: KineticState, concentrations: FloatArray
) -> FloatArray:
    """1 - Q / K_eq of reversible reactions, mass action of protons for irreversible ones.

    Parameters
    ----------
    model, state : KineticModel, KineticState
        The network, and the state that its equilibrium constants come from.
    concentrations : numpy.ndarray
        uM, shape (..., species).

    Returns
    -------
    numpy.ndarray
        Shape (..., reactions).
    """
    logs = np.log(concentrations)
    rows = {species: row for row, species in enumerate(model.species)}
    reversible = np.array([reaction.reversible for reaction in model.reactions])
    change = (logs - np.log(state.concentrations)) @ model.stoichiometry
    force = 1.0 - state.displacements * np.exp(np.where(reversible, change, 0.0))
    force[..., ~reversible] = 1.0
    for column, reaction in enumerate(model.reactions):
        for species, count in reaction.first_order:
            if count < 0:
                force[..., column] *= concentrations[..., rows[species]] ** -count
    return np.asarray(force)


def _denominators(bindings: Bindings, levels: FloatArray) -> FloatArray:
    """D of each reaction, shape (..., reactions)."""
    polynomials, _ = binding_polynomial(levels, bindings.count)
    # a site that a substrate and a product share is counted once, with the substrate
    shared = 1.0 + levels + levels[..., bindings.partner]
    factors = np.where(bindings.paired, np.where(bindings.side < 0, shared, 1.0), polynomials)
    factors = np.where(bindings.inert, 1.0, factors)
    substrates, products = side_products(bindings, factors)
    sided = bindings.form == SIDED
    return np.asarray(np.where(sided, substrates + products - 1.0, substrates * products))
