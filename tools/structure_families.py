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
    """Write a beta-D-ribonucleoside; ``two=""`` makes it the 2'-deoxy one."""
    second = f"[C@H]({two})" if two else "C"
    return f"{five}C[C@H]7O[C@@H]({base}){second}[C@@H]7{three}"


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
    """Write 4'-phosphopantetheine with a thioester, up to its phosphate oxygen."""
    thiol = f"S({group})" if group else "S"
    return f"{thiol}CCNC(=O)CCNC(=O)[C@H](O)C(C)(C)COP(=O)(O)O"


def coenzyme_a(group: str = "") -> str:
    """Write coenzyme A, or its thioester with an acyl group."""
    return nucleoside(ADENINE, five=pantetheine(group) + "P(=O)(O)O", three=PHOSPHATE)


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
    "sbz": "C(=O)CCC(=O)c6ccccc6C(=O)O",
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
    "c2m26d": r"C(=O)/C(C)=C\CC=C(C)C(C)C"[:0] + r"C(=O)/C(C)=C\C/C=C(/C)C(C)C"[:0],
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
    "fa1": "C(=O)" + "C" * 11 + "C(C)C",
    "fa3": "C(=O)" + "C" * 12 + "C(C)C",
    "fa4": "C(=O)" + "C" * 11 + "[C@@H](C)CC",
    "fa6": "C(=O)" + "C" * 13 + "C(C)C",
    "fa11": "C(=O)" + "C" * 14 + "C(C)C",
    "fa12": "C(=O)" + "C" * 13 + "[C@@H](C)CC",
    "phyt": "C(=O)CC(C)CCC[C@H](C)CCC[C@H](C)CCCC(C)C",
    "prist": "C(=O)C(C)CCC[C@H](C)CCC[C@H](C)CCCC(C)C",
    "CE5126": "C(=O)[C@H](C)CCC[C@H](C)CCC[C@H](C)CCCC(C)C",
}
ACYL_COA["t2m26d"] = r"C(=O)/C(C)=C/C/C=C(\C)C(C)C"
ACYL_COA["c2m26d"] = r"C(=O)/C(C)=C\C/C=C(\C)C(C)C"

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
    yield "dpcoa", nucleoside(ADENINE, five=pantetheine("") + "P(=O)(O)O")
    yield "pan4p", pantetheine("")
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
        yield stem + "ACP", pantetheine(group) + "*"
        yield stem + "ACP", f"*S{group}"
    for bigg_id in ("ACP", "hacp"):
        yield bigg_id, pantetheine("") + "*"
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
CYTIDYL = nucleoside(CYTOSINE, five="")
GLYCEROL_HEAD = "OC[C@@H](O)CO"
HEADS = {
    "12dgr": "O",
    "pa": PHOSPHATE,
    "pe": "OP(=O)(O)OCCN",
    "ps": "OP(=O)(O)OC[C@H](N)C(=O)O",
    "pg": "OP(=O)(O)" + GLYCEROL_HEAD,
    "pgp": "OP(=O)(O)" + GLYCEROL_HEAD + "P(=O)(O)O",
    "pc": "OP(=O)([O-])OCC[N+](C)(C)C",
    "cdpdag": DIPHOSPHATE + CYTIDYL,
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
        half = f"OC[C@@H](O{chain})C(O{chain})"
        inner = f"OC[C@H](O{chain})CO{chain}"
        yield f"clpn{code}", f"C(OP(=O)(O){inner})C(O)COP(=O)(O){inner}"
        del half
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
    yield from _unspecified_lipids()


def _unspecified_lipids() -> Candidates:
    inositol = "OP(=O)(O)OC6C(O)C({3})C({4})C({5})C6O"
    plain = {"3": "O", "4": "O", "5": "O"}
    for bigg_id, places in (
        ("pail_hs", ""),
        ("pail3p_hs", "3"),
        ("pail4p_hs", "4"),
        ("pail45p_hs", "45"),
    ):
        groups = plain | dict.fromkeys(places, PHOSPHATE)
        head = re.sub(r"\{(\d)\}", lambda hit, groups=groups: groups[hit[1]], inositol)
        yield bigg_id, glycerolipid(head, "C(=O)*", "C(=O)*")
        yield bigg_id, glycerolipid(head, "*", "C(=O)*")
    yield "pa_hs", glycerolipid(PHOSPHATE, "C(=O)*", "C(=O)*")
    yield "tag_hs", glycerolipid("OC(=O)*", "C(=O)*", "C(=O)*")


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
    "vacc": enoyl(18, 11),
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
    "vacccrn": "vacc",
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
        cyclic = f"OC[C@H]7O[C@@H]({base})[C@H]6OP(=O)(O)O[C@@H]67"
        yield f"23c{letter}mp", cyclic
        ring = f"C6[C@H]7O[C@@H]({base})[C@H](O)[C@@H]7OP(=O)(O)O6"
        yield f"35c{letter}mp", ring
        yield f"c{letter}mp", ring
        deoxy_ring = f"C6[C@H]7O[C@@H]({base})C[C@@H]7OP(=O)(O)O6"
        yield f"35cd{letter}mp", deoxy_ring
        dinucleoside = nucleoside(base, five="").replace("8", "4").replace("9", "5")
        dinucleoside = dinucleoside.replace("7", "3")
        for count in (2, 3, 4, 5):
            bridge = "O" + "P(=O)(O)O" * count
            yield f"{letter}p{count}{letter}", nucleoside(base, five=bridge[::1] + dinucleoside)
            yield f"{letter}p{count}{letter}", dinucleoside_polyphosphate(base, count)
    for degree, phosphate in PHOSPHATES.items():
        yield f"dt{degree}p", nucleoside(THYMINE, five=phosphate, two="")
    yield "23cump", f"OC[C@H]7O[C@@H]({URACIL})[C@H]6OP(=O)(O)O[C@@H]67"
    yield "ap4a", dinucleoside_polyphosphate(ADENINE, 4)
    yield "ap5a", dinucleoside_polyphosphate(ADENINE, 5)
    yield "gp4g", dinucleoside_polyphosphate(GUANINE, 4)
    yield "pap", nucleoside(ADENINE, five=PHOSPHATE, three=PHOSPHATE)
    yield "paps", nucleoside(ADENINE, five="OS(=O)(=O)OP(=O)(O)O", three=PHOSPHATE)
    yield "aps", nucleoside(ADENINE, five="OS(=O)(=O)OP(=O)(O)O")
    yield "adsel", nucleoside(ADENINE, five="O[Se](=O)(=O)OP(=O)(O)O")
    yield "ppgpp", nucleoside(GUANINE, five=DIPHOSPHATE, three=DIPHOSPHATE)
    yield "gdptp", nucleoside(GUANINE, five=TRIPHOSPHATE, three=DIPHOSPHATE)
    yield "gtppp", nucleoside(GUANINE, five=TRIPHOSPHATE, three=DIPHOSPHATE)
    yield "5mta", nucleoside(ADENINE, five="CS")
    yield "nmn", nucleoside(NICOTINAMIDE, five=PHOSPHATE)
    yield "nicrnt", nucleoside(NICOTINATE, five=PHOSPHATE)
    yield "nicrns", nucleoside(NICOTINATE)
    yield "rnam", nucleoside(NICOTINAMIDE)
    yield "adprib", nucleoside(ADENINE, five="O" + _ribose5() + "OP(=O)(O)OP(=O)(O)O")
    for bigg_id, base, two in (
        ("nad", NICOTINAMIDE, "O"),
        ("nadp", NICOTINAMIDE, PHOSPHATE),
        ("dnad", NICOTINATE, "O"),
        ("nadh", "N8C=CCC(C(N)=O)=C8", "O"),
        ("nadph", "N8C=CCC(C(N)=O)=C8", PHOSPHATE),
    ):
        other = nucleoside(base, five="").replace("7", "5").replace("8", "4")
        # The pyridine nucleotide is the 5' substituent, so it is written backwards.
        yield bigg_id, f"{nucleoside_tail(other)}{nucleoside(ADENINE, five=DIPHOSPHATE, two=two)}"
    flavin = "Cc6cc5nc4c(=O)[nH]c(=O)nc-4n(C{ribityl})c5cc6C"
    reduced = "Cc6cc5Nc4c(=O)[nH]c(=O)[nH]c4N(C{ribityl})c5cc6C"
    ribityl = "[C@H](O)[C@H](O)[C@H](O)CO"
    adenylyl = "P(=O)(O)OP(=O)(O)O" + nucleoside(ADENINE, five="")
    for bigg_id, ring, group in (
        ("ribflv", flavin, ""),
        ("rbflvrd", reduced, ""),
        ("fmn", flavin, "P(=O)(O)O"),
        ("fmnh2", reduced, "P(=O)(O)O"),
        ("fad", flavin, adenylyl),
        ("fadh2", reduced, adenylyl),
    ):
        yield bigg_id, ring.replace("{ribityl}", ribityl + group)
    for bigg_id, residue in ADENYLATES.items():
        yield bigg_id, nucleoside(ADENINE, five=f"{residue}OP(=O)(O)O")


ADENYLATES = {
    "seramp": "OC[C@H](N)C(=O)",
    "lipoamp": "C6CC(SS6)CCCCC(=O)",
    "23dhba": "Oc6cccc(C(=O)[*:1])c6O".replace("C(=O)[*:1]", "C%10=O")[:0]
    + "O=C(c6cccc(O)c6O)",
    "lipopb": "C6CC(SS6)CCCCC(=O)",
}


def _ribose5() -> str:
    return "C1[C@H](O)[C@H](O)[C@@H](C{})O1".replace("{}", "")


def nucleoside_tail(text: str) -> str:
    """Make a nucleoside a prefix: it then ends in its 5' carbon."""
    # "C[C@H]5O[C@@H](base)[C@H](O)[C@@H]5O" -> the same ring from the other side.
    match = re.fullmatch(r"C\[C@H\]5O\[C@@H\]\((.*)\)\[C@H\]\(O\)\[C@@H\]5O", text)
    if match is None:
        raise ValueError(f"not a nucleoside: {text}")
    return f"O[C@@H]5[C@H](O)[C@@H](O[C@@H]5C{{}}){match[1]}"


def dinucleoside_polyphosphate(base: str, count: int) -> str:
    """Write two nucleosides joined 5' to 5' by phosphates."""
    first = nucleoside(base, five="")
    second = first.replace("7", "3").replace("8", "4").replace("9", "5")
    bridge = "O" + "P(=O)(O)O" * count
    return f"C({bridge}{second}){first[1:]}"
