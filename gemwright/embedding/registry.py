"""Encoders by name, for enzymes and for metabolites.

The two registries, `enzyme_encoders` and `metabolite_encoders`, are modules of their own, so that
the environment of one needs nothing of the other. Nothing of an encoder is loaded before it is
asked for.
"""

import logging
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from gemwright.embedding.protocol import Encoder
from gemwright.errors import InputError

logger = logging.getLogger(__name__)

Entry = tuple[str, Mapping[str, str]]
"""Where an encoder's class is (``module:Class``), and the options that go with the name."""


def make_encoder(
    kind: str, known: Mapping[str, Entry], name: str, options: Mapping[str, Any] | None
) -> Encoder:
    """Make an encoder.

    Parameters
    ----------
    kind : str
        What it encodes, for messages.
    known : mapping of str to Entry
        The encoders of this kind.
    name : str
        The one that is wanted.
    options : mapping or None
        Further keyword options of its class.

    Raises
    ------
    InputError
        If the name or an option is unknown, or weights are missing.
    """
    if name not in known:
        raise InputError(f"{kind} encoder {name!r}", "is unknown", f"use {', '.join(known)}")
    place, fixed = known[name]
    module, _, kind_of = place.partition(":")
    given = {**(options or {}), **fixed}
    try:
        encoder: Encoder = getattr(import_module(module), kind_of)(**given)
    except TypeError as error:
        raise InputError(
            f"{kind} encoder {name!r}",
            f"does not take the options {sorted(given)} ({error})",
            "see the encoder's options",
        ) from error
    if "torch" not in encoder.arithmetic:
        logger.info("device: cpu, for the encoder %s has no network", name)
    return encoder
