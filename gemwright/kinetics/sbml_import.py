"""Kinetic models from SBML with kinetic laws.

Files of `gemwright.kinetics.sbml_export` say which mechanism a law is. The laws of other files are
recognised by what they compute: at sampled concentrations, v D(c) = F(c) - B(c) / K_eq is linear
in the coefficients of a mechanism's denominator D and in 1 / K_eq, so that each mechanism that
the stoichiometry admits is fitted by least squares and then compared with the law at other
concentrations. How a formula is written does not matter.
"""

import itertools
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from gemwright.errors import InputError
from gemwright.kinetics.network import (
    Array,
    KineticModel,
    KineticReaction,
    Mechanism,
    Participants,
)
from gemwright.kinetics.sbml_export import (
    NAMESPACE,
    identifiers_of,
    michaelis_by_place,
    rate_law,
)
from gemwright.kinetics.state import KineticState, check_state

logger = logging.getLogger(__name__)

UNKNOWN_SATURATION = 0.5  # of products whose K_M no rate depends on

_SPAN = 1.5  # laws are compared at concentrations up to e**1.5 times smaller and larger
_ALIKE = 1e-6  # relative difference of rates that are taken for the same
_EXACT = 1e-9
_UNSATURATED = 1e-8  # share of a denominator below which a species is taken not to bind
_MOST_DISPLACED = 2
_MOST_UNKNOWNS = 300
Places = dict[tuple[int, int], float]


@dataclass(frozen=True)
class _Law:
    """A kinetic law and what is needed to evaluate it."""

    math: Any
    constants: Mapping[str, float]
    scale: float

    def __call__(self, levels: Mapping[str, Array]) -> Array:
        """Rates, uM/h, at concentrations in the file's units."""
        names: dict[str, Array | float] = {**self.constants, **levels}
        with np.errstate(all="ignore"):
            return np.asarray(self.scale * _evaluate(self.math, names), dtype=np.float64)


@dataclass(frozen=True)
class _Found:
    """A recognised reaction: its K_M by (side, position) and its gamma at the initial state."""

    reaction: KineticReaction
    michaelis: Places
    displacement: float


@dataclass(frozen=True)
class _Entry:
    """A reaction of the file: species by identifier, in the file's order and units."""

    where: str
    name: str
    law: _Law
    consumed: Participants
    produced: Participants
    note: Mapping[str, str]
    initial: Mapping[str, float]
    extras: tuple[str, ...] = field(default=())


def read_sbml(path: str | Path) -> tuple[KineticModel, KineticState, Array]:
    """Read a parameterised kinetic model from SBML.

    Parameters
    ----------
    path : str or Path
        SBML of any level with a kinetic law for every reaction. Substance and time units are
        converted to umol and h where the file declares them.

    Returns
    -------
    model : KineticModel
        The network with its mechanisms; names are those that `write_sbml` was given, or the
        identifiers of other files.
    state : KineticState
        The initial concentrations and the rates there.
    saturations : numpy.ndarray
        Shape (terms,), at the initial concentrations; `UNKNOWN_SATURATION` for products of
        irreversible reactions whose K_M the file does not give.

    Raises
    ------
    InputError
        If the file cannot be read, has rules or events, holds a rate law that is none of our
        mechanisms (the reaction is named), or does not start in a steady state.
    """
    import libsbml

    document = libsbml.readSBMLFromFile(str(path))
    if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) or document.getNumErrors(
        libsbml.LIBSBML_SEV_FATAL
    ):
        what = " ".join(document.getErrorLog().toString().split())[:300]
        raise InputError(str(path), f"it cannot be read as SBML ({what})", "give valid SBML")
    sbml = document.getModel()
    if sbml is None:
        raise InputError(str(path), "it holds no model", "give an SBML file with one")
    for count, what in ((sbml.getNumRules(), "rules"), (sbml.getNumEvents(), "events")):
        if count:
            raise InputError(str(path), f"it has {count} {what}", "write the rates without them")
    for option in (
        "expandFunctionDefinitions",
        "expandInitialAssignments",
        "promoteLocalParameters",
    ):
        properties = libsbml.ConversionProperties()
        properties.addOption(option, True)
        if document.convert(properties) != libsbml.LIBSBML_OPERATION_SUCCESS:
            raise InputError(
                str(path), f"libsbml cannot convert it ({option})", "give a plainer SBML file"
            )
    return _model_of(document.getModel(), str(path))


