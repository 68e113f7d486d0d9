"""What choosing an encoder by name has in common for enzymes and metabolites.

The two registries, `enzyme_encoders` and `metabolite_encoders`, are modules of their own, so that
the environment of one needs nothing of the other.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gemwright.embedding.protocol import Encoder
from gemwright.errors import InputError

WITHOUT_NETWORK = ("kmer", "morgan")

logger = logging.getLogger(__name__)


def make_encoder(
    kind: str,
    names: Sequence[str],
    name: str,
    options: Mapping[str, Any] | None,
    make: Callable[[str, dict[str, Any]], Encoder],
) -> Encoder:
    """Make an encoder, with the errors that every registry tells.

    Parameters
    ----------
    kind : str
        What it encodes, for messages.
    names : sequence of str
        The names that are known.
    name : str
        The one that is wanted.
    options : mapping or None
        Keyword options of the encoder.
    make : callable
        Makes it from name and options.

    Raises
    ------
    InputError
        If the name or an option is unknown, or weights are missing.
    """
    if name not in names:
        raise InputError(f"{kind} encoder {name!r}", "is unknown", f"use {', '.join(names)}")
    given = dict(options or {})
    try:
        encoder = make(name, given)
    except TypeError as error:
        raise InputError(
            f"{kind} encoder {name!r}",
            f"does not take the options {sorted(given)} ({error})",
            "see the encoder's options",
        ) from error
    if name in WITHOUT_NETWORK:
        logger.info("device: cpu, for the encoder %s has no network", name)
    return encoder
