"""Which mechanism a rate law is, recognised by what it computes.

At sampled concentrations, v D(c) = F(c) - B(c) / K_eq is linear in the coefficients of a
mechanism's denominator D and in 1 / K_eq, so that each mechanism that the stoichiometry admits is
fitted by least squares and then compared with the law at other concentrations. How a formula is
written does not matter.
"""

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.kinetics.network import KineticReaction, Mechanism, Participants
from gemwright.kinetics.sbml_formulas import Formula

_SPAN = 1.5  # laws are compared at concentrations up to e**1.5 times smaller and larger
_ALIKE = 1e-6  # relative difference of rates that are taken for the same
EXACT = 1e-9
_STILL = 1e-12  # relative difference of rates that do not change
_UNSATURATED = 1e-8  # share of a denominator below which a species is taken not to bind
_MOST_DISPLACED = 2
_MOST_UNKNOWNS = 300
_MOST_PARTICIPANTS = 20  # more have more unknowns in every mechanism
Places = dict[tuple[int, int], float]


@dataclass(frozen=True)
class RateLaw:
    """A kinetic law and what is needed to evaluate it."""

    formula: Formula
    constants: Mapping[str, float]
    scale: float

    def __call__(self, levels: Mapping[str, FloatArray]) -> FloatArray:
        """Rates, uM/h, at concentrations in the file's units."""
        names: dict[str, FloatArray | float] = {**self.constants, **levels}
        shape = np.broadcast_shapes((1,), *(values.shape for values in levels.values()))
        with np.errstate(all="ignore"):
            rates = np.asarray(self.scale * self.formula(names), dtype=np.float64)
        return np.broadcast_to(rates, shape)


@dataclass(frozen=True)
class Recognised:
    """A recognised reaction: its K_M by (side, position) and its gamma at the initial state."""

    reaction: KineticReaction
    michaelis: Places
    displacement: float


@dataclass(frozen=True)
class LawReaction:
    """A reaction of the file: species by identifier, in the file's order and units."""

    where: str
    name: str
    law: RateLaw
    consumed: Participants
    produced: Participants
    note: Mapping[str, str]
    initial: Mapping[str, float]
    extras: tuple[str, ...] = field(default=())


def recognise(entry: LawReaction) -> Recognised:
    """Mechanism that computes what a law computes.

    Raises
    ------
    InputError
        If none does, or the rate depends on an effector.
    """
    if entry.extras:
        raise InputError(
            entry.where,
            f"its rate depends on {', '.join(entry.extras)}, which it neither consumes nor"
            " produces",
            "write it with one of our mechanisms, which know no effectors",
        )
    _require_dependence(entry)
    found = _as_irreversible(entry)
    if found is not None:
        return found
    for reaction in _reversible_forms(entry):
        found = _fit(entry, reaction)
        if found is not None:
            return found
    raise InputError(
        entry.where,
        "its rate law is none of our mechanisms",
        f"write it as one of {', '.join(mechanism.value for mechanism in Mechanism)}",
    )


def _require_dependence(entry: LawReaction) -> None:
    """Refuse a law that its substrates do not change."""
    levels = sampled_levels(entry, 20)
    base = entry.law({name: np.array([value]) for name, value in entry.initial.items()})
    if not np.isfinite(base).all():
        raise InputError(
            entry.where,
            f"its rate at the initial concentrations is {base[0]:g}",
            "give a rate law and values that have one",
        )

    def constant(names: Collection[str]) -> bool:
        moved = {
            name: values if name in names else np.full(20, entry.initial[name])
            for name, values in levels.items()
        }
        return bool(np.allclose(entry.law(moved), base, rtol=_STILL, atol=0.0))

    if constant(levels):
        raise InputError(
            entry.where,
            "its rate depends on no concentration",
            "give it a rate law of its substrates, or take it out of the model",
        )
    substrates = [name for name, _ in entry.consumed]
    if constant(substrates):
        raise InputError(
            entry.where,
            f"its rate does not depend on what it consumes ({', '.join(substrates) or 'nothing'})",
            "give it a rate law of its substrates, or take it out of the model",
        )


