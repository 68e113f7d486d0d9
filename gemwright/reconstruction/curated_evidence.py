"""What each kind of evidence for a reaction is worth: curated models with their genus hidden."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from tqdm import tqdm  # type: ignore[import-untyped]

from gemwright.arrays import BoolArray, FloatArray
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.gem.species import canonical_reaction, transported
from gemwright.reconstruction.evidence import (
    FEATURES,
    genera_of,
    is_judged,
    model_terms,
    reaction_evidence,
)
from gemwright.reconstruction.mapping import all_complexes, map_proteome

#: Kinds of evidence that are compared, and the terms of each.
SETS = {
    "homology (best confidence)": ["confidence"],
    "homology in context": ["confidence", "second_genus", "supporting_genera", "support_share"],
    "phylogenetic share": ["phylogenetic"],
    "homology in context and phylogenetic share": FEATURES,
}
_BINS = 10


def curated_evidence(
    hits: Mapping[str, pd.DataFrame],
    proteins: pd.DataFrame,
    gprs: pd.DataFrame,
    bounds: pd.DataFrame,
    organisms: pd.DataFrame,
    stoichiometry: pd.DataFrame,
    options: ReconstructionOptions | None = None,
) -> pd.DataFrame:
    """Lay out the evidence for the reactions of curated models, their whole genus hidden.

    Parameters
    ----------
    hits : mapping of str to pandas.DataFrame
        Model to the homology of its proteome, see `mapping.map_proteome`.
    proteins, gprs, bounds, organisms : pandas.DataFrame
        The snapshot's tables.
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient of every reaction.
    options : ReconstructionOptions, optional
        Thresholds of the mapping.

    Returns
    -------
    pandas.DataFrame
        model, genus, reaction (of any model of another genus), transport, present (in the curated
        model), and the columns of `evidence.reaction_evidence`.
    """
    options = options or ReconstructionOptions()
    genera = genera_of(organisms)
    carriers = set(transported(stoichiometry)["reaction"])
    parts = []
    for model in tqdm(sorted(hits), desc="curated models", disable=None, mininterval=1.0):
        hidden = tuple(sorted(genera.index[genera == genera[model]]))
        settings = replace(options, exclude_models=hidden)
        mapping = map_proteome(hits[model], proteins, gprs, settings)
        table = reaction_evidence(all_complexes(mapping, settings), gprs, bounds, organisms, hidden)
        table = table[is_judged(table["reaction"])]
        own = set(canonical_reaction(bounds.loc[bounds["model"] == model, "reaction"]))
        parts.append(
            table.assign(
                model=model,
                genus=genera[model],
                transport=table["reaction"].isin(carriers),
                present=table["reaction"].isin(own),
            )
        )
    return pd.concat(parts, ignore_index=True)


def fit_coefficients(evidence: pd.DataFrame) -> pd.DataFrame:
    """Fit the logistic model of a reaction's presence, for enzymes and for transports.

    Parameters
    ----------
    evidence : pandas.DataFrame
        The table of `curated_evidence`.

    Returns
    -------
    pandas.DataFrame
        kind (enzyme, transport), term, coefficient (three digits).
    """
    rows = []
    for transport, part in evidence.groupby("transport", sort=True):
        fitted = _regression(model_terms(part), part["present"].to_numpy())
        values = [fitted.intercept_[0], *fitted.coef_[0]]
        kind = "transport" if transport else "enzyme"
        rows += [
            (kind, term, round(float(value), 3))
            for term, value in zip(["intercept", *FEATURES], values, strict=True)
        ]
    return pd.DataFrame(rows, columns=["kind", "term", "coefficient"])


def evidence_tables(evidence: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure each kind of evidence on genera that the fit has not seen.

    Parameters
    ----------
    evidence : pandas.DataFrame
        The table of `curated_evidence`.

    Returns
    -------
    worth : pandas.DataFrame
        reactions (enzymes, transports), evidence (of `SETS`), aupr, auroc, base_rate, models, n.
    reliability : pandas.DataFrame
        reactions, predicted_from, predicted_to, n, mean_predicted, present (share): of the last
        one of `SETS`.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    worth, bins = [], []
    for transport, part in evidence.groupby("transport", sort=True):
        kind = "transports" if transport else "enzymes"
        truth = part["present"].to_numpy()
        terms = model_terms(part)
        for name, columns in SETS.items():
            predicted = _cross_fitted(terms[columns], truth, part["genus"])
            worth.append(
                {
                    "reactions": kind,
                    "evidence": name,
                    "aupr": average_precision_score(truth, predicted),
                    "auroc": roc_auc_score(truth, predicted),
                    "base_rate": truth.mean(),
                    "models": part["model"].nunique(),
                    "n": len(part),
                }
            )
        bins.append(_reliability(predicted, truth).assign(reactions=kind))
    table = pd.concat(bins, ignore_index=True)
    return pd.DataFrame(worth), table[["reactions", *table.columns.drop("reactions")]]


def _regression(terms: pd.DataFrame, truth: BoolArray):  # type: ignore[no-untyped-def]
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=np.inf, max_iter=1000).fit(terms.to_numpy(), truth)


def _cross_fitted(terms: pd.DataFrame, truth: BoolArray, genus: pd.Series) -> FloatArray:
    predicted = np.zeros(len(terms))
    for name in sorted(set(genus)):
        test = (genus == name).to_numpy()
        fitted = _regression(terms[~test], truth[~test])
        predicted[test] = fitted.predict_proba(terms[test].to_numpy())[:, 1]
    return predicted


def _reliability(predicted: FloatArray, truth: BoolArray) -> pd.DataFrame:
    place = np.minimum((predicted * _BINS).astype(int), _BINS - 1)
    rows = pd.DataFrame({"place": place, "predicted": predicted, "present": truth})
    found = rows.groupby("place").agg(
        n=("present", "size"), mean_predicted=("predicted", "mean"), present=("present", "mean")
    )
    found = found.reset_index()
    found.insert(0, "predicted_from", found["place"] / _BINS)
    found.insert(1, "predicted_to", (found["place"] + 1) / _BINS)
    return found.drop(columns="place")
