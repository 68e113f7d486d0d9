"""docs/inputs.md quotes the messages of the code."""

import ast
import re
from pathlib import Path

import gemwright

PACKAGE = Path(gemwright.__file__).parent
DOCUMENT = Path(__file__).parents[1] / "docs" / "inputs.md"


def told():
    """Messages of the tables whose first column is headed ``message``."""
    rows, inside = [], False
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| message |"):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("| ---"):
            rows.append(re.fullmatch(r"`(.+)`", cells[0])[1])
    return rows


def texts_of_the_code():
    """Every text of the library, joined where Python joins it; `…` where a value is put in."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (
                    str(part.value) if isinstance(part, ast.Constant) else "…"
                    for part in node.values
                )
                found.append("".join(parts))
    return "\n".join(found)


def test_the_messages_of_the_document_are_those_of_the_code():
    code = texts_of_the_code()
    lost = [
        message
        for message in told()
        for part in re.split("…|; ", message)
        if part.strip(" ,:'()") and part.strip(" ") not in code
    ]
    assert lost == []
