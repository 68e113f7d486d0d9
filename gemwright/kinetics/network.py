"""A kinetic model without its numbers: reactions with their mechanisms, species, moieties.

Names of mechanisms and parameters are SKiMpy's, so that parameter sets can be exchanged with it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import numpy as np
import scipy.linalg

from gemwright.arrays import FloatArray, IndexArray
from gemwright.errors import InputError

Participants = tuple[tuple[str, float], ...]
_RANK_TOLERANCE = 1e-9
_WHOLE = 1e-7


class Mechanism(Enum):
    """Rate laws, named by SKiMpy's classes."""

    CONVENIENCE = "Convenience"
    HILL = "H1GeneralizedReversibleHill"
    REVERSIBLE = "ReversibleMichaelisMenten"
    UNI_BI = "UniBiReversibleHill"
    BI_UNI = "BiUniReversibleHill"
    IRREVERSIBLE = "IrrevMichaelisMenten"


@dataclass(frozen=True)
class KineticReaction:
    """A reaction with its mechanism.

    Parameters
    ----------
    name : str
        Identifier, for example ``PGI``.
    mechanism : Mechanism
        The rate law.
    substrates, products : tuple of (str, float)
        Species and stoichiometric numbers (positive), in the mechanism's order: under
        `Mechanism.HILL` the k-th substrate and the k-th product share a binding site.
    displacements : tuple of (str, float)
        Small molecules (protons) that move the equilibrium only, with their signed stoichiometric
        numbers n (negative: consumed): the backward rate is multiplied by c**n.
    first_order : tuple of (str, float)
        Small molecules that enter an irreversible rate as mass action, with their signed numbers:
        where n is negative, the rate is multiplied by c**-n.
    """

    name: str
    mechanism: Mechanism
    substrates: Participants
    products: Participants
    displacements: Participants = ()
    first_order: Participants = ()

    @property
    def reversible(self) -> bool:
        """Whether the rate law has a backward direction."""
        return self.mechanism is not Mechanism.IRREVERSIBLE

    @property
    def balance(self) -> dict[str, float]:
        """Signed stoichiometric number of every species, small molecules included."""
        total: dict[str, float] = {}
        for species, count in self.substrates:
            total[species] = total.get(species, 0.0) - count
        for species, count in (*self.products, *self.displacements, *self.first_order):
            total[species] = total.get(species, 0.0) + count
        return total

    def renamed(self, new: Callable[[str], str]) -> "KineticReaction":
        """Copy of the reaction with other names of its species."""
        groups = (self.substrates, self.products, self.displacements, self.first_order)
        return KineticReaction(
            self.name,
            self.mechanism,
            *(tuple((new(species), count) for species, count in group) for group in groups),
        )


@dataclass(frozen=True)
class BindingTerm:
    """A species bound by an enzyme, and so a K_M.

    Parameters
    ----------
    reaction, species : str
        Whose binding of what.
    side : int
        -1 for a substrate, +1 for a product.
    position : int
        Place among the substrates or products, from 0.
    count : float
        Stoichiometric number, positive.
    inert : bool
        Whether the rate does not depend on it (products of irreversible reactions).
    """

    reaction: str
    species: str
    side: int
    position: int
    count: float
    inert: bool


@dataclass(frozen=True)
class KineticModel:
    """A metabolic network with mechanisms.

    Parameters
    ----------
    name : str
        What the model is called in messages and files.
    reactions : tuple of KineticReaction
        All reactions, in order.
    dynamic : tuple of str
        Species with a mass balance, in order.
    boundary : tuple of str
        Species of constant concentration, in order.
    compartments : dict of str to str
        Compartment of each species.
    dependent : tuple of str
        Dynamic species to be computed from the conserved moieties, one for each; chosen from the
        stoichiometry if empty.

    Raises
    ------
    InputError
        If a reaction names an unknown species, two reactions share a name, or `dependent` does
        not fit the moieties.
    """

    name: str
    reactions: tuple[KineticReaction, ...]
    dynamic: tuple[str, ...]
    boundary: tuple[str, ...]
    compartments: dict[str, str] = field(default_factory=dict)
    dependent: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = {*self.dynamic, *self.boundary}
        names: set[str] = set()
        for reaction in self.reactions:
            if reaction.name in names:
                raise InputError(
                    f"{self.name}, reaction {reaction.name}", "it stands there twice", "rename one"
                )
            names.add(reaction.name)
            for species in reaction.balance:
                if species not in known:
                    raise InputError(
                        f"{self.name}, reaction {reaction.name}",
                        f"the species {species!r} is neither dynamic nor at the boundary",
                        "list it among the reactants or the boundary conditions",
                    )

    @property
    def species(self) -> tuple[str, ...]:
        """Dynamic species, then boundary species."""
        return self.dynamic + self.boundary

    @cached_property
    def stoichiometry(self) -> FloatArray:
        """Stoichiometric matrix of all species, shape (species, reactions)."""
        rows = {species: row for row, species in enumerate(self.species)}
        matrix = np.zeros((len(rows), len(self.reactions)))
        for column, reaction in enumerate(self.reactions):
            for species, count in reaction.balance.items():
                matrix[rows[species], column] = count
        return matrix

    @cached_property
    def terms(self) -> tuple[BindingTerm, ...]:
        """Binding terms in the order of SKiMpy's K_M: by reaction, sides in turn."""
        return tuple(term for reaction in self.reactions for term in _terms(reaction))

    @cached_property
    def km_names(self) -> tuple[str, ...]:
        """SKiMpy's names of the K_M, one for each binding term."""
        mechanisms = {reaction.name: reaction.mechanism for reaction in self.reactions}
        return tuple(_km_name(term, mechanisms[term.reaction]) for term in self.terms)

    @cached_property
    def _linked(self) -> tuple[FloatArray, IndexArray]:
        return _link(self)

    @property
    def link(self) -> FloatArray:
        """Link matrix L of the moieties, dx = L dx_independent, shape (dynamic, independent)."""
        return self._linked[0]

    @property
    def independent(self) -> IndexArray:
        """Positions of the independent species among the dynamic ones."""
        return self._linked[1]

    @cached_property
    def moieties(self) -> FloatArray:
        """Conserved totals: rows G with G x constant, shape (moieties, dynamic).

        Row k is 1 at the k-th dependent species and 0 at the others.
        """
        dependent = np.setdiff1d(np.arange(len(self.dynamic)), self.independent)
        matrix = np.zeros((len(dependent), len(self.dynamic)))
        matrix[:, self.independent] = -self.link[dependent]
        matrix[np.arange(len(dependent)), dependent] = 1.0
        return matrix


