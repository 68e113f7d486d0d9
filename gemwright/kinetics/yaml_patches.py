"""Patches of YAML documents: what is changed, and why."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gemwright.errors import InputError
from gemwright.kinetics.skimpy_yaml import Document

REKINDLE_PATCH = Path(__file__).parents[1] / "resources" / "rekindle_model_patch.yml"
_PATCH_VERBS = ("add", "replace")


def apply_patch(
    document: Mapping[str, Any], patch: Mapping[str, Any], source: str = "patch"
) -> Document:
    """Change a document as a patch says.

    A patch has a list ``changes``; each has a ``reason`` and one of ``add`` (what must not be
    there yet) and ``replace`` (what must be there): nested mappings down to the values concerned.
    What is added to a mapping whose keys are sorted, as SKiMpy writes them, goes to its place.

    Parameters
    ----------
    document : mapping
        Sections of a SKiMpy model; left as it is.
    patch : mapping
        The patch, for example `REKINDLE_PATCH` as read by `read_document`.
    source : str
        Where the patch comes from, for messages.

    Returns
    -------
    dict
        The changed document.

    Raises
    ------
    InputError
        If a change has no reason or no verb, adds what is there, or replaces what is not.
    """
    result = copy.deepcopy(dict(document))
    changes = patch.get("changes")
    if not isinstance(changes, list) or not changes:
        raise InputError(source, "it has no list of changes", "list them under 'changes'")
    for number, change in enumerate(changes, start=1):
        where = f"{source}, change {number}"
        if not isinstance(change, dict) or not str(change.get("reason") or "").strip():
            raise InputError(where, "it gives no reason", "say under 'reason' why it is made")
        verbs = [verb for verb in _PATCH_VERBS if verb in change]
        if len(verbs) != 1 or set(change) != {"reason", *verbs}:
            raise InputError(
                where,
                f"it has the keys {', '.join(map(str, change))}",
                "give 'reason' and either 'add' or 'replace'",
            )
        result = _merge(result, change[verbs[0]], verbs[0], where, ())
    return result


def _merge(old: Any, new: Any, verb: str, where: str, place: tuple[str, ...]) -> Document:
    spot = ".".join(place) or "the document"
    if not isinstance(old, dict) or not isinstance(new, dict):
        raise InputError(
            where, f"{spot}: a mapping is to be merged, and one side is none", "give a mapping"
        )
    result = dict(old)
    for key, value in new.items():
        name = ".".join((*place, str(key)))
        if key not in result:
            if verb == "replace":
                raise InputError(where, f"{name} is not there to be replaced", "use 'add'")
            sorted_keys = list(result) == sorted(result)
            result[key] = copy.deepcopy(value)
            if sorted_keys:
                result = {known: result[known] for known in sorted(result)}
        elif isinstance(value, dict):
            result[key] = _merge(result[key], value, verb, where, (*place, str(key)))
        elif verb == "add":
            raise InputError(where, f"{name} is there already", "use 'replace'")
        else:
            result[key] = value
    return result
