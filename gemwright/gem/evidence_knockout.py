"""Knock-outs that do not trust weak bypasses: reactions that hardly anything speaks for."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gemwright.arrays import IntArray
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.gpr import Rule, rule_genes
from gemwright.gem.knockout import knock_out_genes, lost_reactions
from gemwright.gem.parsimony import parsimonious_fluxes

# Chosen on S. oneidensis and S. meliloti (docs/essentiality.md): a stand-in must be this share as
# sure as what it stands in for, and never needs to be surer than the cap
STAND_IN_SHARE, STAND_IN_CAP = 0.8, 0.6
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
# a knock-out that grows less than this share of the wild type, without the same bypasses, is lethal
LETHAL_SHARE = 0.1
_ROUNDS, _HALF, _EPSILON = 4, 0.5, 1e-3
# on a reaction that is not trusted flux is dear: it shows where nothing else can stand in
_DEAR = 1e3


@dataclass(frozen=True)
class Evidence:
    """What speaks for the reactions of a model.

    Attributes
    ----------
    confidence : mapping of str to float
        Reaction to the homology confidence of its enzymes, 0 to 1.
    trusted : collection of str
        Reactions that may always stand in: transports, what gap-filling added.
    """

    confidence: Mapping[str, float]
    trusted: Collection[str]

    def weakest_stand_in(self, lost: Collection[str]) -> float:
        """Least confidence of what may stand in for reactions that are lost, 0 for anything."""
        known = [self.confidence[name] for name in lost if name in self.confidence]
        least = min(STAND_IN_CAP, STAND_IN_SHARE * max(known, default=0.0))
        return max((value for value in THRESHOLDS if value <= least + 1e-9), default=0.0)


def needed_reactions(model: FluxModel, evidence: Evidence) -> set[str]:
    """Reactions that a wild type of half its growth uses where it uses the fewest weak ones.

    Parameters
    ----------
    model : FluxModel
        The loaded model, under the bounds of the medium.
    evidence : Evidence
        Flux costs 1 - confidence; rounds with adapted weights count reactions rather than flux.
    """
    base = {
        name: 1.0 - min(max(evidence.confidence.get(name, 1.0), 0.0), 1.0) + _EPSILON
        for name in model.reactions
    }
    costs = base
    found: dict[str, float] = {}
    for _ in range(_ROUNDS):
        fluxes = parsimonious_fluxes(model, costs, _HALF)
        if fluxes is None:
            break
        found = fluxes
        costs = {name: base[name] / (abs(fluxes[name]) + _EPSILON) for name in base}
    return {name for name, flux in found.items() if abs(flux) > FLUX_TOLERANCE}


def knock_out_with_evidence(
    model: FluxModel,
    rules: Mapping[str, Rule],
    evidence: Evidence,
    genes: Collection[str] | None = None,
) -> pd.DataFrame:
    """Growth without each gene where no reaction stands in that is much less sure than those lost.

    While a gene is tested, the enzymes' reactions below `Evidence.weakest_stand_in` are closed,
    but for those that are trusted and those that the wild type needs on this medium.

    Parameters
    ----------
    model : FluxModel
        The loaded model, under the bounds of the medium.
    rules : mapping of str to Rule
        Rule of each reaction that has one.
    evidence : Evidence
        What speaks for the reactions.
    genes : collection of str, optional
        Genes to knock out, by default all that the rules name. Without those that are lethal
        whatever stands in the rest is as fast again.

    Returns
    -------
    pandas.DataFrame
        gene, least_confidence (of what may stand in), growth_rate (1/h), wild_growth (1/h, of the
        wild type without the same reactions), lethal (growth below `LETHAL_SHARE` of it),
        not_trusted (tuple of the closed reactions by which a lethal knock-out would grow, were they
        trusted; one such set); sorted by gene.
    """
    chosen = sorted(rule_genes(rules.values()) if genes is None else set(genes))
    lost = lost_reactions(model, rules)
    least = {gene: evidence.weakest_stand_in(lost.get(gene, ())) for gene in chosen}
    needed = needed_reactions(model, evidence)
    parts = []
    for threshold in sorted(set(least.values())):
        closed = _closed(model, rules, evidence, needed, threshold)
        members = [gene for gene in chosen if least[gene] == threshold]
        with model.closed(closed):
            wild = model.growth()
            table = knock_out_genes(model, rules, members, lost)
        table = table.assign(
            least_confidence=threshold,
            wild_growth=wild,
            lethal=table["growth_rate"] < LETHAL_SHARE * wild,
        )
        bypasses = _bypasses(model, table, lost, closed)
        parts.append(table.assign(not_trusted=pd.Series(list(bypasses), dtype=object)))
    columns = ["gene", "least_confidence", "growth_rate", "wild_growth", "lethal", "not_trusted"]
    return pd.concat(parts, ignore_index=True).sort_values("gene", ignore_index=True)[columns]


def _closed(
    model: FluxModel,
    rules: Mapping[str, Rule],
    evidence: Evidence,
    needed: Collection[str],
    threshold: float,
) -> IntArray:
    weak = [
        model.index[name]
        for name in rules
        if evidence.confidence.get(name, 1.0) < threshold
        and name in model.index
        and name not in evidence.trusted
        and name not in needed
    ]
    return np.array(sorted(weak), dtype=np.int64)


def _bypasses(
    model: FluxModel,
    table: pd.DataFrame,
    lost: Mapping[str, tuple[str, ...]],
    closed: IntArray,
) -> Iterator[tuple[str, ...]]:
    """Tell the closed reactions that a lethal knock-out would grow by, were they trusted."""
    weak = [model.reactions[column] for column in closed]
    costs = dict.fromkeys(weak, _DEAR)
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for gene, lethal in zip(table["gene"], table["lethal"], strict=True):
        reactions = lost.get(gene, ())
        if not lethal:
            yield ()
            continue
        if reactions not in known:
            with model.bounds(dict.fromkeys(reactions, (0.0, 0.0))):
                used = parsimonious_fluxes(model, costs, LETHAL_SHARE) or {}
            known[reactions] = tuple(
                name for name in weak if abs(used.get(name, 0.0)) > FLUX_TOLERANCE
            )
        yield known[reactions]
