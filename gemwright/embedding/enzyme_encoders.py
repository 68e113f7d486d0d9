"""Encoders of enzyme sequences by name."""

from collections.abc import Mapping
from typing import Any

from gemwright.embedding.protocol import Encoder
from gemwright.embedding.registry import Entry, make_encoder

ENZYME_ENCODERS: dict[str, Entry] = {
    "kmer": ("gemwright.embedding.kmer:KmerEncoder", {}),
    **{
        name: ("gemwright.embedding.esm2:Esm2Encoder", {"checkpoint": name})
        for name in (
            "esm2_t6_8M_UR50D",
            "esm2_t12_35M_UR50D",
            "esm2_t30_150M_UR50D",
            "esm2_t33_650M_UR50D",
            "esm2_t36_3B_UR50D",
            "esm2_t48_15B_UR50D",
        )
    },
}


def enzyme_encoder(name: str, options: Mapping[str, Any] | None = None) -> Encoder:
    """Make an encoder of sequences; see `gemwright.embedding.registry.make_encoder`."""
    return make_encoder("enzyme", ENZYME_ENCODERS, name, options)
