"""Encoders of enzyme sequences by name."""

from collections.abc import Mapping
from typing import Any

from gemwright.embedding.protocol import Encoder
from gemwright.embedding.registry import make_encoder

ESM2_NAMES = (
    "esm2_t6_8M_UR50D",
    "esm2_t12_35M_UR50D",
    "esm2_t30_150M_UR50D",
    "esm2_t33_650M_UR50D",
    "esm2_t36_3B_UR50D",
    "esm2_t48_15B_UR50D",
)
ENZYME_ENCODERS = ("kmer", *ESM2_NAMES)


def enzyme_encoder(name: str, options: Mapping[str, Any] | None = None) -> Encoder:
    """Make an encoder of sequences.

    Parameters
    ----------
    name : str
        One of `ENZYME_ENCODERS`.
    options : mapping, optional
        Keyword options of the encoder: those of `Esm2Options`; ``kmer`` has none.

    Raises
    ------
    InputError
        If the name or an option is unknown, or weights are missing.
    """
    return make_encoder("enzyme", ENZYME_ENCODERS, name, options, _make)


def _make(name: str, options: dict[str, Any]) -> Encoder:
    if name == "kmer":
        from gemwright.embedding.kmer import KmerEncoder

        return KmerEncoder(**options)
    from gemwright.embedding.esm2 import Esm2Encoder, Esm2Options

    return Esm2Encoder(name, Esm2Options(**options))
