"""Legendre transforms: from energies of ions to those of compounds at a pH, and what crosses.

The formulas and the constants are those of equilibrator-cache 0.8.1
(``thermodynamic_constants.py``), so that energies equal eQuilibrator's to the printed digits.

Source: R. A. Alberty, Thermodynamics of Biochemical Reactions, Wiley 2003; magnesium after
M. E. Beber et al., Nucleic Acids Res. 50 (2022) D603, doi:10.1093/nar/gkab1106.
"""

from dataclasses import dataclass

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.config.thermodynamics import ThermodynamicOptions

#: kJ/mol/K and kJ/mol/V, with eQuilibrator's digits.
GAS_CONSTANT = 8.31e-3
FARADAY = 96.485
_TRAINED_AT = 298.15
_MAGNESIUM_DG = -455.3
_MAGNESIUM_DH = -467.0
# magnesium stays outside of membranes: its complexes are not asked which ion crosses
_NO_MAGNESIUM = 14.0


@dataclass(frozen=True)
class Ions:
    """Microspecies of one compound.

    Attributes
    ----------
    charge, protons, magnesiums : numpy.ndarray of float, shape (n_ions,)
        Of each ion.
    ddg : numpy.ndarray of float, shape (n_ions,)
        Energy above the major ion's at pH 7 in units of RT at 298.15 K.
    """

    charge: FloatArray
    protons: FloatArray
    magnesiums: FloatArray
    ddg: FloatArray


def rt(temperature: float) -> float:
    """RT in kJ/mol at a temperature in K."""
    return GAS_CONSTANT * temperature


def _over_rt(ions: Ions, ph: float, pmg: float, options: ThermodynamicOptions) -> FloatArray:
    temperature = options.temperature
    warmer = temperature / _TRAINED_AT
    energy = ions.ddg / warmer * rt(temperature)
    energy = energy + ions.protons * rt(temperature) * np.log(10) * ph
    of_magnesium = warmer * _MAGNESIUM_DG + (1 - warmer) * _MAGNESIUM_DH
    energy = energy + ions.magnesiums * (rt(temperature) * np.log(10) * pmg - of_magnesium)
    root = np.sqrt(options.ionic_strength)
    if root:
        alpha = (
            9.20483e-3 * temperature - 1.284668e-5 * temperature**2 + 4.95199e-8 * temperature**3
        )
        shielding = alpha / (1 / root + 1.6)
        energy = energy - shielding * (ions.charge**2 - ions.protons - 4 * ions.magnesiums)
    over_rt: FloatArray = energy / rt(temperature)
    return over_rt


def transformed(ions: Ions, ph: float, options: ThermodynamicOptions) -> float:
    """Energy of a compound above its major ion's, kJ/mol, at a pH and the options' conditions."""
    energies = _over_rt(ions, ph, options.pmg, options)
    return float(-rt(options.temperature) * np.logaddexp.reduce(-energies))


def crossing_ion(ions: Ions, ph: float, options: ThermodynamicOptions) -> tuple[float, float]:
    """Protons and charge of the most abundant ion without magnesium, the one that crosses."""
    number = int(np.argmin(_over_rt(ions, ph, _NO_MAGNESIUM, options)))
    return float(ions.protons[number]), float(ions.charge[number])
