"""Predictors without learning, which every table of results carries."""

import numpy as np
import pandas as pd

from gemwright.arrays import SingleArray


def popularity(interactions: pd.DataFrame, metabolites: pd.Index) -> SingleArray:
    """Share of known enzymes that act on each metabolite.

    Parameters
    ----------
    interactions : pandas.DataFrame
        enzyme, metabolite of the training part.
    metabolites : pandas.Index
        The metabolites asked for.

    Returns
    -------
    ndarray of float32, shape (len(metabolites),)
        0 for a metabolite that no known enzyme acts on.
    """
    pairs = interactions[["enzyme", "metabolite"]].drop_duplicates()
    counts = pairs["metabolite"].value_counts().reindex(metabolites, fill_value=0)
    return (counts.to_numpy() / max(pairs["enzyme"].nunique(), 1)).astype(np.float32)


def votes_or_popularity(votes: SingleArray, popular: SingleArray) -> SingleArray:
    """Homologue votes; popularity for enzymes that have no homologue.

    Parameters
    ----------
    votes : ndarray, shape (n, m)
        Votes of homologues, 0 to 1.
    popular : ndarray, shape (m,)
        Popularity.

    Returns
    -------
    ndarray of float32, shape (n, m)
        Half of one plus the vote where there is a vote; half the popularity, relative to the
        most popular metabolite, for an enzyme without any vote; else 0. A vote thus always
        outranks popularity.
    """
    relative = popular / max(float(popular.max(initial=0)), 1e-12)
    has_votes = votes.max(axis=1, keepdims=True, initial=0) > 0
    fallback = np.where(has_votes, 0, 0.5 * relative[None, :])
    return np.where(votes > 0, 0.5 + 0.5 * votes, fallback).astype(np.float32)
