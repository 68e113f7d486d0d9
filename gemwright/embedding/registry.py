"""Encoders by name; the modules behind them are imported only when asked for."""

from collections.abc import Mapping
from typing import Any, Literal

from gemwright.embedding.protocol import Encoder
from gemwright.errors import InputError

ESM2_NAMES = (
    "esm2_t6_8M_UR50D",
    "esm2_t12_35M_UR50D",
    "esm2_t30_150M_UR50D",
    "esm2_t33_650M_UR50D",
    "esm2_t36_3B_UR50D",
    "esm2_t48_15B_UR50D",
)
UNIMOL2_NAMES = tuple(f"unimol2_{size}" for size in ("84m", "164m", "310m", "570m", "1.1B"))
ENCODERS: dict[str, tuple[str, ...]] = {
    "enzyme": ("kmer", *ESM2_NAMES),
    "metabolite": ("morgan", *UNIMOL2_NAMES),
}


def get_encoder(
    kind: Literal["enzyme", "metabolite"], name: str, options: Mapping[str, Any] | None = None
) -> Encoder:
    """Make an encoder.

    Parameters
    ----------
    kind : {'enzyme', 'metabolite'}
        What it encodes.
    name : str
        One of ``ENCODERS[kind]``.
    options : mapping, optional
        Keyword options of the encoder: those of `Esm2Options`, `UniMol2Options` or
        `MorganEncoder`; ``kmer`` has none.

    Returns
    -------
    Encoder

    Raises
    ------
    InputError
        If the kind, the name or an option is unknown, or weights are missing.
    """
    known = ENCODERS.get(kind)
    if known is None:
        raise InputError(f"encoder kind {kind!r}", "is unknown", f"Use {' or '.join(ENCODERS)}")
    if name not in known:
        raise InputError(f"{kind} encoder {name!r}", "is unknown", f"Use {', '.join(known)}")
    given = dict(options or {})
    try:
        return _make(name, given)
    except TypeError as error:
        raise InputError(
            f"{kind} encoder {name!r}",
            f"does not take the options {sorted(given)} ({error})",
            "See the encoder's options",
        ) from error


def _make(name: str, options: dict[str, Any]) -> Encoder:
    if name == "kmer":
        from gemwright.embedding.kmer import KmerEncoder

        return KmerEncoder(**options)
    if name == "morgan":
        from gemwright.embedding.morgan import MorganEncoder

        return MorganEncoder(**options)
    if name in ESM2_NAMES:
        from gemwright.embedding.esm2 import Esm2Encoder, Esm2Options

        return Esm2Encoder(name, Esm2Options(**options))
    from gemwright.embedding.unimol2 import UniMol2Encoder, UniMol2Options

    return UniMol2Encoder(name.removeprefix("unimol2_"), UniMol2Options(**options))
