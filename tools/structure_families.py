"""Families of metabolites whose structures are put together by code.

Each family turns an id of BiGG into SMILES from a few building blocks: acyl
chains, the carriers they hang on, nucleosides and their phosphates, prenyl
chains, glycans and peptides. Nothing here is trusted: every structure is still
verified by the caller.

A stereocentre that is left open is one that the caller can set from the
annotated InChIKey.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

Candidate = tuple[str, str]
Candidates = Iterator[Candidate]

# Bases, written from the atom that carries the sugar. The ring closure digits of
# the building blocks are kept apart so that they can be nested.
ADENINE = "n8cnc9c(N)ncnc98"
GUANINE = "n8cnc9c(=O)[nH]c(N)nc98"
HYPOXANTHINE = "n8cnc9c(=O)[nH]cnc98"
XANTHINE = "n8cnc9c(=O)[nH]c(=O)[nH]c98"
CYTOSINE = "n8ccc(N)nc8=O"
URACIL = "n8ccc(=O)[nH]c8=O"
THYMINE = "n8cc(C)c(=O)[nH]c8=O"
NICOTINAMIDE = "[n+]8cccc(C(N)=O)c8"
NICOTINATE = "[n+]8cccc(C(=O)O)c8"

PHOSPHATE = "OP(=O)(O)O"
DIPHOSPHATE = "OP(=O)(O)OP(=O)(O)O"
TRIPHOSPHATE = "OP(=O)(O)OP(=O)(O)OP(=O)(O)O"
PHOSPHATES = {"m": PHOSPHATE, "d": DIPHOSPHATE, "t": TRIPHOSPHATE}


def nucleoside(base: str, five: str = "O", three: str = "O", two: str = "O") -> str:
    """Write a beta-D-ribonucleoside from its 5' carbon.

    The substituents are written outwards; ``two=""`` makes it the 2'-deoxy one.
    """
    second = f"[C@H]({two})" if two else "C"
    return f"C({five})[C@H]7O[C@@H]({base}){second}[C@@H]7{three}"


def rest(base: str, **other: str) -> str:
    """Write a nucleoside as the substituent of a 5' oxygen written before it."""
    return nucleoside(base, five="", **other).replace("C()", "C", 1)


def acyl(
    length: int,
    double: Mapping[int, str] | None = None,
    hydroxy: Mapping[int, str] | None = None,
    oxo: Sequence[int] = (),
    methyl: Sequence[int] = (),
    end: str = "",
) -> str:
    r"""Write an unbranched acyl group from its carbonyl carbon outwards.

    Parameters
    ----------
    length : int
        Carbon atoms of the chain.
    double : mapping of int to str, optional
        ``Z`` or ``E`` by the number of the first carbon of each double bond.
    hydroxy : mapping of int to str, optional
        ``@``, ``@@`` or nothing by the number of the carbon with the hydroxyl.
    oxo, methyl : sequence of int
        Numbers of the carbons with an oxo or a methyl group.
    end : str
        SMILES of what follows the last carbon.

    Returns
    -------
    str
        SMILES such as ``C(=O)C/C=C\C``.
    """
    double = double or {}
    hydroxy = hydroxy or {}
    other = {"/": "\\", "\\": "/"}
    before: dict[int, str] = {}
    text = "C(=O)"
    for position in range(2, length + 1):
        bond = ""
        if position - 1 in double:
            bond = "="
        else:
            opened = double.get(position - 2)
            if opened:
                start = before[position - 2]
                bond = start if opened == "E" else other[start]
            if position in double:
                bond = bond or "/"
                before[position] = bond
        atom = "C"
        if position in oxo:
            atom = "C(=O)"
        elif position in hydroxy:
            sign = hydroxy[position]
            atom = f"[C{sign}H](O)" if sign else "C(O)"
        elif position in methyl:
            atom = "C(C)"
        text += bond + atom
    return text + end


R3 = {3: "@"}
S3 = {3: "@@"}


def enoyl(length: int, *cis: int, **more: object) -> str:
    """Write an acyl group with cis double bonds."""
    return acyl(length, dict.fromkeys(cis, "Z"), **more)  # type: ignore[arg-type]


def pantetheine(group: str) -> str:
    """Write pantetheine from its 4' oxygen, or a thioester of it."""
    return f"OCC(C)(C)[C@@H](O)C(=O)NCCC(=O)NCCS{group}"


def coenzyme_a(group: str = "") -> str:
    """Write coenzyme A, or its thioester with an acyl group."""
    five = "OP(=O)(O)OP(=O)(O)" + pantetheine(group)
    return nucleoside(ADENINE, five=five, three=PHOSPHATE)


E2 = {2: "E"}
PHENYL = "c6ccccc6"

