"""Designs for one target: ranked strategies, with what they cost and yield."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray
from gemwright.strain_design.envelope import production_envelope
from gemwright.strain_design.reduction import extend_to_maximal, reduce_to_minimal
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.yields import CarbonYield, carbon_yield

logger = logging.getLogger(__name__)

# in which genes are re-added, each of which may end in another minimal strategy
_ORDERS = 4
COLUMNS = (
    "target", "rank", "origin", "form", "coupled", "deletions", "growth_rate",
    "production_guaranteed", "production_best", "carbon_source", "yield_guaranteed",
    "carbon_yield_guaranteed", "genes", "gene_names", "reactions", "reaction_names",
)  # fmt: skip


def strategy_forms(
    strain: StrainModel, target: str, deleted: BoolArray
) -> list[tuple[str, BoolArray]]:
    """Strategies that follow from one that is coupled.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        A coupled strategy.

    Returns
    -------
    list of (str, numpy.ndarray of bool)
        Forms and deleted genes. ``minimal``: no gene can be re-added; all different, by genes
        re-added in several orders (as sorted, reversed, then shuffled). ``as given``.
        ``maximal``: no further gene can be deleted.
    """
    minimal: dict[bytes, BoolArray] = {}
    for number in range(_ORDERS):
        order = list(strain.genes)[:: -1 if number == 1 else 1]
        if number > 1:
            np.random.default_rng(number).shuffle(order)
        reduced = reduce_to_minimal(strain, target, deleted, order)
        minimal.setdefault(reduced.tobytes(), reduced)
    made = [("minimal", reduced) for reduced in minimal.values()]
    return [*made, ("as given", deleted), ("maximal", extend_to_maximal(strain, target, deleted))]


def rank_designs(
    strain: StrainModel,
    target: str,
    proposals: Sequence[tuple[str, BoolArray]],
    gene_names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Judge strategies of several origins for one target, fewest deletions first.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    proposals : sequence of (str, numpy.ndarray of bool)
        Where a strategy comes from (``predicted``, ``repaired``, ``known``, ``computed``), and
        its deleted genes. The same deletions from several origins become one row.
    gene_names : mapping of str to str, optional
        Gene to name; by default those of the model.

    Returns
    -------
    pandas.DataFrame
        target, rank (from 1), origin, form, coupled, deletions, growth_rate (1/h),
        production_guaranteed and production_best (mmol/gDW/h, least and largest at that growth),
        carbon_source, yield_guaranteed (mol/mol), carbon_yield_guaranteed (C-mol/C-mol), genes,
        gene_names (ids where there is no name), reactions (lost ones), reaction_names: tuples.
        Sorted by deletions, then by guaranteed production, the largest first.

    Raises
    ------
    InputError
        If the model has no such species.
    """
    named = strain.model.gene_names if gene_names is None else gene_names
    origins: dict[bytes, list[str]] = {}
    form_of: dict[bytes, list[str]] = {}
    for origin, deleted in proposals:
        coupled = strain.judge(target, deleted).coupled
        made = [("as given", deleted)]
        if coupled:
            made = strategy_forms(strain, target, deleted)
        else:
            logger.info("%s: the %s strategy is not coupled", target, origin)
        for form, mask in made:
            key = mask.tobytes()
            for store, word in ((origins, origin), (form_of, form)):
                if word not in store.setdefault(key, []):
                    store[key].append(word)
    table = strain.model.reactions
    reaction_names = dict(zip(table["reaction"], table["name"], strict=True))
    rows = []
    for key, sources in origins.items():
        deleted = np.frombuffer(key, np.bool_)
        case = strain.worst_case(target, deleted)
        best, gained = float("nan"), CarbonYield()
        if case.fluxes.size:
            envelope = production_envelope(strain, target, deleted, points=2)
            best = float(envelope["production_max"].iloc[-1])
            gained = carbon_yield(strain, target, case.fluxes, case.coupling.production_rate)
        genes = strain.names(deleted)
        lost = [strain.flux.reactions[column] for column in strain.lost_columns(deleted)]
        rows.append(
            (
                target,
                pd.NA,
                ", ".join(sources),
                ", ".join(form_of[key]),
                case.coupling.coupled,
                len(genes),
                case.coupling.growth_rate,
                case.coupling.production_rate,
                best,
                gained.source,
                gained.molar,
                gained.carbon,
                tuple(genes),
                tuple(named.get(gene, gene) for gene in genes),
                tuple(lost),
                tuple(reaction_names.get(name) or name for name in lost),
            )
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(
        ["coupled", "deletions", "production_guaranteed", "genes"],
        ascending=[False, True, False, True],
        ignore_index=True,
    )
    rates = ["production_guaranteed", "production_best", "yield_guaranteed"]
    rates += ["carbon_yield_guaranteed"]
    table[rates] += 0.0  # no -0 in tables
    table["rank"] = pd.array(
        [place + 1 if coupled else pd.NA for place, coupled in enumerate(table["coupled"])],
        dtype="Int64",
    )
    return table


def mask_of(strain: StrainModel, design: "pd.Series[Any]") -> BoolArray:
    """Return the deleted genes of a row of `rank_designs`, as a mask."""
    return strain.gene_mask(list(design["genes"]))


def design_envelopes(
    strain: StrainModel, target: str, designs: pd.DataFrame, count: int = 3, points: int = 21
) -> dict[str, pd.DataFrame]:
    """Production envelopes of the wild type and of the first designs of a target that differ.

    Designs whose envelope equals that of one before are left out.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    designs : pandas.DataFrame
        From `rank_designs`.
    count, points : int
        Designs, and growth rates of each envelope.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``wild type``, ``1: 3 deletions``, ... to `production_envelope`.
    """
    envelopes = {"wild type": production_envelope(strain, target, points=points)}
    for _, design in designs[(designs["target"] == target) & designs["coupled"]].iterrows():
        if len(envelopes) > count:
            break
        envelope = production_envelope(strain, target, mask_of(strain, design), points)
        if any(
            envelope.shape == other.shape and np.allclose(envelope, other, atol=1e-4)
            for other in envelopes.values()
        ):
            continue
        size = int(design["deletions"])
        label = f"{int(design['rank'])}: {size} deletion{'' if size == 1 else 's'}"
        envelopes[label] = envelope
    return envelopes