def _terms(reaction: KineticReaction) -> Iterator[BindingTerm]:
    sides = ((-1, reaction.substrates), (1, reaction.products))
    places = [
        (position, side, members[position])
        for position in range(max(len(members) for _, members in sides))
        for side, members in sides
        if position < len(members)
    ]
    if reaction.mechanism is Mechanism.BI_UNI:
        places.sort(key=lambda place: place[1])
    for position, side, (species, count) in places:
        inert = side > 0 and not reaction.reversible
        yield BindingTerm(reaction.name, species, side, position, count, inert)


# sides of which a mechanism has one participant for certain: SKiMpy does not number it
_SINGLE = {
    Mechanism.REVERSIBLE: (-1, 1),
    Mechanism.UNI_BI: (-1,),
    Mechanism.BI_UNI: (1,),
}


def _km_name(term: BindingTerm, mechanism: Mechanism) -> str:
    """SKiMpy's name of a binding term's K_M, for example ``km_substrate1_PFK``."""
    role = "substrate" if term.side < 0 else "product"
    number = "" if term.side in _SINGLE.get(mechanism, ()) else str(term.position + 1)
    return f"km_{role}{number}_{term.reaction}"


def _link(model: KineticModel) -> tuple[FloatArray, IndexArray]:
    """Link matrix and positions of the independent species."""
    stoichiometry = model.stoichiometry[: len(model.dynamic)]
    norms = np.linalg.norm(stoichiometry, axis=0)
    scaled = stoichiometry / np.where(norms > 0, norms, 1.0)
    conserved = scipy.linalg.null_space(scaled.T, rcond=_RANK_TOLERANCE).T
    dependent = _dependent_positions(model, conserved)
    independent = np.setdiff1d(np.arange(len(model.dynamic)), dependent)
    link = np.zeros((len(model.dynamic), len(independent)))
    link[independent, np.arange(len(independent))] = 1.0
    if len(dependent):
        rows = -np.linalg.solve(conserved[:, dependent], conserved[:, independent])
        whole = np.round(rows)
        # moieties are counted in whole numbers; what differs from one by less is rounding
        link[dependent] = np.where(np.abs(rows - whole) < _WHOLE, whole, rows)
    return link, independent


def _dependent_positions(model: KineticModel, conserved: FloatArray) -> IndexArray:
    if not model.dependent:
        _, _, pivots = scipy.linalg.qr(conserved, mode="economic", pivoting=True)
        return np.sort(pivots[: len(conserved)]).astype(np.intp)
    unknown = sorted({*model.dependent} - {*model.dynamic})
    if unknown:
        raise InputError(
            f"{model.name}, dependent species",
            f"{', '.join(unknown)}: no such dynamic species",
            "name species that have a mass balance",
        )
    dependent = np.array(sorted(model.dynamic.index(name) for name in model.dependent), np.intp)
    block = conserved[:, dependent]
    if len(dependent) != len(conserved) or np.linalg.cond(block) > 1 / _RANK_TOLERANCE:
        raise InputError(
            f"{model.name}, dependent species",
            f"{len(dependent)} are named ({', '.join(model.dependent)}), and they do not fit the"
            f" {len(conserved)} conserved moieties of the stoichiometry",
            "name one species of each moiety, or none to have them chosen",
        )
    return dependent
