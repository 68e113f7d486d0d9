"""Numbers, bounds and objectives of SBML, wherever its dialects keep them."""

import math
import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree

from gemwright.errors import InputError
from gemwright.gem.identifiers import plain_id
from gemwright.gem.sbml_document import CORE, FBC, SbmlDocument

#: What a bound that a file does not tell is taken for, as in cobra (mmol/gDW/h).
DEFAULT_BOUND = 1000.0

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN", re.ASCII)
_LARGEST_CHARGE = 1000
_DIRECTIONS = {"maximize": False, "minimize": True}
_BOUND_CURE = "give each reaction a lower and an upper bound, the lower one not above the other"
# operations of fbc 1: which of the two bounds they set
_SIDES = {
    "lessEqual": (1,), "less": (1,), "greaterEqual": (0,), "greater": (0,), "equal": (0, 1),
}  # fmt: skip

Bounds = Callable[[ElementTree.Element, str], tuple[float, float]]


def number(text: str, where: str, what: str) -> float:
    """Read a number as XML writes it, infinite or not.

    Raises
    ------
    InputError
        If the text is no number.
    """
    bare = text.strip(" \t\r\n")
    if len(bare) > 400 or not _NUMBER.fullmatch(bare) or bare == "NaN":
        raise InputError(where, f"its {what} {text[:40]!r} is no number", "correct it")
    return float(bare)


def finite(text: str, where: str, what: str) -> float:
    """Read a number that may not be infinite; see `number`."""
    value = number(text, where, what)
    if math.isinf(value):
        raise InputError(where, f"its {what} {text[:40]!r} is infinite", "correct it")
    return value


def charge(text: str, where: str) -> int:
    """Read a charge.

    Raises
    ------
    InputError
        If it is no whole number.
    """
    value = finite(text, where, "charge")
    if not value.is_integer() or abs(value) > _LARGEST_CHARGE:
        raise InputError(where, f"its charge {text[:40]!r} is no whole number", "correct it")
    return int(value)


def checked_bounds(low: float, high: float, where: str) -> tuple[float, float]:
    """Both bounds of a reaction, if a flux fits between them.

    Raises
    ------
    InputError
        If the lower one is above the upper one, or either is infinite on the wrong side.
    """
    if not low <= high or low == math.inf or high == -math.inf:
        raise InputError(where, f"no flux is between its bounds {low:g} and {high:g}", _BOUND_CURE)
    return low, high


def local_parameters(reaction: ElementTree.Element) -> dict[str, str]:
    """Values of the parameters in a reaction's kinetic law, by id."""
    found = {}
    for names in ("listOfParameters/{0}parameter", "listOfLocalParameters/{0}localParameter"):
        for item in reaction.iterfind(f"{CORE}kineticLaw/{CORE}{names.format(CORE)}"):
            found[item.get("id", "")] = item.get("value", "NaN")
    return found


def bounds_reader(document: SbmlDocument, changed: set[str], where: str) -> Bounds:
    """Say how the bounds of a reaction are found in a file.

    Parameters
    ----------
    document : SbmlDocument
        The file. With fbc 2 or later bounds are parameters, with fbc 1 a list of their own, and
        without fbc parameters of kinetic laws. What a file does not tell is `DEFAULT_BOUND`, or
        with fbc 1 no limit, as in cobra.
    changed : set of str
        What initial assignments and rules give a value to.
    where : str
        The file, for messages.

    Returns
    -------
    callable
        Given a ``<reaction>`` and what it is called in messages.

    Raises
    ------
    InputError
        If a bound of fbc 1 is no number, or its operation is unknown.
    """
    if document.fbc >= 2:
        parameters = {
            item.get("id", ""): item
            for item in document.model.iterfind(f"{CORE}listOfParameters/{CORE}parameter")
        }
        return lambda reaction, spot: _by_parameters(reaction, parameters, changed, where, spot)
    if document.fbc == 1:
        listed = _listed_bounds(document.model, where)
        return lambda reaction, spot: _by_list(reaction, listed, spot)
    return _by_kinetic_law


