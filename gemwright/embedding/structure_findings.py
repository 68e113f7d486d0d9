"""The table of structures whose vectors are not what the encoder's usually are."""

from collections.abc import Mapping

import pandas as pd

from gemwright.embedding.morgan import parent_molecule


def structure_findings(told: pd.DataFrame, smiles: Mapping[str, str]) -> pd.DataFrame:
    """Add to what an encoder told of metabolites what they are.

    Parameters
    ----------
    told : pandas.DataFrame
        id, finding, reason; from `gemwright.embedding.protocol.embed_and_tell`.
    smiles : mapping of str to str
        Structure of each metabolite.

    Returns
    -------
    pandas.DataFrame
        bigg_id, smiles, heavy_atoms (without single-atom counter-ions and residues ``*``), finding,
        reason; one row for each finding, in the order of `told`.
    """
    structures = [smiles[name] for name in told["id"]]
    sizes = [parent_molecule(text).GetNumHeavyAtoms() for text in structures]
    return pd.DataFrame(
        {
            "bigg_id": told["id"],
            "smiles": structures,
            "heavy_atoms": pd.Series(sizes, dtype=int),
            "finding": told["finding"],
            "reason": told["reason"],
        }
    )
