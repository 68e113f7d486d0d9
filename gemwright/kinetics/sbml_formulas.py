"""Formulas of SBML as steps on a stack: function definitions put in, nothing recursive.

A formula from a file of others may be nested as deep as the file allows, and function definitions
that call each other may unfold to more than any memory holds: both end in a message.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.io.limits import FORMULA_NODES

Value = FloatArray | float
AVOGADRO = 6.02214179e23  # the value that SBML prescribes


class FormulaError(ValueError):
    """Why a formula cannot be evaluated, for the message of who has it."""


class CalledError(FormulaError):
    """Why a function that a formula calls cannot be evaluated."""


class Step(NamedTuple):
    """A name, a number, or a function of the values before it."""

    name: str = ""
    number: float = np.nan
    function: Callable[..., Value] | None = None
    arity: int = 0


@dataclass(frozen=True)
class Formula:
    """A formula, its operands before each operator."""

    steps: tuple[Step, ...]

    @property
    def names(self) -> frozenset[str]:
        """Names that it uses."""
        return frozenset(step.name for step in self.steps if step.name)

    def __call__(self, names: Mapping[str, Value]) -> Value:
        """Value, with the values of its names."""
        stack: list[Value] = []
        for step in self.steps:
            if step.function is not None:
                start = len(stack) - step.arity
                stack[start:] = [step.function(*stack[start:])]
            else:
                stack.append(names[step.name] if step.name else step.number)
        return stack[-1]

    def put_in(self, others: Mapping[str, "Formula"]) -> "Formula":
        """Put other formulas in the place of names.

        Raises
        ------
        FormulaError
            If it becomes too long.
        """
        steps: list[Step] = []
        for step in self.steps:
            steps += others[step.name].steps if step.name in others else (step,)
            _require_short(len(steps))
        return Formula(tuple(steps))


class Definition(NamedTuple):
    """A function that a file defines."""

    parameters: tuple[str, ...]
    body: Formula


Functions = Mapping[str, Definition | CalledError]


def _require_short(length: int) -> None:
    if length > FORMULA_NODES:
        raise FormulaError(f"unfolds to more than {FORMULA_NODES:,} operations")


def _sum(*values: Value) -> Value:
    return sum(values)


def _product(*values: Value) -> Value:
    product: Value = 1.0
    for value in values:
        product = product * value
    return product


def _minus(*values: Value) -> Value:
    return -values[0] if len(values) == 1 else values[0] - values[1]


def _root(*values: Value) -> Value:
    degree, radicand = values if len(values) == 2 else (2.0, values[0])
    return np.asarray(np.power(radicand, np.true_divide(1.0, degree)))


def _log(*values: Value) -> Value:
    base, argument = values if len(values) == 2 else (10.0, values[0])
    return np.asarray(np.log(argument) / np.log(base))


_MANY = 1 << 30
_FUNCTIONS: dict[str, tuple[Callable[..., Value], int, int]] = {
    "PLUS": (_sum, 0, _MANY),
    "TIMES": (_product, 0, _MANY),
    "MINUS": (_minus, 1, 2),
    "DIVIDE": (np.true_divide, 2, 2),
    "POWER": (np.power, 2, 2),
    "FUNCTION_POWER": (np.power, 2, 2),
    "FUNCTION_EXP": (np.exp, 1, 1),
    "FUNCTION_LN": (np.log, 1, 1),
    "FUNCTION_LOG": (_log, 1, 2),
    "FUNCTION_ROOT": (_root, 1, 2),
    "FUNCTION_ABS": (np.abs, 1, 1),
}
_CONSTANTS = {
    "CONSTANT_E": float(np.e),
    "CONSTANT_PI": float(np.pi),
    "NAME_AVOGADRO": AVOGADRO,
}
_NUMBERS = frozenset({"INTEGER", "REAL", "REAL_E", "RATIONAL"})


@cache
def _kinds() -> dict[int, str]:
    """Name of each kind of node of libsbml."""
    import libsbml

    return {
        value: name.removeprefix("AST_")
        for name, value in vars(libsbml).items()
        if name.startswith("AST_") and isinstance(value, int) and "_CLASS" not in name
    }


def read_formula(root: Any, functions: Functions) -> Formula:
    """Read a formula of libsbml.

    Parameters
    ----------
    root : libsbml.ASTNode
        The formula.
    functions : mapping of str to Definition or CalledError
        What `read_functions` gives.

    Returns
    -------
    Formula

    Raises
    ------
    FormulaError
        If it uses what is not evaluated, a function has the wrong number of arguments, or the
        formula unfolds to more than `gemwright.io.limits.FORMULA_NODES` operations.
    """
    results: list[list[Step]] = []
    waiting: list[tuple[Any, bool]] = [(root, False)]
    while waiting:
        node, seen = waiting.pop()
        children = node.getNumChildren()
        if not seen and children:
            _require_known(_kinds().get(node.getType(), "UNKNOWN"))
            waiting.append((node, True))
            waiting += [(node.getChild(place), False) for place in reversed(range(children))]
            continue
        start = len(results) - children
        results[start:] = [_joined(node, results[start:], functions)]
        _require_short(len(results[-1]))
    return Formula(tuple(results[0]))


def _joined(node: Any, operands: list[list[Step]], functions: Functions) -> list[Step]:
    """Join the steps of a node's children, and its own."""
    kind = _kinds().get(node.getType(), "UNKNOWN")
    if kind == "NAME":
        return [Step(name=node.getName())]
    if kind in _NUMBERS:
        return [Step(number=float(node.getValue()))]
    if kind in _CONSTANTS:
        return [Step(number=_CONSTANTS[kind])]
    if kind == "FUNCTION":
        return _called(node.getName(), operands, functions)
    _require_known(kind)
    function, least, most = _FUNCTIONS[kind]
    if not least <= len(operands) <= most:
        named = kind.rpartition("_")[2].lower()
        raise FormulaError(f"has {named} with {_arguments(len(operands))}")
    steps = [step for operand in operands for step in operand]
    return [*steps, Step(function=function, arity=len(operands))]


