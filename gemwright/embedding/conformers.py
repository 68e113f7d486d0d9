"""One conformer of a structure, and what became of it."""

from collections.abc import Mapping

import numpy as np
from rdkit import Chem, rdBase
from rdkit.Chem import rdDepictor, rdDistGeom, rdForceFieldHelpers

from gemwright.embedding.morgan import parent_molecule

CONFORMER_SEED = 42
NO_HEAVY_ATOM, NO_CONFORMER, FLAT = "no_heavy_atom", "no_conformer", "flat"
UNRELAXED, SINGLE_ATOM = "unrelaxed", "single_atom"

REASONS: Mapping[str, str] = {
    NO_HEAVY_ATOM: "structures without a heavy atom get the vector zero",
    NO_CONFORMER: "structures that RDKit gives no coordinates get the vector zero",
    FLAT: "structures that RDKit cannot embed in space have the coordinates of their drawing",
    UNRELAXED: "structures with atoms that MMFF94 has no parameters for stay as embedded",
    SINGLE_ATOM: "structures of one heavy atom have no geometry",
}


def conformer(smiles: str) -> tuple[Chem.Mol, tuple[str, ...]]:
    """Embed a structure in space (ETKDG, seed 42) and relax it (MMFF94).

    The same conformer as ``unimol_tools`` makes of the SMILES: hydrogens kept, coordinates of the
    drawing where none is found in space. Single-atom counter-ions are taken off before.

    Parameters
    ----------
    smiles : str
        Any valid SMILES.

    Returns
    -------
    molecule : rdkit.Chem.Mol
        With hydrogens; coordinates in ångström, none for `NO_HEAVY_ATOM` and `NO_CONFORMER`.
    findings : tuple of str
        Keys of `REASONS`; empty where there is nothing to tell.

    Raises
    ------
    InputError
        If the SMILES cannot be read.
    """
    parent = parent_molecule(smiles)
    if not parent.GetNumHeavyAtoms():
        return parent, (NO_HEAVY_ATOM,)
    # canonical, because coordinates depend on the order of atoms
    molecule = Chem.AddHs(Chem.MolFromSmiles(Chem.MolToSmiles(parent)))
    with rdBase.BlockLogs():
        relaxed = _embed(molecule)
    if not _has_coordinates(molecule):
        molecule.RemoveAllConformers()
        return molecule, (NO_CONFORMER,)
    flat = not molecule.GetConformer().Is3D()
    findings = {
        FLAT: flat,
        UNRELAXED: not flat and not relaxed,
        SINGLE_ATOM: atoms_seen(molecule) == 1,
    }
    return molecule, tuple(name for name, found in findings.items() if found)


def atoms_seen(molecule: Chem.Mol) -> int:
    """Atoms that Uni-Mol2 sees: all but hydrogens, unnamed residues (``*``) among them."""
    return sum(atom.GetAtomicNum() != 1 for atom in molecule.GetAtoms())


def _embed(molecule: Chem.Mol) -> bool:
    """Give a molecule coordinates, if RDKit can; return whether MMFF94 moved them."""
    try:
        embedded = rdDistGeom.EmbedMolecule(molecule, randomSeed=CONFORMER_SEED) == 0
        if not embedded:
            rdDepictor.Compute2DCoords(molecule)
    except (RuntimeError, ValueError):
        return False
    try:
        # 1 where 200 steps were too few, -1 without parameters
        return embedded and rdForceFieldHelpers.MMFFOptimizeMolecule(molecule) >= 0
    except (RuntimeError, ValueError):
        return False


def _has_coordinates(molecule: Chem.Mol) -> bool:
    return bool(
        molecule.GetNumConformers() and np.isfinite(molecule.GetConformer().GetPositions()).all()
    )
