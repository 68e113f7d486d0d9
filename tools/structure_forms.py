"""Forms of a structure: the stereoisomer that an InChIKey names, the protons that a formula has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, product

from rdkit import Chem

from gemwright.gem.formulas import parse_formula
from gemwright.sources.structures import canonical_smiles, inchikey, molecule, quiet_rdkit

#: Stereo part of the InChIKey of a structure without stereochemistry.
FLAT = "UHFFFAOYSA"
# RDKit's InChI wrapper carries no types.
_inchikey_of: Callable[[Chem.Mol], str] = Chem.MolToInchiKey


def resolve_stereo(
    smiles: str, inchikeys: Iterable[str], max_open: int = 10, max_inverted: int = 2
) -> str | None:
    """Find the stereoisomer of a structure that an InChIKey names.

    Stereo elements left open are tried in all ways (with six or fewer also left
    unspecified, as anomeric carbons often are); if none is open, up to `max_inverted`
    of the given ones are inverted.

    Parameters
    ----------
    smiles : str
        Structure of the right connectivity.
    inchikeys : iterable of str
        InChIKeys to reach; those without stereochemistry say nothing.
    max_open : int
        Give up if more stereo elements are open.
    max_inverted : int
        Largest number of inverted elements.

    Returns
    -------
    str or None
        Canonical SMILES of the isomer, None if there is none.
    """
    wanted = {key[:23] for key in inchikeys if key[15:25] != FLAT}
    if not wanted:
        return None
    mol = molecule(smiles)
    elements = [item for item in Chem.FindPotentialStereo(mol) if _can_set(mol, item)]
    is_open = [item.specified != Chem.StereoSpecified.Specified for item in elements]
    opened = [item for item, free in zip(elements, is_open, strict=True) if free]
    if len(opened) > max_open:
        return None
    options: Iterable[Sequence[tuple[Chem.StereoInfo, int]]]
    if opened:
        states = (1, 2, 0) if len(opened) <= 6 else (1, 2)
        options = (
            tuple(zip(opened, choice, strict=True))
            for choice in product(states, repeat=len(opened))
        )
    else:
        options = (
            tuple((item, 3) for item in chosen)
            for count in range(1, max_inverted + 1)
            for chosen in combinations(elements, count)
        )
    for choices in options:
        isomer = Chem.Mol(mol)
        for item, state in choices:
            _set_stereo(isomer, item, state)
        with quiet_rdkit():
            key = _inchikey_of(isomer)
        if key[:23] in wanted:
            # By way of SMILES, so that the answer is what a reader of it will see.
            found = canonical_smiles(Chem.MolToSmiles(isomer))
            if inchikey(found)[:23] in wanted:
                return found
    return None


def _can_set(mol: Chem.Mol, item: Chem.StereoInfo) -> bool:
    if item.type == Chem.StereoType.Atom_Tetrahedral:
        # RDKit also lists phosphate diesters, whose oxygens a proton makes equal.
        return mol.GetAtomWithIdx(item.centeredOn).GetSymbol() in {"C", "S"}
    if item.type != Chem.StereoType.Bond_Double:
        return False
    bond = mol.GetBondWithIdx(item.centeredOn)
    # An N-H of an imine leaves nothing to refer to.
    return bond.GetBeginAtom().GetDegree() > 1 and bond.GetEndAtom().GetDegree() > 1


def _set_stereo(mol: Chem.Mol, item: Chem.StereoInfo, state: int) -> None:
    """Set a stereo element: 0 unspecified, 1 and 2 its two states, 3 inverted."""
    if item.type == Chem.StereoType.Atom_Tetrahedral:
        atom = mol.GetAtomWithIdx(item.centeredOn)
        if state == 3:
            atom.InvertChirality()
        else:
            atom.SetChiralTag(_CHIRAL_TAGS[state])
    else:
        bond = mol.GetBondWithIdx(item.centeredOn)
        if state == 3:
            cis = bond.GetStereo() in (Chem.BondStereo.STEREOZ, Chem.BondStereo.STEREOCIS)
            state = 2 if cis else 1
        if state == 0:
            bond.SetStereo(Chem.BondStereo.STEREONONE)
            return
        bond.SetStereoAtoms(*_stereo_ends(bond))
        bond.SetStereo(_BOND_STEREO[state])


def _stereo_ends(bond: Chem.Bond) -> tuple[int, int]:
    if len(bond.GetStereoAtoms()) == 2:
        first, second = bond.GetStereoAtoms()
        return first, second
    begin, end = bond.GetBeginAtom(), bond.GetEndAtom()
    sides = ((begin, end.GetIdx()), (end, begin.GetIdx()))
    first, second = (
        min(other.GetIdx() for other in atom.GetNeighbors() if other.GetIdx() != partner)
        for atom, partner in sides
    )
    return first, second


_CHIRAL_TAGS = (
    Chem.ChiralType.CHI_UNSPECIFIED,
    Chem.ChiralType.CHI_TETRAHEDRAL_CW,
    Chem.ChiralType.CHI_TETRAHEDRAL_CCW,
)
_BOND_STEREO = (
    Chem.BondStereo.STEREONONE,
    Chem.BondStereo.STEREOCIS,
    Chem.BondStereo.STEREOTRANS,
)
# Strong acids and bases first: the edits are applied in this order until the
# hydrogen count of the wanted formula is reached.
_ACIDS = tuple(
    Chem.MolFromSmarts(smarts)
    for smarts in (
        "[OX2H1;$(OS(=O)=O)]",
        "[OX2H1;$(OP);!$(OP([OX2H1])[OX2H1,#6])]",
        "[OX2H1;$(OP)]",
        "[OX2H1;$(OC=O)]",
        "[SX2H1;$(S[CX3]=O)]",
        "[OX2H1;$(O[As]),$(O[Se]),$(ON=O),$(O[N+](=O))]",
    )
)
_BASES = tuple(
    Chem.MolFromSmarts(smarts)
    for smarts in (
        "[NX2;$(N=C([NX3])[NX3]);!$(N-C=O);!$(N=C(N)NC=O)]",
        "[NX3;+0;!$(N~[!$([CX4])])]",
    )
)


def _hydrogens(mol: Chem.Mol) -> int:
    return sum(atom.GetTotalNumHs() for atom in mol.GetAtoms())


def _shift_proton(mol: Chem.Mol, index: int, step: int) -> None:
    atom = mol.GetAtomWithIdx(index)
    hydrogens = atom.GetTotalNumHs() + step
    atom.SetFormalCharge(atom.GetFormalCharge() + step)
    atom.SetNoImplicit(True)
    atom.SetNumExplicitHs(hydrogens)


def physiological_smiles(smiles: str, formula: str | None, charge: int | None) -> str:
    """Move protons so that a structure has the hydrogens and charge of a formula.

    Acids lose and amines or guanidines gain protons, strongest first. If no set of
    such moves gives the wanted hydrogens and charge, the structure is returned as
    it is.

    Parameters
    ----------
    smiles : str
        The structure.
    formula : str or None
        Wanted formula.
    charge : int or None
        Wanted net charge.

    Returns
    -------
    str
        Canonical isomeric SMILES.
    """
    given = canonical_smiles(smiles)
    if formula is None or charge is None:
        return given
    try:
        wanted = parse_formula(formula).get("H", 0)
    except ValueError:
        return given
    mol = molecule(smiles)
    present = Chem.GetFormalCharge(mol)
    # Protons carry one charge each; any other difference is not one of protonation.
    if wanted - _hydrogens(mol) != charge - present:
        return given
    if charge == present:
        zwitterions = _zwitterion(mol)
        return zwitterions if zwitterions is not None else given
    acids, bases = _sites(mol)
    # For every number of protonated bases, the acids have to supply the rest.
    for protonated in range(len(bases), -1, -1):
        lost = present + protonated - charge
        if 0 <= lost <= len(acids):
            return _edited(mol, acids[:lost], bases[:protonated])
    return given


def _sites(mol: Chem.Mol) -> tuple[list[int], list[int]]:
    acids: list[int] = []
    for pattern in _ACIDS:
        hits = sorted(match[0] for match in mol.GetSubstructMatches(pattern))
        acids.extend(index for index in hits if index not in acids)
    bases: list[int] = []
    for pattern in _BASES:
        for match in sorted(mol.GetSubstructMatches(pattern)):
            atom = mol.GetAtomWithIdx(match[0])
            if match[0] not in bases and atom.GetFormalCharge() == 0:
                bases.append(match[0])
    return acids, bases


def _edited(mol: Chem.Mol, lose: list[int], gain: list[int]) -> str:
    edited = Chem.RWMol(mol)
    for index in lose:
        _shift_proton(edited, index, -1)
    for index in gain:
        _shift_proton(edited, index, +1)
    with quiet_rdkit():
        Chem.SanitizeMol(edited)
    return canonical_smiles(Chem.MolToSmiles(edited))


def _zwitterion(mol: Chem.Mol) -> str | None:
    acids, bases = _sites(mol)
    pairs = min(len(acids), len(bases))
    return _edited(mol, acids[:pairs], bases[:pairs]) if pairs else None