# Acyl groups by the id of the thioester without "coa" or "ACP".
ACYL_COA: dict[str, str] = {
    "ac": "C(=O)C",
    "pp": acyl(3),
    "bt": acyl(4),
    "pt": acyl(5),
    "hx": acyl(6),
    "hpt": acyl(7),
    "oct": acyl(8),
    "nona": acyl(9),
    "dca": acyl(10),
    "dd": acyl(12),
    "ddca": acyl(12),
    "td": acyl(14),
    "pm": acyl(16),
    "st": acyl(18),
    "arach": acyl(20),
    "bhn": acyl(22),
    "lgnc": acyl(24),
    "ttc": acyl(24),
    "hexc": acyl(26),
    "for": "C=O",
    "mal": "C(=O)CC(=O)O",
    "malcoame": "C(=O)CC(=O)OC",
    "suc": "C(=O)CCC(=O)O",
    "glut": "C(=O)CCCC(=O)O",
    "g": "C(=O)CCCC(=O)O",
    "glutcon": "C(=O)C/C=C/C(=O)O",
    "itac": "C(=O)CC(=C)C(=O)O",
    "23dha": "C(=O)/C=C/CCC(=O)O",
    "pime": "C(=O)CCCCCC(=O)O",
    "pimACP": "C(=O)CCCCCC(=O)O",
    "hmg": "C(=O)C[C@](C)(O)CC(=O)O",
    "sbz": "C(=O)c6ccccc6C(=O)CCC(=O)O",
    "2mb2": r"C(=O)/C(C)=C/C",
    "m2b": "C(=O)C(C)CC",
    "2maac": "C(=O)C(C)C(C)=O",
    "aac": "C(=O)CC(C)=O",
    "isocap": "C(=O)CCC(C)C",
    "isocapre": "C(=O)/C=C/C(C)C",
    "h2isocap": "C(=O)[C@H](O)CC(C)C",
    "iva": "C(=O)CC(C)C",
    "ibt": "C(=O)C(C)C",
    "3mb2": "C(=O)C=C(C)C",
    "4hbz": "C(=O)c6ccc(O)cc6",
    "cou": "C(=O)/C=C/c6ccc(O)cc6",
    "cinm": "C(=O)/C=C/c6ccccc6",
    "34dhphac": "C(=O)Cc6ccc(O)c(O)c6",
    "rephac": "C(=O)CC67C=CC=CC6O7",
    "2dhphac": "C(=O)CC6(O)C=CC=CC6O",
    "indac": "C(=O)Cc6c[nH]c5ccccc65",
    "14dhn": "C(=O)c6cc(O)c5ccccc5c6O",
    "14dh2nap": "C(=O)c6cc(O)c5ccccc5c6O",
    "crn": "C(=O)CC(O)C[N+](C)(C)C",
    "crnD": "C(=O)CC(O)C[N+](C)(C)C",
    "ctbt": "C(=O)/C=C/C[N+](C)(C)C",
    "bbt": "C(=O)CCC[N+](C)(C)C",
    "dhcrn": "C(=O)CC(=O)C[N+](C)(C)C",
    "glyb": "C(=O)C[N+](C)(C)C",
    "3hb": acyl(4, hydroxy=S3),
    "3hbcoa__R": acyl(4, hydroxy=R3),
    "3hpt": acyl(5, hydroxy=S3),
    "4hpt": acyl(5, hydroxy={4: ""}),
    "3opt": acyl(5, oxo=[3]),
    "3oxpt": acyl(5, oxo=[3]),
    "4oxpt": acyl(5, oxo=[4]),
    "2pt": acyl(5, E2),
    "3pt": acyl(5, {3: "Z"}),
    "hp2": acyl(7, E2),
    "nona2": acyl(9, E2),
    "hd2": acyl(16, E2),
    "b2": acyl(4, E2),
    "3hhp": acyl(7, hydroxy=S3),
    "3hnona": acyl(9, hydroxy=S3),
    "3ohp": acyl(7, oxo=[3]),
    "3onona": acyl(9, oxo=[3]),
    "3ohxc": acyl(26, oxo=[3]),
    "CE2248": acyl(18, hydroxy={3: ""}),
    "CE2250": acyl(22, oxo=[3]),
    "CE2251": acyl(20, oxo=[3]),
    "adp": "C(=O)CCCCC(=O)O",
    "sb": "C(=O)CCCCCCC(=O)O",
    "c12dc": "C(=O)" + "C" * 10 + "C(=O)O",
    "c14dc": "C(=O)" + "C" * 12 + "C(=O)O",
    "hexdi": "C(=O)" + "C" * 14 + "C(=O)O",
    # Unsaturated chains.
    "hd": enoyl(16, 9),
    "tde": enoyl(14, 7),
    "hdd4": enoyl(16, 4),
    "hdd7": enoyl(16, 7),
    "hdc": enoyl(16, 9),
    "tdec7": enoyl(14, 7),
    "dd_3_6_": enoyl(12, 3, 6),
    "dde": enoyl(12, 5),
    "dded3": enoyl(12, 3),
    "dec4": enoyl(10, 4),
    "hd_7_10_": enoyl(16, 7, 10),
    "td_5_8_": enoyl(14, 5, 8),
    "tded5": enoyl(14, 5),
    "ptsla": enoyl(18, 6),
    "ode": enoyl(18, 9),
    "vacc": enoyl(18, 11),
    "lnlc": enoyl(18, 9, 12),
    "lneldc": acyl(18, {9: "E", 12: "E"}),
    "elaid": acyl(18, {9: "E"}),
    "trans_vacc": acyl(18, {11: "E"}),
    "nrvnc": enoyl(24, 15),
    "ptdca": acyl(15),
    "lnlnca": enoyl(18, 9, 12, 15),
    "lnlncg": enoyl(18, 6, 9, 12),
    "strdnc": enoyl(18, 6, 9, 12, 15),
    "dlnlcg": enoyl(20, 8, 11, 14),
    "arachd": enoyl(20, 5, 8, 11, 14),
    "eicostet": enoyl(20, 8, 11, 14, 17),
    "tmndnc": enoyl(20, 5, 8, 11, 14, 17),
    "adrn": enoyl(22, 7, 10, 13, 16),
    "clpnd": enoyl(22, 7, 10, 13, 16, 19),
    "c226": enoyl(22, 4, 7, 10, 13, 16, 19),
    "tettet6": enoyl(24, 9, 12, 15, 18),
    "tetpent3": enoyl(24, 9, 12, 15, 18, 21),
    "tetpent6": enoyl(24, 6, 9, 12, 15, 18),
    "tethex3": enoyl(24, 6, 9, 12, 15, 18, 21),
    "CE5151": enoyl(20, 11),
    "dec4_2_": acyl(10, {2: "E", 4: "Z"}),
    "hdd4_2_": acyl(16, {2: "E", 4: "Z"}),
    "hdd7_2_": acyl(16, {2: "E", 7: "Z"}),
    "hd710_2_": acyl(16, {2: "E", 7: "Z", 10: "Z"}),
    "dde2": acyl(12, {2: "E", 5: "Z"}),
    "dd6_2_": acyl(12, {2: "E", 6: "Z"}),
    "td58_2_": acyl(14, {2: "E", 5: "Z", 8: "Z"}),
    "tde2": acyl(14, {2: "E", 7: "Z"}),
    "tded5_2_": acyl(14, {2: "E", 5: "Z"}),
    "tde_2Z_": enoyl(14, 2),
    "lnlc2": acyl(18, {2: "E", 9: "Z", 12: "Z"}),
    "ode2": acyl(18, {2: "E", 9: "Z"}),
    "ptsla2": acyl(18, {2: "E", 6: "Z"}),
    "vacc2": acyl(18, {2: "E", 11: "Z"}),
    # Branched chains.
    "fa1": "C(=O)" + "C" * 10 + "C(C)C",
    "fa3": "C(=O)" + "C" * 11 + "C(C)C",
    "fa4": "C(=O)" + "C" * 10 + "[C@@H](C)CC",
    "fa6": "C(=O)" + "C" * 12 + "C(C)C",
    "fa11": "C(=O)" + "C" * 13 + "C(C)C",
    "fa12": "C(=O)" + "C" * 12 + "[C@@H](C)CC",
    "chol": (
        "C(=O)CC[C@@H](C)[C@H]6CC[C@@H]5[C@@]6([C@H](C[C@H]4[C@H]5[C@@H]("
        "C[C@H]3[C@@]4(CC[C@H](C3)O)C)O)O)C"
    ),
    "dchol": (
        "C(=O)CC[C@@H](C)[C@H]6CC[C@@H]5[C@@]6(CC[C@H]4[C@H]5[C@@H]("
        "C[C@H]3[C@@]4(CC[C@H](C3)O)C)O)C"
    ),
    "CE1589": (
        "C(=O)CC[C@@H](C)[C@H]6CC[C@@H]5[C@@]6([C@H](C[C@H]4[C@H]5CC[C@H]3[C@@]4(CC[C@H](C3)O)C)O)C"
    ),
    "phyt": "C(=O)CC(C)CCC[C@H](C)CCC[C@H](C)CCCC(C)C",
    "prist": "C(=O)C(C)CCC[C@H](C)CCC[C@H](C)CCCC(C)C",
    "CE5126": "C(=O)[C@H](C)CCC[C@H](C)CCC[C@H](C)CCCC(C)C",
}
ACYL_COA["t2m26d"] = "C(=O)/C(C)=C/CC(=C)C(C)C"
ACYL_COA["c2m26d"] = r"C(=O)/C(C)=C\CC(=C)C(C)C"

_UNSATURATED = {
    "hcddec5e": (12, (5,)),
    "hcmrs7e": (14, (7,)),
    "hdec4": (10, (4,)),
    "hdd5": (14, (5,)),
    "hdd6": (12, (6,)),
    "hddc": (12, (5,)),
    "hhd58": (14, (5, 8)),
    "htd58": (14, (5, 8)),
    "htd5": (14, (5,)),
    "hhdc": (16, (9,)),
    "hhdd4": (16, (4,)),
    "hhdd7": (16, (7,)),
    "hhd710": (16, (7, 10)),
    "hlnlc": (18, (9, 12)),
    "hode": (18, (9,)),
    "hptsla": (18, (6,)),
    "htdc": (14, (7,)),
    "hvacc": (18, (11,)),
}
_SATURATED = {"hh": 6, "ho": 8, "hd": 10, "hhp": 7, "hnona": 9, "hpt": 5, "hhd": 16, "hdd": 12}
_PHENYL = {"b": 4, "pt": 5, "hxa": 6, "hp": 7, "octa": 8, "nona": 9, "deca": 10, "dca": 10}


def _more_coa() -> Iterator[tuple[str, str]]:
    for stem, (length, cis) in _UNSATURATED.items():
        yield f"3{stem}", enoyl(length, *cis, hydroxy=S3)
        yield f"R_3{stem}", enoyl(length, *cis, hydroxy=R3)
        yield f"R3{stem}", enoyl(length, *cis, hydroxy=R3)
        yield f"3o{stem[1:]}", enoyl(length, *cis, oxo=[3])
    for stem, length in _SATURATED.items():
        yield f"R_3{stem}", acyl(length, hydroxy=R3)
    for stem, length in _PHENYL.items():
        yield f"p{stem}", acyl(length, end=PHENYL)
        yield f"p{stem}2", acyl(length, E2, end=PHENYL)
        yield f"3hp{stem}", acyl(length, hydroxy=S3, end=PHENYL)
        yield f"R_3hp{stem}", acyl(length, hydroxy=R3, end=PHENYL)
        yield f"3op{stem}", acyl(length, oxo=[3], end=PHENYL)
    yield "phpp", acyl(3, end=PHENYL)


