"""Why each reaction is in the model, and how large and sound the model is."""

import logging
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.errors import InputError
from gemwright.gem.carriers import IMPORTS
from gemwright.gem.flux import FluxModel
from gemwright.gem.formulas import count_atoms
from gemwright.gem.gpr import genes_of
from gemwright.gem.leaks import charged, find_leaks, warn_of_leaks
from gemwright.gem.medium import medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.io.tables import object_column
from gemwright.reconstruction.draft import GAP_FILLED, SPONTANEOUS, WITHOUT_GENE

logger = logging.getLogger(__name__)


def provenance_table(
    reasons: pd.DataFrame,
    support: pd.DataFrame,
    complexes: pd.DataFrame,
    mapping: pd.DataFrame,
    selected: pd.DataFrame,
    added: pd.DataFrame,
    unblocks: Mapping[str, str],
) -> pd.DataFrame:
    """Say of every reaction why it is in the model.

    Parameters
    ----------
    reasons : pandas.DataFrame
        reaction, reason, rule of the whole model.
    support : pandas.DataFrame
        The table of `support.reaction_support`.
    complexes : pandas.DataFrame
        The table of `mapping.rule_complexes`.
    mapping : pandas.DataFrame
        The table of `mapping.map_proteome`.
    selected : pandas.DataFrame
        The table of `selection.select_enzymes`.
    added : pandas.DataFrame
        reaction, medium, alpha from gap-filling.
    unblocks : mapping of str to str
        Gap-filled reaction to the biomass precursors that need it.

    Returns
    -------
    pandas.DataFrame
        reaction, reason, rule, enzymes (tuple of the selected ones that put it there),
        metabolite and score (of the surest selection among them), partners (tuple of the
        rule's genes that were not selected), bigg_model and bigg_genes (whose rule was taken),
        identity, confidence, probability, alpha, pair_protein, pair_metabolite and pair_score (the
        scored pair behind the probability, also of reactions that nothing selected), medium,
        unblocks; sorted by reaction. The pipeline adds method, by which the model was made in
        fact: homology, where no scores were to be had.
    """
    table = reasons.sort_values("reaction", ignore_index=True)
    picked = selected.sort_values(
        ["protein", "score", "metabolite"], ascending=[True, False, True]
    ).drop_duplicates("protein")
    pick = picked.set_index("protein")[["metabolite", "score"]].to_dict("index")

    enzymes, metabolites, scores, partners = [], [], [], []
    for rule in table["rule"]:
        genes = sorted(genes_of(rule))
        chosen = sorted(
            (gene for gene in genes if gene in pick), key=lambda g: (-pick[g]["score"], g)
        )
        enzymes.append(tuple(chosen))
        metabolites.append(pick[chosen[0]]["metabolite"] if chosen else "")
        scores.append(pick[chosen[0]]["score"] if chosen else np.nan)
        partners.append(tuple(gene for gene in genes if gene not in pick) if chosen else ())
    table = table.assign(
        enzymes=object_column(enzymes),
        metabolite=metabolites,
        score=scores,
        partners=object_column(partners),
    )

    best = complexes.sort_values(
        ["reaction", "confidence", "model", "complex"], ascending=[True, False, True, True]
    ).drop_duplicates("reaction")
    origin = best[["reaction", "model", "complex"]].rename(
        columns={"model": "bigg_model", "complex": "bigg_genes"}
    )
    pair = {"protein": "pair_protein", "metabolite": "pair_metabolite", "score": "pair_score"}
    facts = support.drop(columns="genes").rename(columns=pair)
    table = table.merge(origin, on="reaction", how="left").merge(facts, on="reaction", how="left")
    texts = ["bigg_model", "bigg_genes", "pair_protein", "pair_metabolite"]
    table[texts] = table[texts].fillna("")
    gaps = added.set_index("reaction")
    table["medium"] = table["reaction"].map(gaps["medium"]).fillna("")
    table["alpha"] = table["alpha"].fillna(table["reaction"].map(gaps["alpha"]))
    table["unblocks"] = table["reaction"].map(dict(unblocks)).fillna("")
    return table


def with_evidence(
    provenance: pd.DataFrame, evidence: pd.DataFrame, *, calibrated: bool
) -> pd.DataFrame:
    """Add what speaks for each reaction, genes aside.

    Parameters
    ----------
    provenance : pandas.DataFrame
        The table of `provenance_table`.
    evidence : pandas.DataFrame
        The table of `evidence.reaction_evidence`, and probability.
    calibrated : bool
        Whether its probability takes the place of that of `support.reaction_support`: then
        reactions without a gene have one as well.
    """
    rest = evidence.drop(columns=["confidence", "probability"])
    table = provenance.merge(rest, on="reaction", how="left")
    if calibrated:
        known = evidence.set_index("reaction")["probability"]
        table["probability"] = table["reaction"].map(known)
    return table


