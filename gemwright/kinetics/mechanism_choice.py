"""Rate laws chosen from stoichiometry, for models that come without any.

The rules, in this order:

- biomass, maintenance and whatever else is flagged, reactions with broken numbers or numbers above
  `LARGEST_POWER` (sums of many steps), and reactions with nothing on one side:
  `Mechanism.IRREVERSIBLE`, turned into the direction of their flux;
- one substrate, one product: `Mechanism.REVERSIBLE`;
- as many substrates as products (two or more): `Mechanism.HILL`, see `pair_by_formula`;
- one substrate and two products, two substrates and one product: `Mechanism.UNI_BI`,
  `Mechanism.BI_UNI`;
- everything else, numbers other than one included: `Mechanism.CONVENIENCE`.

Water is no participant: its activity is one and absorbed in K_eq. Protons move the equilibrium of
reversible reactions and enter irreversible ones as mass action; lumped reactions (flagged ones)
only release or take them up. Where nothing else stands on a side, its protons are bound like any
substrate; where it has none, its water is, as a species of constant concentration.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from gemwright.gem.formulas import count_atoms
from gemwright.kinetics.network import KineticReaction, Mechanism, Participants

LARGEST_POWER = 4
_MAINTENANCE = frozenset({"atpm", "ngam", "atp_maintenance"})
_WHOLE = 1e-9


@dataclass(frozen=True)
class Chemistry:
    """What the rules need to know about species.

    Parameters
    ----------
    formulas : mapping of str to str
        Molecular formula of each species, ``""`` where it is not known.
    protons, water : frozenset of str
        Species that are H+ and H2O, in any compartment.
    """

    formulas: Mapping[str, str]
    protons: frozenset[str]
    water: frozenset[str]


def is_lumped_name(reaction: str) -> bool:
    """Whether a reaction's id says that it is biomass or maintenance, and so no enzyme's."""
    name = reaction.lower()
    return "biomass" in name or name in _MAINTENANCE


def pair_by_formula(
    substrates: Iterable[str], products: Iterable[str], formulas: Mapping[str, str]
) -> list[str]:
    """Order products so that the k-th is what the k-th substrate becomes.

    The pairing is the one with the fewest heavy atoms exchanged in all (nad with nadh, atp with
    adp, CoA with its esters); among equals the one with the fewest hydrogens exchanged, then the
    one nearest to the order given. A species without a formula counts as empty, and so takes what
    the others leave.

    Parameters
    ----------
    substrates, products : iterable of str
        Species, as many of one as of the other.
    formulas : mapping of str to str
        Molecular formulas.

    Returns
    -------
    list of str
        The products, reordered.
    """
    from scipy.optimize import linear_sum_assignment

    left = [count_atoms(formulas.get(name, "")) for name in substrates]
    ends = list(products)
    right = [count_atoms(formulas.get(name, "")) for name in ends]
    cost = np.array(
        [
            [1e6 * _heavy(a, b) + 1e3 * abs(a.get("H", 0) - b.get("H", 0)) + abs(row - column)
             for column, b in enumerate(right)]
            for row, a in enumerate(left)
        ]
    )  # fmt: skip
    _, chosen = linear_sum_assignment(cost)
    return [ends[column] for column in chosen]


def _heavy(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    return sum(abs(a.get(element, 0) - b.get(element, 0)) for element in {*a, *b} - {"H"})


def choose_mechanism(
    name: str,
    balance: Mapping[str, float],
    chemistry: Chemistry,
    lumped: bool = False,
    forward: bool = True,
) -> KineticReaction:
    """Give a reaction the mechanism that its stoichiometry calls for.

    Parameters
    ----------
    name : str
        The reaction.
    balance : mapping of str to float
        Signed stoichiometric numbers of all its species, in the model's order.
    chemistry : Chemistry
        Formulas, protons, water.
    lumped : bool
        Whether it is flagged: no enzyme's reaction (biomass, maintenance), so irreversible.
    forward : bool
        Whether its flux is positive; an irreversible reaction is turned if it is not, and its
        flux is to be counted positive.

    Returns
    -------
    KineticReaction
        The reaction; without substrates if the stoichiometry has none at all.
    """
    odd = any(
        abs(count - round(count)) > _WHOLE or abs(count) > LARGEST_POWER
        for species, count in balance.items()
        if species not in chemistry.protons and species not in chemistry.water
    )
    one_sided = len({count > 0 for count in balance.values()}) < 2
    irreversible = lumped or odd or one_sided
    if irreversible and not forward:
        balance = {species: -count for species, count in balance.items()}
    bound = _bound(balance, chemistry)
    if not irreversible:
        bound = {species: float(round(count)) for species, count in bound.items()}
    substrates = tuple((s, -n) for s, n in bound.items() if n < 0)
    products = tuple((s, n) for s, n in bound.items() if n > 0)
    small = tuple((s, n) for s, n in balance.items() if s in chemistry.protons and s not in bound)
    if lumped:
        return KineticReaction(name, Mechanism.IRREVERSIBLE, substrates, products, small)
    if irreversible:
        return KineticReaction(
            name, Mechanism.IRREVERSIBLE, substrates, products, first_order=small
        )
    mechanism = _by_numbers(substrates, products)
    if mechanism is Mechanism.HILL:
        order = pair_by_formula(dict(substrates), dict(products), chemistry.formulas)
        products = tuple((species, 1.0) for species in order)
    return KineticReaction(name, mechanism, substrates, products, small)


def _bound(balance: Mapping[str, float], chemistry: Chemistry) -> dict[str, float]:
    """Participants that an enzyme binds: all but water and protons, unless a side has no others."""
    kept: set[str] = set()
    for sign in (-1, 1):
        side = [species for species, count in balance.items() if sign * count > 0]
        solutes = [s for s in side if s not in chemistry.protons and s not in chemistry.water]
        kept.update(solutes or [s for s in side if s in chemistry.protons] or side)
    return {species: count for species, count in balance.items() if species in kept}


def _by_numbers(substrates: Participants, products: Participants) -> Mechanism:
    ones = all(count == 1 for _, count in (*substrates, *products))
    shape = len(substrates), len(products)
    if not ones:
        return Mechanism.CONVENIENCE
    if shape == (1, 1):
        return Mechanism.REVERSIBLE
    if shape[0] == shape[1]:
        return Mechanism.HILL
    return {(1, 2): Mechanism.UNI_BI, (2, 1): Mechanism.BI_UNI}.get(shape, Mechanism.CONVENIENCE)
