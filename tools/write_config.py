"""Write config.yaml, its schema and the tables of its README from gemwright/config (`make config`).

With ``--check`` nothing is written, and the exit code is 1 if a file is not as it would be written.
"""

import argparse
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import yaml
from pydantic import TypeAdapter

from gemwright.config.checks import keys
from gemwright.config.physiologies import KINDS
from gemwright.config.section import STRICT, Section
from gemwright.config.whole import Config
from gemwright.io.files import write_text

PROJECT = Path(__file__).parents[1]
YAML = PROJECT / "config/config.yaml"
SCHEMA = PROJECT / "workflow/schemas/config.schema.yaml"
README = PROJECT / "config/README.md"
_LONGEST_DEFAULT = 40
_COMMENTED = re.compile(r"((?:^    #: .*\n)+)    (\w+):", re.MULTILINE)


def descriptions(kind: type[Section]) -> dict[str, str]:
    """Key to the comment above it (``#:``), in a section and the classes that it is made of."""
    found = {}
    for part in reversed(kind.__mro__[:-2]):
        for text, key in _COMMENTED.findall(inspect.getsource(part)):
            found[key] = " ".join(line.strip()[3:] for line in text.splitlines())
    return found


def defaults(kind: type[Section]) -> dict[str, Any]:
    """Key to its default as YAML has it; keys that have none are left out."""
    values = {}
    for item in fields(kind):
        if item.default_factory is not MISSING:
            values[item.name] = plain(item.default_factory())
        elif item.default is not MISSING:
            values[item.name] = plain(item.default)
    return {key: values[key] for key in keys(kind) if key in values}


def plain(value: Any) -> Any:
    """Return a value as YAML has it; an entry is written without what it may leave out."""
    if isinstance(value, Section):
        kind, left_out = type(value), {} if value.complete else defaults(type(value))
        told = {key: plain(getattr(value, key)) for key in keys(kind)}
        return {key: told[key] for key in told if key not in left_out or told[key] != left_out[key]}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def kinds_in(hint: Any) -> list[type[Section]]:
    """Sections that a value of a type may be, or that each value of a mapping may be."""
    if isinstance(hint, type) and issubclass(hint, Section):
        return [hint]
    return [kind for part in get_args(hint) for kind in kinds_in(part)]


# -- config.yaml


def config_text() -> str:
    """Text of config.yaml, below the comment that it begins with."""
    head = re.match(r"(#.*\n)*", YAML.read_text())
    lines = [head[0] if head else ""]
    for key, value in plain(Config()).items():
        lines += (
            ["\n", f"{key}:\n", *_lines(value, "  ")]
            if isinstance(value, dict)
            else _lines({key: value}, "")
        )
    return "".join(lines)


def _lines(values: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in values.items():
        if value and isinstance(value, dict) and all(isinstance(v, dict) for v in value.values()):
            yield f"{indent}{key}:\n"
            yield from _lines(value, indent + "  ")
        else:
            yield f"{indent}{key}: {_flow(value)}\n"


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)
    return text.removesuffix("...\n").strip()


# -- the schema


def schema_text() -> str:
    """Text of the JSON schema."""
    head = "# JSON schema of config/config.yaml, written by `make config` from gemwright/config.\n"
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **section_schema(Config)}
    return head + yaml.safe_dump(schema, sort_keys=False, width=100)


def section_schema(kind: type[Section]) -> dict[str, Any]:
    """JSON schema of a section."""
    told, given = descriptions(kind), defaults(kind)
    hints = get_type_hints(kind, include_extras=True)
    properties = {}
    for key, hint in keys(kind).items():
        schema = value_schema(hints[key])
        if key in told:
            schema = {"description": told[key].replace("`", ""), **schema}
        if key in given and kinds_in(hint) != [hint]:
            schema["default"] = given[key]
        properties[key] = schema
    return {
        "description": inspect.getdoc(kind),
        "type": "object",
        "additionalProperties": False,
        "required": [key for key in properties if kind.complete or key not in given],
        "properties": properties,
    }


def value_schema(hint: Any) -> dict[str, Any]:
    """JSON schema of a value of a type, which may be made of sections."""
    kinds = kinds_in(hint)
    if get_origin(hint) is Annotated and kinds:
        return value_schema(get_args(hint)[0])
    if get_origin(hint) is dict and kinds:
        names, values = get_args(hint)
        named = TypeAdapter(names, config=STRICT).json_schema()
        return {
            "type": "object",
            "propertyNames": named,
            "additionalProperties": value_schema(values),
        }
    if not kinds:
        return TypeAdapter(hint, config=STRICT).json_schema()
    schemas = [section_schema(kind) for kind in kinds]
    return schemas[0] if len(schemas) == 1 else {"oneOf": schemas}


# -- README.md


def readme_text() -> str:
    """Text of config/README.md with its tables as they should be."""
    text = README.read_text()
    entries = [row for kind in KINDS.values() for row in rows(kind, "")]
    for name, found in (("keys", rows(Config, "")), ("physiologies", entries)):
        table = "".join(["| key | default | meaning |\n", "|---|---|---|\n", *found])
        block = re.compile(rf"(<!-- {name}[^>]* -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text, count = block.subn(lambda match, table=table: match[1] + table + match[2], text)
        if count != 1:
            raise SystemExit(f"config/README.md: there are {count} blocks <!-- {name} -->, want 1")
    return text


def rows(kind: type[Section], prefix: str) -> Iterator[str]:
    """Lines of a table for the keys of a section, those of sections in it, and of its entries."""
    told, given = descriptions(kind), defaults(kind)
    for key, hint in keys(kind).items():
        inner = kinds_in(hint)
        if inner == [hint]:
            yield from rows(hint, f"{prefix}{key}.")
            continue
        default = "" if "<" in prefix else _default(given[key]) if key in given else ""
        yield f"| `{prefix}{key}` | {default} | {told[key].replace('``', '`')} |\n"
        if len(inner) == 1 and inner[0].complete:
            yield from rows(inner[0], f"{prefix}{key}.<name>.")


def _default(value: Any) -> str:
    if value in (None, [], {}):
        return "none"
    text = value if isinstance(value, str) else _flow(value)
    return f"`{text}`" if len(text) <= _LONGEST_DEFAULT else f"{len(value)}, see `config.yaml`"


def main() -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare, change nothing")
    check = parser.parse_args().check
    code = 0
    for path, text in ((YAML, config_text()), (SCHEMA, schema_text()), (README, readme_text())):
        if text == path.read_text():
            continue
        if check:
            print(
                f"{path.relative_to(PROJECT)} is not as gemwright/config has it: run 'make config'"
            )
            code = 1
        else:
            write_text(path, text)
    return code


if __name__ == "__main__":
    sys.exit(main())
