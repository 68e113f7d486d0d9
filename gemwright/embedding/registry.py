"""Encoders by name, for enzymes and for metabolites.

The two registries, `enzyme_encoders` and `metabolite_encoders`, are modules of their own, so that
the environment of one needs nothing of the other. Nothing of an encoder is loaded before it is
asked for.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from gemwright.code_digest import code_digest
from gemwright.embedding.protocol import Encoder
from gemwright.errors import InputError
from gemwright.io.files import sha256_text
from gemwright.io.plugins import is_own, make, name_of, source_file

logger = logging.getLogger(__name__)

Entry = tuple[str, Mapping[str, str]]
"""Where an encoder's class is (``module:Class``), and the options that go with the name."""


class OwnEncoder:
    """An encoder whose class is in a file of the user's and has ``dimension`` and ``encode``.

    Its version is a digest of that file and the options, so that another code gets other vectors.

    Parameters
    ----------
    place : str
        ``file.py:Class``.
    options : mapping
        Keyword options of the class.

    Raises
    ------
    InputError
        If the class cannot be loaded, does not take the options, or lacks one of the two.
    """

    def __init__(self, place: str, options: Mapping[str, Any]) -> None:
        encoder = make(place, options)
        for name in ("dimension", "encode"):
            if not hasattr(encoder, name):
                raise InputError(place, f"has no {name!r}", "give the class one")
        self.name = name_of(place)
        digest = code_digest(str(source_file(place)))
        self.version = sha256_text(json.dumps([digest, options], sort_keys=True))[:12]
        self.arithmetic = getattr(encoder, "arithmetic", "")
        self.dimension, self.encode = encoder.dimension, encoder.encode


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
        The one that is wanted, or ``file.py:Class`` of the user's.
    options : mapping or None
        Further keyword options of its class.

    Raises
    ------
    InputError
        If the name or an option is unknown, or weights are missing.
    """
    if is_own(name):
        return OwnEncoder(name, options or {})
    if name not in known:
        raise InputError(f"{kind} encoder {name!r}", "is unknown", f"use {', '.join(known)}")
    place, fixed = known[name]
    encoder: Encoder = make(place, {**(options or {}), **fixed})
    if "torch" not in encoder.arithmetic:
        logger.info("device: cpu, for the encoder %s has no network", name)
    return encoder
