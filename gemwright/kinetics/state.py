"""A reference state of a kinetic model: fluxes, concentrations and displacements."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.kinetics.network import KineticModel

_GAS_CONSTANT = 1.9858775e-3  # kcal / (mol K)
_TEMPERATURE = 298.15  # K
RT = _GAS_CONSTANT * _TEMPERATURE
# g/l of cells: dry share x density (Choudhury et al., released code)
DRY_WEIGHT_PER_LITRE = 0.38 * 1105
MICROMOLAR = 1e6  # uM in M
# imbalance that is taken for rounding, relative to the turnover of a species
_BALANCE_TOLERANCE = 1e-6


@dataclass(frozen=True)
class KineticState:
    """What a kinetic model is parameterised around.

    Parameters
    ----------
    fluxes : numpy.ndarray
        Steady-state fluxes, uM/h, shape (reactions,).
    concentrations : numpy.ndarray
        Of dynamic, then boundary species, uM, shape (species,).
    displacements : numpy.ndarray
        gamma = exp(dG / RT) of each reaction, shape (reactions,): below 1 where the flux is
        positive, above 1 where it is negative; 0 for irreversible reactions without a dG.
    """

    fluxes: FloatArray
    concentrations: FloatArray
    displacements: FloatArray

    def ln_equilibrium_constants(self, model: KineticModel) -> FloatArray:
        """Ln K_eq in the units of the concentrations (uM), shape (reactions,).

        ln K_eq = -dG/RT + sum n ln c, over all species of the kinetic model (protons included;
        water is absorbed). Irreversible reactions without a dG have infinity.
        """
        with np.errstate(divide="ignore"):
            drive = -np.log(self.displacements)
        return np.asarray(drive + model.stoichiometry.T @ np.log(self.concentrations))


def molar_flux(flux: FloatArray) -> FloatArray:
    """Flux in uM/h of one in mmol/gDW/h."""
    return np.asarray(flux * 1e-3 * DRY_WEIGHT_PER_LITRE * MICROMOLAR)


def sanitised(name: str) -> str:
    """SKiMpy's spelling of a species: no hyphens, and no digit in front (``_13dpg_c``)."""
    name = name.replace("-", "_")
    return f"_{name}" if name[:1].isdigit() else name


def check_state(model: KineticModel, state: KineticState, source: str) -> None:
    """Check that a state is one that the model can rest in.

    Parameters
    ----------
    model : KineticModel
        The network.
    state : KineticState
        Its reference state.
    source : str
        Where the state comes from, for messages.

    Raises
    ------
    InputError
        If a concentration is not positive, a reaction carries no flux, a dynamic species does not
        balance, or a reversible reaction runs against its dG.
    """
    for species, value in zip(model.species, state.concentrations, strict=True):
        if not (np.isfinite(value) and value > 0):
            raise InputError(
                f"{source}, species {species}",
                f"its concentration is {value:g} uM",
                "give a positive concentration",
            )
    for reaction, flux, gamma in zip(
        model.reactions, state.fluxes, state.displacements, strict=True
    ):
        if not np.isfinite(flux) or flux == 0:
            raise InputError(
                f"{source}, reaction {reaction.name}",
                "it carries no flux, and no maximal velocity can be found for it",
                "take the reaction out of the kinetic model, or give a state in which it runs",
            )
        if not reaction.reversible and flux < 0:
            raise InputError(
                f"{source}, reaction {reaction.name}",
                "it runs backward, and its mechanism is irreversible",
                "give it a reversible mechanism, or a state in which it runs forward",
            )
        if reaction.reversible and not (gamma > 0 and (1 - gamma) * flux > 0):
            raise InputError(
                f"{source}, reaction {reaction.name}",
                f"its flux ({flux:.4g} uM/h) runs against its dG"
                f" ({RT * np.log(gamma) if gamma > 0 else -np.inf:.4g} kcal/mol)",
                "give a thermodynamically feasible state",
            )
    dynamic = model.stoichiometry[: len(model.dynamic)]
    excess = dynamic @ state.fluxes
    turnover = np.abs(dynamic) @ np.abs(state.fluxes)
    share = np.abs(excess) / np.where(turnover > 0, turnover, 1.0)
    worst = int(np.argmax(share))
    if share[worst] > _BALANCE_TOLERANCE:
        raise InputError(
            f"{source}, species {model.dynamic[worst]}",
            f"the fluxes do not balance: {excess[worst]:.4g} uM/h are left of a turnover of"
            f" {turnover[worst] / 2:.4g} uM/h",
            "give the fluxes of a steady state of this very network",
        )


def state_of_sample(model: KineticModel, sample: Mapping[str, float], source: str) -> KineticState:
    """Read a state from a row of a thermodynamic flux sample, as pyTFA writes it.

    Parameters
    ----------
    model : KineticModel
        The network.
    sample : mapping of str to float
        ``DG_<reaction>`` (kcal/mol), ``LC_<species>`` (ln M), ``<reaction>`` and
        ``<reaction>_reverse_*`` (mmol/gDW/h).
    source : str
        The file, for messages.

    Returns
    -------
    KineticState
        The checked state.

    Raises
    ------
    InputError
        If a column is missing or the state does not fit the model.
    """
    reverse = {
        name.rsplit("_reverse_", 1)[0]: name for name in map(str, sample) if "_reverse_" in name
    }
    levels = {
        sanitised(name.removeprefix("LC_")): name
        for name in map(str, sample)
        if name.startswith("LC_")
    }

    def value(column: str) -> float:
        if column not in sample or pd.isna(sample[column]):
            raise InputError(
                source,
                f"the column {column!r} is missing or empty",
                "give a steady state with the fluxes, DG_ and LC_ columns of all reactions and"
                " species of the kinetic model",
            )
        return float(sample[column])

    fluxes = []
    gammas = []
    for reaction in model.reactions:
        backward = reverse.get(reaction.name)
        fluxes.append(value(reaction.name) - (value(backward) if backward else 0.0))
        known = reaction.reversible or f"DG_{reaction.name}" in sample
        gammas.append(np.exp(value(f"DG_{reaction.name}") / RT) if known else 0.0)
    logs = np.array([value(levels.get(name, f"LC_{name}")) for name in model.species])
    state = KineticState(
        molar_flux(np.array(fluxes)),
        np.exp(logs) * MICROMOLAR,
        np.array(gammas),
    )
    check_state(model, state, source)
    return state
