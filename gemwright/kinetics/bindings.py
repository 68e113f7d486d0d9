"""The binding terms of a model as arrays: what rate laws and Jacobians are computed from."""

from dataclasses import dataclass

import numpy as np

from gemwright.arrays import BoolArray, FloatArray, IntArray
from gemwright.errors import InputError
from gemwright.kinetics.network import KineticModel, Mechanism

_NO_PARTNER = -1
SIDED = 0  # two products over the sides: Convenience, reversible Michaelis-Menten, UniBi, BiUni
PAIRED = 1  # substrate and product share a site
IRREVERSIBLE = 2
_FORMS = {Mechanism.HILL: PAIRED, Mechanism.IRREVERSIBLE: IRREVERSIBLE}


@dataclass(frozen=True)
class Bindings:
    """Binding terms, each an entry of every array.

    Parameters
    ----------
    reaction : numpy.ndarray
        Row of the reaction in the model.
    species : numpy.ndarray
        Row of the species in `KineticModel.species`.
    side : numpy.ndarray
        -1 for substrates, +1 for products.
    count : numpy.ndarray
        Stoichiometric number: the highest power of the term in a rate's denominator.
    partner : numpy.ndarray
        Term that shares the site (`Mechanism.HILL`), else `_NO_PARTNER`.
    inert : numpy.ndarray
        Whether no rate depends on the term.
    form : numpy.ndarray
        Of each reaction, how its denominator is built, shape (reactions,).
    """

    reaction: IntArray
    species: IntArray
    side: IntArray
    count: IntArray
    partner: IntArray
    inert: BoolArray
    form: IntArray

    @property
    def paired(self) -> BoolArray:
        """Terms of reactions whose substrates and products share sites."""
        return np.asarray(self.form[self.reaction] == PAIRED)


def bindings_of(model: KineticModel) -> Bindings:
    """Arrays of the model's binding terms.

    Raises
    ------
    InputError
        If a Hill mechanism has other numbers of substrates than of products, or the denominator
        of a reversible mechanism would need a broken power.
    """
    reactions = {reaction.name: row for row, reaction in enumerate(model.reactions)}
    species = {name: row for row, name in enumerate(model.species)}
    places = {
        (term.reaction, term.side, term.position): row for row, term in enumerate(model.terms)
    }
    partner, count = [], []
    for term in model.terms:
        reaction = model.reactions[reactions[term.reaction]]
        where = f"{model.name}, reaction {reaction.name}"
        other = _NO_PARTNER
        if reaction.mechanism is Mechanism.HILL:
            if len(reaction.substrates) != len(reaction.products):
                raise InputError(
                    where,
                    "a generalised Hill mechanism pairs each substrate with a product, and there"
                    f" are {len(reaction.substrates)} and {len(reaction.products)}",
                    "use the mechanism Convenience",
                )
            other = places[term.reaction, -term.side, term.position]
        power = int(term.count) if reaction.mechanism is Mechanism.CONVENIENCE else 1
        if reaction.reversible and term.count != int(term.count):
            raise InputError(
                where,
                f"{term.species} has the stoichiometric number {term.count:g}",
                "use the irreversible mechanism for reactions with broken numbers",
            )
        partner.append(other)
        count.append(power)
    return Bindings(
        np.array([reactions[term.reaction] for term in model.terms], np.int64),
        np.array([species[term.species] for term in model.terms], np.int64),
        np.array([term.side for term in model.terms], np.int64),
        np.array(count, np.int64),
        np.array(partner, np.int64),
        np.array([term.inert for term in model.terms], bool),
        np.array([_FORMS.get(reaction.mechanism, SIDED) for reaction in model.reactions], np.int64),
    )


def side_products(bindings: Bindings, factors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Products of the factors of each reaction's substrates, and of its products.

    Parameters
    ----------
    bindings : Bindings
        The terms.
    factors : numpy.ndarray
        A factor of each term, shape (..., terms).

    Returns
    -------
    (numpy.ndarray, numpy.ndarray)
        Of substrates and of products, each of shape (..., reactions); 1 for an empty side.
    """
    found = []
    for side in (-1, 1):
        result = np.ones((*factors.shape[:-1], len(bindings.form)))
        rows = np.flatnonzero(bindings.side == side)
        # the k-th terms of all reactions at once: no reaction stands twice in an assignment
        order = _ranks(bindings.reaction[rows])
        for rank in range(int(order.max(initial=-1)) + 1):
            chosen = rows[order == rank]
            result[..., bindings.reaction[chosen]] *= factors[..., chosen]
        found.append(result)
    return found[0], found[1]


def _ranks(reactions: IntArray) -> IntArray:
    """Place of each entry among those of the same reaction."""
    seen: dict[int, int] = {}
    ranks = np.empty(len(reactions), np.int64)
    for place, reaction in enumerate(reactions.tolist()):
        ranks[place] = seen.get(reaction, 0)
        seen[reaction] = ranks[place] + 1
    return ranks


def binding_polynomial(levels: FloatArray, counts: IntArray) -> tuple[FloatArray, FloatArray]:
    """p(a) = 1 + a + ... + a**n of each term, and a p'(a) / p(a).

    Parameters
    ----------
    levels : numpy.ndarray
        a = c / K_M, shape (..., terms).
    counts : numpy.ndarray
        n of each term.

    Returns
    -------
    (numpy.ndarray, numpy.ndarray)
        Both of the shape of `levels`.
    """
    total = 1.0 + levels
    slope = levels.copy()
    for power in range(2, int(counts.max(initial=1)) + 1):
        chosen = counts >= power
        raised = levels[..., chosen] ** power
        total[..., chosen] += raised
        slope[..., chosen] += power * raised
    return total, slope / total
