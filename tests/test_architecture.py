"""The house: floors, circles, the length of modules, as docs/architecture.md tells them."""

import ast
import re
from collections import defaultdict

import pytest
from project_copy import PROJECT

PACKAGE = PROJECT / "gemwright"
ARCHITECTURE = PROJECT / "docs/architecture.md"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 400
FLOOR_ROW = re.compile(r"^\| (\d+) \| (.+?) \|", re.MULTILINE)


def floors():
    """Floor of each package and top-level module, from the table of docs/architecture.md."""
    return {
        name: int(floor)
        for floor, rooms in FLOOR_ROW.findall(ARCHITECTURE.read_text())
        for name in re.findall(r"`(\w+)`", rooms)
    }


def room_of(path):
    """Package, or top-level module, that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path):
    """Packages and top-level modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "gemwright":
            inside = node.module.split(".")[1:]
            yield from inside[:1] or [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
            yield from [name[1] for name in names if name[0] == "gemwright" and name[1:]]


def imports():
    """Rooms that each room imports, with a file that does."""
    found = defaultdict(dict)
    for path in MODULES:
        for room in imported_rooms(path):
            if room not in (room_of(path), "__version__"):
                found[room_of(path)][room] = str(path.relative_to(PROJECT))
    return found


def test_every_room_has_a_floor_and_every_floor_a_room():
    assert set(floors()) == {room_of(path) for path in MODULES} - {"__init__"}


def test_nothing_is_imported_from_a_higher_floor():
    level = floors() | {"__init__": 99}
    above = [
        f"{path} (floor {level[room]}) imports {other} (floor {level[other]})"
        for room, others in imports().items()
        for other, path in others.items()
        if level[other] > level[room]
    ]
    assert not above, above


def test_no_circle_between_packages():
    others = {room: set(found) for room, found in imports().items()}
    while leaves := {room for room in others if not others[room] & others.keys()}:
        others = {room: found for room, found in others.items() if room not in leaves}
    assert not others, others


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_long_module_says_why(path):
    lines = path.read_text().splitlines()
    if len(lines) > LONGEST:
        assert "longer than 400 lines because" in lines[0], f"{len(lines)} lines"
