"""Which reactions a proteome can catalyse: homology to the proteins of the BiGG models."""

import numpy as np
import pandas as pd

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.gem.gpr import SPONTANEOUS_GENES
from gemwright.gem.species import canonical_reaction
from gemwright.io.tables import object_column

# Share of a BiGG protein's reactions that its nearest hit of this identity catalyses too,
# measured between 2,500 bacterial BiGG proteins and the proteins of the other models
# (benchmarks/homology_confidence.py); no phenotype or essentiality data were used.
CONFIDENCE_CURVE = (
    (0.20, 0.06), (0.225, 0.17), (0.275, 0.30), (0.325, 0.39), (0.375, 0.48), (0.425, 0.55),
    (0.475, 0.61), (0.55, 0.65), (0.65, 0.73), (0.75, 0.85), (0.85, 0.95), (0.95, 0.97),
    (1.0, 0.99),
)  # fmt: skip
# hits that cover less than this share of either protein lose confidence in proportion
FULL_COVERAGE = 0.75


def homology_confidence(hits: pd.DataFrame) -> pd.Series:
    """Probability-like confidence that a hit's two proteins catalyse the same reactions.

    Parameters
    ----------
    hits : pandas.DataFrame
        identity, query_coverage, subject_coverage (fractions).

    Returns
    -------
    pandas.Series
        In [0, 1], in the order of `hits`.
    """
    identities, confidences = zip(*CONFIDENCE_CURVE, strict=True)
    coverage = hits[["query_coverage", "subject_coverage"]].min(axis=1)
    base = np.interp(hits["identity"], identities, confidences)
    return pd.Series(base * np.minimum(1.0, coverage / FULL_COVERAGE), index=hits.index)


def map_proteome(
    hits: pd.DataFrame,
    proteins: pd.DataFrame,
    gprs: pd.DataFrame,
    options: ReconstructionOptions | None = None,
) -> pd.DataFrame:
    """Assign the organism's proteins to the subunits of BiGG's complexes.

    Parameters
    ----------
    hits : pandas.DataFrame
        protein (of the organism), enzyme (of `proteins`), identity, query_coverage,
        subject_coverage, bitscore.
    proteins : pandas.DataFrame
        model, gene, enzyme.
    gprs : pandas.DataFrame
        model, gene, complex, reaction: one row per subunit.
    options : ReconstructionOptions, optional
        Thresholds.

    Returns
    -------
    pandas.DataFrame
        reaction, model, complex, subunit (BiGG gene), protein (``""`` if it has no homologue or
        needs none), identity, bitscore, confidence; every subunit of each complex of which at
        least one has a homologue or is spontaneous. Sorted.
    """
    options = options or ReconstructionOptions()
    coverage = hits[["query_coverage", "subject_coverage"]].min(axis=1)
    kept = hits[(hits["identity"] >= options.min_identity) & (coverage >= options.min_coverage)]
    known = proteins[~proteins["model"].isin(options.exclude_models)]
    kept = kept.merge(known, on="enzyme")
    # reciprocal best hits, with some room for paralogues, against each BiGG model on its own:
    # the nearest model often knows a reaction by another id than the universe does
    best = kept.groupby(["protein", "model"])["bitscore"].transform("max")
    kept = kept[kept["bitscore"] >= options.query_top * best]
    best = kept.groupby("enzyme")["bitscore"].transform("max")
    kept = kept[kept["bitscore"] >= options.subject_top * best]
    homologues = kept.assign(confidence=homology_confidence(kept))[
        ["model", "gene", "protein", "identity", "bitscore", "confidence"]
    ]

    rules = gprs[~gprs["model"].isin(options.exclude_models)]
    rules = rules.assign(reaction=canonical_reaction(rules["reaction"])).drop_duplicates()
    table = rules.merge(homologues, on=["model", "gene"], how="left")
    free = table["gene"].isin(SPONTANEOUS_GENES)
    table["confidence"] = table["confidence"].mask(free, 1.0).fillna(0.0)
    table[["identity", "bitscore"]] = table[["identity", "bitscore"]].fillna(0.0)
    table["protein"] = table["protein"].fillna("")
    supported = (table["confidence"] > 0).groupby(
        [table["reaction"], table["model"], table["complex"]]
    )
    table = table[supported.transform("any")]
    table = table.rename(columns={"gene": "subunit"})
    order = ["reaction", "model", "complex", "subunit"]
    table = table.sort_values(
        [*order, "bitscore", "protein"], ascending=[True] * 4 + [False, True], ignore_index=True
    )
    return table[[*order, "protein", "identity", "bitscore", "confidence"]]