def balance_shares(model: MetabolicModel) -> tuple[float, float]:
    """Shares of internal reactions whose masses, and whose charges, balance.

    Exchange, sink, demand and biomass reactions are left out of both shares; reactions with a
    species of unknown charge are left out of the second one, which is NaN if nothing remains.
    """
    rows = model.stoichiometry
    internal = ~rows["reaction"].str.match(r"EX_|sink_|DM_") & (rows["reaction"] != model.objective)
    rows = rows[internal]
    if rows.empty:
        return 1.0, 1.0
    composition = pd.DataFrame(
        [
            (name, element, count)
            for name, formula in zip(
                model.species["species"], model.species["formula"], strict=True
            )
            for element, count in count_atoms(formula).items()
        ],
        columns=["species", "element", "count"],
    )
    joined = rows.merge(composition, on="species")
    atoms = joined["coefficient"] * joined["count"]
    sums = atoms.groupby([joined["reaction"], joined["element"]]).sum()
    off = sums[sums.abs() > 1e-6].index.get_level_values("reaction").nunique()
    charge = rows["species"].map(model.species.set_index("species")["charge"].astype(float))
    known = ~rows["reaction"].isin(rows.loc[charge.isna(), "reaction"])
    charges = (rows["coefficient"] * charge)[known].groupby(rows["reaction"]).sum()
    return (
        1 - off / rows["reaction"].nunique(),
        1 - float((charges.abs() > 1e-6).mean()),
    )


def model_statistics(
    model: MetabolicModel,
    reasons: pd.DataFrame,
    media: Mapping[str, Collection[str]],
    protocol: MediumOptions,
) -> pd.DataFrame:
    """Size and soundness of a model.

    Parameters
    ----------
    model : MetabolicModel
        The finished model.
    reasons : pandas.DataFrame
        reaction, reason, rule.
    media : mapping of str to collection of str, or to mapping of str to float
        Media on which growth is reported.
    protocol : MediumOptions
        How much of each compound may be taken up.

    Returns
    -------
    pandas.DataFrame
        statistic, value (float), protocol of the medium where one is set, else ``""``; in a fixed
        order.
    """
    mass, charge = balance_shares(model)
    species = model.species
    rows: list[tuple[str, float]] = [
        ("genes", len(model.genes)),
        ("reactions", len(model.reactions)),
        ("species", len(species)),
        ("metabolites", species["metabolite"].nunique()),
    ]
    counts = reasons.groupby(reasons["reason"].str.replace(r" for .*", "", regex=True)).size()
    rows += [(f"reactions: {reason}", count) for reason, count in sorted(counts.items())]
    filled = reasons[reasons["reason"].str.startswith(GAP_FILLED)]
    rows.append(("gap-filled with genes", int(filled["rule"].notna().sum())))
    free = reasons["reason"].isin((SPONTANEOUS, WITHOUT_GENE))
    plain = ~reasons["reaction"].str.match(r"EX_|sink_|DM_") & ~free
    rows.append(("internal reactions with genes", float(reasons["rule"].notna()[plain].mean())))
    rows += [("mass balanced (share)", mass), ("charge balanced (share)", charge)]
    flux = FluxModel.of(model)
    exchanges = [name for name in flux.reactions if name.startswith("EX_")]
    with flux.bounds(dict.fromkeys(exchanges, (-1000.0, 1000.0))):
        rows.append(("blocked with every exchange open", len(flux.blocked_reactions())))
    for name, compounds in media.items():
        with flux.bounds(medium_bounds(model, compounds, protocol)):
            rows.append((f"growth on {name} (1/h)", flux.growth()))
    rows += _charged_carriers(model)
    table = pd.DataFrame(rows, columns=["statistic", "value"])
    on_medium = table["statistic"].str.startswith("growth on ")
    return table.assign(
        value=table["value"].astype(float),
        protocol=on_medium.map({True: protocol.protocol, False: ""}),
    )


def _charged_carriers(model: MetabolicModel) -> list[tuple[str, float]]:
    """Numbers of energy carriers that a model charges; NaN if it has none by BiGG's identifiers."""
    try:
        leaks = find_leaks(model)
    except InputError as error:
        logger.warning("no leak test: %s", error)
        carriers: dict[str, float] = dict.fromkeys(IMPORTS, float("nan"))
    else:
        warn_of_leaks(leaks, f"model {model.identifier!r}")
        carriers = {imports: len(names) for imports, names in charged(leaks).items()}
    return [(f"energy carriers charged from {name}", value) for name, value in carriers.items()]
