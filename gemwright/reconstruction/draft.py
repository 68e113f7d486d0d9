"""The draft network: reactions of the selected enzymes, and what belongs to them."""

from collections.abc import Mapping

import pandas as pd

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.gem.gpr import Rule, compose_gpr
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import is_exchange, restrict, split_species, transported
from gemwright.io.tables import object_column
from gemwright.universe.free import free_reactions

# reasons, as they stand in the provenance table
PREDICTED = "predicted"
HOMOLOGUE = "homologue"
SUPPORTED = "supported"
TRANSPORT = "transport by homology"
SPONTANEOUS = "spontaneous"
WITHOUT_GENE = "without a gene"
EXCHANGE_REASON = "exchange"
BIOMASS = "biomass"
MAINTENANCE = "maintenance"
GAP_FILLED = "gap-filled"


def gene_rules(complexes: pd.DataFrame) -> dict[str, Rule]:
    """Gene rule of each reaction: OR over complexes of AND over subunits.

    Parameters
    ----------
    complexes : pandas.DataFrame
        reaction, genes (tuple; empty if none is needed).

    Returns
    -------
    dict of str to Rule
        Reactions that need no gene have none.
    """
    groups = complexes.groupby("reaction", sort=True)["genes"]
    rules = {str(reaction): compose_gpr(genes) for reaction, genes in groups}
    return {reaction: rule for reaction, rule in rules.items() if rule is not None}


def build_draft(
    universe: MetabolicModel,
    complexes: pd.DataFrame,
    selected: pd.DataFrame,
    observed: pd.DataFrame,
    options: ReconstructionOptions | None = None,
    support: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Reactions of the draft and the reason for each.

    A reaction is *predicted* if one of its complexes contains a selected enzyme. Top-k picks
    single enzymes, so that the other subunits of the complex, and the isozymes, are taken from
    the proteome by homology: they are in the gene rule without having been selected.

    Parameters
    ----------
    universe : MetabolicModel
        The curated universe.
    complexes : pandas.DataFrame
        The table of `mapping.rule_complexes`.
    selected : pandas.DataFrame
        The table of `selection.select_enzymes`; used by the method ``emi`` alone.
    observed : pandas.DataFrame
        metabolite: the observed metabolites (BiGG ids without compartment).
    options : ReconstructionOptions, optional
        `method`, `transport`, `include_probability` and `free_reactions`.
    support : pandas.DataFrame, optional
        The table of `support.reaction_support`, needed for `include_probability` below 1.

    Returns
    -------
    pandas.DataFrame
        reaction, reason, rule (None without genes); exchange reactions of the draft's
        extracellular species and the biomass reaction included; sorted.
    """
    options = options or ReconstructionOptions()
    known = set(universe.reactions["reaction"])
    usable = complexes[
        complexes["reaction"].isin(known) & (complexes["confidence"] >= options.min_confidence)
    ]
    needed = usable["genes"].map(len) > 0
    free = set(usable.loc[~needed, "reaction"])
    reasons: dict[str, str] = {reaction: MAINTENANCE for reaction in known if reaction == "ATPM"}
    reasons[universe.objective] = BIOMASS
    if options.free_reactions:
        reasons.update((reaction, WITHOUT_GENE) for reaction in free_reactions(universe))
    reasons.update((reaction, SPONTANEOUS) for reaction in free)

    moved = transported(universe.stoichiometry)
    carriers = set(moved["reaction"])
    genes = usable[needed]
    if options.method != "emi":
        chosen = set(genes["reaction"])
        label = HOMOLOGUE
    else:
        enzymes = set(selected["protein"])
        hit = [not enzymes.isdisjoint(members) for members in genes["genes"]]
        chosen = set(genes.loc[hit, "reaction"])
        label = PREDICTED
    if options.transport == "none":
        chosen -= carriers
    reasons.update((reaction, label) for reaction in chosen)
    if options.method == "emi" and options.include_probability < 1 and support is not None:
        sure = support.loc[support["probability"] >= options.include_probability, "reaction"]
        more = (set(sure) & set(genes["reaction"])) - chosen - carriers
        reasons.update((reaction, SUPPORTED) for reaction in more)
        chosen |= more

    if options.transport == "homology":
        inside = restrict(universe.stoichiometry, pd.Series(sorted(chosen - carriers)))
        present = set(split_species(inside["species"])["metabolite"]) | set(observed["metabolite"])
        candidates = moved[
            moved["reaction"].isin(set(genes["reaction"])) & moved["metabolite"].isin(present)
        ]
        for reaction in candidates["reaction"]:
            reasons.setdefault(reaction, TRANSPORT)

    stoichiometry = restrict(universe.stoichiometry, pd.Series(list(reasons)))
    for reaction in exchanges_for(universe, stoichiometry):
        reasons.setdefault(reaction, EXCHANGE_REASON)
    table = pd.DataFrame(sorted(reasons.items()), columns=["reaction", "reason"])
    return with_rules(table, gene_rules(usable))


def with_rules(table: pd.DataFrame, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Add the column ``rule`` to a table of reactions, None where there is none."""
    found = [rules.get(reaction) for reaction in table["reaction"]]
    return table.assign(rule=object_column(found, table.index))


def exchanges_for(universe: MetabolicModel, stoichiometry: pd.DataFrame) -> list[str]:
    """Exchange reactions of the universe for the extracellular species of a network, sorted."""
    exchanges = universe.stoichiometry[is_exchange(universe.stoichiometry["reaction"])]
    found = exchanges[exchanges["species"].isin(set(stoichiometry["species"]))]
    return sorted(set(found["reaction"]))
