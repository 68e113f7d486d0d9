"""Names of users that become files, folders and wildcards."""

import re
from collections.abc import Callable, Collection
from typing import Annotated

from pydantic import AfterValidator, Field

MAX_NAME = 64
"""Letters of a name: files are named after two of them and more, and file systems take 255."""
PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
# Snakemake takes a part that stands twenty times in a row for a rule that feeds itself
_PERIODIC = re.compile(r"(.+?)\1{19,}$")
BRACES = "holds braces, which Snakemake takes for a wildcard"


def name_problem(name: str, taken: Collection[str] = (), parts: Collection[str] = ()) -> str | None:
    """Tell why a name cannot be that of a file, as the end of a sentence; None if it can.

    Parameters
    ----------
    name : str
        Of an organism, a split, a variant, a model or a physiology.
    taken : collection of str
        Names that the workflow itself uses in that place.
    parts : collection of str
        Texts that the workflow joins such names with.
    """
    if len(name) > MAX_NAME:
        return f"is a name of {len(name)} letters; give one of at most {MAX_NAME}"
    if re.fullmatch(PATTERN[1:-1], name) is None:
        return (
            "is no file name; use letters from a to z, digits, '_' and '-', and begin with a"
            " letter or a digit"
        )
    if _PERIODIC.search(name):
        return "repeats itself twenty times, which Snakemake refuses; give a shorter name"
    if name in taken:
        return f"is a name that gemwright uses itself; other names than {', '.join(taken)} are free"
    for part in parts:
        if part in name:
            return f"holds {part!r}, with which gemwright joins names; leave it out"
    return None


def _checked(taken: Collection[str], parts: Collection[str]) -> Callable[[str], str]:
    def check(name: str) -> str:
        problem = name_problem(name, taken, parts)
        if problem:
            raise ValueError(problem)
        return name

    return check


def _schema(taken: Collection[str], parts: Collection[str]) -> dict[str, str | int]:
    refused = [f"{name}$" for name in taken] + [f".*{part}" for part in parts]
    ahead = f"(?!{'|'.join(refused)})" if refused else ""
    return {"pattern": f"^{ahead}{PATTERN[1:]}", "maxLength": MAX_NAME}


_METHODS = ("carveme", "none")
_PHYSIOLOGIES = ("scratch", "transfer", "none")

Name = Annotated[str, AfterValidator(_checked((), ())), Field(json_schema_extra=_schema((), ()))]
SplitName = Annotated[
    str,
    AfterValidator(_checked((), ("_clusters",))),
    Field(json_schema_extra=_schema((), ("_clusters",))),
]
VariantName = Annotated[
    str,
    AfterValidator(_checked(_METHODS, ())),
    Field(json_schema_extra=_schema(_METHODS, ())),
]
PhysiologyName = Annotated[
    str,
    AfterValidator(_checked(_PHYSIOLOGIES, ("_to_",))),
    Field(json_schema_extra=_schema(_PHYSIOLOGIES, ("_to_",))),
]
