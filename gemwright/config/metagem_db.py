"""The section ``metagem_db``: what counts as a positive pair of MetaGEM-DB."""

from typing import Literal

from gemwright.config.section import Section


class PairOptions(Section):
    """Positive pairs of MetaGEM-DB (section 4.1 of the paper)."""

    #: Participants that count where no direction is annotated: of both sides, as of a reversible
    #: reaction, or those on the left as Rhea writes the reaction.
    undirected: Literal["both", "left"] = "both"
    #: Keep reactions of Rhea whose sides differ in heavy atoms.
    unbalanced: bool = False
    #: Keep structures with a residue (classes such as "an alcohol") in the pairs to learn from; the
    #: database itself keeps them.
    include_r_groups: bool = False