def all_complexes(
    mapping: pd.DataFrame, options: ReconstructionOptions | None = None
) -> pd.DataFrame:
    """Complexes of the organism's own proteins for each reaction, by the rules of every model.

    A complex of several subunits takes the best protein for each of them; an enzyme of one
    subunit gives one complex for each protein, since close paralogues are isozymes. A complex is
    accepted if `subunit_share` of its subunits have a homologue and its confidence, the mean
    over its subunits with 0 for those that are missing, reaches `candidate_confidence`; the draft
    asks for more.

    Parameters
    ----------
    mapping : pandas.DataFrame
        The table of `map_proteome`.
    options : ReconstructionOptions, optional
        Thresholds.

    Returns
    -------
    pandas.DataFrame
        reaction, model, complex, genes (tuple of the organism's proteins, empty for a spontaneous
        reaction), subunits, found, confidence, identity (smallest of the found),
        bitscore (mean over subunits); accepted complexes only, sorted.
    """
    options = options or ReconstructionOptions()
    key = ["reaction", "model", "complex"]
    sizes = mapping.groupby(key)["subunit"].nunique().rename("subunits").reset_index()
    table = mapping.merge(sizes, on=key)
    single = table[table["subunits"] == 1]
    several = table[table["subunits"] > 1].drop_duplicates([*key, "subunit"])

    own = [(protein,) if protein else () for protein in single["protein"]]
    singles = single.assign(
        genes=object_column(own, single.index),
        found=(single["confidence"] > 0).astype(int),
    )
    grouped = several[several["confidence"] > 0].sort_values([*key, "protein"]).groupby(key)
    named = several[several["protein"] != ""].sort_values([*key, "protein"])
    joined = (named.drop_duplicates([*key, "protein"]).groupby(key)["protein"].agg(tuple)).rename(
        "genes"
    )
    sums = pd.concat(
        [
            joined,
            grouped["confidence"].agg(["sum", "size"]),
            named.groupby(key)["identity"].min(),
            grouped["bitscore"].sum(),
        ],
        axis=1,
    ).reset_index()
    multiple = sums.merge(sizes, on=key)
    multiple = multiple.assign(
        # spontaneous subunits alone have no protein
        genes=object_column(
            genes if isinstance(genes, tuple) else () for genes in multiple["genes"]
        ),
        identity=multiple["identity"].fillna(0.0),
        found=multiple["size"],
        confidence=multiple["sum"] / multiple["subunits"],
        bitscore=multiple["bitscore"] / multiple["subunits"],
    )
    columns = [*key, "genes", "subunits", "found", "confidence", "identity", "bitscore"]
    result = pd.concat([singles[columns], multiple[columns]], ignore_index=True)
    result = result[
        (result["found"] >= options.subunit_share * result["subunits"])
        & (result["confidence"] >= options.candidate_confidence)
    ]
    result["found"] = result["found"].astype(int)
    return result.sort_values([*key, "genes"], ignore_index=True)


def rule_complexes(
    complexes: pd.DataFrame, options: ReconstructionOptions | None = None
) -> pd.DataFrame:
    """Complexes that become the gene rules: those of the nearest model for each reaction, or all.

    Parameters
    ----------
    complexes : pandas.DataFrame
        The table of `all_complexes`.
    options : ReconstructionOptions, optional
        Which models' rules are used.

    Returns
    -------
    pandas.DataFrame
        Some of the rows.
    """
    options = options or ReconstructionOptions()
    if options.gpr_source == "all_models":
        return complexes
    chosen = _nearest_model(complexes)
    return chosen.sort_values(["reaction", "model", "complex", "genes"], ignore_index=True)


def _nearest_model(complexes: pd.DataFrame) -> pd.DataFrame:
    # for each reaction the model with the surest complex; then the one that fits more reactions
    # of this organism best, then its name
    best = complexes.groupby(["reaction", "model"])["bitscore"].max().reset_index()
    top = best["bitscore"] >= best.groupby("reaction")["bitscore"].transform("max") - 1e-9
    wins = best[top].groupby("model").size().rename("wins").reset_index()
    ranked = best.merge(wins, on="model", how="left").fillna({"wins": 0})
    ranked = ranked.sort_values(
        ["reaction", "bitscore", "wins", "model"], ascending=[True, False, False, True]
    )
    chosen = ranked.drop_duplicates("reaction")[["reaction", "model"]]
    return complexes.merge(chosen, on=["reaction", "model"])
