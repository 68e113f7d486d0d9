"""Single-gene knock-outs."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from tqdm import tqdm  # type: ignore[import-untyped]

from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.gpr import Rule, gene_losses, rule_genes


def lost_reactions(model: FluxModel, rules: Mapping[str, Rule]) -> dict[str, tuple[str, ...]]:
    """Gene to the model's reactions that are lost without it."""
    losses = gene_losses({name: rule for name, rule in rules.items() if name in model.index})
    groups = losses.groupby("gene")["reaction"]
    return {str(gene): tuple(reactions) for gene, reactions in groups}


def knock_out_genes(
    model: FluxModel,
    rules: Mapping[str, Rule],
    genes: Collection[str] | None = None,
    lost: Mapping[str, tuple[str, ...]] | None = None,
) -> pd.DataFrame:
    """Growth of the model without each gene, under the model's present bounds.

    A knock-out is solved only if it takes away a reaction that carries flux in the wild type's
    optimum: otherwise that optimum is still feasible and growth is the wild type's. Genes that
    take away the same reactions share one solution.

    Parameters
    ----------
    model : FluxModel
        The loaded model.
    rules : mapping of str to Rule
        Rule of each reaction that has one.
    genes : collection of str, optional
        Genes to knock out, by default all that the rules name.
    lost : mapping of str to tuple of str, optional
        What `lost_reactions` says of the rules, where it is known already.

    Returns
    -------
    pandas.DataFrame
        gene, reactions_lost, growth_rate (1/h); sorted by gene.
    """
    chosen = sorted(rule_genes(rules.values()) if genes is None else set(genes))
    lost = lost_reactions(model, rules) if lost is None else lost
    wild = model.optimise()
    wild_growth = max(wild.value, 0.0) if wild.optimal else 0.0
    basis = model.basis()
    active = (
        {model.reactions[column] for column in np.flatnonzero(np.abs(wild.fluxes) > 0)}
        if wild_growth > FLUX_TOLERANCE
        else set()
    )
    solved: dict[tuple[str, ...], float] = {(): wild_growth}
    for gene in tqdm(chosen, desc="knock-outs", unit="gene", disable=None, mininterval=1.0):
        reactions = lost.get(gene, ())
        if reactions in solved:
            continue
        if active.isdisjoint(reactions):
            solved[reactions] = wild_growth
            continue
        with model.bounds({reaction: (0.0, 0.0) for reaction in reactions}):
            # from the wild type's optimum a knock-out is a few steps away, and no result
            # depends on the order of the genes
            model.set_basis(basis)
            solved[reactions] = model.growth()
    return pd.DataFrame(
        {
            "gene": chosen,
            "reactions_lost": [len(lost.get(gene, ())) for gene in chosen],
            "growth_rate": [solved[lost.get(gene, ())] for gene in chosen],
        }
    )