def _require_known(kind: str) -> None:
    if kind not in _FUNCTIONS and kind != "FUNCTION":
        named = kind.rpartition("_")[2].lower()
        raise FormulaError(f"uses {named}, which is not evaluated")


def _called(name: str, operands: list[list[Step]], functions: Functions) -> list[Step]:
    if name not in functions:
        raise FormulaError(f"uses the function {name}, which the file does not define")
    definition = functions[name]
    if isinstance(definition, CalledError):
        raise definition
    if len(operands) != len(definition.parameters):
        raise FormulaError(f"calls {name} with {_arguments(len(operands))}")
    given = {
        parameter: Formula(tuple(operand))
        for parameter, operand in zip(definition.parameters, operands, strict=True)
    }
    return list(definition.body.put_in(given).steps)


def _arguments(number: int) -> str:
    return f"{number or 'no'} argument{'' if number == 1 else 's'}"


def read_functions(definitions: Iterable[Any]) -> dict[str, Definition | CalledError]:
    """Read the function definitions of a file.

    Parameters
    ----------
    definitions : iterable of libsbml.FunctionDefinition
        In any order.

    Returns
    -------
    dict of str to Definition or CalledError
        By identifier; the error, raised by who calls it, for one that cannot be evaluated.

    Raises
    ------
    FormulaError
        If functions call each other in a circle, or two have one name.
    """
    bodies: dict[str, Any] = {}
    parameters: dict[str, tuple[str, ...]] = {}
    for definition in definitions:
        name = definition.getId()
        if name in bodies:
            raise FormulaError(f"has two functions {name}")
        bodies[name] = definition.getBody()
        parameters[name] = tuple(
            definition.getArgument(place).getName() or ""
            for place in range(definition.getNumArguments())
        )
    calls = {name: _calls(body) & {*bodies} for name, body in bodies.items()}
    found: dict[str, Definition | CalledError] = {}
    for name in in_order(calls, "function"):
        try:
            found[name] = _defined(parameters[name], bodies[name], found)
        except CalledError as error:
            found[name] = error
        except FormulaError as error:
            found[name] = CalledError(f"calls {name}, which {error}")
    return found


def _defined(parameters: tuple[str, ...], body: Any, functions: Functions) -> Definition:
    if body is None:
        raise FormulaError("has no body")
    formula = read_formula(body, functions)
    free = formula.names - {*parameters}
    if free:
        raise FormulaError(f"uses {', '.join(sorted(free))}, which is none of its arguments")
    return Definition(parameters, formula)


def _calls(root: Any) -> set[str]:
    """Names of the functions of the file that a formula calls."""
    found = set()
    waiting = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        if _kinds().get(node.getType()) == "FUNCTION":
            found.add(node.getName())
        waiting += [node.getChild(place) for place in range(node.getNumChildren())]
    return found


def in_order(needs: Mapping[str, Iterable[str]], what: str) -> list[str]:
    """Sort names so that each comes after those that it needs.

    Raises
    ------
    FormulaError
        If there is a circle.
    """
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        names = ", ".join(dict.fromkeys(map(str, error.args[1])))
        raise FormulaError(f"has a {what} that depends on itself ({names})") from error
