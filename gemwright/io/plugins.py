"""Classes and functions by their place: a module of gemwright, or a Python file of the user's."""

import ast
import importlib.util
import symtable
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from gemwright.errors import InputError


def is_own(place: str) -> bool:
    """Whether a place, or a name in a registry, is in a file of the user's."""
    return place.rpartition(":")[0].endswith(".py")


def name_of(place: str) -> str:
    """Name of the class or function of a place; of a name in a registry, that name."""
    return place.rpartition(":")[2]


def source_file(place: str) -> Path:
    """File of a place, ``file.py:Name`` or ``module:Name``."""
    where, _, _ = place.rpartition(":")
    if is_own(place):
        return Path(where)
    return Path(__file__).parents[2].joinpath(*where.split(".")).with_suffix(".py")


def check(place: str) -> None:
    """Make sure that a file of the user's has the class or function that is asked for.

    The file is not executed.

    Parameters
    ----------
    place : str
        ``file.py:Name``, the file relative to the working directory.

    Raises
    ------
    InputError
        If there is no such file, it is no Python, or nothing in it has that name.
    """
    path, _, name = place.rpartition(":")
    if not (is_own(place) and Path(path).is_file()):
        raise InputError(place, "names no Python file", "write it as 'file.py:Name'")
    try:
        text = Path(path).read_text(encoding="utf-8")
        ast.parse(text, path)
        table = symtable.symtable(text, path, "exec")
    except (SyntaxError, ValueError) as error:
        raise InputError(path, f"is no Python ({error})", "correct the file") from error
    except (RecursionError, MemoryError) as error:  # so the parser of Python tells depth
        raise InputError(path, "is nested too deep for Python", "write it plainly") from error
    symbols = table.get_symbols()
    bound = [symbol for symbol in symbols if symbol.is_assigned() or symbol.is_imported()]
    if name not in [symbol.get_name() for symbol in bound]:
        there = ", ".join(symbol.get_name() for symbol in symbols if symbol.is_namespace())
        raise InputError(path, f"has no {name!r}", f"known names: {there or 'none'}")


def load(place: str) -> Any:
    """Load a class or function.

    Parameters
    ----------
    place : str
        ``module:Name``, or ``file.py:Name`` with the file relative to the working directory.

    Raises
    ------
    InputError
        If a file of the user's has no such class or function, or cannot be executed.
    """
    where, _, name = place.rpartition(":")
    if not is_own(place):
        return getattr(importlib.import_module(where), name)
    check(place)
    return getattr(_module(Path(where).resolve()), name)


def make(place: str, options: Mapping[str, Any] | None = None) -> Any:
    """Call the class of a place with options as keywords; arguments and errors as in `load`.

    Raises
    ------
    InputError
        If it does not take the options.
    """
    kind, given = load(place), dict(options or {})
    try:
        return kind(**given)
    except TypeError as error:
        raise InputError(
            place, f"does not take the options {sorted(given)} ({error})", "see its options"
        ) from error


def _module(path: Path) -> ModuleType:
    # by a name that hides no other module's; kept, since dataclasses and pickles ask for it
    name = f"file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(str(path), f"cannot be run ({error!r})", "correct the file") from error
    return module
