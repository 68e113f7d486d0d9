"""What the layouts of a model of BiGG have in common, before it is checked."""

from collections import Counter
from dataclasses import dataclass, field

from gemwright.errors import FETCH_AGAIN

LAYOUT_CURE = f"a model of BiGG as JSON has the layout that cobra writes; {FETCH_AGAIN}"


@dataclass
class RawModel:
    """What both layouts give before it is checked; annotations as (owner, namespace, id)."""

    identifier: str = ""
    # reaction, name, lower bound, upper bound, subsystem, gene rule, objective
    reactions: list[tuple[str, str, float, float, str, str, float]] = field(default_factory=list)
    stoichiometry: list[tuple[str, str, float]] = field(default_factory=list)
    # species, compartment, name, formula, charge
    species: list[tuple[str, str, str, str, int | None]] = field(default_factory=list)
    genes: list[tuple[str, str]] = field(default_factory=list)
    annotations: dict[str, list[tuple[str, str, str]]] = field(
        default_factory=lambda: {"reaction": [], "species": [], "gene": []}
    )
    #: how often an oddity of the text was met: annotations, keys, numbers
    counts: Counter[str] = field(default_factory=Counter)
    repeated: dict[str, list[str]] = field(
        default_factory=lambda: {"reaction": [], "species": [], "gene": []}
    )
