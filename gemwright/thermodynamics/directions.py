"""Directions that no concentrations within the bounds can drive."""

import numpy as np
import pandas as pd

from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.gem.model import MetabolicModel
from gemwright.thermodynamics.reactions import KNOWN, ReactionEnergies
from gemwright.thermodynamics.transforms import rt

FORWARD, BACKWARD = "forward", "backward"
# kJ/mol; less is rounding, as where water alone crosses
_NOISE = 1e-6


def impossible_directions(
    model: MetabolicModel, energies: ReactionEnergies, options: ThermodynamicOptions | None = None
) -> pd.DataFrame:
    """List open directions whose energy is positive at any concentrations within the bounds.

    Parameters
    ----------
    model : MetabolicModel
        The one of the energies; its bounds tell which directions are open.
    energies : ReactionEnergies
    options : ThermodynamicOptions, optional
        Concentrations, and how many standard deviations an energy has to lie off.

    Returns
    -------
    pandas.DataFrame
        reaction, direction (``forward`` or ``backward``), energy and deviation (dG'0 of that
        direction, kJ/mol), least (its least energy, deviations taken off), sorted by reaction.
    """
    given = options or ThermodynamicOptions()
    passive = energies.compounds.set_index("metabolite")["passive"]
    counted = model.stoichiometry.merge(model.species[["species", "metabolite"]], on="species")
    counted = counted[~counted["metabolite"].map(passive).astype(bool)]
    made = counted["coefficient"].clip(lower=0).groupby(counted["reaction"]).sum()
    used = (-counted["coefficient"].clip(upper=0)).groupby(counted["reaction"]).sum()
    table = energies.reactions[energies.reactions["status"] == KNOWN].merge(
        model.reactions[["reaction", "lower_bound", "upper_bound"]], on="reaction"
    )
    low, high = np.log([given.least_concentration, given.largest_concentration])
    scale = rt(given.temperature)
    products = table["reaction"].map(made).fillna(0.0)
    substrates = table["reaction"].map(used).fillna(0.0)
    found = []
    for direction, sign, of, into in (
        (FORWARD, 1.0, substrates, products),
        (BACKWARD, -1.0, products, substrates),
    ):
        least = sign * table["energy"] + scale * (into * low - of * high)
        least -= given.direction_deviations * table["deviation"]
        is_open = table["upper_bound"] > 0 if sign > 0 else table["lower_bound"] < 0
        kept = table[is_open & (least > _NOISE)]
        found.append(
            pd.DataFrame(
                {
                    "reaction": kept["reaction"],
                    "direction": direction,
                    "energy": sign * kept["energy"],
                    "deviation": kept["deviation"],
                    "least": least[kept.index],
                }
            )
        )
    return pd.concat(found).sort_values(["reaction", "direction"], ignore_index=True)