def _model_of(sbml: Any, source: str) -> tuple[KineticModel, KineticState, Array]:
    model_note = _note_of(sbml)
    ours = model_note is not None
    volume = _common_volume(sbml, source)
    substance, per_hour = _unit_factors(sbml, source)
    concentration = substance / volume
    labels: dict[str, str] = {}
    initial: dict[str, float] = {}
    dynamic: list[str] = []
    boundary: list[str] = []
    compartments = {}
    for species in sbml.getListOfSpecies():
        identifier = species.getId()
        labels[identifier] = species.getName() if ours and species.isSetName() else identifier
        initial[identifier] = _initial_level(species, volume, source)
        constant = species.getBoundaryCondition() or species.getConstant()
        (boundary if constant else dynamic).append(identifier)
        place = sbml.getCompartment(species.getCompartment())
        if _note_of(place) is None:
            name = place.getName() if ours and place.isSetName() else place.getId()
            compartments[labels[identifier]] = name
    constants = {item.getId(): float(item.getValue()) for item in sbml.getListOfParameters()}
    constants |= {place.getId(): volume for place in sbml.getListOfCompartments()}
    entries = [
        _entry(reaction, constants, initial, concentration * per_hour, source, ours)
        for reaction in sbml.getListOfReactions()
    ]

    def build(reactions: list[KineticReaction]) -> KineticModel:
        return KineticModel(
            name=sbml.getName() or sbml.getId() or source,
            reactions=tuple(_renamed(reaction, labels) for reaction in reactions),
            dynamic=tuple(labels[identifier] for identifier in dynamic),
            boundary=tuple(labels[identifier] for identifier in boundary),
            compartments=compartments,
            dependent=tuple(
                labels[identifier] for identifier in (model_note or {}).get("dependent", "").split()
            ),
        )

    found = _declared(entries, build, constants) if ours else {}
    for entry in entries:
        if entry.name not in found:
            found[entry.name] = _recognise(entry)
    model = build([found[entry.name].reaction for entry in entries])
    levels = np.array([initial[identifier] for identifier in (*dynamic, *boundary)])
    point = {identifier: np.array([value]) for identifier, value in initial.items()}
    state = KineticState(
        np.array([entry.law(point)[0] for entry in entries]),
        levels * concentration,
        np.array([found[entry.name].displacement for entry in entries]),
    )
    check_state(model, state, f"{source} (initial concentrations)")
    by_species = dict(zip(model.species, levels, strict=True))
    saturations = []
    for term in model.terms:
        constant = found[term.reaction].michaelis.get((term.side, term.position))
        level = by_species[term.species]
        saturations.append(
            UNKNOWN_SATURATION if constant is None else float(level / (level + constant))
        )
    return model, state, np.array(saturations)


