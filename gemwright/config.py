"""The workflow's configuration: checked against its schema, errors told for people."""

import difflib
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

MIN_CDHIT_IDENTITY = 0.4


def unfit_settings(config: Mapping[str, Any]) -> list[str]:
    """Tell settings that are valid one by one and do not fit together.

    Parameters
    ----------
    config : mapping
        A configuration without problems of `config_problems`; missing keys are passed over.
    """
    problems = []
    sources = config.get("sources")
    route = config.get("interactions", {}).get("route", "embedded")
    if sources != "live" and route != "embedded":
        problems.append(
            f"config: interactions.route is {route!r}, which needs the databases;"
            " set 'sources: live', or use '--configfile config/live.yaml'"
        )
    if sources != "live" and config.get("mirror"):
        problems.append(
            "config: a mirror is set and the sources are 'embedded', which fetch nothing;"
            " set 'sources: live', or leave the mirror out"
        )
    for name, split in config.get("splits", {}).items():
        if split.get("method") == "cdhit" and split.get("identity", 1) < MIN_CDHIT_IDENTITY:
            problems.append(
                f"config: splits.{name}: CD-HIT stops at an identity of {MIN_CDHIT_IDENTITY};"
                " set 'method: components'"
            )
    return problems


def config_problems(config: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """Tell every violation of the schema in one line each, with the cure.

    Parameters
    ----------
    config : mapping
        The configuration.
    schema : mapping
        JSON schema (draft 2020-12).

    Returns
    -------
    list of str
        One message a problem, empty if there is none.
    """
    problems = []
    errors = Draft202012Validator(schema).iter_errors(config)
    for error in sorted(errors, key=lambda item: [str(part) for part in item.absolute_path]):
        spot = ".".join(str(part) for part in error.absolute_path)
        if error.validator == "additionalProperties":
            known = list(error.schema["properties"])
            for key in sorted(set(error.instance) - set(known)):
                close = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(known)}"
                problems.append(f"config: unknown key {f'{spot}.{key}'.lstrip('.')!r}; {hint}")
        else:
            problems.append(f"config: {spot or 'top level'}: {error.message}; see config/README.md")
    return problems
