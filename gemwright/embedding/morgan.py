"""Metabolite encoder without weights: chiral Morgan fingerprints, and their Tanimoto similarity."""

from collections.abc import Sequence

import numpy as np
from rdkit import Chem, rdBase
from rdkit.Chem import rdFingerprintGenerator

from gemwright.arrays import SingleArray
from gemwright.errors import InputError


class MorganEncoder:
    """Counts of circular substructures, folded to a fixed length.

    Counter-ions (single-atom fragments beside a larger one) are taken off, so that a salt has
    the vector of its molecule; other mixtures are encoded whole.

    Parameters
    ----------
    radius : int
        Bonds around each atom.
    size : int
        Length of the fingerprint.
    chirality : bool
        Distinguish stereoisomers. Without it 553 of 1,817 metabolites share their fingerprint
        with another one (design notes).
    """

    name = "morgan"
    arithmetic = f"rdkit{rdBase.rdkitVersion}"

    def __init__(self, radius: int = 2, size: int = 2048, chirality: bool = True) -> None:
        self.radius, self.dimension, self.chirality = radius, size, chirality
        self.version = f"1-r{radius}-{size}" + ("-chiral" if chirality else "")
        self._generator = rdFingerprintGenerator.GetMorganGenerator(
            radius=radius, fpSize=size, includeChirality=chirality
        )

    def encode(self, texts: Sequence[str]) -> SingleArray:
        """Return fingerprint counts of structures.

        Parameters
        ----------
        texts : sequence of str
            SMILES.

        Returns
        -------
        ndarray of float32, shape (len(texts), size)
            Counts; a bit of the fingerprint is set where the count is positive.

        Raises
        ------
        InputError
            If a SMILES cannot be read.
        """
        result = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, smiles in enumerate(texts):
            result[row] = self._generator.GetCountFingerprintAsNumPy(parent_molecule(smiles))
        return result


def parent_molecule(smiles: str) -> Chem.Mol:
    """Molecule of a SMILES without its single-atom counter-ions.

    Raises
    ------
    InputError
        If the SMILES cannot be read.
    """
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles) if smiles else None
    if molecule is None:
        raise InputError(f"structure {smiles!r}", "is no valid SMILES", "correct the structure")
    fragments = Chem.GetMolFrags(molecule, asMols=True)
    kept = [fragment for fragment in fragments if fragment.GetNumHeavyAtoms() > 1]
    if not kept or len(kept) == len(fragments):
        return molecule
    parent: Chem.Mol = kept[0]
    for fragment in kept[1:]:
        parent = Chem.CombineMols(parent, fragment)
    Chem.SanitizeMol(parent)
    return parent


def tanimoto(counts: SingleArray) -> SingleArray:
    """Tanimoto similarity of all pairs of fingerprints.

    Parameters
    ----------
    counts : ndarray, shape (n, size)
        Fingerprint counts or bits; a bit is set where the value is positive.

    Returns
    -------
    ndarray of float32, shape (n, n)
        Shared bits over all bits; 0 between fingerprints without any bit, 1 on the diagonal.
    """
    bits = (counts > 0).astype(np.float32)
    shared = bits @ bits.T
    sizes = np.diag(shared)
    union = sizes[:, None] + sizes[None, :] - shared
    similarity: SingleArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    np.fill_diagonal(similarity, 1.0)
    return similarity