def _declared(
    entries: list[_Entry],
    build: Callable[[list[KineticReaction]], KineticModel],
    constants: Mapping[str, float],
) -> dict[str, _Found]:
    """Reactions whose annotated mechanism, with our parameters, is what their law computes."""
    reactions = [_annotated(entry) for entry in entries]
    if any(reaction is None for reaction in reactions):
        return {}
    drafts = [reaction for reaction in reactions if reaction is not None]
    model = build(drafts)
    names = identifiers_of(model)
    places = michaelis_by_place(model, names)
    found = {}
    for entry, draft, reaction in zip(entries, drafts, model.reactions, strict=True):
        wanted = [*places[reaction.name].values(), names.velocities[reaction.name]]
        if reaction.reversible:
            wanted.append(names.constants[reaction.name])
        if not all(name in constants for name in wanted):
            continue
        formula = _parsed(rate_law(reaction, names, places[reaction.name]))
        levels = _levels(entry, 20)
        expected = _Law(formula, entry.law.constants, entry.law.scale)(levels)
        if not np.allclose(entry.law(levels), expected, rtol=_EXACT, atol=0.0):
            continue
        michaelis = {place: constants[name] for place, name in places[reaction.name].items()}
        if reaction.reversible:
            gamma = _quotient(draft, entry.initial) / constants[names.constants[reaction.name]]
        else:
            gamma = float(entry.note.get("displacement", "0"))
        found[entry.name] = _Found(draft, michaelis, gamma)
    return found


def _annotated(entry: _Entry) -> KineticReaction | None:
    """Reaction as our annotation tells it; None if it does not."""
    known = {mechanism.value: mechanism for mechanism in Mechanism}
    mechanism = known.get(entry.note.get("mechanism", ""))
    if mechanism is None:
        return None
    modifiers = {}
    for key in ("displacements", "firstOrder"):
        words = entry.note.get(key, "").split()
        modifiers[key] = tuple(
            (name, float(count)) for name, count in zip(words[::2], words[1::2], strict=True)
        )
    moved = (*modifiers["displacements"], *modifiers["firstOrder"])
    # modifiers stand behind the participants
    n_substrates = len(entry.consumed) - sum(count < 0 for _, count in moved)
    n_products = len(entry.produced) - sum(count > 0 for _, count in moved)
    return KineticReaction(
        entry.name,
        mechanism,
        entry.consumed[:n_substrates],
        entry.produced[:n_products],
        modifiers["displacements"],
        modifiers["firstOrder"],
    )


def _recognise(entry: _Entry) -> _Found:
    """Mechanism that computes what a law computes."""
    if entry.extras:
        raise InputError(
            entry.where,
            f"its rate depends on {', '.join(entry.extras)}, which it neither consumes nor"
            " produces",
            "write it with one of our mechanisms, which know no effectors",
        )
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


def _as_irreversible(entry: _Entry) -> _Found | None:
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
        if np.allclose(orders, 0.0, atol=_EXACT):
            displaced.append((name, -count))
        elif np.allclose(orders, count, rtol=_EXACT):
            first_order.append((name, -count))
        elif 0.0 < orders[0] < 1.0:
            # v(2 S) / v(S) = 2 (S + K) / (2 S + K)
            substrates.append((name, count))
            constants.append(level * 2.0 * (ratios[0] - 1.0) / (2.0 - ratios[0]))
        else:
            return None
    if not substrates or not entry.produced:
        return None
    levels = _levels(entry, 50)
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
    return _Found(reaction, {(-1, place): value for place, value in enumerate(constants)}, 0.0)


def _reversible_forms(entry: _Entry) -> Iterator[KineticReaction]:
    """Reversible mechanisms that a stoichiometry admits, the plainest first."""
    moved = [(-1, item) for item in entry.consumed] + [(1, item) for item in entry.produced]
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
            if ones and len(substrates) == len(products) > 1:
                for order in itertools.permutations(products):
                    yield KineticReaction(entry.name, Mechanism.HILL, substrates, order, displaced)


def _fit(entry: _Entry, reaction: KineticReaction) -> _Found | None:
    """Parameters of a reversible mechanism, if it computes what the law computes."""
    monomials = _monomials(reaction)
    if len(monomials) > _MOST_UNKNOWNS:
        return None
    levels = _levels(entry, 3 * len(monomials) + 20)
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
    fresh = _levels(entry, 50, seed=1)
    found = _Found(reaction, michaelis, float(gamma))
    if not np.allclose(entry.law(fresh), _rates_of(entry, found, fresh), rtol=_ALIKE, atol=0.0):
        return None
    return found