def _by_parameters(
    reaction: ElementTree.Element,
    parameters: Mapping[str, ElementTree.Element],
    changed: set[str],
    where: str,
    spot: str,
) -> tuple[float, float]:
    bounds = []
    for side, default in (("lower", -DEFAULT_BOUND), ("upper", DEFAULT_BOUND)):
        name = reaction.get(f"{FBC}{side}FluxBound")
        if name is None:
            bounds.append(default)
            continue
        if name not in parameters:
            raise InputError(
                spot,
                f"its {side} bound {name!r} is no number among the parameters",
                "add that parameter, or leave the bound out",
            )
        item = parameters[name]
        if name in changed or item.get("constant") in ("false", "0"):
            raise InputError(
                f"{where}, parameter {name!r}",
                "is a bound that is not constant",
                "make it constant, without a rule or an initial assignment",
            )
        bounds.append(number(item.get("value", "NaN"), f"{where}, parameter {name!r}", "value"))
    return checked_bounds(bounds[0], bounds[1], spot)


def _listed_bounds(model: ElementTree.Element, where: str) -> dict[str, dict[int, float]]:
    listed: dict[str, dict[int, float]] = {}
    for item in model.iter(f"{FBC}fluxBound"):
        name, operation = item.get(f"{FBC}reaction", ""), item.get(f"{FBC}operation", "")
        spot = f"{where}, bound of reaction {name!r}"
        if operation not in _SIDES:
            raise InputError(
                spot, f"its operation {operation!r} is unknown", f"use one of: {', '.join(_SIDES)}"
            )
        value = number(item.get(f"{FBC}value", "NaN"), spot, "value")
        listed.setdefault(name, {}).update(dict.fromkeys(_SIDES[operation], value))
    return listed


def _by_list(
    reaction: ElementTree.Element, listed: Mapping[str, Mapping[int, float]], spot: str
) -> tuple[float, float]:
    given = listed.get(reaction.get("id", ""), {})
    low = 0.0 if reaction.get("reversible") in ("false", "0") else -math.inf
    return checked_bounds(given.get(0, low), given.get(1, math.inf), spot)


def _by_kinetic_law(reaction: ElementTree.Element, spot: str) -> tuple[float, float]:
    given = local_parameters(reaction)
    low, high = (
        number(given[name], spot, name) if name in given else default
        for name, default in (("LOWER_BOUND", -DEFAULT_BOUND), ("UPPER_BOUND", DEFAULT_BOUND))
    )
    return checked_bounds(low, high, spot)


def objective_of(document: SbmlDocument, where: str) -> tuple[dict[str, float], bool]:
    """Objective of a file.

    Parameters
    ----------
    document : SbmlDocument
        The file: with fbc the active objective counts, without it the kinetic laws.
    where : str
        The file, for messages.

    Returns
    -------
    terms : dict of str to float
        Reaction to coefficient, without zeros, in file order; empty without an objective.
    minimise : bool
        Whether the sum is to be made as small as possible.

    Raises
    ------
    InputError
        If the active objective is not there, has an unknown type, or a coefficient is no number.
    """
    if not document.fbc:
        terms = {}
        for item in document.model.iterfind(f"{CORE}listOfReactions/{CORE}reaction"):
            text = local_parameters(item).get("OBJECTIVE_COEFFICIENT")
            if text is not None:
                name = plain_id("R_", item.get("id", ""))
                terms[name] = finite(text, f"{where}, reaction {name!r}", "objective coefficient")
        return {name: value for name, value in terms.items() if value}, False
    listing = document.model.find(f"{FBC}listOfObjectives")
    active = "" if listing is None else listing.get(f"{FBC}activeObjective", "")
    if listing is None or not active:
        return {}, False
    chosen = [
        item for item in listing.iterfind(f"{FBC}objective") if item.get(f"{FBC}id") == active
    ]
    spot = f"{where}, objective {active!r}"
    if len(chosen) != 1:
        raise InputError(
            spot,
            f"{len(chosen)} objectives have the id that 'activeObjective' names",
            "name one of the objectives in the list",
        )
    direction = chosen[0].get(f"{FBC}type", "")
    if direction not in _DIRECTIONS:
        raise InputError(
            spot, f"its type {direction!r} is unknown", f"use one of: {', '.join(_DIRECTIONS)}"
        )
    terms = {}
    for item in chosen[0].iter(f"{FBC}fluxObjective"):
        if item.get(f"{FBC}variableType", "linear") != "linear":
            raise InputError(spot, "is not linear", "give a linear objective")
        name = plain_id("R_", item.get(f"{FBC}reaction", ""))
        terms[name] = finite(
            item.get(f"{FBC}coefficient", "NaN"), f"{spot}, reaction {name!r}", "coefficient"
        )
    return {name: value for name, value in terms.items() if value}, _DIRECTIONS[direction]
