"""What speaks for each reaction of an organism: homology in context, and its relatives' models."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import IntArray
from gemwright.gem.species import canonical_reaction, transported
from gemwright.io.user_tables import read_delimited

COEFFICIENTS = Path(__file__).parents[1] / "resources" / "reaction_evidence.tsv"

EUKARYOTES = "Eukarya"
# genera whose models are of one and the same organism, as biologists see it
SAME_GENUS = {"Shigella": "Escherichia"}
#: Homology confidence from which a genus supports a reaction: that of the draft.
SUPPORT = 0.3
# the more of a genus' reactions have genes here, the more its models are listened to
_LEAST_SIMILARITY, _SHARPNESS = 0.01, 4
_NOT_JUDGED = r"^(?:EX_|DM_|sink_|ATPM)|(?i:biomass|^growth$)"
FEATURES = ["confidence", "second_genus", "supporting_genera", "support_share", "phylogenetic"]


def genera_of(organisms: pd.DataFrame) -> pd.Series:
    """Genus of each model that is of no eukaryote (index model); Shigella is Escherichia.

    Parameters
    ----------
    organisms : pandas.DataFrame
        model, genus, kingdom.
    """
    known = organisms[organisms["kingdom"] != EUKARYOTES].set_index("model")["genus"]
    return known.replace(SAME_GENUS)


def reaction_evidence(
    complexes: pd.DataFrame,
    gprs: pd.DataFrame,
    bounds: pd.DataFrame,
    organisms: pd.DataFrame,
    hidden: Collection[str] = (),
) -> pd.DataFrame:
    """Lay out what speaks for each reaction that a model of BiGG holds.

    Parameters
    ----------
    complexes : pandas.DataFrame
        reaction, model, confidence of all models, see `mapping.all_complexes`.
    gprs : pandas.DataFrame
        model, gene, complex, reaction: which reactions a model has genes for.
    bounds : pandas.DataFrame
        model, reaction: which reactions a model holds.
    organisms : pandas.DataFrame
        model, genus, kingdom; eukaryotes do not count.
    hidden : collection of str
        Models that are not looked at.

    Returns
    -------
    pandas.DataFrame
        reaction; confidence (the best genus'), second_genus (that of the next one; 0 without),
        supporting_genera (number of them with at least `SUPPORT`), support_share (of the genera
        that have genes for the reaction), phylogenetic (share of the genera whose models hold the
        reaction, weighted by how much of their reactions have genes here); sorted by reaction.
    """
    genera = genera_of(organisms).drop(list(hidden), errors="ignore")
    names = sorted(set(genera))
    held = _by_genus(bounds, genera)[["model", "genus", "reaction"]].drop_duplicates()
    models = genera.groupby(genera).size()
    with_genes = _by_genus(gprs, genera)[["genus", "reaction"]].drop_duplicates()
    best = _by_genus(complexes, genera).groupby(["genus", "reaction"])["confidence"].max()

    reactions = pd.Index(sorted(set(held["reaction"]) | set(with_genes["reaction"])))
    place = {name: row for row, name in enumerate(names)}
    shape = len(names), len(reactions)
    confidence, shares, ruled = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)

    def spots(genus: pd.Series, reaction: pd.Series) -> tuple[IntArray, IntArray]:
        return genus.map(place).to_numpy(np.int64), reactions.get_indexer(reaction)

    counts = held.groupby(["genus", "reaction"]).size().reset_index(name="models")
    spot = spots(counts["genus"], counts["reaction"])
    shares[spot] = counts["models"] / counts["genus"].map(models)
    ruled[spots(with_genes["genus"], with_genes["reaction"])] = True
    known = best.reset_index()
    confidence[spots(known["genus"], known["reaction"])] = known["confidence"]

    ruled |= confidence > 0
    similarity = confidence.sum(axis=1) / np.maximum(ruled.sum(axis=1), 1)
    weight = np.maximum(similarity, _LEAST_SIMILARITY) ** _SHARPNESS
    ranked = np.sort(confidence, axis=0)[::-1]
    supporting = (confidence >= SUPPORT).sum(axis=0)
    return pd.DataFrame(
        {
            "reaction": reactions,
            "confidence": ranked[0],
            "second_genus": ranked[1] if len(names) > 1 else 0.0,
            "supporting_genera": supporting,
            "support_share": supporting / np.maximum(ruled.sum(axis=0), 1),
            "phylogenetic": weight @ shares / weight.sum(),
        }
    )


def _by_genus(table: pd.DataFrame, genera: pd.Series) -> pd.DataFrame:
    known = table[table["model"].isin(genera.index)]
    return known.assign(
        genus=known["model"].map(genera).astype(object),
        reaction=canonical_reaction(known["reaction"].astype(object)),
    )


def model_terms(evidence: pd.DataFrame) -> pd.DataFrame:
    """Terms of the logistic model of a reaction's presence.

    Parameters
    ----------
    evidence : pandas.DataFrame
        The table of `reaction_evidence`.

    Returns
    -------
    pandas.DataFrame
        `FEATURES` in the order of `evidence`; supporting_genera as log2(1 + n).
    """
    genera = np.log2(1 + evidence["supporting_genera"])
    return evidence[FEATURES].assign(supporting_genera=genera).astype(float)


def read_coefficients() -> pd.DataFrame:
    """Read the fitted coefficients (`tools/fit_reaction_evidence.py`).

    Returns
    -------
    pandas.DataFrame
        Index enzyme, transport; columns intercept and `FEATURES`.
    """
    table = read_delimited(COEFFICIENTS, ("kind", "term", "coefficient"))
    table["coefficient"] = table["coefficient"].astype(float)
    wide = table.pivot_table(index="kind", columns="term", values="coefficient", aggfunc="first")
    return wide[["intercept", *FEATURES]]


def reaction_probabilities(
    evidence: pd.DataFrame,
    stoichiometry: pd.DataFrame,
    coefficients: pd.DataFrame | None = None,
) -> pd.Series:
    """Probability that a curator would put a reaction into the organism's model.

    Calibrated on curated models whose whole genus was hidden; what curators write, not what a cell
    does.

    Parameters
    ----------
    evidence : pandas.DataFrame
        The table of `reaction_evidence`.
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient: which reactions are transports.
    coefficients : pandas.DataFrame, optional
        Those of `read_coefficients` by default.

    Returns
    -------
    pandas.Series
        In [0, 1], in the order of `evidence`; NaN for exchange reactions, demands and growth.
    """
    coefficients = read_coefficients() if coefficients is None else coefficients
    carriers = set(transported(stoichiometry)["reaction"])
    kinds = np.where(evidence["reaction"].isin(carriers), "transport", "enzyme")
    rows = coefficients.reindex(kinds).to_numpy(np.float64)
    z = rows[:, 0] + (rows[:, 1:] * model_terms(evidence).to_numpy(np.float64)).sum(axis=1)
    values = pd.Series(1 / (1 + np.exp(-z)), index=evidence.index)
    return values.where(is_judged(evidence["reaction"]))


def is_judged(reactions: pd.Series) -> pd.Series:
    """Whether evidence tells of each reaction: not of exchanges, demands, growth, maintenance."""
    return ~reactions.str.contains(_NOT_JUDGED)
