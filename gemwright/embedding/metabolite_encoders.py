"""Encoders of metabolite structures by name."""

from collections.abc import Mapping
from typing import Any

from gemwright.embedding.protocol import Encoder
from gemwright.embedding.registry import Entry, make_encoder

METABOLITE_ENCODERS: dict[str, Entry] = {
    "morgan": ("gemwright.embedding.morgan:MorganEncoder", {}),
    **{
        f"unimol2_{size}": ("gemwright.embedding.unimol2:UniMol2Encoder", {"size": size})
        for size in ("84m", "164m", "310m", "570m", "1.1B")
    },
}


def metabolite_encoder(name: str, options: Mapping[str, Any] | None = None) -> Encoder:
    """Make an encoder of structures; see `gemwright.embedding.registry.make_encoder`."""
    return make_encoder("metabolite", METABOLITE_ENCODERS, name, options)