def acyl_coas(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Thioesters of coenzyme A."""
    groups = {**dict(_more_coa()), **ACYL_COA}
    for stem, group in groups.items():
        for bigg_id in (stem, stem + "coa"):
            if bigg_id in formulas and any("P3" in text for text in formulas[bigg_id] or ["P3"]):
                yield bigg_id, coenzyme_a(group)
    yield "coa", coenzyme_a()
    yield "strcoa", coenzyme_a(acyl(18))
    yield "dpcoa", nucleoside(ADENINE, five="OP(=O)(O)OP(=O)(O)" + pantetheine(""))
    yield "pan4p", "OP(=O)(O)" + pantetheine("")
    for bigg_id in ("Rtotalcoa", "Rtotal2coa", "Rtotal3coa", "R1coa_hs", "R2coa_hs"):
        yield bigg_id, coenzyme_a("C(=O)*")


ACYL_ACP: dict[str, str] = {
    "ac": "C(=O)C",
    "mal": "C(=O)CC(=O)O",
    "but": acyl(4),
    "hex": acyl(6),
    "oc": acyl(8),
    "dca": acyl(10),
    "ddca": acyl(12),
    "myrs": acyl(14),
    "palm": acyl(16),
    "ocdca": acyl(18),
    "arach": acyl(20),
    "tde": enoyl(14, 7),
    "hde": enoyl(16, 9),
    "octe": enoyl(18, 11),
    "cddec5e": enoyl(12, 5),
    "cdec3e": enoyl(10, 3),
    "lnlc": enoyl(18, 9, 12),
    "but2e": acyl(4, E2),
    "thex2e": acyl(6, E2),
    "toct2e": acyl(8, E2),
    "tdec2e": acyl(10, E2),
    "tddec2e": acyl(12, E2),
    "tmrs2e": acyl(14, E2),
    "tpalm2e": acyl(16, E2),
    "toctd2e": acyl(18, E2),
    "t3c5ddece": acyl(12, {3: "E", 5: "Z"}),
    "t3c7mrse": acyl(14, {3: "E", 7: "Z"}),
    "t3c9palme": acyl(16, {3: "E", 9: "Z"}),
    "t3c11vace": acyl(18, {3: "E", 11: "Z"}),
    "3ha": acyl(4, hydroxy=R3),
    "3hbut": acyl(4, hydroxy=R3),
    "r3hb": acyl(4, hydroxy=R3),
    "3hhex": acyl(6, hydroxy=R3),
    "3hoct": acyl(8, hydroxy=R3),
    "3hdec": acyl(10, hydroxy=R3),
    "3hddec": acyl(12, hydroxy=R3),
    "3hmrs": acyl(14, hydroxy=R3),
    "3hpalm": acyl(16, hydroxy=R3),
    "3hpa": acyl(16, hydroxy=R3),
    "3hocta": acyl(18, hydroxy=R3),
    "3hcddec5e": enoyl(12, 5, hydroxy=R3),
    "3hcmrs7e": enoyl(14, 7, hydroxy=R3),
    "3hcpalm9e": enoyl(16, 9, hydroxy=R3),
    "3hcvac11e": enoyl(18, 11, hydroxy=R3),
    "act": acyl(4, oxo=[3]),
    "3ohex": acyl(6, oxo=[3]),
    "3ooct": acyl(8, oxo=[3]),
    "3odec": acyl(10, oxo=[3]),
    "3oddec": acyl(12, oxo=[3]),
    "3oxdd": acyl(12, oxo=[3]),
    "3omrs": acyl(14, oxo=[3]),
    "3opalm": acyl(16, oxo=[3]),
    "3oxhd": acyl(16, oxo=[3]),
    "3ooctd": acyl(18, oxo=[3]),
    "3ocddec5e": enoyl(12, 5, oxo=[3]),
    "3ocmrs7e": enoyl(14, 7, oxo=[3]),
    "3ocpalm9e": enoyl(16, 9, oxo=[3]),
    "3ocvac11e": enoyl(18, 11, oxo=[3]),
    "malme": "C(=O)CC(=O)OC",
    "gme": "C(=O)CCCC(=O)OC",
    "glme": "C(=O)CCCC(=O)OC",
    "egme": "C(=O)/C=C/CC(=O)OC",
    "ogme": "C(=O)CC(=O)CC(=O)OC",
    "skgme": "C(=O)CC(=O)CC(=O)OC",
    "hgme": "C(=O)C[C@@H](O)CC(=O)OC",
    "3hgme": "C(=O)C[C@@H](O)CC(=O)OC",
    "pmlme": "C(=O)CCCCCC(=O)OC",
    "pime": "C(=O)CCCCCC(=O)OC",
    "epme": "C(=O)/C=C/CCCC(=O)OC",
    "opme": "C(=O)CC(=O)CCCC(=O)OC",
    "skpme": "C(=O)CC(=O)CCCC(=O)OC",
    "hpme": "C(=O)C[C@H](O)CCCC(=O)OC",
    "3hpme": "C(=O)C[C@H](O)CCCC(=O)OC",
    "4hbz": "C(=O)c6ccc(O)cc6",
    "phdca": acyl(16, end="c6ccc(O)cc6"),
}


def acyl_acps(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Thioesters of acyl carrier protein, the protein a residue.

    BiGG writes the residue in two ways: everything beyond the sulphur, or the
    protein without its phosphopantetheine.
    """
    for stem, group in ACYL_ACP.items():
        yield stem + "ACP", "*OP(=O)(O)" + pantetheine(group)
        yield stem + "ACP", f"*S{group}"
    for bigg_id in ("ACP", "hacp"):
        yield bigg_id, "*OP(=O)(O)" + pantetheine("")
        yield bigg_id, "*S"


# Chains of the lipids of Escherichia coli and others, by BiGG's code.
CHAINS = {
    "120": acyl(12),
    "140": acyl(14),
    "141": enoyl(14, 7),
    "150": acyl(15),
    "160": acyl(16),
    "161": enoyl(16, 9),
    "170": acyl(17),
    "180": acyl(18),
    "181": enoyl(18, 11),
    "181d9": enoyl(18, 9),
    "181_9": enoyl(18, 9),
    "1819Z": enoyl(18, 9),
    "1619Z": enoyl(16, 9),
    "182_9_12": enoyl(18, 9, 12),
    "182d9d12": enoyl(18, 9, 12),
    "183": enoyl(18, 9, 12, 15),
    "200": acyl(20),
    "240": acyl(24),
    "260": acyl(26),
}
WORD_CHAINS = {
    "ddec": "120",
    "tdec": "140",
    "tdec7e": "141",
    "hdec": "160",
    "hdec9e": "161",
    "odec": "180",
    "odec11e": "181",
}
GLYCEROL_HEAD = "OC[C@@H](O)CO"
HEADS = {
    "12dgr": "O",
    "pa": PHOSPHATE,
    "pe": "OP(=O)(O)OCCN",
    "ps": "OP(=O)(O)OC[C@H](N)C(=O)O",
    "pg": "OP(=O)(O)" + GLYCEROL_HEAD,
    "pgp": "OP(=O)(O)" + GLYCEROL_HEAD + "P(=O)(O)O",
    "pc": "OP(=O)([O-])OCC[N+](C)(C)C",
    "cdpdag": DIPHOSPHATE + rest(CYTOSINE),
    "pino": "OP(=O)(O)OC6C(O)C(O)C(O)C(O)C6O",
}


def glycerolipid(head: str, first: str, second: str) -> str:
    """Write a 1,2-diacyl-sn-glycerol derivative; an empty chain is a hydroxyl."""
    sn1 = f"O{first}" if first else "O"
    sn2 = f"O{second}" if second else "O"
    return f"C({sn1})[C@@H]({sn2})C{head}"


def glycerolipids(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Diacylglycerols, lysolipids, phospholipids and cardiolipins."""
    for code, chain in CHAINS.items():
        for prefix, head in HEADS.items():
            yield prefix + code, glycerolipid(head, chain, chain)
        for prefix in ("pe", "pg", "ps", "pc"):
            yield f"1ag{prefix}{code}", glycerolipid(HEADS[prefix], chain, "")
            yield f"2ag{prefix}{code}", glycerolipid(HEADS[prefix], "", chain)
        yield f"1ag{code}", glycerolipid("O", chain, "")
        yield f"2ag{code}", glycerolipid("O", "", chain)
        inner = f"OC[C@H](O{chain})CO{chain}"
        yield f"clpn{code}", f"C(OP(=O)(O){inner})C(O)COP(=O)(O){inner}"
    for word, code in WORD_CHAINS.items():
        chain = CHAINS[code]
        yield f"cdpd{word}g", glycerolipid(HEADS["cdpdag"], chain, chain)
        yield f"1{word}g3p", glycerolipid(PHOSPHATE, chain, "")
        yield f"2{word}g3p", glycerolipid(PHOSPHATE, "", chain)
    for bigg_id, code in (
        ("ddcap", "120"),
        ("ttdcap", "140"),
        ("ttdceap", "141"),
        ("hdcap", "160"),
        ("hdceap", "161"),
        ("ocdcap", "180"),
        ("ocdceap", "181"),
    ):
        yield bigg_id, PHOSPHATE + CHAINS[code]
    # The annotation means oleate where the name says n-C18:1.
    yield "1agpg181", glycerolipid(HEADS["pg"], enoyl(18, 9), "")


ACIDS = {
    "but": acyl(4),
    "pta": acyl(5),
    "hxa": acyl(6),
    "hpta": acyl(7),
    "octa": acyl(8),
    "nona": acyl(9),
    "dca": acyl(10),
    "ddca": acyl(12),
    "ttdca": acyl(14),
    "ptdca": acyl(15),
    "hdca": acyl(16),
    "hpdca": acyl(17),
    "ocdca": acyl(18),
    "arach": acyl(20),
    "docosac": acyl(22),
    "lgnc": acyl(24),
    "ttc": acyl(24),
    "hexc": acyl(26),
    "ttdcea": enoyl(14, 7),
    "hdcea": enoyl(16, 9),
    "ocdcea": enoyl(18, 9),
    # Vaccenic acid alone means the trans acid; the bacterial thioester is cis.
    "vacc": acyl(18, {11: "E"}),
    "lnlc": enoyl(18, 9, 12),
    "ocdcya": enoyl(18, 9, 12),
    "lneldc": acyl(18, {9: "E", 12: "E"}),
    "lnlnca": enoyl(18, 9, 12, 15),
    "lnlncg": enoyl(18, 6, 9, 12),
    "strdnc": enoyl(18, 6, 9, 12, 15),
    "dlnlcg": enoyl(20, 8, 11, 14),
    "arachd": enoyl(20, 5, 8, 11, 14),
    "eicostet": enoyl(20, 8, 11, 14, 17),
    "tmndnc": enoyl(20, 5, 8, 11, 14, 17),
    "adrn": enoyl(22, 7, 10, 13, 16),
    "clpnd": enoyl(22, 7, 10, 13, 16, 19),
    "crvnc": enoyl(22, 4, 7, 10, 13, 16, 19),
    "tettet6": enoyl(24, 9, 12, 15, 18),
    "tetpent3": enoyl(24, 9, 12, 15, 18, 21),
    "tetpent6": enoyl(24, 6, 9, 12, 15, 18),
    "tethex3": enoyl(24, 6, 9, 12, 15, 18, 21),
    "fa1": ACYL_COA["fa1"],
    "fa3": ACYL_COA["fa3"],
    "fa4": ACYL_COA["fa4"],
    "fa6": ACYL_COA["fa6"],
    "fa11": ACYL_COA["fa11"],
    "fa12": ACYL_COA["fa12"],
    "phyt": ACYL_COA["phyt"],
    "prist": ACYL_COA["prist"],
}
CARNITINES = {
    "acrn": "ac",
    "ppcrn": "pp",
    "btcrn": "bt",
    "hxcrn": "hx",
    "octcrn": "oct",
    "dcacrn": "dca",
    "ddecrn": "dde",
    "ddcacrn": "ddca",
    "ttdcrn": "td",
    "pmtcrn": "pm",
    "stcrn": "st",
    "hdcecrn": "hdc",
    "odecrn": "ode",
    "vacccrn": "trans_vacc",
    "lnlccrn": "lnlc",
    "lneldccrn": "lneldc",
    "lnlncacrn": "lnlnca",
    "lnlncgcrn": "lnlncg",
    "strdnccrn": "strdnc",
    "dlnlcgcrn": "dlnlcg",
    "arachdcrn": "arachd",
    "eicostetcrn": "eicostet",
    "tmndnccrn": "tmndnc",
    "adrncrn": "adrn",
    "clpndcrn": "clpnd",
    "c226crn": "c226",
    "tettet6crn": "tettet6",
    "tetpent3crn": "tetpent3",
    "tetpent6crn": "tetpent6",
    "tethex3crn": "tethex3",
    "arachcrn": "arach",
    "lgnccrn": "lgnc",
    "hexccrn": "hexc",
    "malcrn": "mal",
    "ptcrn": "pt",
    "pcrn": "pp",
    "c6crn": "hx",
    "c10crn": "dca",
    "ddeccrn": "ddca",
    "M01729": "ddca",
    "M02973": "td",
    "M01724": "bhn",
    "c3dc": "mal",
    "HC10859": "mal",
    "c5dc": "glut",
    "elaidcrn": "elaid",
    "nrvnccrn": "nrvnc",
    "ptdcacrn": "ptdca",
}


def fatty_acids(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Free fatty acids and their carnitine esters."""
    for bigg_id, group in ACIDS.items():
        yield bigg_id, f"O{group}"
    for bigg_id, stem in CARNITINES.items():
        yield bigg_id, f"[O-]C(=O)C[C@H](C[N+](C)(C)C)O{ACYL_COA[stem]}"


def nucleotides(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Nucleosides and their phosphates."""
    bases = {
        "a": ADENINE,
        "g": GUANINE,
        "i": HYPOXANTHINE,
        "x": XANTHINE,
        "c": CYTOSINE,
        "u": URACIL,
    }
    for letter, base in bases.items():
        for degree, phosphate in PHOSPHATES.items():
            yield f"{letter}{degree}p", nucleoside(base, five=phosphate)
            yield f"d{letter}{degree}p", nucleoside(base, five=phosphate, two="")
        yield f"3{letter}mp", nucleoside(base, three=PHOSPHATE)
        yield f"2{letter}mp", nucleoside(base, two=PHOSPHATE)
        yield f"23c{letter}mp", f"OC[C@H]7O[C@@H]({base})[C@@H]6OP(=O)(O)O[C@@H]67"
        ring = f"C6[C@H]7O[C@@H]({base})[C@H](O)[C@@H]7OP(=O)(O)O6"
        yield f"35c{letter}mp", ring
        yield f"c{letter}mp", ring
        yield f"35cd{letter}mp", f"C6[C@H]7O[C@@H]({base})C[C@@H]7OP(=O)(O)O6"
        for count in (3, 4, 5):
            bridge = "OP(=O)(O)" * count + "O"
            yield f"{letter}p{count}{letter}", nucleoside(base, five=bridge + rest(base))
    for degree, phosphate in PHOSPHATES.items():
        yield f"dt{degree}p", nucleoside(THYMINE, five=phosphate, two="")
    adenosine = rest(ADENINE)
    tetraphosphate = "OP(=O)(O)" * 4 + "O"
    yield "ap4a", nucleoside(ADENINE, five=tetraphosphate + adenosine)
    yield "gp4g", nucleoside(GUANINE, five=tetraphosphate + rest(GUANINE))
    yield "23cump", f"OC[C@H]7O[C@@H]({URACIL})[C@@H]6OP(=O)(O)O[C@@H]67"
    yield "pap", nucleoside(ADENINE, five=PHOSPHATE, three=PHOSPHATE)
    yield "paps", nucleoside(ADENINE, five="OP(=O)(O)OS(=O)(=O)O", three=PHOSPHATE)
    yield "aps", nucleoside(ADENINE, five="OP(=O)(O)OS(=O)(=O)O")
    yield "adsel", nucleoside(ADENINE, five="OP(=O)(O)O[Se](=O)(=O)O")
    yield "ppgpp", nucleoside(GUANINE, five=DIPHOSPHATE, three=DIPHOSPHATE)
    for bigg_id in ("gdptp", "gtppp"):
        yield bigg_id, nucleoside(GUANINE, five=TRIPHOSPHATE, three=DIPHOSPHATE)
    yield "5mta", nucleoside(ADENINE, five="SC")
    yield "nmn", nucleoside(NICOTINAMIDE, five=PHOSPHATE)
    yield "nicrnt", nucleoside(NICOTINATE, five=PHOSPHATE)
    yield "nicrns", nucleoside(NICOTINATE)
    yield "rnam", nucleoside(NICOTINAMIDE)
    yield "psd5p", nucleoside("c8c[nH]c(=O)[nH]c8=O", five=PHOSPHATE)
    yield "adprib", nucleoside(ADENINE, five=DIPHOSPHATE + "C" + _RIBOSYL)
    dihydro = "N8C=CCC(C(N)=O)=C8"
    for bigg_id, base, two in (
        ("nad", NICOTINAMIDE, "O"),
        ("nadp", NICOTINAMIDE, PHOSPHATE),
        ("dnad", NICOTINATE, "O"),
        ("nadh", dihydro, "O"),
        ("nadph", dihydro, PHOSPHATE),
    ):
        yield bigg_id, nucleoside(ADENINE, five=DIPHOSPHATE + rest(base), two=two)
    for bigg_id, residue in ADENYLATES.items():
        yield bigg_id, nucleoside(ADENINE, five=f"OP(=O)(O)O{residue}")


_RIBOSYL = "[C@H]7OC(O)[C@H](O)[C@@H]7O"
ADENYLATES = {
    "seramp": "C(=O)[C@@H](N)CO",
    "lipoamp": "C(=O)CCCC[C@@H]6CCSS6",
    "23dhba": "C(=O)c6cccc(O)c6O",
}


def flavins(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Riboflavin and the flavin nucleotides."""
    ribityl = "C[C@H](O)[C@H](O)[C@H](O)C"
    oxidised = "n6c5nc(=O)[nH]c(=O)c5nc4cc(C)c(C)cc46"
    reduced = "N6c5[nH]c(=O)[nH]c(=O)c5Nc4cc(C)c(C)cc46"
    groups = {
        ("ribflv", "rbflvrd"): "O",
        ("fmn", "fmnh2"): PHOSPHATE,
        ("fad", "fadh2"): DIPHOSPHATE + rest(ADENINE),
    }
    for ids, group in groups.items():
        for bigg_id, ring in zip(ids, (oxidised, reduced), strict=True):
            yield bigg_id, f"C({ring}){ribityl[1:]}{group}"


# Glycosyl groups from the anomeric carbon, stereocentres open: they are set by the
# InChIKeys, which all of the nucleotide sugars have.
def pyranosyl(two: str = "O", three: str = "O", four: str = "O", five: str = "CO") -> str:
    """Write a glycopyranosyl group; an empty substituent is a deoxy position."""
    places = [f"C({group})" if group else "C" for group in (two, three, four)]
    return "C6" + "".join(places) + f"C({five})O6"


ACETAMIDO = "NC(C)=O"
LACTYL = "O[C@H](C)C(=O)"
NUCLEOTIDE_SUGARS: dict[str, tuple[str, str]] = {
    "udpg": (URACIL, pyranosyl()),
    "udpgal": (URACIL, pyranosyl()),
    "udpglcur": (URACIL, pyranosyl(five="C(=O)O")),
    "udpgalur": (URACIL, pyranosyl(five="C(=O)O")),
    "uacgam": (URACIL, pyranosyl(two=ACETAMIDO)),
    "uacgala": (URACIL, pyranosyl(two=ACETAMIDO)),
    "udpacgal": (URACIL, pyranosyl(two=ACETAMIDO)),
    "uacmam": (URACIL, pyranosyl(two=ACETAMIDO)),
    "uacmamu": (URACIL, pyranosyl(two=ACETAMIDO, five="C(=O)O")),
    "uaccg": (URACIL, pyranosyl(two=ACETAMIDO, three="OC(=C)C(=O)O")),
    "uamr": (URACIL, pyranosyl(two=ACETAMIDO, three=LACTYL + "O")),
    "u3aga": (URACIL, pyranosyl(two=ACETAMIDO, three="O" + acyl(14, hydroxy=R3))),
    "u3hga": (URACIL, pyranosyl(two="N", three="O" + acyl(14, hydroxy=R3))),
    "u23ga": (
        URACIL,
        pyranosyl(two="N" + acyl(14, hydroxy=R3), three="O" + acyl(14, hydroxy=R3)),
    ),
    "udpLa4n": (URACIL, "C6C(O)C(O)C(N)CO6"),
    "udpLa4fn": (URACIL, "C6C(O)C(O)C(NC=O)CO6"),
    "udpLa4o": (URACIL, "C6C(O)C(O)C(=O)CO6"),
    "udpxyl": (URACIL, "C6C(O)C(O)C(O)CO6"),
    "udparab": (URACIL, "C6C(O)C(O)C(O)CO6"),
    "udpgalfur": (URACIL, "C6C(O)C(O)C(C(O)CO)O6"),
    "adpglc": (ADENINE, pyranosyl()),
    "adphep_DD": (ADENINE, pyranosyl(five="C(O)CO")),
    "adphep_LD": (ADENINE, pyranosyl(five="C(O)CO")),
    "gdpmann": (GUANINE, pyranosyl()),
    "gdpfuc": (GUANINE, pyranosyl(five="C")),
    "gdprmn": (GUANINE, pyranosyl(five="C")),
    "gdpddman": (GUANINE, "C6C(O)C(O)C(=O)C(C)O6"),
    "gdpofuc": (GUANINE, "C6C(O)C(O)C(=O)C(C)O6"),
    "gdpper": (GUANINE, pyranosyl(four="N", five="C")),
    "gdpglc": (GUANINE, pyranosyl()),
    "cdpglc": (CYTOSINE, pyranosyl()),
    "cdp4dh6doglc": (CYTOSINE, "C6C(O)C(O)C(=O)C(C)O6"),
    "cdp4dh3dglc": (CYTOSINE, "C6C(O)C(O)C(=O)C(C)O6"),
    "cdpglyc": (CYTOSINE, "C[C@H](O)CO"),
    "cdpea": (CYTOSINE, "CCN"),
    "cdpchol": (CYTOSINE, "CC[N+](C)(C)C"),
    "4c2me": (CYTOSINE, "C[C@@H](O)[C@](C)(O)CO"),
    "2p4c2me": (CYTOSINE, "CC(O)C(C)(OP(=O)(O)O)CO"),
}
DEOXYTHYMIDINE_SUGARS = {
    "dtdpglu": pyranosyl(),
    "dtdpgal": pyranosyl(),
    "dtdprmn": pyranosyl(five="C"),
    "dtdpfuc": pyranosyl(five="C"),
    "dtdp4d6dg": "C6C(O)C(O)C(=O)C(C)O6",
    "dtdp4d6dm": "C6C(O)C(O)C(=O)C(C)O6",
    "dtdp4addg": pyranosyl(four="N", five="C"),
    "dtdp4aadg": pyranosyl(four="N", five="C"),
    "dtdp4aaddg": pyranosyl(four=ACETAMIDO, five="C"),
    "dtdddglc": pyranosyl(five="C"),
    "dtdpddglc": pyranosyl(five="C"),
}
SIALYL = "C6(C(=O)O)CC(O)C(NC(C)=O)C(C(O)C(O)CO)O6"
KDO = "C6(C(=O)O)CC(O)C(O)C(C(O)CO)O6"


def nucleotide_sugars(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Sugars and alcohols activated by a nucleotide."""
    for bigg_id, (base, group) in NUCLEOTIDE_SUGARS.items():
        yield bigg_id, nucleoside(base, five=DIPHOSPHATE + group)
    for bigg_id, group in DEOXYTHYMIDINE_SUGARS.items():
        yield bigg_id, nucleoside(THYMINE, five=DIPHOSPHATE + group, two="")
    for bigg_id, group in (("cmpacna", SIALYL), ("ckdo", KDO)):
        yield bigg_id, nucleoside(CYTOSINE, five=PHOSPHATE + group)


def peptide(*residues: str) -> str:
    """Write a peptide from the alpha-carbon fragments of its residues."""
    return "N" + "N".join(residues) + "O"


RESIDUES = {
    "ala": "[C@@H](C)C(=O)",
    "arg": "[C@@H](CCCNC(N)=N)C(=O)",
    "asn": "[C@@H](CC(N)=O)C(=O)",
    "asp": "[C@@H](CC(=O)O)C(=O)",
    "cys": "[C@@H](CS)C(=O)",
    "gln": "[C@@H](CCC(N)=O)C(=O)",
    "glu": "[C@@H](CCC(=O)O)C(=O)",
    "gly": "CC(=O)",
    "his": "[C@@H](Cc6c[nH]cn6)C(=O)",
    "ile": "[C@@H]([C@@H](C)CC)C(=O)",
    "leu": "[C@@H](CC(C)C)C(=O)",
    "lys": "[C@@H](CCCCN)C(=O)",
    "met": "[C@@H](CCSC)C(=O)",
    "phe": "[C@@H](Cc6ccccc6)C(=O)",
    "ser": "[C@@H](CO)C(=O)",
    "thr": "[C@@H]([C@@H](C)O)C(=O)",
    "trp": "[C@@H](Cc6c[nH]c5ccccc65)C(=O)",
    "tyr": "[C@@H](Cc6ccc(O)cc6)C(=O)",
    "val": "[C@@H](C(C)C)C(=O)",
    "sec": "[C@@H](C[SeH])C(=O)",
}
D_ALA = "[C@H](C)C(=O)"


def amino_acids(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Amino acids and the dipeptides that BiGG names after them."""
    proline = "N6CCC[C@H]6C(=O)"
    for name, residue in RESIDUES.items():
        yield f"{name}__L", f"N{residue}O"
        yield f"{name}gly", peptide(residue, RESIDUES["gly"])
        yield f"gly{name}", peptide(RESIDUES["gly"], residue)
        yield f"{name}ala", peptide(residue, RESIDUES["ala"])
        yield f"ala{name}", peptide(RESIDUES["ala"], residue)
        yield f"L_ala{name}", peptide(RESIDUES["ala"], residue)
        yield f"ala_L_{name}__L", peptide(RESIDUES["ala"], residue)
        yield f"gly_{name}__L", peptide(RESIDUES["gly"], residue)
        yield f"ala_{name}", peptide(RESIDUES["ala"], residue)
        yield f"{name}_ala", peptide(residue, RESIDUES["ala"])
        amino = residue.removesuffix("C(=O)")
        # D-amino acids: the mirror image of the one centre.
        if amino.startswith("[C@@H]"):
            yield f"{name}__D", "N" + residue.replace("[C@@H]", "[C@H]", 1) + "O"
    yield "pro__L", proline + "O"
    yield "pro__D", "N6CCC[C@@H]6C(=O)O"
    yield "progly", "N6CCC[C@H]6C(=O)NCC(=O)O"
    yield "glypro", "NCC(=O)" + proline + "O"
    yield "gly_pro__L", "NCC(=O)" + proline + "O"
    yield "cgly", peptide(RESIDUES["cys"], RESIDUES["gly"])
    yield "LalaLglu", peptide(RESIDUES["ala"], RESIDUES["glu"])
    d_glu = "[C@H](CCC(=O)O)C(=O)"
    yield "LalaDglu", peptide(RESIDUES["ala"], d_glu)
    yield "alaala", peptide(D_ALA, D_ALA)
    yield "gthrd", _GLUTATHIONE.format("S")
    yield "gthox", _GLUTATHIONE.format("SSC[C@H](NC(=O)CC[C@H](N)C(=O)O)C(=O)NCC(=O)O")
    yield "hmgth", _GLUTATHIONE.format("SCO")
    yield "lgt__S", _GLUTATHIONE.format("SC(=O)[C@@H](C)O")
    yield "Sfglutth", _GLUTATHIONE.format("SC=O")


_GLUTATHIONE = "N[C@@H](CCC(=O)N[C@@H](C{})C(=O)NCC(=O)O)C(=O)O"


def transfer_rnas(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Transfer RNAs, drawn as their 3' end, and the aminoacylated ones.

    BiGG's formula of a tRNA is that of its CCA end with the rest of the chain as
    the residue; of an aminoacyl-tRNA only the terminal adenosine is drawn.
    """
    adenosine = rest(ADENINE)
    link = "OP(=O)(O)O"
    second = rest(CYTOSINE, three=link + adenosine)
    end = nucleoside(CYTOSINE, five="OP(=O)(O)O*", three=link + second)
    names = [*RESIDUES, "pro", "secys", "met_2", "fmet"]
    charged = RESIDUES | {"pro": None}
    for name in names:
        yield f"trna{name}", end
        yield f"trna{name}", "*" + adenosine
    for name, residue in charged.items():
        amino = "C(=O)[C@@H]5CCCN5" if residue is None else _acyl_of(residue)
        for bigg_id in (f"{name}trna", f"{name}trna_{name}", f"{name}trna_gln", f"{name}trna_asn"):
            yield bigg_id, "*" + rest(ADENINE, three=f"O{amino}")
    formylated = "C(=O)[C@H](CCSC)NC=O"
    yield "fmettrna", "*" + rest(ADENINE, three=f"O{formylated}")
    yield "sertrna_sec", "*" + rest(ADENINE, three="OC(=O)[C@@H](N)CO")


def _acyl_of(residue: str) -> str:
    """Turn ``[C@@H](side)C(=O)`` round into an acyl group with a free amine."""
    match = re.fullmatch(r"\[C@@H\]\((.*)\)C\(=O\)", residue)
    return f"C(=O)[C@H]({match[1]})N" if match else "C(=O)CN"


# Prenyl units, from the end that carries the head group.
TRANS = r"C/C=C(\C)C"
CIS = r"C/C=C(/C)C"


def prenyl(units: int, cis: int = 0) -> str:
    """Write a polyprenyl group; `cis` units from the head on are Z."""
    internal = [CIS if index < cis else TRANS for index in range(units - 1)]
    return "".join(internal) + "CC=C(C)C"


def isoprenoids(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Prenyl diphosphates and the prenylated quinones."""
    for bigg_id, units, cis in (
        ("dmpp", 1, 0),
        ("grdp", 2, 0),
        ("frdp", 3, 0),
        ("ggdp", 4, 0),
        ("pendp", 5, 0),
        ("hexdp", 6, 0),
        ("heptdp", 7, 0),
        ("hepdp", 7, 0),
        ("octdp", 8, 0),
        ("nondp", 9, 0),
        ("decdp", 10, 0),
        ("decdp_tb", 10, 8),
        ("udcpdp", 11, 8),
    ):
        yield bigg_id, f"{DIPHOSPHATE}{prenyl(units, cis)}"
    yield "udcpp", f"{PHOSPHATE}{prenyl(11, 8)}"
    yield "udcp", f"O{prenyl(11, 8)}"
    yield "decd_tb", f"{PHOSPHATE}{prenyl(10, 8)}"
    yield "decda_tb", f"C6(OP(=O)(O)O{prenyl(10, 8)})C(O)C(O)C(CO)O6"
    yield "uLa4n", f"C6(OP(=O)(O)O{prenyl(11, 8)})C(O)C(O)C(N)CO6"
    for units in range(4, 11):
        tail = prenyl(units)
        yield f"q{units}", f"COC1=C(OC)C(=O)C({tail})=C(C)C1=O"
        yield f"q{units}h2", f"COc1c(OC)c(O)c({tail})c(C)c1O"
        yield f"mqn{units}", f"CC1=C({tail})C(=O)c2ccccc2C1=O"
        yield f"mql{units}", f"Cc1c({tail})c(O)c2ccccc2c1O"
        yield f"2dmmq{units}", f"C1=C({tail})C(=O)c2ccccc2C1=O"
        yield f"2dmmql{units}", f"c1c({tail})c(O)c2ccccc2c1O"
    for prefix, units in (("o", 8), ("h", 6)):
        tail = prenyl(units)
        yield f"2{prefix}ph", f"Oc1ccccc1{tail}"
        yield f"2{prefix}hph", f"Oc1cccc({tail})c1O"
        yield f"2{prefix}mph", f"COc1cccc({tail})c1O"
        yield f"2{prefix}mbzl", f"COC1=CC(=O)C=C({tail})C1=O"
        yield f"2{prefix}mmbl", f"COc1cc(O)c(C)c({tail})c1O"
        yield f"2{prefix}mhmbl", f"COc1c(O)c(O)c(C)c({tail})c1O"
    octaprenyl = prenyl(8)
    yield "2ohph", f"Oc1cccc({octaprenyl})c1O"
    yield "2ombzl", f"COC1=CC(=O)C=C({octaprenyl})C1=O"
    yield "2ombzl", f"COc1cc(O)cc({octaprenyl})c1O"
    yield "2ommbl", f"COC1=CC(=O)C(C)=C({octaprenyl})C1=O"
    yield "2omhmbl", f"COC1=C(O)C(=O)C(C)=C({octaprenyl})C1=O"
    yield "3ophb", f"OC(=O)c1ccc(O)c({octaprenyl})c1"
    hexaprenyl = prenyl(6)
    yield "2hp6mp", f"COc1cccc({hexaprenyl})c1O"
    yield "2hp6mbq", f"COC1=CC(=O)C=C({hexaprenyl})C1=O"
    yield "2hpmmbq", f"COC1=CC(=O)C(C)=C({hexaprenyl})C1=O"
    yield "2hpmhmbq", f"COC1=C(O)C(=O)C(C)=C({hexaprenyl})C1=O"
    yield "3hph5mb", f"COc1cc(C(=O)O)cc({hexaprenyl})c1O"
    yield "3dh5hpb", f"OC(=O)c1cc(O)c(O)c({hexaprenyl})c1"
    yield "4hbzhp", f"OC(=O)c1ccc(O)c({hexaprenyl})c1"
    yield "3hph4hb", f"OC(=O)c1ccc(O)c({hexaprenyl})c1"


M_DAP_FROM_SIDE = "[C@@H](CCC[C@@H](N)C(=O)O)C(=O)"
LYS_FROM_SIDE = "[C@@H](CCCCN)C(=O)"


def stem_peptide(length: int, third: str = M_DAP_FROM_SIDE) -> str:
    """Write the peptide of a muropeptide, without the lactyl carbonyl before it."""
    glutamyl = "[C@@H](C(=O)O)CCC(=O)"
    chain = ["[C@@H](C)C(=O)", glutamyl, third, D_ALA, D_ALA]
    return "N" + "N".join(chain[:length]) + "O"


def muropeptides(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Precursors and turnover products of peptidoglycan."""
    bactoprenyl = DIPHOSPHATE + prenyl(11, 8)
    ids = {
        "uama": (1, M_DAP_FROM_SIDE),
        "uamag": (2, M_DAP_FROM_SIDE),
        "ugmd": (3, M_DAP_FROM_SIDE),
        "um4p": (4, M_DAP_FROM_SIDE),
        "ugmda": (5, M_DAP_FROM_SIDE),
        "uAgl": (3, LYS_FROM_SIDE),
        "uAgla": (5, LYS_FROM_SIDE),
        "uaagl": (3, LYS_FROM_SIDE),
    }
    for bigg_id, (length, third) in ids.items():
        lactyl = LACTYL + stem_peptide(length, third)
        sugar = glucosyl("alpha", ACETAMIDO, lactyl)
        yield bigg_id, nucleoside(URACIL, five=DIPHOSPHATE + sugar)
    glcnac = "O" + glucosyl("beta", ACETAMIDO).replace("6", "5")
    for bigg_id, length, four, third in (
        ("uagmda", 5, "O", M_DAP_FROM_SIDE),
        ("uaagmda", 5, glcnac, M_DAP_FROM_SIDE),
        ("uagla", 5, "O", LYS_FROM_SIDE),
        ("uaaAgla", 5, glcnac, LYS_FROM_SIDE),
        ("uaaGgla", 5, glcnac, LYS_FROM_SIDE),
    ):
        sugar = glucosyl("alpha", ACETAMIDO, LACTYL + stem_peptide(length, third), four)
        yield bigg_id, sugar.replace("H]6", f"H]6({bactoprenyl})", 1)
    anhydro = "C65OCC(O6)C({four})C({three})C5NC(C)=O"
    for length in (0, 3, 4, 5):
        lactyl = LACTYL + (stem_peptide(length) if length else "O")
        suffix = f"{length}p" if length else ""
        yield f"anhm{suffix}", anhydro.format(four="O", three=lactyl)
        yield f"anhgm{suffix}", anhydro.format(four=glcnac.replace("5", "4"), three=lactyl)
    yield "acmama", f"C6(O){pyranosyl(two=ACETAMIDO, three=LACTYL + stem_peptide(1))[2:]}"
    yield (
        "acmum6p",
        (f"C6(O){pyranosyl(two=ACETAMIDO, three=LACTYL + 'O', five='COP(=O)(O)O')[2:]}"),
    )
    yield "LalaDgluMdap", stem_peptide(3)
    yield "LalaDgluMdapDala", stem_peptide(4)


def folates(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Folates with one or more glutamates."""
    benzoyl = "c5ccc(cc5)C(=O)"
    pterin = {
        "fol": "Nc6nc4ncc(CN{n10}" + benzoyl + ")nc4c(=O)[nH]6",
        "dhf": "Nc6nc4NCC(CN{n10}" + benzoyl + ")=Nc4c(=O)[nH]6",
        "thf": "Nc6nc4NC[C@H](CN{n10}" + benzoyl + ")Nc4c(=O)[nH]6",
        "5mthf": "Nc6nc4NC[C@H](CN{n10}" + benzoyl + ")N(C)c4c(=O)[nH]6",
        "10fthf": "Nc6nc4NC[C@H](CN(C=O)" + benzoyl + ")Nc4c(=O)[nH]6",
        "5fthf": "Nc6nc4NC[C@H](CN{n10}" + benzoyl + ")N(C=O)c4c(=O)[nH]6",
        "mlthf": "Nc6nc4NC[C@@H]3CN(CN3c4c(=O)[nH]6)" + benzoyl,
        "methf": "Nc6nc4NC[C@@H]3C[N+](=CN3c4c(=O)[nH]6)" + benzoyl,
    }
    for name, text in pterin.items():
        for count in range(1, 8):
            tail = "N[C@@H](CCC(=O)" * (count - 1) + "N[C@@H](CCC(=O)O)C(=O)O"
            tail += ")C(=O)O" * (count - 1)
            head = text.replace("{n10}", "")
            cut = head.index(benzoyl) + len(benzoyl)
            smiles = head[:cut] + tail + head[cut:]
            if count == 1:
                yield name, smiles
            for bigg_id in (
                f"{name}{count}glu",
                f"{name}glu{count}",
                f"{name}_glu_{count}",
                f"{count}{name}glu",
                f"{count}{name}",
            ):
                yield bigg_id, smiles
            if count == 2:
                yield f"{name}glu", smiles
            if count == 3 and name in {"thf", "5mthf"}:
                yield {"thf": "hpglu", "5mthf": "mhpglu"}[name], smiles


def glucans(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Malto-oligosaccharides."""
    unit = "O[C@@H](O[C@@H]6CO)[C@H](O)[C@@H](O)[C@@H]6"
    chains = {
        "malt": 2,
        "malttr": 3,
        "maltttr": 4,
        "maltpt": 5,
        "malthx": 6,
        "malthp": 7,
        "14glucan": 6,
    }
    for bigg_id, count in chains.items():
        yield bigg_id, unit.replace("[C@@H]", "C", 1) + unit * (count - 1) + "O"
        # Some are annotated with the reducing end as an aldehyde.
        aldehyde = "OC[C@@H](O)[C@@H]([C@H](O)[C@@H](O)C=O)"
        yield bigg_id, aldehyde + unit * (count - 1) + "O"


MYO_INOSITOL = "[C@@H]6({1})[C@H]({2})[C@H]({3})[C@@H]({4})[C@H]({5})[C@H]6{6}"


def myo_inositol(groups: Mapping[str, str]) -> str:
    """Write 1D-myo-inositol with groups on the oxygens named by position."""
    filled = {str(place): "O" for place in range(1, 7)} | dict(groups)
    return re.sub(r"\{(\d)\}", lambda hit: filled[hit[1]], MYO_INOSITOL)


def inositols(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Phosphates of myo-inositol, positions by the digits of the id."""
    for bigg_id in formulas:
        match = re.fullmatch(r"(pp)?mi([1-6]+)p(__D)?", bigg_id)
        if match is None:
            continue
        groups = dict.fromkeys(match[2], PHOSPHATE)
        if match[1]:
            groups["5"] = DIPHOSPHATE
        yield bigg_id, myo_inositol(groups)
    yield "minohp", myo_inositol(dict.fromkeys("123456", PHOSPHATE))
    yield "inost", myo_inositol({})


def glucosyl(anomer: str, two: str, three: str = "O", four: str = "O", six: str = "O") -> str:
    """Write a D-glucopyranosyl group from C1; `anomer` is alpha or beta."""
    first = {"alpha": "@@", "beta": "@"}[anomer]
    return f"[C{first}H]6[C@H]({two})[C@@H]({three})[C@H]({four})[C@@H](C{six})O6"


LTB4_TAIL = r"/C=C\C[C@@H](O)/C=C/C=C/C=C\[C@@H](O)CCCC(=O)O"
LTE4_TAIL = r"/C=C\C/C=C\C=C\C=C\[C@@H](SC[C@H](N)C(=O)O)[C@@H](O)CCCC(=O)O"
OMEGA_ENDS = {
    "CE6182": "C(=O)CCCC" + LTB4_TAIL,
    "CE6183": "C(=O)CC(=O)CC" + LTB4_TAIL,
    "CE6184": "C(=O)CC" + LTB4_TAIL,
    "CE6186": "C(=O)/C=C/CC" + LTB4_TAIL,
    "CE6187": "C(=O)CC(O)CC" + LTB4_TAIL,
    "CE6190": "C(=O)CCCC" + LTE4_TAIL,
    "CE6188": "C(=O)CC" + LTE4_TAIL,
    "CE6189": "C(=O)CC(=O)CC" + LTE4_TAIL,
    "CE6191": "C(=O)/C=C/CC" + LTE4_TAIL,
    "CE6192": "C(=O)CC(O)CC" + LTE4_TAIL,
    "CE6198": "C(=O)CC(=O)" + LTE4_TAIL,
    "CE6226": "C(=O)CC(O)" + LTE4_TAIL,
}
DIHYDRO_LTB4 = r"[C@H](O)/C=C\C=C\CC[C@H](O)C/C=C\CCCCC"
CARBOXYL_ENDS = {
    "CE5969": "C(=O)CCC" + DIHYDRO_LTB4,
    "CE5966": "C(=O)CC(=O)C" + DIHYDRO_LTB4,
    "CE5970": "C(=O)/C=C/C" + DIHYDRO_LTB4,
    "CE5971": "C(=O)CC(O)C" + DIHYDRO_LTB4,
    "CE5967": "C(=O)CC(O)" + DIHYDRO_LTB4.removeprefix("[C@H](O)"),
}


def eicosanoids(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Coenzyme A thioesters of leukotrienes, at either end of the chain."""
    for bigg_id, group in (OMEGA_ENDS | CARBOXYL_ENDS).items():
        yield bigg_id, coenzyme_a(group)
    yield "CE5968", "O" + CARBOXYL_ENDS["CE5967"]


GLUTATHIONYL = "SC[C@H](NC(=O)CC[C@H](N)C(=O)O)C(=O)NCC(=O)O"


def oestrogens(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Catechol oestrogens' quinones and glutathione conjugates."""
    frame = "C[C@]12CC[C@H]3[C@@H](CC{ring})[C@@H]1CC{end}"
    alcohol, ketone = "[C@@H]2O", "C2=O"
    rings = {
        ("CE5239", "CE5240"): f"c4c({GLUTATHIONYL})c(O)c(O)cc34",
        ("CE5241", "CE5242"): f"c4cc(O)c(O)c({GLUTATHIONYL})c34",
        ("CE5243", "CE5244"): f"c4c(O)c(O)c({GLUTATHIONYL})cc34",
        ("CE5249", "CE5251"): "C4=C3C=CC(=O)C4=O",
        ("CE5250", "CE5252"): "C4=CC(=O)C(=O)C=C34",
    }
    for ids, ring in rings.items():
        for bigg_id, end in zip(ids, (alcohol, ketone), strict=True):
            yield bigg_id, frame.format(ring=ring, end=end)


def antigen_precursors(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Undecaprenyl-linked units of the enterobacterial common antigen."""
    carrier = f"({DIPHOSPHATE}{prenyl(11, 8)})"

    def unit(four: str, three: str = "O") -> str:
        group = glucosyl("alpha", "NC(C)=O", three, four)
        return group.replace("H]6", f"H]6{carrier}", 1)

    def uronate(four: str) -> str:
        return f"O[C@H]5[C@@H](NC(C)=O)[C@@H](O)[C@H]({four})[C@@H](C(=O)O)O5"

    yield "unaga", unit("O")
    yield "ragund", unit("O", "OC5C(O)C(O)C(O)C(C)O5")
    yield "unagamu", unit(uronate("O"))
    yield "unagamuf", unit(uronate("OC4C(O)C(O)C(NC(C)=O)C(C)O4"))


# Ring closure, substituent of oxygen 4 and of oxygen 5.
KDOSYL = "O[C@]{0}(C(=O)O)C[C@@H]({1})[C@@H]({2})[C@@H]([C@H](O)CO)O{0}"
# Ring closure and substituent of oxygen 3.
HEPTOSYL = "O[C@@H]{0}[C@@H](O)[C@@H]({1})[C@H](O)[C@@H]([C@@H](O)CO)O{0}"


def lipids_a(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Lipid A and its precursors."""
    primary = acyl(14, hydroxy=R3)

    def secondary(chain: str) -> str:
        return f"C(=O)C[C@H](O{chain})CCCCCCCCCCC"

    def lipid(
        amide: str = primary, ester: str = primary, phosphate: str = PHOSPHATE, kdo: str = "O"
    ) -> str:
        second = glucosyl("beta", "N" + amide, "O" + ester, phosphate, kdo).replace("6", "5")
        first = glucosyl("alpha", "N" + primary, "O" + primary, six="O" + second)
        return first.replace("H]6", f"H]6({PHOSPHATE})", 1)

    inner = KDOSYL.format("4", "O", "O")
    two_kdo = KDOSYL.format("4", KDOSYL.format("3", "O", "O"), "O")
    laurate, myristate = acyl(12), acyl(14)
    sugar = glucosyl("alpha", "N" + primary, "O" + primary)
    yield "lipidX", sugar.replace("H]6", f"H]6({PHOSPHATE})", 1)
    yield "lipidAds", lipid(phosphate="O")
    yield "lipidA", lipid()
    yield "kdolipid4", lipid(kdo=inner)
    yield "kdo2lipid4", lipid(kdo=two_kdo)
    yield "kdo2lipid4L", lipid(amide=secondary(laurate), kdo=two_kdo)
    yield "kdo2lipid4p", lipid(amide=secondary(enoyl(16, 9)), kdo=two_kdo)
    for bigg_id, heptose in (
        ("hlipa", HEPTOSYL.format("2", "O")),
        ("hhlipa", HEPTOSYL.format("2", HEPTOSYL.format("1", "O"))),
    ):
        core = KDOSYL.format("4", KDOSYL.format("3", "O", "O"), heptose)
        yield bigg_id, lipid(secondary(laurate), secondary(myristate), kdo=core)
    yield "lipa", lipid(secondary(laurate), secondary(myristate), kdo=two_kdo)
    yield "lipa_cold", lipid(secondary(enoyl(16, 9)), secondary(myristate), kdo=two_kdo)


CORRIN = (
    "{f}CC[C@@]4([C@H]([C@@H]5[C@]6([C@@]([C@@H](C(=N6)C(=C7[C@@]([C@@H](C(=N7)C=C8C([C@@H]("
    "C(=N8)C(=C4{n}5)C)CCC(=O){e})(C)C)CCC(=O){d})(C)CC(=O){c})C)CCC(=O){b})(C)CC(=O){a})C)"
    "CC(=O){g})C"
)


# The tautomer of the metal-free ring that the annotation names.
HYDROGENOCORRIN = (
    "{f}CC[C@@]4([C@H]([C@@H]5[C@]6([C@@]([C@@H](C(N6)=C(C7=NC(=CC8=NC(=C(C4=N5)C)[C@@H]("
    "CCC(=O){e})C8(C)C)[C@@H](CCC(=O){d})[C@@]7(C)CC(=O){c})C)CCC(=O){b})(C)CC(=O){a})C)"
    "CC(=O){g})C"
)


def corrin(amides: str, f: str = "OC(=O)", metal: str = "") -> str:
    """Write a cobyrinic acid derivative; `amides` names the amidated side chains."""
    groups = {place: "N" if place in amides else "O" for place in "abcdeg"}
    if not metal:
        return HYDROGENOCORRIN.format(f=f, **groups)
    return f"{CORRIN.format(f=f, n='[N-]', **groups)}.{metal}"


def corrinoids(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Intermediates of cobalamin, the metal and its ligands as ions."""
    # InChI knows the carbon ligand as a radical.
    adenosyl = "[CH2]" + rest(ADENINE)[1:]
    cobalt1 = "[Co+]"
    cobalt2 = "[Co+2]"
    adenosylated = f"[Co+2].{adenosyl}"
    six = "abcdeg"
    linker = "C[C@@H](O{})CNC(=O)"
    ribazole = "[C@H]3[C@@H](O)[C@@H](n1cnc2cc(C)c(C)cc12)O[C@@H]3CO"
    yield "hgbyr", corrin("")
    yield "hgbam", corrin("ac")
    yield "cobya", corrin("", metal=cobalt2)
    yield "co1dam", corrin("ac", metal=cobalt1)
    yield "co2dam", corrin("ac", metal=cobalt2)
    yield "cob1nda", corrin("ac", metal=cobalt1)
    yield "adcobdam", corrin("ac", metal=adenosylated)
    yield "adcobhex", corrin(six, metal=adenosylated)
    yield "cbi", corrin(six, linker.replace("{}", ""), cobalt2)
    yield "adocbi", corrin(six, linker.replace("{}", ""), adenosylated)
    yield "adocbip", corrin(six, linker.replace("{}", "P(=O)(O)O"), adenosylated)
    guanosine = "P(=O)(O)OP(=O)(O)O" + rest(GUANINE).replace("7", "3").replace("8", "2")
    yield "agdpcbi", corrin(six, linker.replace("{}", guanosine), adenosylated)
    loop = linker.replace("{}", "P(=O)(O)O" + ribazole)
    for bigg_id, metal in (
        ("adocbl", adenosylated),
        ("cbl1", cobalt1),
        ("cbl2", cobalt2),
        ("adoscbl", adenosylated),
        ("mecbl", "[Co+2].[CH3]"),
    ):
        yield bigg_id, corrin(six, loop, metal)


ACETATE = "CC(=O)O"
PROPIONATE = "CCC(=O)O"
METHYL = "C"
VINYL = "C=C"
TYPE_I = ((ACETATE, PROPIONATE),) * 4
TYPE_III = (*TYPE_I[:3], (PROPIONATE, ACETATE))


def porphyrinogen(pairs: Sequence[tuple[str, str]], end: str = "5") -> str:
    """Write four pyrroles joined by methylenes, a ring if `end` closes it."""
    text = end
    for ring in (4, 3, 2, 1):
        first, second = pairs[ring - 1]
        text = f"Cc{ring}[nH]c{text}c({second})c{ring}{first}"
        text = f"({text})" if ring > 1 else text
    return text.replace("C", "C5", 1) if end == "5" else text


def tetrapyrroles(formulas: Mapping[str, Sequence[str]]) -> Candidates:
    """Porphyrinogens and the bilane before them."""
    copro = tuple(
        tuple(METHYL if group == ACETATE else group for group in pair) for pair in TYPE_III
    )
    yield "uppg1", porphyrinogen(TYPE_I)
    yield "uppg3", porphyrinogen(TYPE_III)
    yield "cpppg3", porphyrinogen(copro)  # type: ignore[arg-type]
    yield "cpppg1", porphyrinogen(((METHYL, PROPIONATE),) * 4)
    proto = ((METHYL, VINYL), (METHYL, VINYL), (METHYL, PROPIONATE), (PROPIONATE, METHYL))
    yield "pppg9", porphyrinogen(proto)
    yield "hmbil", "O" + porphyrinogen(TYPE_I, end="")


FAMILIES: dict[str, Callable[[Mapping[str, Sequence[str]]], Candidates]] = {
    "acyl_coa": acyl_coas,
    "acyl_acp": acyl_acps,
    "glycerolipid": glycerolipids,
    "fatty_acid": fatty_acids,
    "nucleotide": nucleotides,
    "flavin": flavins,
    "nucleotide_sugar": nucleotide_sugars,
    "peptide": amino_acids,
    "trna": transfer_rnas,
    "isoprenoid": isoprenoids,
    "muropeptide": muropeptides,
    "folate": folates,
    "glucan": glucans,
    "tetrapyrrole": tetrapyrroles,
    "corrinoid": corrinoids,
    "inositol": inositols,
    "lipid_a": lipids_a,
    "eicosanoid": eicosanoids,
    "oestrogen": oestrogens,
    "antigen": antigen_precursors,
}


def family_candidates(formulas: Mapping[str, Sequence[str]]) -> dict[str, list[Candidate]]:
    """Write the structures of all families.

    Parameters
    ----------
    formulas : mapping of str to sequence of str
        The metabolites that can be verified, with their formulas.

    Returns
    -------
    dict of str to list of tuple of (str, str)
        Family and SMILES by BiGG id.
    """
    found: dict[str, list[Candidate]] = {}
    for name, family in FAMILIES.items():
        for bigg_id, smiles in family(formulas):
            if bigg_id in formulas:
                candidate = (name, smiles)
                listed = found.setdefault(bigg_id, [])
                if candidate not in listed:
                    listed.append(candidate)
    return found
