"""What a strain makes of its carbon source."""

from dataclasses import dataclass

import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.gem.flux import FLUX_TOLERANCE
from gemwright.gem.formulas import known_atoms
from gemwright.gem.species import has_bigg_id, metabolite_of
from gemwright.strain_design.strain import StrainModel


@dataclass(frozen=True)
class CarbonYield:
    """What a strain makes of its carbon source, in the worst case at its largest growth.

    Attributes
    ----------
    source : str
        Metabolite whose uptake brings in most carbon, ``""`` if none does; by its BiGG id if the
        model's own ids are others and tell which it is.
    molar : float
        mol of the target per mol of that metabolite; NaN without uptake.
    carbon : float
        C-mol of the target per C-mol of all that is taken up; NaN without uptake, or if the
        target's formula is not known.
    """

    source: str = ""
    molar: float = float("nan")
    carbon: float = float("nan")


def carbon_yield(
    strain: StrainModel, target: str, fluxes: FloatArray, production: float
) -> CarbonYield:
    """Yield of a flux distribution on its carbon source.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    fluxes : numpy.ndarray of float, shape (n_reactions,)
        As of `StrainModel.worst_case`.
    production : float
        Production rate of the target (mmol/gDW/h).
    """
    table = strain.model.species
    # without a formula, or with that of a polymer, a species' carbon is not known
    carbon = {
        name: atoms.get("C", 0)
        for name, formula in zip(table["species"], table["formula"], strict=True)
        if (atoms := known_atoms(formula)) is not None
    }
    flux_of = dict(zip(strain.flux.reactions, fluxes.tolist(), strict=False))
    sides = strain.model.stoichiometry
    # whatever it is called, an exchange has one species
    alone = sides[~sides["reaction"].duplicated(keep=False)]
    uptake: dict[str, float] = {}
    for reaction, species, number in alone[["reaction", "species", "coefficient"]].itertuples(
        index=False, name=None
    ):
        rate = number * flux_of[reaction]
        if rate > FLUX_TOLERANCE and carbon.get(species, 0):
            uptake[species] = uptake.get(species, 0.0) + rate
    if not uptake:
        return CarbonYield()
    source = max(sorted(uptake), key=lambda species: uptake[species] * carbon[species])
    total = sum(rate * carbon[species] for species, rate in uptake.items())
    return CarbonYield(
        _name_of(table, source),
        production / uptake[source],
        production * carbon[target] / total if target in carbon else float("nan"),
    )


def _name_of(table: pd.DataFrame, species: str) -> str:
    """Metabolite of a species, by its BiGG id where a foreign one has a single one."""
    row = table.set_index("species").loc[species]
    known = str(row.get("bigg") or "")
    if known and ";" not in known and not has_bigg_id(species):
        return known
    return metabolite_of(species)
