"""Encoders of metabolite structures by name."""

from collections.abc import Mapping
from typing import Any

from gemwright.embedding.protocol import Encoder
from gemwright.embedding.registry import make_encoder

UNIMOL2_NAMES = tuple(f"unimol2_{size}" for size in ("84m", "164m", "310m", "570m", "1.1B"))
METABOLITE_ENCODERS = ("morgan", *UNIMOL2_NAMES)


def metabolite_encoder(name: str, options: Mapping[str, Any] | None = None) -> Encoder:
    """Make an encoder of structures.

    Parameters
    ----------
    name : str
        One of `METABOLITE_ENCODERS`.
    options : mapping, optional
        Keyword options of the encoder: those of `UniMol2Options` or
        `MorganEncoder`.

    Raises
    ------
    InputError
        If the name or an option is unknown, or weights are missing.
    """
    return make_encoder("metabolite", METABOLITE_ENCODERS, name, options, _make)


def _make(name: str, options: dict[str, Any]) -> Encoder:
    if name == "morgan":
        from gemwright.embedding.morgan import MorganEncoder

        return MorganEncoder(**options)
    from gemwright.embedding.unimol2 import UniMol2Encoder, UniMol2Options

    return UniMol2Encoder(name.removeprefix("unimol2_"), UniMol2Options(**options))