def _as_irreversible(entry: LawReaction) -> Recognised | None:
    """V_max prod S / (S + K_M) prod h**n, found one species at a time."""
    base = {name: np.array([value]) for name, value in entry.initial.items()}
    rate = entry.law(base)[0]
    if not (np.isfinite(rate) and rate > 0):
        return None
    substrates, first_order, displaced, constants = [], [], [], []
    for name, count in entry.consumed:
        level = entry.initial[name]
        ratios = entry.law({**base, name: np.array([2.0, 4.0]) * level}) / rate
        if not (ratios > 0).all():
            return None
        orders = np.log(ratios) / np.log([2.0, 4.0])
        if np.allclose(orders, 0.0, atol=EXACT):
            displaced.append((name, -count))
        elif np.allclose(orders, count, rtol=EXACT):
            first_order.append((name, -count))
        elif 0.0 < orders[0] < 1.0:
            # v(2 S) / v(S) = 2 (S + K) / (2 S + K)
            substrates.append((name, count))
            constants.append(level * 2.0 * (ratios[0] - 1.0) / (2.0 - ratios[0]))
        else:
            return None
    if not substrates or not entry.produced:
        return None
    levels = sampled_levels(entry, 50)
    expected = np.full(50, rate)
    for (name, _), constant in zip(substrates, constants, strict=True):
        own = entry.initial[name]
        expected *= levels[name] / (levels[name] + constant) * (own + constant) / own
    for name, count in first_order:
        expected *= (levels[name] / entry.initial[name]) ** -count
    if not np.allclose(entry.law(levels), expected, rtol=_ALIKE, atol=0.0):
        return None
    reaction = KineticReaction(
        entry.name,
        Mechanism.IRREVERSIBLE,
        tuple(substrates),
        entry.produced,
        tuple(displaced),
        tuple(first_order),
    )
    return Recognised(reaction, {(-1, place): value for place, value in enumerate(constants)}, 0.0)


def _reversible_forms(entry: LawReaction) -> Iterator[KineticReaction]:
    """Reversible mechanisms that a stoichiometry admits, the plainest first."""
    moved = [(-1, item) for item in entry.consumed] + [(1, item) for item in entry.produced]
    if len(moved) > _MOST_PARTICIPANTS:
        return
    for number in range(_MOST_DISPLACED + 1):
        for chosen in itertools.combinations(range(len(moved)), number):
            rest = [item for place, item in enumerate(moved) if place not in chosen]
            substrates = tuple(item for side, item in rest if side < 0)
            products = tuple(item for side, item in rest if side > 0)
            displaced = tuple((moved[k][1][0], moved[k][0] * moved[k][1][1]) for k in chosen)
            if not substrates or not products:
                continue
            counts = {count for _, count in (*substrates, *products)}
            if any(count != int(count) for count in counts):
                continue
            ones = counts == {1.0}
            kind = {
                (1, 1): Mechanism.REVERSIBLE,
                (1, 2): Mechanism.UNI_BI,
                (2, 1): Mechanism.BI_UNI,
            }
            sided = kind.get((len(substrates), len(products)), Mechanism.CONVENIENCE)
            yield KineticReaction(
                entry.name,
                sided if ones else Mechanism.CONVENIENCE,
                substrates,
                products,
                displaced,
            )
            paired = ones and len(substrates) == len(products) > 1
            if paired and 3 ** len(substrates) <= _MOST_UNKNOWNS:
                for order in itertools.permutations(products):
                    yield KineticReaction(entry.name, Mechanism.HILL, substrates, order, displaced)


def _fit(entry: LawReaction, reaction: KineticReaction) -> Recognised | None:
    """Parameters of a reversible mechanism, if it computes what the law computes."""
    if _n_monomials(reaction) > _MOST_UNKNOWNS:
        return None
    monomials = _monomials(reaction)
    levels = sampled_levels(entry, 3 * len(monomials) + 20)
    # in concentrations relative to the initial ones
    relative = {name: values / entry.initial[name] for name, values in levels.items()}
    rates = entry.law(levels)
    forward = _powers(relative, reaction.substrates)
    backward = _powers(relative, (*reaction.products, *reaction.displacements))
    matrix = np.column_stack(
        [*(rates * _powers(relative, monomial) for monomial in monomials), backward]
    )
    if not np.isfinite(matrix).all():
        return None
    # rows of similar weight, whatever the size of the rates
    weights = 1.0 / (np.abs(matrix).sum(axis=1) + forward)
    scales = np.abs(matrix * weights[:, None]).max(axis=0)
    if not (scales > 0).all():
        return None
    solution = np.linalg.lstsq(matrix * weights[:, None] / scales, forward * weights, rcond=None)[0]
    *coefficients, gamma = solution / scales
    zeroth = coefficients[0]
    if not (zeroth > 0 and gamma > 0):
        return None
    michaelis: Places = {}
    for side, members in ((-1, reaction.substrates), (1, reaction.products)):
        for position, (name, _) in enumerate(members):
            share = coefficients[monomials.index(((name, 1.0),))] / zeroth
            if not share > _UNSATURATED:
                return None
            michaelis[side, position] = entry.initial[name] / share
    fresh = sampled_levels(entry, 50, seed=1)
    found = Recognised(reaction, michaelis, float(gamma))
    if not np.allclose(entry.law(fresh), _rates_of(entry, found, fresh), rtol=_ALIKE, atol=0.0):
        return None
    return found


