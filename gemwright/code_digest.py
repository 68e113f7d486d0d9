"""A digest of the library code that a script uses.

Snakemake reruns a job when its script changes, not when a module that the script imports does.
The digest is given to every rule as a parameter, and follows the imports inside this package.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent


def _module_file(module: str) -> Path | None:
    inside = PACKAGE.parent.joinpath(*module.split("."))
    for path in (inside.with_suffix(".py"), inside / "__init__.py"):
        if path.is_file():
            return path
    return None


@cache
def _imports(path: Path) -> frozenset[Path]:
    """Files of this package that a Python file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    files = (_module_file(name) for name in names if name.split(".")[0] == PACKAGE.name)
    return frozenset(file for file in files if file is not None)


def used_modules(script: str | Path) -> list[Path]:
    """Files of this package that a script needs, directly or through other modules, sorted."""
    found: set[Path] = set()
    pending = set(_imports(Path(script)))
    while pending:
        path = pending.pop()
        found.add(path)
        pending |= _imports(path) - found
    return sorted(found)


@cache
def code_digest(script: str | Path) -> str:
    """Digest of a script and of the library code behind it.

    Comments and docstrings count too: telling what cannot change a result from what can is not
    worth a wrong guess.

    Parameters
    ----------
    script : str or Path
        A Python file that imports modules of this package, or a module of it.

    Returns
    -------
    str
        The first 16 hexadecimal digits of a SHA-256 over names and contents.
    """
    digest = hashlib.sha256()
    for path in [Path(script), *used_modules(script)]:
        digest.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
