"""Chemical formulas."""

import re
from collections import Counter

#: Symbols that stand for an unspecified residue in BiGG formulas.
RESIDUE_SYMBOLS = frozenset({"R", "X", "*"})
RESIDUE = "*"
_FORMULA = re.compile(r"(?:(?:[A-Z][a-z]?|\*)\d*)+")
_TOKEN = re.compile(r"([A-Z][a-z]?|\*)(\d*)")
_ELEMENTS = frozenset(
    re.findall(
        r"[A-Z][a-z]?",
        "HHeLiBeBCNOFNeNaMgAlSiPSClArKCaScTiVCrMnFeCoNiCuZnGaGeAsSeBrKrRbSrYZrNbMoTcRuRhPdAgCdI"
        "nSnSbTeIXeCsBaLaCePrNdPmSmEuGdTbDyHoErTmYbLuHfTaWReOsIrPtAuHgTlPbBiPoAtRnFrRaAcThPaUNp"
        "PuAmCmBkCfEsFmMdNoLrRfDbSgBhHsMtDsRgCnNhFlMcLvTsOg",
    )
)


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
    counts: Counter[str] = Counter()
    for symbol, number in _TOKEN.findall(text):
        if symbol in RESIDUE_SYMBOLS:
            symbol = RESIDUE
        elif symbol not in _ELEMENTS:
            raise ValueError(f"unknown element {symbol!r} in formula {formula!r}")
        counts[symbol] += int(number) if number else 1
    return {symbol: counts[symbol] for symbol in sorted(counts) if counts[symbol]}