def _rates_of(
    entry: LawReaction, found: Recognised, levels: Mapping[str, FloatArray]
) -> FloatArray:
    """Rates of a recognised reversible reaction with the law's rate at the initial state."""

    def unit(values: Mapping[str, FloatArray]) -> FloatArray:
        reaction = found.reaction
        sites = [
            [
                (values[name] / found.michaelis[side, position], int(count))
                for position, (name, count) in enumerate(members)
            ]
            for side, members in ((-1, reaction.substrates), (1, reaction.products))
        ]
        if reaction.mechanism is Mechanism.HILL:
            pairs = zip(sites[0], sites[1], strict=True)
            denominator = np.prod([1.0 + a + b for (a, _), (b, _) in pairs], axis=0)
        else:
            sides = [
                np.prod(
                    [(a[None] ** np.arange(n + 1)[:, None]).sum(axis=0) for a, n in site], axis=0
                )
                for site in sites
            ]
            denominator = sides[0] + sides[1] - 1.0
        relative = {name: level / entry.initial[name] for name, level in values.items()}
        moved = ((name, -count) for name, count in reaction.substrates)
        quotient = _powers(relative, (*reaction.products, *reaction.displacements, *moved))
        numerator = np.prod([a**n for a, n in sites[0]], axis=0)
        return np.asarray(numerator * (1.0 - found.displacement * quotient) / denominator)

    base = {name: np.array([value]) for name, value in entry.initial.items()}
    return np.asarray(entry.law(base) / unit(base) * unit(levels))


def _n_monomials(reaction: KineticReaction) -> float:
    """Count the monomials of a mechanism's denominator, without making them."""
    if reaction.mechanism is Mechanism.HILL:
        return 3.0 ** len(reaction.substrates)
    sides = (reaction.substrates, reaction.products)
    return sum(float(np.prod([1.0 + count for _, count in side])) for side in sides) - 1.0


def _monomials(reaction: KineticReaction) -> list[Participants]:
    """Monomials of a mechanism's denominator, the constant first."""
    if reaction.mechanism is Mechanism.HILL:
        sites = [
            ((), ((s, 1.0),), ((p, 1.0),))
            for (s, _), (p, _) in zip(reaction.substrates, reaction.products, strict=True)
        ]
        return [tuple(itertools.chain(*choice)) for choice in itertools.product(*sites)]
    found: dict[Participants, None] = {}
    for members in (reaction.substrates, reaction.products):
        powers = [
            ((), *(((name, float(power)),) for power in range(1, int(count) + 1)))
            for name, count in members
        ]
        for choice in itertools.product(*powers):
            found[tuple(itertools.chain(*choice))] = None
    return list(found)


def _powers(levels: Mapping[str, FloatArray], members: Participants | Iterator[Any]) -> FloatArray:
    result: FloatArray = np.ones(len(next(iter(levels.values()))))
    for name, count in members:
        result = result * levels[name] ** count
    return result


def mass_action_ratio(reaction: KineticReaction, levels: Mapping[str, float]) -> float:
    """Mass-action ratio Q of a reaction, small molecules included."""
    logs = [count * np.log(levels[name]) for name, count in reaction.balance.items()]
    return float(np.exp(sum(logs)))


def sampled_levels(entry: LawReaction, number: int, seed: int = 0) -> dict[str, FloatArray]:
    """Concentrations around the initial ones at which laws are compared."""
    generator = np.random.default_rng(seed)
    return {
        name: value * np.exp(generator.uniform(-_SPAN, _SPAN, number))
        for name, value in entry.initial.items()
    }
