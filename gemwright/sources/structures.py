"""Structures of metabolites: SMILES made canonical, InChIKeys, and the users' table of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from gemwright.errors import InputError
from gemwright.io.user_tables import read_user_table

if TYPE_CHECKING:
    from rdkit import Chem


@contextmanager
def quiet_rdkit() -> Iterator[None]:
    """Silence RDKit's (and InChI's) messages inside a ``with`` block only."""
    from rdkit import rdBase  # slow to load

    block = rdBase.BlockLogs()
    try:
        yield
    finally:
        del block


def molecule(smiles: str) -> "Chem.Mol":
    """Read a SMILES.

    Raises
    ------
    ValueError
        If it is empty or not valid.
    """
    from rdkit import Chem

    if not smiles:
        raise ValueError("empty SMILES")
    with quiet_rdkit():
        mol = Chem.MolFromSmiles(smiles)
    if mol is None:
        raise ValueError(f"not a valid SMILES: {smiles!r}")
    return mol


def canonical_smiles(smiles: str) -> str:
    """Return RDKit's canonical isomeric SMILES of a structure; errors as `molecule`."""
    from rdkit import Chem

    canonical: str = Chem.MolToSmiles(molecule(smiles))
    return canonical


def inchikey(smiles: str) -> str:
    """Compute the standard InChIKey of a structure.

    Parameters
    ----------
    smiles : str
        Any valid SMILES.

    Returns
    -------
    str
        InChIKey of 27 characters; empty for a structure with a residue, which
        InChI cannot express.

    Raises
    ------
    ValueError
        If the SMILES is empty or not valid.
    """
    from rdkit import Chem

    # RDKit's wrapper carries no types
    key_of: Callable[[Chem.Mol], str] = Chem.MolToInchiKey
    mol = molecule(smiles)
    if any(atom.GetAtomicNum() == 0 for atom in mol.GetAtoms()):
        return ""
    with quiet_rdkit():
        return key_of(mol)


def read_structures(path: str | Path) -> pd.DataFrame:
    """Read and check the table of metabolites' structures, the one of the config.

    Parameters
    ----------
    path : str or Path
        Tab-separated; ``bigg_id`` and ``smiles`` are needed.

    Returns
    -------
    pandas.DataFrame
        bigg_id, smiles and the table's other columns, in its order, without the rows whose
        SMILES is empty.

    Raises
    ------
    InputError
        If the table lacks a column, names a metabolite twice, or a SMILES cannot be read.
    """
    given = read_user_table(path, ("bigg_id", "smiles"), what="table of structures")
    table = given.frame[given.frame["smiles"] != ""]
    # the frame keeps the rows' numbers until their lines are not needed any more
    for row in table.index[table["bigg_id"].duplicated()]:
        where = f"{given.where(row)}, {table.loc[row, 'bigg_id']!r}"
        raise InputError(where, "stands there twice", "keep one row")
    for row, name, smiles in zip(table.index, table["bigg_id"], table["smiles"], strict=True):
        if not name:
            raise InputError(given.where(row), "names no metabolite", "fill its bigg_id")
        try:
            molecule(smiles)
        except ValueError as error:
            raise InputError(
                f"{given.where(row)}, {name!r}",
                str(error),
                "correct the SMILES, or leave it empty",
            ) from error
    return table.reset_index(drop=True)
