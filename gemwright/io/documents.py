"""JSON of others, and what is wrong with a document."""

import json
from collections.abc import Callable
from typing import IO, Any

from gemwright.io.limits import JSON_BYTES


class DocumentError(ValueError):
    """What is wrong with a document."""


def load_json(handle: IO[Any], hook: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """Read JSON from an open file.

    Parameters
    ----------
    handle : file
        Text, or bytes in UTF-8.
    hook : callable, optional
        As ``object_pairs_hook`` of `json.loads`.

    Returns
    -------
    object

    Raises
    ------
    DocumentError
        If it is no JSON, nested too deeply, or larger than `gemwright.io.limits.JSON_BYTES`.
    UnicodeDecodeError
        If it is no UTF-8 text.
    """
    text = handle.read(JSON_BYTES + 1)
    if len(text) > JSON_BYTES:
        raise DocumentError(f"has more than {JSON_BYTES:,} letters")
    try:
        return json.loads(text, object_pairs_hook=hook)
    except UnicodeDecodeError:
        raise
    except json.JSONDecodeError as error:
        raise DocumentError(f"is no JSON (line {error.lineno}: {error.msg})") from error
    except RecursionError as error:
        raise DocumentError("is no JSON of ours (it is nested too deeply)") from error
    except ValueError as error:  # a number with thousands of digits
        raise DocumentError(f"is no JSON of ours ({error})") from error
