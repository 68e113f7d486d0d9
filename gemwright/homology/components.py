"""Strict sequence clusters: connected components of an all-against-all search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gemwright.errors import InputError
from gemwright.homology.diamond import search


@dataclass(frozen=True)
class ComponentOptions:
    """Which hits join two enzymes.

    Attributes
    ----------
    identity : float
        Least identity of the alignment, as a fraction.
    min_coverage : float
        Least share of the shorter sequence's alignment: the larger of the two coverages has to
        reach it. 0 joins by any local alignment, the strictest split.
    min_mutual_coverage : float
        Least share of the longer sequence's alignment: both coverages have to reach it.
    """

    identity: float = 0.4
    min_coverage: float = 0.0
    min_mutual_coverage: float = 0.0


def all_against_all(sequences: Mapping[str, str], threads: int = 1) -> pd.DataFrame:
    """Search every sequence against every other with DIAMOND.

    Parameters
    ----------
    sequences : mapping of str to str
        Enzyme to amino-acid sequence.
    threads : int
        Threads for DIAMOND.

    Returns
    -------
    pandas.DataFrame
        As `gemwright.homology.diamond.search`, all hits, without those of a sequence on itself;
        query and subject are categorical.
    """
    ordered = dict(sorted(sequences.items()))
    hits = search(ordered, ordered, threads=threads, max_targets=None)
    hits = hits[hits["query"] != hits["subject"]].reset_index(drop=True)
    kind = pd.CategoricalDtype(list(ordered))
    return hits.astype({"query": kind, "subject": kind})


def cluster_components(
    enzymes: Sequence[str], hits: pd.DataFrame, options: ComponentOptions | None = None
) -> pd.DataFrame:
    """Join enzymes that any chain of hits connects.

    Two enzymes of different clusters have no hit at or above the threshold, so a split by these
    clusters satisfies equation (1) of the paper for every homology that the search finds.

    Parameters
    ----------
    enzymes : sequence of str
        All enzymes, those without a hit included.
    hits : pandas.DataFrame
        query, subject, identity, query_coverage, subject_coverage; hits with an enzyme that is
        not in `enzymes` are left out.
    options : ComponentOptions, optional
        Which hits join.

    Returns
    -------
    pandas.DataFrame
        enzyme, cluster (the first of its members in alphabetical order), sorted by enzyme.

    Raises
    ------
    InputError
        If an enzyme comes twice.
    """
    options = options or ComponentOptions()
    names = pd.Index(sorted(enzymes))
    if names.has_duplicates:
        raise InputError("enzymes", "an enzyme comes twice", "give each sequence once")
    coverages = hits[["query_coverage", "subject_coverage"]].to_numpy()
    kept = (
        (hits["identity"].to_numpy() >= options.identity)
        & (coverages.max(axis=1, initial=0) >= options.min_coverage)
        & (coverages.min(axis=1, initial=1) >= options.min_mutual_coverage)
    )
    left = names.get_indexer(hits.loc[kept, "query"].astype(object))
    right = names.get_indexer(hits.loc[kept, "subject"].astype(object))
    known = (left >= 0) & (right >= 0)
    joined = (left[known], right[known])
    graph = coo_array((np.ones(known.sum(), dtype=bool), joined), shape=(len(names),) * 2)
    _, component = connected_components(graph, directed=False)
    # names are sorted, so the first index of a component is its first name
    _, first = np.unique(component, return_index=True)
    return pd.DataFrame({"enzyme": names, "cluster": names[first[component]]})