def _rates_of(entry: _Entry, found: _Found, levels: Mapping[str, Array]) -> Array:
    """Rates of a recognised reversible reaction with the law's rate at the initial state."""

    def unit(values: Mapping[str, Array]) -> Array:
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


def _powers(levels: Mapping[str, Array], members: Participants | Iterator[Any]) -> Array:
    result: Array = np.ones(len(next(iter(levels.values()))))
    for name, count in members:
        result = result * levels[name] ** count
    return result


def _quotient(reaction: KineticReaction, levels: Mapping[str, float]) -> float:
    """Mass-action ratio Q of a reaction, small molecules included."""
    logs = [count * np.log(levels[name]) for name, count in reaction.balance.items()]
    return float(np.exp(sum(logs)))


def _levels(entry: _Entry, number: int, seed: int = 0) -> dict[str, Array]:
    """Concentrations around the initial ones at which laws are compared."""
    generator = np.random.default_rng(seed)
    return {
        name: value * np.exp(generator.uniform(-_SPAN, _SPAN, number))
        for name, value in entry.initial.items()
    }


def _entry(
    reaction: Any,
    constants: Mapping[str, float],
    initial: Mapping[str, float],
    scale: float,
    source: str,
    ours: bool,
) -> _Entry:
    name = reaction.getName() if ours and reaction.isSetName() else reaction.getId()
    where = f"{source}, reaction {name}"
    law = reaction.getKineticLaw()
    if law is None or law.getMath() is None:
        raise InputError(where, "it has no kinetic law", "give it one")
    sides = []
    for references in (reaction.getListOfReactants(), reaction.getListOfProducts()):
        members = []
        for reference in references:
            count = reference.getStoichiometry()
            fixed = reference.getConstant() or reaction.getLevel() < 3
            if not fixed or reference.isSetStoichiometryMath() or not count > 0:
                raise InputError(
                    where,
                    f"the stoichiometric number of {reference.getSpecies()} is not a fixed,"
                    " positive number",
                    "give one",
                )
            members.append((reference.getSpecies(), float(count)))
        sides.append(tuple(members))
    used = _names_in(law.getMath())
    unknown = sorted(used - {*constants, *initial})
    if unknown:
        raise InputError(
            where,
            f"its rate law uses {', '.join(unknown)}, which the file does not define by a number",
            "give it a constant value",
        )
    own = {species for species, _ in (*sides[0], *sides[1])}
    extras = tuple(sorted((used & {*initial}) - own))
    return _Entry(
        where,
        name,
        _Law(law.getMath(), constants, scale),
        sides[0],
        sides[1],
        _note_of(reaction) or {},
        {species: initial[species] for species in (*sorted(own), *extras)},
        extras,
    )


def _renamed(reaction: KineticReaction, labels: Mapping[str, str]) -> KineticReaction:
    def rename(members: Participants) -> Participants:
        return tuple((labels[name], count) for name, count in members)

    return KineticReaction(
        reaction.name,
        reaction.mechanism,
        rename(reaction.substrates),
        rename(reaction.products),
        rename(reaction.displacements),
        rename(reaction.first_order),
    )


def _common_volume(sbml: Any, source: str) -> float:
    volumes = {}
    for place in sbml.getListOfCompartments():
        volumes[place.getId()] = float(place.getSize()) if place.isSetSize() else 1.0
        if not place.getConstant():
            raise InputError(
                f"{source}, compartment {place.getId()}", "its volume changes", "make it constant"
            )
    if len(set(volumes.values())) > 1 or not all(size > 0 for size in volumes.values()):
        told = ", ".join(f"{name} {size:g}" for name, size in volumes.items())
        raise InputError(
            source,
            f"the compartments have different volumes ({told})",
            "give all compartments the same volume",
        )
    return next(iter(volumes.values()), 1.0)


