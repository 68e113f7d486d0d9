"""Reactions of kinetic SBML: their participants, and their rate laws as formulas of numbers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np

from gemwright.errors import InputError
from gemwright.kinetics.law_recognition import LawReaction, RateLaw
from gemwright.kinetics.network import Participants
from gemwright.kinetics.sbml_export import NAMESPACE
from gemwright.kinetics.sbml_formulas import Formula, FormulaError, Step, read_formula
from gemwright.kinetics.sbml_values import Values


def read_reaction(
    reaction: Any,
    values: Values,
    initial: Mapping[str, float],
    scale: float,
    source: str,
    ours: bool,
) -> LawReaction:
    """Read a reaction with its rate law.

    Parameters
    ----------
    reaction : libsbml.Reaction
        The reaction.
    values : Values
        Of the file.
    initial : mapping of str to float
        Positive initial levels of all species.
    scale : float
        From rates of the file to uM/h.
    source : str
        The file, for messages.
    ours : bool
        Whether names are in the attribute ``name``.

    Returns
    -------
    LawReaction

    Raises
    ------
    InputError
        If it has no rate law, one that cannot be evaluated, or no fixed stoichiometry.
    """
    name = reaction.getName() if ours and reaction.isSetName() else reaction.getId()
    where = f"{source}, reaction {name}"
    if reaction.isSetFast() and reaction.getFast():
        raise InputError(where, "it is fast, and so has no rate", "give it a rate law")
    law = reaction.getKineticLaw()
    if law is None or law.getMath() is None:
        raise InputError(where, "it has no kinetic law", "give it one")
    if law.isSetTimeUnits() or law.isSetSubstanceUnits():
        raise InputError(where, "its law has units of its own", "write it in those of the model")
    sides = [
        tuple(_participant(reference, values, initial, where) for reference in references)
        for references in (reaction.getListOfReactants(), reaction.getListOfProducts())
    ]
    constants = {key: value for key, value in values.initial.items() if key not in initial}
    formula = _law(law, values, where)
    _require_values(formula.names - {*initial}, constants, values, where)
    own = {species for species, _ in (*sides[0], *sides[1])}
    extras = tuple(sorted((formula.names & {*initial}) - own))
    return LawReaction(
        where,
        name,
        RateLaw(formula, constants, scale),
        sides[0],
        sides[1],
        note_of(reaction, source) or {},
        {species: initial[species] for species in (*sorted(own), *extras)},
        extras,
    )


def _law(law: Any, values: Values, where: str) -> Formula:
    """Rate law with its own parameters, and the formulas of rules, put in."""
    own = {}
    without = set()
    for parameter in (*law.getListOfParameters(), *law.getListOfLocalParameters()):
        if parameter.isSetValue():
            own[parameter.getId()] = Formula((Step(number=float(parameter.getValue())),))
        else:
            without.add(parameter.getId())
    try:
        formula = read_formula(law.getMath(), values.functions)
        lacking = sorted(formula.names & without)
        if lacking:
            raise FormulaError(f"uses {lacking[0]}, and {lacking[0]} has no value")
        return formula.put_in({**values.derived, **own})
    except FormulaError as error:
        raise InputError(where, f"its rate law {error}", "write it out in numbers") from error


def _require_values(
    used: frozenset[str], constants: Mapping[str, float], values: Values, where: str
) -> None:
    told = []
    for name in sorted(used):
        if name not in constants:
            declared = name in values.parameters
            told.append(f"{name} {'has no value' if declared else 'is not defined in the file'}")
        elif not np.isfinite(constants[name]):
            told.append(f"{name} has the value {constants[name]:g}")
    if told:
        raise InputError(
            where, f"its rate law uses names without numbers: {', '.join(told)}", "give values"
        )


def _participant(
    reference: Any, values: Values, initial: Mapping[str, float], where: str
) -> tuple[str, float]:
    """Species and stoichiometric number of a reference."""
    species = reference.getSpecies()
    if species not in initial:
        raise InputError(where, f"its species {species!r} is not in the file", "add it")
    count = _count(reference, values)
    if count is None or not positive(count):
        raise InputError(
            where,
            f"the stoichiometric number of {species} is not a fixed, positive number",
            "give one",
        )
    return species, count


def _count(reference: Any, values: Values) -> float | None:
    """Stoichiometric number of a reference; None if it has none, or one that changes."""
    if reference.getLevel() > 2:
        if not reference.getConstant():
            return None
        if reference.getId() in values.initial:
            return values.initial[reference.getId()]
        return float(reference.getStoichiometry()) if reference.isSetStoichiometry() else None
    if reference.isSetStoichiometryMath():
        try:
            formula = read_formula(reference.getStoichiometryMath().getMath(), values.functions)
        except FormulaError:
            return None
        if not formula.names <= {*values.initial} - values.species:
            return None
        with np.errstate(all="ignore"):
            return float(formula(values.initial))
    return float(reference.getStoichiometry())


def summed(entry: LawReaction) -> LawReaction:
    """Sum references to one species: a reaction with one participant for each of a side."""
    sides: list[Participants] = []
    for members in (entry.consumed, entry.produced):
        total: dict[str, float] = {}
        for species, count in members:
            total[species] = total.get(species, 0.0) + count
        sides.append(tuple(total.items()))
    return replace(entry, consumed=sides[0], produced=sides[1])


def note_of(element: Any, source: str) -> Mapping[str, str] | None:
    """Read the attributes of our annotation of an element; None if there is none."""
    if not element.isSetAnnotation():
        return None
    try:
        root = ElementTree.fromstring(element.getAnnotationString())
    except ElementTree.ParseError as error:
        where = f"{source}, {element.getElementName()} {element.getId()}"
        raise InputError(where, f"its annotation is no XML ({error})", "remove it") from error
    for child in root.iter():
        if child.tag.startswith(f"{{{NAMESPACE}}}"):
            return dict(child.attrib)
    return None


def positive(value: float) -> bool:
    """Whether a number is one, and above 0."""
    return 0.0 < value < np.inf
