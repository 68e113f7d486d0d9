"""Chemical formulas."""

import re
from collections import defaultdict
from functools import cache

#: Symbols that stand for an unspecified residue in BiGG formulas.
RESIDUE_SYMBOLS = frozenset({"R", "X", "*"})
RESIDUE = "*"
# nine digits are more atoms than any molecule has, and exact as floats
_FORMULA = re.compile(r"(?:(?:[A-Z][a-z]?|\*)[0-9]{0,9})+")
_TOKEN = re.compile(r"([A-Z][a-z]?|\*)([0-9]{1,9}(?:\.[0-9]+)?(?![0-9]))?")
_ELEMENTS = frozenset(
    re.findall(
        r"[A-Z][a-z]?",
        "HHeLiBeBCNOFNeNaMgAlSiPSClArKCaScTiVCrMnFeCoNiCuZnGaGeAsSeBrKrRbSrYZrNbMoTcRuRhPdAgCdI"
        "nSnSbTeIXeCsBaLaCePrNdPmSmEuGdTbDyHoErTmYbLuHfTaWReOsIrPtAuHgTlPbBiPoAtRnFrRaAcThPaUNp"
        "PuAmCmBkCfEsFmMdNoLrRfDbSgBhHsMtDsRgCnNhFlMcLvTsOg",
    )
)


def count_atoms(formula: str) -> dict[str, float]:
    """Count what can be read of any formula: symbols as written, broken numbers, polymers once.

    A number of more than nine digits is damage, and its symbol counts once.

    Parameters
    ----------
    formula : str
        Such as ``C6H11O9P`` or ``(C6H10O5)n``; ``""`` if it is not known.

    Returns
    -------
    dict of str to float
        Atoms per symbol.
    """
    counts: dict[str, float] = defaultdict(float)
    for symbol, number in _TOKEN.findall(formula):
        counts[symbol] += float(number or 1)
    return dict(counts)


@cache
def known_atoms(formula: str) -> dict[str, int] | None:
    """`parse_formula`, or None if the text is no molecular formula."""
    try:
        return parse_formula(formula)
    except ValueError:
        return None


def parse_formula(formula: str) -> dict[str, int]:
    """Count the atoms of a molecular formula, residues under ``*``.

    Parameters
    ----------
    formula : str
        Hill-like formula such as ``C6H11O9P``; ``R``, ``X`` and ``*`` are residues.

    Returns
    -------
    dict of str to int
        Atoms per element, elements in alphabetical order.

    Raises
    ------
    ValueError
        If the text is not a formula of known elements (polymers such as
        ``(C6H10O5)n`` included).
    """
    text = formula.strip()
    if not _FORMULA.fullmatch(text):
        raise ValueError(f"not a molecular formula: {formula!r}")
    counts: dict[str, int] = defaultdict(int)
    for symbol, number in count_atoms(text).items():
        if symbol not in RESIDUE_SYMBOLS and symbol not in _ELEMENTS:
            raise ValueError(f"unknown element {symbol!r} in formula {formula!r}")
        counts[RESIDUE if symbol in RESIDUE_SYMBOLS else symbol] += int(number)
    return {symbol: counts[symbol] for symbol in sorted(counts) if counts[symbol]}