def _initial_level(species: Any, volume: float, source: str) -> float:
    """Read the initial value of what a species' identifier means in formulas."""
    amounts = species.getHasOnlySubstanceUnits()
    if amounts and volume != 1.0:
        raise InputError(
            f"{source}, species {species.getId()}",
            "formulas mean its amount, and the volume is not 1",
            "set hasOnlySubstanceUnits to false",
        )
    if species.isSetInitialConcentration():
        return float(species.getInitialConcentration())
    if species.isSetInitialAmount():
        return float(species.getInitialAmount()) / volume
    raise InputError(
        f"{source}, species {species.getId()}",
        "it has no initial concentration",
        "give the concentrations of a steady state",
    )


def _unit_factors(sbml: Any, source: str) -> tuple[float, float]:
    """Umol in the file's unit of substance, and its units of time in an hour."""
    import libsbml

    found = []
    for what, declared, kinds, size in (
        ("substance", sbml.getSubstanceUnits(), {libsbml.UNIT_KIND_MOLE: 1e6}, 1.0),
        ("time", sbml.getTimeUnits(), {libsbml.UNIT_KIND_SECOND: 1.0 / 3600}, 1.0),
    ):
        definition = sbml.getUnitDefinition(declared or what)
        factor = None
        if definition is not None and definition.getNumUnits() == 1:
            unit = definition.getUnit(0)
            if unit.getKind() in kinds and unit.getExponentAsDouble() == 1:
                scaled = unit.getMultiplier() * 10.0 ** unit.getScale()
                factor = kinds[unit.getKind()] * scaled
        elif definition is None and (declared or sbml.getLevel() < 3):
            # level 2 without a word on units means moles and seconds
            default = {"substance": "mole", "time": "second"}[what]
            if (declared or default) == default:
                factor = next(iter(kinds.values()))
        if factor is None:
            logger.warning("%s: the unit of %s is not told; umol and h are taken", source, what)
            factor = size
        found.append(factor)
    return found[0], 1.0 / found[1]


def _note_of(element: Any) -> Mapping[str, str] | None:
    """Attributes of our annotation of an element; None if there is none."""
    if not element.isSetAnnotation():
        return None
    for child in ElementTree.fromstring(element.getAnnotationString()).iter():
        if child.tag.startswith(f"{{{NAMESPACE}}}"):
            return dict(child.attrib)
    return None


def _parsed(formula: str) -> Any:
    import libsbml

    math = libsbml.parseL3Formula(formula)
    if math is None:
        raise RuntimeError(f"{formula}: {libsbml.getLastParseL3Error()}")
    return math


def _names_in(node: Any) -> set[str]:
    names = {node.getName()} if node.isName() else set()
    for place in range(node.getNumChildren()):
        names |= _names_in(node.getChild(place))
    return names


def _evaluate(node: Any, names: Mapping[str, Array | float]) -> Array | float:
    """Value of a formula; not a number where it uses what rate laws of ours do not."""
    import libsbml

    if node.isName():
        return names[node.getName()]
    if node.isNumber():
        return float(node.getValue())
    values = [_evaluate(node.getChild(place), names) for place in range(node.getNumChildren())]
    kind = node.getType()
    if kind == libsbml.AST_PLUS:
        return sum(values)
    if kind == libsbml.AST_TIMES:
        product: Array | float = 1.0
        for value in values:
            product = product * value
        return product
    if kind == libsbml.AST_MINUS:
        return -values[0] if len(values) == 1 else values[0] - values[1]
    if kind == libsbml.AST_DIVIDE:
        return np.true_divide(values[0], values[1])
    if kind in (libsbml.AST_POWER, libsbml.AST_FUNCTION_POWER):
        return np.power(values[0], values[1])
    if kind == libsbml.AST_FUNCTION_EXP:
        return np.exp(values[0])
    return np.nan
