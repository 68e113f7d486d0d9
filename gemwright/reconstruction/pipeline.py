"""The whole reconstruction: from scores and homology to a model that grows."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.errors import InputError
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.gpr import Rule, format_gpr, rename_genes
from gemwright.gem.medium import medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import restrict
from gemwright.io.tables import object_column
from gemwright.reconstruction.checks import check_universe
from gemwright.reconstruction.directions import no_weights, settle_directions
from gemwright.reconstruction.draft import (
    EXCHANGE_REASON,
    GAP_FILLED,
    build_draft,
    exchanges_for,
    gene_rules,
    with_rules,
)
from gemwright.reconstruction.evidence import reaction_evidence, reaction_probabilities
from gemwright.reconstruction.gapfill import GapFilling, fill_gaps, needed_precursors
from gemwright.reconstruction.mapping import all_complexes, map_proteome, rule_complexes
from gemwright.reconstruction.provenance import provenance_table, with_evidence
from gemwright.reconstruction.selection import select_enzymes
from gemwright.reconstruction.statistics import model_statistics
from gemwright.reconstruction.support import reaction_support
from gemwright.sources.bigg_snapshot import read_model_organisms
from gemwright.universe.anaerobic import with_stand_ins

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reconstruction:
    """A reconstructed model and the tables that explain it.

    Attributes
    ----------
    model : MetabolicModel
        The model, on its first medium.
    selected : pandas.DataFrame
        See `selection.select_enzymes`.
    provenance : pandas.DataFrame
        See `provenance.provenance_table`.
    statistics : pandas.DataFrame
        statistic, value.
    gap_filling : GapFilling
        What was added for each medium.
    directions : pandas.DataFrame
        Which directions were opened and closed, see `directions.Directions`.
    """

    model: MetabolicModel
    selected: pd.DataFrame
    provenance: pd.DataFrame
    statistics: pd.DataFrame
    gap_filling: GapFilling
    directions: pd.DataFrame


def reconstruct_from_tables(
    identifier: str,
    proteome: Sequence[str],
    scores: pd.DataFrame,
    hits: pd.DataFrame,
    proteins: pd.DataFrame,
    gprs: pd.DataFrame,
    universe: MetabolicModel,
    observed: pd.DataFrame,
    media: Mapping[str, Collection[str]],
    options: ReconstructionOptions | None = None,
    weights: pd.DataFrame | None = None,
    bounds: pd.DataFrame | None = None,
) -> Reconstruction:
    """Reconstruct a genome-scale model (paper 3.5, steps 2 and 3, and 3.6).

    Between proteins that are equally good the first one of the proteome is taken: what proteins
    are called changes nothing in the model but their names.

    Parameters
    ----------
    identifier : str
        The model's id.
    proteome : sequence of str
        The organism's proteins, in the order of its file.
    scores : pandas.DataFrame
        protein, metabolite, score of the organism's proteins; may be empty unless the method is
        ``emi``, and is not looked at by ``homology``.
    hits : pandas.DataFrame
        Homology of the proteome to the BiGG proteins, see `mapping.map_proteome`; all hits, not
        only the best ones.
    proteins, gprs : pandas.DataFrame
        The snapshot's tables; of a universe with merged reactions, the rules are pooled
        (`gemwright.universe.merging.pool_genes`).
    universe : MetabolicModel
        The universe.
    observed : pandas.DataFrame
        metabolite.
    media : mapping of str to collection of str, or to mapping of str to float
        Media to grow on, in order; the first one is set in the model.
    options : ReconstructionOptions, optional
        Everything that can be chosen.
    weights : pandas.DataFrame, optional
        Of the universe's directions, see `gemwright.universe.build.BuiltUniverse`; without them
        the model keeps the universe's directions.
    bounds : pandas.DataFrame, optional
        model, reaction of the snapshot, pooled like the rules: which models hold a reaction. With
        it, and unless the method is ``emi``, the probability of a reaction is calibrated, see
        `evidence.reaction_probabilities`.

    Returns
    -------
    Reconstruction
        The model, which grows on all the media, and its tables.

    Raises
    ------
    InputError
        If the universe cannot serve or cannot grow on a medium, or `scores` or `hits` name a
        protein that the proteome lacks.
    """
    options = options or ReconstructionOptions()
    check_universe(universe)
    if options.method == "homology":
        scores = scores.iloc[:0]
    # inside, proteins go by their place in the proteome
    width = len(str(len(proteome)))
    names = {f"{place:0{width}d}": protein for place, protein in enumerate(proteome)}
    places = {protein: place for place, protein in names.items()}
    scores = _by_place(scores, places, "scores")
    hits = _by_place(hits, places, "homologues")
    mapping = map_proteome(hits, proteins, gprs, options)
    complexes = rule_complexes(every := all_complexes(mapping, options), options)
    if options.free_reactions:
        complexes = with_stand_ins(complexes, universe.reactions["reaction"])
    observed_scores = scores[scores["metabolite"].isin(set(observed["metabolite"]))]
    selected = select_enzymes(observed_scores, options.top_k, options.diversity_penalty)
    support = reaction_support(complexes, scores, universe.stoichiometry, options)
    draft = build_draft(universe, complexes, selected, observed, options, support)
    logger.info(
        "%s: %d enzymes selected, draft of %d reactions",
        identifier, selected["protein"].nunique(), len(draft),
    )  # fmt: skip
    alpha = dict(zip(support["reaction"], support["alpha"], strict=True))
    filling = fill_gaps(universe, draft["reaction"], alpha, media, options)
    for line in filling.media.to_dict("records"):
        logger.info("%s: %s", identifier, line)

    reasons = _complete(universe, draft, filling.added, complexes)
    rules = {
        reaction: rename_genes(rule, names)
        for reaction, rule in zip(reasons["reaction"], reasons["rule"], strict=True)
        if rule is not None
    }
    model = replace(universe.part(identifier, reasons["reaction"]), rules=rules)
    settled = settle_directions(
        model,
        no_weights() if weights is None else weights,
        enzymes=options.open_directions,
        transports=options.transport_directions,
        grows=lambda changed: _grows(changed, media, options),
    )
    model = settled.model
    first = next(iter(media.values()), [])
    model = model.on_medium(first, options.protocol)
    unblocks = needed_precursors(model, universe, filling.added, media, options)
    provenance = provenance_table(
        reasons, support, complexes, mapping, selected, filling.added, unblocks
    )
    # without scores there is nothing that `fused` and `emi` have and `homology` has not
    provenance["method"] = "homology" if scores.empty else options.method
    if bounds is not None:
        known = reaction_evidence(
            every, gprs, bounds, read_model_organisms(), options.exclude_models
        )
        known["probability"] = reaction_probabilities(known, universe.stoichiometry)
        provenance = with_evidence(provenance, known, calibrated=options.method != "emi")
    statistics = model_statistics(model, reasons, media, options.protocol)
    selected = selected.assign(protein=selected["protein"].map(names))
    table = _named(provenance, rules, names)
    return Reconstruction(model, selected, table, statistics, filling, settled.table)


def _grows(
    model: MetabolicModel,
    media: Mapping[str, Collection[str]],
    options: ReconstructionOptions,
) -> bool:
    """Whether a model reaches the target growth on every medium."""
    flux = FluxModel.of(model)
    for compounds in media.values():
        flux.set_bounds(medium_bounds(model, compounds, options.protocol))
        if flux.growth() < options.target_growth - FLUX_TOLERANCE:
            return False
    return True


def _by_place(table: pd.DataFrame, places: Mapping[str, str], what: str) -> pd.DataFrame:
    given = table["protein"].astype(object)
    unknown = sorted(set(given) - places.keys())
    if unknown:
        raise InputError(
            f"{what}, protein {unknown[0]!r}",
            f"is not in the proteome (nor are {len(unknown) - 1} others)",
            "make them from this proteome",
        )
    return table.assign(protein=given.map(places).astype(object))


def _named(
    provenance: pd.DataFrame, rules: Mapping[str, Rule], names: Mapping[str, str]
) -> pd.DataFrame:
    texts = [format_gpr(rules.get(reaction)) for reaction in provenance["reaction"]]
    table = provenance.assign(
        rule=texts,
        enzymes=object_column(
            tuple(names[place] for place in places) for places in provenance["enzymes"]
        ),
        partners=object_column(
            tuple(sorted(names[place] for place in places)) for places in provenance["partners"]
        ),
        pair_protein=[names.get(place, "") for place in provenance["pair_protein"]],
    )
    return table.rename(columns={"rule": "gpr"})


def _complete(
    universe: MetabolicModel, draft: pd.DataFrame, added: pd.DataFrame, complexes: pd.DataFrame
) -> pd.DataFrame:
    # gap-filled reactions for which the proteome has genes get them as their rule
    rules = gene_rules(complexes[complexes["reaction"].isin(set(added["reaction"]))])
    new = with_rules(added, rules)
    reason = GAP_FILLED + " for " + new["medium"]
    reason = reason + new["rule"].notna().map({True: ", gene candidate", False: ""})
    table = pd.concat(
        [draft, new.assign(reason=reason)[["reaction", "reason", "rule"]]], ignore_index=True
    )
    stoichiometry = restrict(universe.stoichiometry, table["reaction"])
    missing = sorted(set(exchanges_for(universe, stoichiometry)) - set(table["reaction"]))
    more = pd.DataFrame({"reaction": missing, "reason": EXCHANGE_REASON})
    more = with_rules(more, {})
    return pd.concat([table, more], ignore_index=True).sort_values("reaction", ignore_index=True)
