"""Fluxes of the core metabolism, by what becomes of each metabolite rather than by reaction ids."""

from functools import cache
from pathlib import Path

import pandas as pd

from gemwright.gem.medium import exchange_of
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import split_species

RESOURCES = Path(__file__).parents[1] / "resources"
STATES = ("aerobic", "anaerobic")
# what the map leaves out counts as what it comes from or turns into
_SAME = {"acon_C": "icit", "s17bp": "s7p", "6p2dhglcn": "6pgc", "2dhglcn": "glcn"}


@cache
def map_metabolites() -> pd.DataFrame:
    """Read the metabolites of the map: metabolite (``ac_e``: outside), label, x, y (downwards)."""
    return pd.read_csv(RESOURCES / "flux_map_metabolites.tsv", sep="\t")


@cache
def map_steps() -> pd.DataFrame:
    """Read the steps of the map: from, to (metabolites), pathway, bend (how the line is bent)."""
    return pd.read_csv(RESOURCES / "flux_map_steps.tsv", sep="\t")


def flux_map(model: MetabolicModel, fluxes: pd.DataFrame) -> pd.DataFrame:
    """Sum the fluxes that turn one metabolite into another, for each step of the core metabolism.

    All reactions count that have the one among their substrates and the other among their
    products, in whatever compartments: phosphofructokinases of ATP and pyrophosphate, pyruvate
    kinase and the phosphotransferase system.

    Parameters
    ----------
    model : MetabolicModel
        With BiGG identifiers.
    fluxes : pandas.DataFrame
        reaction, and a column for each of `STATES` (mmol/gDW/h).

    Returns
    -------
    pandas.DataFrame
        from, to, pathway, bend, and a column for each of `STATES`, negative where a step runs
        backwards.
    """
    if fluxes.empty:
        return map_steps().assign(**dict.fromkeys(STATES, 0.0))
    running = fluxes.set_index("reaction")
    rows = model.stoichiometry[model.stoichiometry["reaction"].isin(running.index)]
    rows = rows[rows["reaction"] != model.objective]
    parts = rows[["reaction", "coefficient"]].join(split_species(rows["species"]))
    parts["metabolite"] = parts["metabolite"].replace(_SAME)
    net = parts.groupby(["metabolite", "reaction"])["coefficient"].sum()
    net = net[net != 0]
    numbers = {name: part.droplevel(0) for name, part in net.groupby(level=0)}
    none = pd.Series(dtype=float)
    found = []
    for start, end in map_steps()[["from", "to"]].itertuples(index=False, name=None):
        outside = exchange_of(start.removesuffix("_e"))
        if "_e" in (start[-2:], end[-2:]):
            sign = -1.0 if start.endswith("_e") else 1.0
            both = pd.Series({outside: sign} if outside in running.index else {}, dtype=float)
        else:
            used, made = numbers.get(start, none).align(numbers.get(end, none), join="inner")
            opposite = used * made < 0
            # as many molecules as there are of the scarcer one
            less = used.abs().combine(made.abs(), min)
            both = (less * made.map(lambda number: 1.0 if number > 0 else -1.0))[opposite]
        found.append([float((running.loc[both.index, state] * both).sum()) for state in STATES])
    return map_steps().join(pd.DataFrame(found, columns=list(STATES)))
