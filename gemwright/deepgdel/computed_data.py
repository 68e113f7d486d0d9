"""Data to learn deletions from, made of strategies that we computed from the model alone."""

import pandas as pd

from gemwright.deepgdel.dataset import DUMMY_SMILES, DeletionData, from_tables
from gemwright.errors import InputError
from gemwright.gem.species import metabolite_of
from gemwright.io.fasta import PLACEHOLDER


def data_of_strategies(
    model: str, strategies: pd.DataFrame, structures: pd.DataFrame, sequences: pd.DataFrame
) -> DeletionData:
    """Join computed strategies with structures and sequences.

    Parameters
    ----------
    model : str
        The model's id.
    strategies : pandas.DataFrame
        target, gene, remains (1 kept, 0 deleted), one row for each target and gene.
    structures : pandas.DataFrame
        bigg_id (metabolite), smiles. A target takes that of its metabolite; compartments share it.
    sequences : pandas.DataFrame
        gene, sequence; where a gene has several, the first counts.

    Raises
    ------
    InputError
        If there is no strategy at all.
    """
    if strategies.empty:
        raise InputError(
            f"model {model!r}",
            "no strategy was found for any target, so that there is nothing to learn from",
            "look into its strategies.csv, or set 'strain_design.computed_targets' higher",
        )
    names = pd.DataFrame({"target": sorted(set(strategies["target"]))})
    smiles = structures.drop_duplicates("bigg_id").set_index("bigg_id")["smiles"]
    names["smiles"] = names["target"].map(metabolite_of).map(smiles)
    targets = names.assign(
        model=model, readable=names["smiles"].notna(), smiles=names["smiles"].fillna(DUMMY_SMILES)
    )
    known = sequences.drop_duplicates("gene")
    genes = pd.DataFrame({"gene": sorted(set(strategies["gene"]))}).merge(known, how="left")
    genes = genes.assign(
        model=model,
        placeholder=genes["sequence"].isna(),
        sequence=genes["sequence"].fillna(PLACEHOLDER),
    )
    return from_tables(model, strategies.assign(model=model), genes, targets)
