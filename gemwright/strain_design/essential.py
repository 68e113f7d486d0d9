"""Growth-essential genes, and a model in figures as in DeepGDel, Table VI."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from gemwright.errors import InputError
from gemwright.flux.gene_states import BoolArray
from gemwright.flux.model import FLUX_TOLERANCE, FloatArray
from gemwright.strain_design.strain import StrainModel, single_deletions
from gemwright.strain_design.targets import check_target, feasible_targets


def growth_without(strain: StrainModel) -> FloatArray:
    """Largest growth without each gene (1/h), shape (n_genes,), on the model's medium."""
    return single_deletions(strain.flux, strain.states)


def essential_genes(strain: StrainModel, tolerance: float = FLUX_TOLERANCE) -> BoolArray:
    """Genes whose deletion leaves no growth; shape (n_genes,).

    Parameters
    ----------
    strain : StrainModel
        The model.
    tolerance : float
        Growth (1/h) from which on it counts as more than the solver's rounding.
    """
    essential: BoolArray = growth_without(strain) < tolerance
    return essential


def essential_counts(
    strain: StrainModel, tolerances: Collection[float] = (1e-9, 1e-6, 1e-3, 1e-2)
) -> pd.DataFrame:
    """Count essential genes under several definitions of no growth.

    Parameters
    ----------
    strain : StrainModel
        The model.
    tolerances : collection of float
        Growth rates (1/h).

    Returns
    -------
    pandas.DataFrame
        tolerance, essential (genes with less growth), infeasible (those of them where no flux
        distribution exists at all, because a fixed demand such as ATPM cannot be met).
    """
    growths = growth_without(strain)
    dead = 0
    for gene in np.flatnonzero(growths < max(tolerances)):
        only = np.arange(len(growths)) == gene
        with strain.flux.closed(strain.lost_columns(only)):
            dead += int(not strain.flux.optimise().optimal)
    return pd.DataFrame(
        [
            {
                "tolerance": tolerance,
                "essential": int((growths < tolerance).sum()),
                "infeasible": dead,
            }
            for tolerance in sorted(tolerances)
        ]
    )


def model_summary(strain: StrainModel, targets: pd.DataFrame | None = None) -> dict[str, int]:
    """Figures of Table VI for a model.

    Parameters
    ----------
    strain : StrainModel
        The model.
    targets : pandas.DataFrame, optional
        `feasible_targets` of it, if there.

    Returns
    -------
    dict of str to int
        genes, essential_genes, metabolites (species), reactions, feasible_targets.
    """
    table = feasible_targets(strain) if targets is None else targets
    return {
        "genes": len(strain.genes),
        "essential_genes": int(essential_genes(strain).sum()),
        "metabolites": len(strain.flux.species),
        "reactions": len(strain.states.reactions),
        "feasible_targets": int(table["feasible"].sum()),
    }


def check_strategy(
    strain: StrainModel, target: str, genes: Collection[str], where: str = ""
) -> BoolArray:
    """Refuse a strategy that names what the model lacks or cannot lose.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    genes : collection of str
        Genes to delete.
    where : str
        File and line, or item, for the message.

    Returns
    -------
    numpy.ndarray of bool, shape (n_genes,)
        The genes as a mask.

    Raises
    ------
    InputError
        If a gene is unknown or essential for growth, also with the target's export open, or the
        target cannot be made.
    """
    where = where or f"strategy for {target!r}"
    try:
        mask = strain.gene_mask(genes)
    except InputError as error:
        raise InputError(where, f"{error.where} {error.what}", error.cure) from error
    check_target(strain, target, where)
    least = strain.thresholds.growth
    with strain.exporting(target):
        for gene in np.flatnonzero(mask):
            only = np.arange(len(mask)) == gene
            with strain.flux.closed(strain.lost_columns(only)):
                growth = strain.flux.growth()
            if growth < least:
                raise InputError(
                    where,
                    f"gene {strain.genes[gene]!r} is essential: without it growth is at most "
                    f"{growth:.3g} /h",
                    "Leave it out of the strategy",
                )
    return mask
