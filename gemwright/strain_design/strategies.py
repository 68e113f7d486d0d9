"""Strategies of a model for all its feasible targets, computed from the model alone."""

import logging
from collections.abc import Sequence

import numpy as np
import pandas as pd
from tqdm import tqdm

from gemwright.strain_design.reduction import is_maximal, reduce_to_minimal
from gemwright.strain_design.search import SearchOptions, find_strategy
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.targets import check_target, find_diversion

logger = logging.getLogger(__name__)


def compute_strategies(
    strain: StrainModel,
    targets: pd.DataFrame,
    most: int,
    seed: int,
    options: SearchOptions | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute a maximal strategy for each feasible target, and a form with few deletions.

    Parameters
    ----------
    strain : StrainModel
        The model.
    targets : pandas.DataFrame
        From `targets.feasible_targets`.
    most : int
        Targets at most; more are drawn at random.
    seed : int
        Seed of the draw.
    options : SearchOptions, optional
        How hard each is searched for.

    Returns
    -------
    strategies : pandas.DataFrame
        target, gene, remains (int8: 1 kept, 0 deleted) of the maximal strategies found.
    summary : pandas.DataFrame
        target, outcome (``coupled``, ``impossible``: proved by `targets.find_diversion`, or ``not
        found``), growth_rate (1/h), production_rate
        (mmol/gDW/h, guaranteed), deletions, maximal (no further gene can be deleted alone),
        fewest_deletions, fewest_growth_rate, fewest_production_rate, fewest_genes
        (tuple); every feasible target that was drawn has a row, in the order of names.
    """
    names = targets.loc[targets["feasible"], "target"].to_numpy(dtype=object)
    drawn = sorted(np.random.default_rng(seed).permutation(names)[:most])
    tables, rows = [], []
    for target in tqdm(drawn, desc="strategies", unit="target", disable=None):
        diverted = find_diversion(strain, target) is not None
        deleted = None if diverted else find_strategy(strain, target, options)
        if deleted is None:
            outcome = "impossible" if diverted else "not found"
            rows.append({"target": target, "outcome": outcome})
            continue
        fewest = reduce_to_minimal(strain, target, deleted)
        coupling, few = strain.verify(target, deleted), strain.verify(target, fewest)
        if not few.coupled:
            logger.warning("%s: the form with few deletions is near a threshold, left out", target)
            fewest, few = deleted, coupling
        rows.append(
            {
                "target": target,
                "outcome": "coupled",
                "growth_rate": coupling.growth_rate,
                "production_rate": coupling.production_rate,
                "deletions": int(deleted.sum()),
                "maximal": is_maximal(strain, target, deleted),
                "fewest_deletions": int(fewest.sum()),
                "fewest_growth_rate": few.growth_rate,
                "fewest_production_rate": few.production_rate,
                "fewest_genes": tuple(strain.names(fewest)),
            }
        )
        states = {"target": target, "gene": strain.genes, "remains": (~deleted).astype(np.int8)}
        tables.append(pd.DataFrame(states))
    columns = ["target", "outcome", "growth_rate", "production_rate", "deletions", "maximal"]
    columns += ["fewest_deletions", "fewest_growth_rate", "fewest_production_rate", "fewest_genes"]
    summary = pd.DataFrame(rows, columns=columns)
    summary = summary.astype({"deletions": "Int64", "fewest_deletions": "Int64"})
    empty = pd.DataFrame({"target": [], "gene": [], "remains": np.empty(0, np.int8)})
    return pd.concat(tables, ignore_index=True) if tables else empty, summary


def find_strategies(
    strain: StrainModel, targets: Sequence[str], options: SearchOptions | None = None
) -> pd.DataFrame:
    """Find gene deletions that couple the production of targets to growth.

    Parameters
    ----------
    strain : StrainModel
        The model.
    targets : sequence of str
        Species, such as ``succ_e``.
    options : SearchOptions, optional
        How hard each is searched for.

    Returns
    -------
    pandas.DataFrame
        The summary of `compute_strategies`.

    Raises
    ------
    InputError
        If the model cannot make a target.
    """
    for target in targets:
        check_target(strain, target)
    wanted = pd.DataFrame({"target": list(targets), "feasible": True})
    return compute_strategies(strain, wanted, len(wanted), 0, options)[1]
