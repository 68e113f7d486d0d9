"""What the names in a kinetic SBML file stand for at the start: numbers, or formulas."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gemwright.errors import InputError
from gemwright.kinetics.sbml_formulas import (
    Formula,
    FormulaError,
    Functions,
    in_order,
    read_formula,
    read_functions,
)

logger = logging.getLogger(__name__)

_PLAIN = "write the rates without them"


@dataclass(frozen=True)
class Values:
    """Numbers behind names.

    Attributes
    ----------
    initial : dict of str to float
        At the start, by identifier: compartments mean their size; parameters; species mean their
        concentration, or amount where the file says so, in the file's units; references to species
        their stoichiometric number.
    derived : dict of str to Formula
        Parameters that follow species by an assignment rule.
    functions : mapping
        Of the file.
    species, parameters : frozenset of str
        Of the file, with a value or without.
    """

    initial: Mapping[str, float]
    derived: Mapping[str, Formula]
    functions: Functions
    species: frozenset[str]
    parameters: frozenset[str]


def read_values(sbml: Any, source: str) -> Values:
    """Read sizes, parameters and initial levels, and compute initial assignments.

    Parameters
    ----------
    sbml : libsbml.Model
        The model.
    source : str
        The file, for messages.

    Returns
    -------
    Values
        A name without a value is in none of its tables, but compartments without a size have 1,
        with a warning.

    Raises
    ------
    InputError
        If the file has events, rules other than assignments of parameters, two things of one
        name, or a formula that cannot be evaluated or depends on itself.
    """
    _require_own_names(sbml, source)
    _refuse_events(sbml, source)
    rules = _assigned_parameters(sbml, source)
    try:
        functions = read_functions(sbml.getListOfFunctionDefinitions())
    except FormulaError as error:
        raise InputError(source, f"it {error}", "correct the functions") from error
    formulas = {
        item.getSymbol(): _formula(item.getMath(), functions, f"{source}, {item.getSymbol()}")
        for item in sbml.getListOfInitialAssignments()
    }
    rule_formulas = {
        name: _formula(math, functions, f"{source}, {name}") for name, math in rules.items()
    }
    values: dict[str, float] = {}
    without = []
    for place in sbml.getListOfCompartments():
        values[place.getId()] = float(place.getSize()) if place.isSetSize() else 1.0
        # level 1 says that the size is 1 then
        if not place.isSetSize() and place.getId() not in formulas and sbml.getLevel() > 1:
            without.append(place.getId())
    if without:
        logger.warning(
            "%s: no size is given for the compartments %s; 1 is assumed", source, ", ".join(without)
        )
    for item in sbml.getListOfParameters():
        if item.isSetValue():
            values[item.getId()] = float(item.getValue())
    for reference in _references(sbml):
        if reference.getId() and reference.isSetStoichiometry():
            values[reference.getId()] = float(reference.getStoichiometry())
    levels = {species.getId(): _level(species) for species in sbml.getListOfSpecies()}
    values = _computed(values, levels, formulas | rule_formulas, source)
    return Values(
        values,
        _following(rule_formulas, {*levels}, source),
        functions,
        frozenset(levels),
        frozenset(item.getId() for item in sbml.getListOfParameters()),
    )


def _computed(
    values: dict[str, float],
    levels: Mapping[str, tuple[str, Callable[[float], float]] | None],
    formulas: Mapping[str, Formula],
    source: str,
) -> dict[str, float]:
    """Values with those that are computed from others."""
    values = {name: value for name, value in values.items() if name not in formulas}
    needs: dict[str, Iterable[str]] = {name: formula.names for name, formula in formulas.items()}
    needs |= {name: {level[0]} for name, level in levels.items() if level and name not in formulas}
    try:
        order = in_order(needs, "value")
    except FormulaError as error:
        raise InputError(source, f"it {error}", "give numbers") from error
    for name in order:
        if name in formulas:
            if formulas[name].names <= values.keys():
                with np.errstate(all="ignore"):
                    values[name] = float(formulas[name](values))
        elif name in levels and (level := levels[name]) is not None and level[0] in values:
            values[name] = level[1](values[level[0]])
    return values


def _following(rules: Mapping[str, Formula], species: set[str], source: str) -> dict[str, Formula]:
    """Formulas, of species and numbers only, of parameters that follow species."""
    found: dict[str, Formula] = {}
    for name in in_order({name: rule.names for name, rule in rules.items()}, "rule"):
        if name in rules:
            try:
                whole = rules[name].put_in(found)
            except FormulaError as error:
                raise InputError(f"{source}, {name}", f"its rule {error}", "simplify it") from error
            if whole.names & species:
                found[name] = whole
    return found


def _level(species: Any) -> tuple[str, Callable[[float], float]] | None:
    """Compartment of a species, and what its identifier means in formulas, of the size."""
    amounts = species.getHasOnlySubstanceUnits()
    place = species.getCompartment()
    if species.isSetInitialConcentration():
        level = float(species.getInitialConcentration())
        return place, (lambda size: level * size) if amounts else (lambda size: level)
    if species.isSetInitialAmount():
        amount = float(species.getInitialAmount())
        if amounts:
            return place, lambda size: amount
        return place, lambda size: amount / size if size else np.nan
    return None


def _formula(math: Any, functions: Functions, where: str) -> Formula:
    if math is None:
        raise InputError(where, "its assignment has no formula", "give it one")
    try:
        return read_formula(math, functions)
    except FormulaError as error:
        raise InputError(where, f"its assignment {error}", "give a number") from error


def _references(sbml: Any) -> Iterable[Any]:
    for reaction in sbml.getListOfReactions():
        yield from reaction.getListOfReactants()
        yield from reaction.getListOfProducts()


def _require_own_names(sbml: Any, source: str) -> None:
    seen: set[str] = set()
    for what, items in (
        ("compartment", sbml.getListOfCompartments()),
        ("species", sbml.getListOfSpecies()),
        ("parameter", sbml.getListOfParameters()),
        ("reaction", sbml.getListOfReactions()),
    ):
        for item in items:
            name = item.getId()
            if not name:
                raise InputError(source, f"a {what} has no identifier", "give it one")
            if name in seen:
                raise InputError(f"{source}, {what} {name}", "it stands there twice", "rename one")
            seen.add(name)


def _refuse_events(sbml: Any, source: str) -> None:
    names = [
        event.getId() or event.getName() or "without a name" for event in sbml.getListOfEvents()
    ]
    if names:
        raise InputError(source, f"it has {len(names)} events ({', '.join(names)})", _PLAIN)


def _assigned_parameters(sbml: Any, source: str) -> dict[str, Any]:
    """Formulas of the parameters that assignment rules set; other rules are refused."""
    refused = []
    found: dict[str, Any] = {}
    for rule in sbml.getListOfRules():
        name = rule.getVariable()
        if rule.isAssignment() and sbml.getParameter(name) is not None and name not in found:
            found[name] = rule.getMath()
        else:
            refused.append(name or "algebraic")
    if refused:
        raise InputError(source, f"it has {len(refused)} rules ({', '.join(refused)})", _PLAIN)
    return found
