"""Reduced Jacobians at the reference state, straight from saturations.

With fluxes v, concentrations x, displacements gamma and the link matrix L of the moieties,
J = N_ind diag(v) E diag(1/x) L, where the elasticities E = d ln v / d ln x fall into a part that
the state alone gives and the saturation t = d ln D / d ln x of each binding term. As a linear map
vec(J) = J0 - T' t: neither K_M nor symbolic derivatives are needed.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse

from gemwright.arrays import FloatArray
from gemwright.kinetics.bindings import (
    PAIRED,
    SIDED,
    Bindings,
    binding_polynomial,
    bindings_of,
    side_products,
)
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.parameters import clipped
from gemwright.kinetics.state import KineticState


@dataclass(frozen=True)
class JacobianMap:
    """vec(J) = constant - t @ slopes.

    Parameters
    ----------
    bindings : Bindings
        The terms t belongs to.
    constant : numpy.ndarray
        J of an enzyme that nothing saturates, row by row, 1/h, shape (size * size,).
    slopes : scipy.sparse.csr_array
        Shape (terms, size * size), 1/h.
    size : int
        Number of independent species.
    """

    bindings: Bindings
    constant: FloatArray
    slopes: scipy.sparse.csr_array
    size: int

    def jacobians(self, saturations: FloatArray) -> FloatArray:
        """Reduced Jacobians, 1/h, shape (sets, size, size)."""
        saturated = saturation_slopes(self.bindings, clipped(saturations))
        flat = self.constant - saturated @ self.slopes
        return np.asarray(flat.reshape(len(saturations), self.size, self.size))


def jacobian_map(model: KineticModel, state: KineticState) -> JacobianMap:
    """Prepare the linear map from saturation slopes to reduced Jacobians."""
    bindings = bindings_of(model)
    n_dynamic = len(model.dynamic)
    inflow = model.stoichiometry[model.independent] * state.fluxes
    outward = model.link / state.concentrations[:n_dynamic, None]
    size = inflow.shape[0]
    slopes = scipy.sparse.lil_array((len(bindings.reaction), size * size))
    for row, (reaction, species) in enumerate(
        zip(bindings.reaction, bindings.species, strict=True)
    ):
        if species < n_dynamic and not bindings.inert[row]:
            slopes[row] = np.outer(inflow[:, reaction], outward[species]).ravel()
    constant = inflow @ _unsaturated_elasticities(model, state)[:, :n_dynamic] @ outward
    return JacobianMap(bindings, constant.ravel(), scipy.sparse.csr_array(slopes), size)


def _unsaturated_elasticities(model: KineticModel, state: KineticState) -> FloatArray:
    """D ln v / d ln x without the denominators, shape (reactions, species)."""
    rows = {species: row for row, species in enumerate(model.species)}
    elasticities = np.zeros((len(model.reactions), len(model.species)))
    for row, reaction in enumerate(model.reactions):
        gamma = state.displacements[row]
        if not reaction.reversible:
            for species, _ in reaction.substrates:
                elasticities[row, rows[species]] += 1.0
            for species, count in reaction.first_order:
                elasticities[row, rows[species]] += max(-count, 0.0)
            continue
        for species, count in reaction.substrates:
            elasticities[row, rows[species]] += count / (1 - gamma)
        for species, count in (*reaction.products, *reaction.displacements):
            elasticities[row, rows[species]] -= count * gamma / (1 - gamma)
    return elasticities


def saturation_slopes(bindings: Bindings, saturations: FloatArray) -> FloatArray:
    """T = d ln D / d ln x of each binding term.

    Parameters
    ----------
    bindings : Bindings
        The terms.
    saturations : numpy.ndarray
        Strictly between 0 and 1, shape (sets, terms).

    Returns
    -------
    numpy.ndarray
        Shape (sets, terms); between 0 and the term's stoichiometric number.
    """
    levels = saturations / (1 - saturations)
    polynomials, slopes = binding_polynomial(levels, bindings.count)
    substrates, products = side_products(bindings, np.where(bindings.inert, 1.0, polynomials))
    whole = (substrates + products - 1.0)[:, bindings.reaction]
    own = np.where(
        bindings.side < 0, substrates[:, bindings.reaction], products[:, bindings.reaction]
    )
    form = bindings.form[bindings.reaction]
    slopes *= np.where(form == SIDED, own / whole, 1.0)
    paired = form == PAIRED
    other = levels[:, bindings.partner[paired]]
    slopes[:, paired] = levels[:, paired] / (1.0 + levels[:, paired] + other)
    return np.asarray(slopes)
