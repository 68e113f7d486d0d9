"""Units of kinetic SBML: how many umol, hours and litres those of a file are."""

import logging
from typing import Any

from gemwright.errors import InputError
from gemwright.kinetics.sbml_formulas import AVOGADRO

logger = logging.getLogger(__name__)

_MICROMOLES, _LITRES_OF_CUBE, _SECONDS = 1e6, 1e3, 3600.0
# kinds that a unit may have: its size in the base unit, and the base unit with its exponent
_KINDS: dict[str, tuple[float, str, float]] = {
    "mole": (_MICROMOLES, "umol", 1.0),
    "item": (_MICROMOLES / AVOGADRO, "umol", 1.0),
    "litre": (1.0, "litre", 1.0),
    "liter": (1.0, "litre", 1.0),
    "metre": (_LITRES_OF_CUBE ** (1 / 3), "litre", 1 / 3),
    "meter": (_LITRES_OF_CUBE ** (1 / 3), "litre", 1 / 3),
    "second": (1.0 / _SECONDS, "hour", 1.0),
    "dimensionless": (1.0, "", 0.0),
    "avogadro": (AVOGADRO, "", 0.0),
}
_BASE = {"substance": "umol", "time": "hour", "volume": "litre"}
_DEFAULT = {"substance": "mole", "time": "second", "volume": "litre"}  # of level 1 and 2
_ROUND = 1e-9


def unit_size(sbml: Any, what: str, declared: str, source: str) -> float:
    """Size of a unit.

    Parameters
    ----------
    sbml : libsbml.Model
        The model, with its unit definitions.
    what : str
        ``substance``, ``time`` or ``volume``.
    declared : str
        Identifier of the unit; ``""`` where none is declared: the default of level 1 and 2, which
        a definition of that name may replace.
    source : str
        The file, for messages.

    Returns
    -------
    float
        In umol, hours or litres; 1 with a warning where nothing tells it.

    Raises
    ------
    InputError
        If it is a unit of something else.
    """
    base = _BASE[what]
    name = declared or (what if sbml.getLevel() < 3 else "")
    definition = sbml.getUnitDefinition(name) if name else None
    if definition is not None:
        size, dimensions = _of_definition(definition, f"{source}, unit {name}")
    elif name:
        if name == what and sbml.getLevel() < 3:
            name = _DEFAULT[what]
        size, dimensions = _of_kind(name, 1.0, f"{source}, unit {name}")
    else:
        size, dimensions = 1.0, {}
    if not dimensions:
        logger.warning("%s: the unit of %s is not given; %s is assumed", source, what, base)
        return 1.0
    if dimensions != {base: 1.0}:
        raise InputError(
            f"{source}, unit {name}",
            f"it is no unit of {what}",
            f"give one made of {_DEFAULT[what]}",
        )
    if not 0.0 < size < float("inf"):
        raise InputError(f"{source}, unit {name}", f"its size is {size:g}", "correct it")
    return size


def _of_definition(definition: Any, where: str) -> tuple[float, dict[str, float]]:
    import libsbml

    size = 1.0
    total: dict[str, float] = {}
    for unit in definition.getListOfUnits():
        kind = libsbml.UnitKind_toString(unit.getKind())
        exponent = unit.getExponentAsDouble()
        scaled = unit.getMultiplier() * 10.0 ** min(max(unit.getScale(), -300), 300)
        part, dimensions = _of_kind(kind, exponent, where)
        try:
            size *= part * scaled**exponent
        except (OverflowError, ZeroDivisionError) as error:
            what = f"its size cannot be computed ({error})"
            raise InputError(where, what, "correct it") from error
        if isinstance(size, complex) or size != size:
            raise InputError(where, "its size is no number", "correct it")
        for base, power in dimensions.items():
            total[base] = total.get(base, 0.0) + power
    return size, {
        base: float(round(power, 9)) for base, power in total.items() if abs(power) > _ROUND
    }


def _of_kind(kind: str, exponent: float, where: str) -> tuple[float, dict[str, float]]:
    if kind not in _KINDS:
        known = ", ".join(_KINDS)
        raise InputError(where, f"the unit {kind!r} is not known here", f"use one of {known}")
    size, base, power = _KINDS[kind]
    try:
        return size**exponent, {base: power * exponent} if base else {}
    except OverflowError as error:
        raise InputError(where, f"the exponent {exponent:g} is too large", "correct it") from error
