"""Reactions that a model has without a gene, whatever its organism is."""

from gemwright.gem.model import MetabolicModel
from gemwright.universe.anaerobic import anaerobic_table
from gemwright.universe.ions import ion_imports
from gemwright.universe.quinones import pool_reactions

_WAY_OUT = "sink_"


def free_reactions(universe: MetabolicModel) -> list[str]:
    """Reactions of a universe that need no gene, in its order.

    They are the imports of ions, the pool of quinones, the ways out of what syntheses leave over
    (the universe's one-way sinks, such as 5'-deoxyribose of radical S-adenosylmethionine enzymes)
    and what crosses membranes.
    """
    table = anaerobic_table()
    crossing = table.loc[table["genes_of"] == "", "reaction"]
    free = {*ion_imports(), *pool_reactions(), *crossing}
    reactions = universe.reactions
    names = reactions["reaction"]
    sinks = names.str.startswith(_WAY_OUT) & (reactions["lower_bound"] >= 0)
    return names[names.isin(free) | sinks].tolist()
