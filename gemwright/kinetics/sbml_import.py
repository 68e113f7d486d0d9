"""Kinetic models from SBML with kinetic laws.

Files of `gemwright.kinetics.sbml_export` say which mechanism a law is. The laws of other files are
recognised by `law_recognition`.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.kinetics.law_recognition import (
    EXACT,
    LawReaction,
    RateLaw,
    Recognised,
    mass_action_ratio,
    recognise,
    sampled_levels,
)
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.sbml_export import NAMESPACE, identifiers_of, michaelis_by_place, rate_law
from gemwright.kinetics.state import KineticState, check_state

logger = logging.getLogger(__name__)

UNKNOWN_SATURATION = 0.5  # of products whose K_M no rate depends on


def read_sbml(path: str | Path) -> tuple[KineticModel, KineticState, FloatArray]:
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


def _model_of(sbml: Any, source: str) -> tuple[KineticModel, KineticState, FloatArray]:
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
            reactions=tuple(reaction.renamed(labels.__getitem__) for reaction in reactions),
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
            found[entry.name] = recognise(entry)
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
    entries: list[LawReaction],
    build: Callable[[list[KineticReaction]], KineticModel],
    constants: Mapping[str, float],
) -> dict[str, Recognised]:
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
        formula = rate_law(reaction, names, places[reaction.name])
        levels = sampled_levels(entry, 20)
        expected = RateLaw(formula, entry.law.constants, entry.law.scale)(levels)
        if not np.allclose(entry.law(levels), expected, rtol=EXACT, atol=0.0):
            continue
        michaelis = {place: constants[name] for place, name in places[reaction.name].items()}
        if reaction.reversible:
            gamma = (
                mass_action_ratio(draft, entry.initial) / constants[names.constants[reaction.name]]
            )
        else:
            gamma = float(entry.note.get("displacement", "0"))
        found[entry.name] = Recognised(draft, michaelis, gamma)
    return found


def _annotated(entry: LawReaction) -> KineticReaction | None:
    """Reaction as our annotation gives it; None if it does not."""
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


def _entry(
    reaction: Any,
    constants: Mapping[str, float],
    initial: Mapping[str, float],
    scale: float,
    source: str,
    ours: bool,
) -> LawReaction:
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
    return LawReaction(
        where,
        name,
        RateLaw(law.getMath(), constants, scale),
        sides[0],
        sides[1],
        _note_of(reaction) or {},
        {species: initial[species] for species in (*sorted(own), *extras)},
        extras,
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
        listed = ", ".join(f"{name} {size:g}" for name, size in volumes.items())
        raise InputError(
            source,
            f"the compartments have different volumes ({listed})",
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
            logger.warning("%s: the unit of %s is not given; umol and h are assumed", source, what)
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


def _names_in(node: Any) -> set[str]:
    names = {node.getName()} if node.isName() else set()
    for place in range(node.getNumChildren()):
        names |= _names_in(node.getChild(place))
    return names
