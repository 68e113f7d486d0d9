"""Formulas of structures, and the check whether a structure is that of a metabolite.

A structure is accepted for a metabolite only when something independent of the
way it was drawn says that it is the same compound: the connectivity block of an
annotated InChIKey or, where none is annotated, the heavy-atom formula.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rdkit import Chem

from gemwright.gem.formulas import RESIDUE, parse_formula
from gemwright.sources.structures import inchikey, molecule

#: Heavy atoms of apo-ACP of E. coli (C384N96O142PS3 with phosphopantetheine), less
#: the ones of the phosphopantetheine.
_APO_ACP = {"C": 373, "N": 94, "O": 135, "S": 2}


class Evidence(StrEnum):
    """What a structure was verified by."""

    INCHIKEY_BLOCK1 = "inchikey_block1"
    HEAVY_FORMULA = "heavy_formula"
    NONE = "none"


class Stereo(StrEnum):
    """How the stereochemistry compares with the annotated InChIKey."""

    MATCHES = "matches"
    DIFFERS = "differs"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Verification:
    """Result of :func:`verify_structure`.

    Attributes
    ----------
    evidence : Evidence
        What the structure agrees with; `Evidence.NONE` if it was refused.
    stereo : Stereo
        Agreement of the stereochemistry with the annotation.
    inchikey : str
        Standard InChIKey of the structure, empty if InChI cannot express it
        (a residue ``*``, for instance).
    """

    evidence: Evidence
    stereo: Stereo
    inchikey: str

    @property
    def accepted(self) -> bool:
        """Whether the structure may be used for the metabolite."""
        return self.evidence is not Evidence.NONE


def heavy_formula(formula: str) -> dict[str, int]:
    """Count the atoms of a molecular formula without hydrogen.

    Parameters
    ----------
    formula : str
        Formula as for :func:`parse_formula`.

    Returns
    -------
    dict of str to int
        Heavy atoms per element; empty for H, H2 and the proton.
    """
    return {symbol: n for symbol, n in parse_formula(formula).items() if symbol != "H"}


def formula_of_smiles(smiles: str) -> dict[str, int]:
    """Count the atoms of a structure, hydrogens included, residues under ``*``.

    Parameters
    ----------
    smiles : str
        Structure; a dummy atom is a residue.

    Returns
    -------
    dict of str to int
        Atoms per element, elements in alphabetical order.
    """
    counts: Counter[str] = Counter()
    for atom in molecule(smiles).GetAtoms():
        counts[atom.GetSymbol() if atom.GetAtomicNum() else RESIDUE] += 1
        counts["H"] += atom.GetTotalNumHs()
    return {symbol: counts[symbol] for symbol in sorted(counts) if counts[symbol]}


def heavy_formula_of_smiles(smiles: str) -> dict[str, int]:
    """Count the heavy atoms of a structure.

    Parameters
    ----------
    smiles : str
        Structure; a dummy atom is a residue and counted under ``*``.

    Returns
    -------
    dict of str to int
        Heavy atoms per element.
    """
    return {symbol: n for symbol, n in formula_of_smiles(smiles).items() if symbol != "H"}


def smiles_charge(smiles: str) -> int:
    """Return the net charge of a structure.

    Parameters
    ----------
    smiles : str
        Any valid SMILES.

    Returns
    -------
    int
        Sum of the formal charges.
    """
    charge: int = Chem.GetFormalCharge(molecule(smiles))
    return charge


def acp_as_residue(counts: Mapping[str, int]) -> dict[str, int]:
    """Replace the acyl carrier protein in a formula by a residue.

    BiGG writes some acyl-ACPs with all atoms of *E. coli*'s protein; its
    phosphopantetheine and the acyl group stay.

    Parameters
    ----------
    counts : mapping of str to int
        Atoms per element.

    Returns
    -------
    dict of str to int
        The same, or what is left of it and one ``*``.
    """
    left = Counter(counts)
    if any(left[symbol] < number for symbol, number in _APO_ACP.items()):
        return dict(counts)
    left.subtract(_APO_ACP)
    left[RESIDUE] += 1
    return {symbol: left[symbol] for symbol in sorted(left) if left[symbol]}


def listed_heavy(formulas: Iterable[str]) -> list[dict[str, int]]:
    """Count heavy atoms of those formulas that can be read, a whole protein as a residue, too."""
    listed: list[dict[str, int]] = []
    for formula in formulas:
        try:
            counts = heavy_formula(formula)
        except ValueError:
            continue
        listed += [counts, acp_as_residue(counts)]
    return listed


def verify_structure(
    smiles: str, formulas: Iterable[str], inchikeys: Iterable[str]
) -> Verification:
    """Decide whether a structure is that of an annotated metabolite.

    An annotated InChIKey always decides; the formula is asked only where there is
    no InChIKey. Hydrogens are left out because databases differ in charge state.

    Parameters
    ----------
    smiles : str
        The structure.
    formulas : iterable of str
        Formulas listed for the metabolite; one that cannot be read is ignored.
    inchikeys : iterable of str
        InChIKeys annotated for the metabolite.

    Returns
    -------
    Verification
        Evidence, agreement of the stereochemistry and the computed InChIKey.
    """
    key = inchikey(smiles)
    annotated = [other for other in inchikeys if other]
    if annotated:
        same = [other for other in annotated if key and other[:14] == key[:14]]
        if not same:
            return Verification(Evidence.NONE, Stereo.UNCHECKED, key)
        # The first eight letters of the second block hash stereo and isotopes.
        matches = any(other[15:23] == key[15:23] for other in same)
        stereo = Stereo.MATCHES if matches else Stereo.DIFFERS
        return Verification(Evidence.INCHIKEY_BLOCK1, stereo, key)
    heavy = heavy_formula_of_smiles(smiles)
    if heavy in listed_heavy(formulas):
        return Verification(Evidence.HEAVY_FORMULA, Stereo.UNCHECKED, key)
    return Verification(Evidence.NONE, Stereo.UNCHECKED, key)
