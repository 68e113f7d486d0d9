"""The fuel audit: how much ATP a model makes of each compound, and whether electrons add up.

The leak test sees energy from nothing. What is made of too little shows here: a compound holds a
number of electrons by its formula, each gives about one ATP on its way to oxygen, and the oxygen
that is used, with what the products still hold, is a quarter of them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.gem.charging import boundary_species, closed_reactions
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.formulas import known_atoms
from gemwright.gem.medium import EXCHANGE
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import metabolite_of

SOUND, NO_ENERGY = "sound", "no energy"
TOO_MUCH_ATP, TOO_MANY_ELECTRONS = "too much ATP", "too many electrons"
UNKNOWN, NO_ELECTRONS = "formula not counted", "no electrons"
#: ATP for each electron, and share of the electrons of the formula, that are sound.
MOST_ATP, MOST_ELECTRONS = 1.25, 1.001
# electrons of an atom on the way to CO2, H2O, NH4+, HPO4(2-) and SO4(2-)
_ELECTRONS = {"C": 4, "H": 1, "O": -2, "N": -3, "P": 5, "S": 6}
_ACCEPTOR = "o2"
# oxygen is the one acceptor: with nitrate or iron as well its use would say nothing
_IMPORTS = (_ACCEPTOR, "h2o", "h", "nh4", "so4", "pi", "co2")


@dataclass(frozen=True)
class FuelAudit:
    """What a model makes of each compound.

    Attributes
    ----------
    table : pandas.DataFrame
        compound, exchange, formula, charge, electrons (its degree of reduction gamma; NaN where
        the formula does not tell), atp (largest, for each molecule), atp_per_electron, oxygen (for
        each molecule, with what the oxidation of the products would take; NaN where a product's
        formula does not tell), oxygen_of_formula (a quarter of `electrons`), state: ``sound``,
        ``too much ATP``, ``too many electrons``, ``formula not counted``, ``no electrons`` (of
        which some ATP may be made nevertheless), or ``no energy``. Sorted by compound.
    """

    table: pd.DataFrame

    @property
    def failing(self) -> pd.DataFrame:
        """Compounds that give too much."""
        return self.table[self.table["state"].isin((TOO_MUCH_ATP, TOO_MANY_ELECTRONS))]

    @property
    def summary(self) -> dict[str, float | str]:
        """Numbers of compounds, fuels and failures; median and largest ATP for each electron."""
        fuels = self.table[self.table["atp"] > FLUX_TOLERANCE].dropna(subset="atp_per_electron")
        ratio = fuels["atp_per_electron"]
        return {
            "compounds": float(len(self.table)),
            "fuels": float(len(fuels)),
            "median_atp_per_electron": float(ratio.median()),
            "largest_atp_per_electron": float(ratio.max()),
            "largest_of": str(fuels["compound"][ratio.idxmax()]) if len(fuels) else "",
            "failing": float(len(self.failing)),
        }


def degree_of_reduction(formula: str, charge: object) -> float:
    """Electrons that a molecule gives up when it is oxidised to CO2, H2O, NH4+, HPO4-- and SO4--.

    Parameters
    ----------
    formula : str
        Such as ``C6H12O6``, which has 24.
    charge : int or missing
        Of the molecule.

    Returns
    -------
    float
        NaN if the formula is not known, holds other elements, or the charge is missing.
    """
    atoms = known_atoms(formula)
    if atoms is None or pd.isna(charge) or not atoms.keys() <= _ELECTRONS.keys():  # type: ignore[call-overload]
        return float("nan")
    return float(sum(_ELECTRONS[element] * count for element, count in atoms.items()) - charge)  # type: ignore[operator]


def audit_fuels(model: MetabolicModel, maintenance: str = "ATPM") -> FuelAudit:
    """Burn every carbon compound that a model has an exchange for, one at a time.

    One unit of it, oxygen, water, protons, ammonium, phosphate, sulfate and CO2 may enter,
    everything may leave, and ATP hydrolysis is as large as possible; no flux is forced.

    Parameters
    ----------
    model : MetabolicModel
        Any model with BiGG identifiers.
    maintenance : str
        The ATP hydrolysis reaction; a model without it has no energy of anything.
    """
    exchanges = {
        reaction: found
        for reaction, found in sorted(boundary_species(model.stoichiometry).items())
        if reaction.startswith(EXCHANGE)
    }
    facts = model.species.set_index("species")[["formula", "charge"]]
    electrons = {
        reaction: degree_of_reduction(*facts.loc[species])
        for reaction, (species, _) in exchanges.items()
    }
    flux = FluxModel(closed_reactions(model, _IMPORTS), model.stoichiometry)
    columns = np.array([flux.index[reaction] for reaction in exchanges], int)
    held = np.array(
        [
            -4.0 if metabolite_of(species) == _ACCEPTOR else electrons[reaction]
            for reaction, (species, _) in exchanges.items()
        ]
    )
    signs = np.array([np.sign(number) for _, number in exchanges.values()])
    rows = []
    for reaction, (species, number) in exchanges.items():
        formula, charge = facts.loc[species]
        if not (known_atoms(formula) or {"C": not formula}).get("C"):
            continue
        bounds = (-1.0, 1000.0) if number < 0 else (-1000.0, 1.0)
        atp, made = float("nan"), float("nan")
        if maintenance in flux:
            with flux.bounds({reaction: bounds}):
                solution = flux.optimise(maintenance)
            atp = max(solution.value, 0.0)
            made = _electrons_made(-signs * solution.fluxes[columns], held)
        gamma = electrons[reaction]
        compound = metabolite_of(species)
        judged = _judged(gamma, atp, made)
        rows.append((compound, reaction, formula, charge, gamma, atp, *judged))
    names = ["compound", "exchange", "formula", "charge", "electrons", "atp"]
    more = ["atp_per_electron", "oxygen", "oxygen_of_formula", "state"]
    table = pd.DataFrame(rows, columns=names + more)
    return FuelAudit(table.sort_values(["compound", "exchange"], ignore_index=True))


def _electrons_made(leaving: FloatArray, held: FloatArray) -> float:
    """Electrons that leave with everything less those that entered; NaN if they are not known."""
    used = np.abs(leaving) > FLUX_TOLERANCE
    return float(leaving[used] @ held[used])


def _judged(gamma: float, atp: float, made: float) -> tuple[float, float, float, str]:
    if not atp > FLUX_TOLERANCE:
        return float("nan"), float("nan"), gamma / 4, NO_ENERGY
    if not gamma > 0:
        state = UNKNOWN if np.isnan(gamma) else NO_ELECTRONS
        return float("nan"), (gamma + made) / 4, gamma / 4, state
    state = SOUND
    if gamma + made > MOST_ELECTRONS * gamma:
        state = TOO_MANY_ELECTRONS
    if atp > MOST_ATP * gamma:
        state = TOO_MUCH_ATP
    return atp / gamma, (gamma + made) / 4, gamma / 4, state
