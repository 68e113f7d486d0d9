"""A digest of the library code that a script uses; each rule has that of its script as a parameter.

Only code counts: comments, docstrings and layout change nothing. A file uses

- what it imports anywhere, but not under ``if TYPE_CHECKING``, and the packages above it, which
  Python executes first;
- modules whose dotted name is one of its strings, with or without ``:Name``, as in registries;
- the package's own ``__init__`` only if it takes a name from it. If that name may be a lazy one (it
  does not begin with ``__``), all modules that the strings of ``__init__`` name are used as well.
"""

import ast
import hashlib
import json
import re
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from gemwright.errors import InputError
from gemwright.io.files import write_text

PACKAGE = Path(__file__).parent
_END = object()  # of a list
_NO_CODE = {"ctx", "kind", "type_comment", "type_ignores"}  # they follow from others, or are notes


class _Source(NamedTuple):
    """A Python file: digest of its code, dotted names that it imports or has as strings."""

    code: str
    imports: list[str]
    strings: list[str]


def _read(content: bytes, path: Path) -> _Source:
    tokens: list[str] = []
    imports: set[str] = set()
    strings: set[str] = set()
    dotted = re.compile(rf"\A({PACKAGE.name}(?:\.\w+)+)(?::\w+)?\Z")

    # without recursion: a sum of hundreds of texts is as deep a tree
    pending: list[Any] = [ast.parse(content, str(path))]
    while pending:
        node = pending.pop()
        if node is _END:
            tokens.append("]")
        elif isinstance(node, ast.AST):
            if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
                node.body = []
            elif isinstance(node, ast.Import):
                imports.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imports.update(f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.update(dotted.findall(node.value))
            tokens.append(type(node).__name__)
            told = [field for field in node._fields if field not in _NO_CODE]
            pending += [getattr(node, field) for field in reversed(told)]
        elif isinstance(node, list):
            tokens.append("[")
            pending.append(_END)
            pending += [item for item in reversed(node) if not _does_nothing(item)]
        else:
            tokens.append(repr(node))

    own = sorted(name for name in imports if name.split(".")[0] == PACKAGE.name)
    return _Source(_sha256("\n".join(tokens).encode()), own, sorted(strings))


def _does_nothing(item: Any) -> bool:
    """Whether an item of a list is a statement without effect, such as a docstring."""
    constant = isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)
    return constant or isinstance(item, ast.Pass)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _file(module: str) -> Path:
    path = PACKAGE.parent.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _modules() -> dict[str, _Source]:
    """Every module of the package by its dotted name.

    What was read is kept beside the bytecode, by the content of each file and of this one.
    """
    kept = PACKAGE / "__pycache__" / f"code_digest.{sys.implementation.cache_tag}.json"
    try:
        known = json.loads(kept.read_text())
    except (OSError, ValueError):  # not there yet, or damaged: all is read again
        known = {}
    own = Path(__file__).read_bytes()
    found: dict[str, list[Any]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        content = path.read_bytes()
        key = _sha256(own + content)
        entry = known.get(name, [""])
        found[name] = entry if entry[0] == key else [key, *_read(content, path)]
    if found != known:
        with suppress(InputError, OSError):  # as in a place of another user: starts take longer
            write_text(kept, json.dumps(found))
    return {name: _Source(*entry[1:]) for name, entry in found.items()}


def _used(source: _Source) -> list[str]:
    """Dotted names of the modules that a file needs, directly or through others, sorted."""
    modules, face = _modules(), PACKAGE.name
    found: set[str] = set()
    pending = {*source.imports, *(modules.keys() & source.strings)}
    while pending:
        parts = pending.pop().split(".")
        reached = {".".join(parts[:end]) for end in range(2, len(parts) + 1)} & modules.keys()
        if not reached and not parts[-1].startswith("__"):  # a public name
            pending |= modules.keys() & modules[face].strings
        for name in (reached or {face}) - found:
            found.add(name)
            pending.update(modules[name].imports)
            if name != face:
                pending |= modules.keys() & modules[name].strings
    return sorted(found)


def used_modules(script: str | Path) -> list[Path]:
    """Files of this package that a Python file needs, directly or through other modules, sorted."""
    path = Path(script)
    return sorted(_file(name) for name in _used(_read(path.read_bytes(), path)))


@cache
def code_digest(script: str | Path) -> str:
    """Digest of the code of a script and of the modules behind it.

    Parameters
    ----------
    script : str or Path
        A Python file that uses modules of this package, or a module of it.

    Returns
    -------
    str
        The first 16 hexadecimal digits of a SHA-256 over names and code.

    Raises
    ------
    SyntaxError
        If the script or a module of this package is not Python.
    """
    path = Path(script)
    source = _read(path.read_bytes(), path)
    modules = _modules()
    told = [f"{path.parent.name}/{path.name} {source.code}"]
    told += [f"{name} {modules[name].code}" for name in _used(source)]
    return _sha256("\n".join(told).encode())[:16]
