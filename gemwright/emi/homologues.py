"""Votes of homologues: what their known substrates say about an enzyme."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from gemwright.arrays import IndexArray


@dataclass(frozen=True)
class VoteOptions:
    """How homologues vote.

    Attributes
    ----------
    weight : {'identity', 'bitscore'}
        A homologue's weight: the identity of its alignment, or its bit score b as b / (b + 100).
    coverage : bool
        Multiply the weight by the smaller of the two coverages.
    combine : {'max', 'mean'}
        The nearest homologue that has the metabolite, or the weighted share of homologues that
        have it times the largest weight.
    min_identity : float
        Hits below it do not vote.
    """

    weight: Literal["identity", "bitscore"] = "identity"
    coverage: bool = True
    combine: Literal["max", "mean"] = "mean"
    min_identity: float = 0.0


def homologue_votes(
    enzymes: pd.Index,
    metabolites: pd.Index,
    hits: pd.DataFrame,
    interactions: pd.DataFrame,
    options: VoteOptions | None = None,
    groups: "pd.Series[str] | None" = None,
) -> csr_array:
    """Votes of the homologues of each enzyme over the metabolites.

    Parameters
    ----------
    enzymes : pandas.Index
        Rows of the result: the queries.
    metabolites : pandas.Index
        Columns of the result.
    hits : pandas.DataFrame
        query, subject, identity, query_coverage, subject_coverage, bitscore; a hit of an enzyme
        on itself never votes.
    interactions : pandas.DataFrame
        enzyme, metabolite of those who may vote (the training part).
    options : VoteOptions, optional
        How homologues vote.
    groups : pandas.Series, optional
        Cluster by enzyme: homologues of the query's own cluster do not vote. Training enzymes
        then see what an enzyme of a new cluster will see.

    Returns
    -------
    scipy.sparse.csr_array, shape (len(enzymes), len(metabolites))
        Float32 votes from 0 to 1.
    """
    options = options or VoteOptions()
    voters = pd.Index(interactions["enzyme"].unique())
    query: IndexArray = enzymes.get_indexer(pd.Index(hits["query"].astype(object)))
    voter: IndexArray = voters.get_indexer(pd.Index(hits["subject"].astype(object)))
    kept = (query >= 0) & (voter >= 0) & (hits["identity"].to_numpy() >= options.min_identity)
    kept &= hits["query"].astype(object).to_numpy() != hits["subject"].astype(object).to_numpy()
    if groups is not None:
        own = hits["query"].astype(object).map(groups).to_numpy()
        other = hits["subject"].astype(object).map(groups).to_numpy()
        kept &= own != other
    query, voter = query[kept], voter[kept]
    weight = _weights(hits[kept], options)

    known_row = voters.get_indexer(pd.Index(interactions["enzyme"]))
    known_column = metabolites.get_indexer(pd.Index(interactions["metabolite"]))
    inside = known_column >= 0
    has = csr_array(
        (np.ones(int(inside.sum()), np.float32), (known_row[inside], known_column[inside])),
        shape=(len(voters), len(metabolites)),
    )
    shape = (len(enzymes), len(voters))
    if options.combine == "mean":
        by = csr_array((weight, (query, voter)), shape=shape)
        total = np.asarray(by.sum(axis=1)).ravel()
        largest = np.zeros(len(enzymes), np.float32)
        np.maximum.at(largest, query, weight)
        scale = np.divide(largest, total, out=np.zeros_like(total), where=total > 0)
        votes = (by @ has).tocsr()
        votes.data = np.minimum(votes.data * np.repeat(scale, np.diff(votes.indptr)), 1)
        return csr_array(votes.astype(np.float32))
    return _largest(query, voter, weight, has, shape[0])


def _weights(hits: pd.DataFrame, options: VoteOptions) -> npt.NDArray[Any]:
    if options.weight == "identity":
        weight = hits["identity"].to_numpy(dtype=np.float64)
    else:
        # saturates: 100 bits weigh one half
        bits = hits["bitscore"].to_numpy(dtype=np.float64)
        weight = bits / (bits + 100)
    if options.coverage:
        weight = weight * hits[["query_coverage", "subject_coverage"]].to_numpy().min(axis=1)
    return np.clip(weight, 0, 1).astype(np.float32)


def _largest(
    query: npt.NDArray[Any],
    voter: npt.NDArray[Any],
    weight: npt.NDArray[Any],
    has: csr_array,
    rows: int,
) -> csr_array:
    """Largest weight of a voter that has the metabolite, for each query and metabolite."""
    counts = np.diff(has.indptr)[voter]
    starts = has.indptr[voter]
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    column = has.indices[np.repeat(starts, counts) + offsets]
    row = np.repeat(query, counts)
    value = np.repeat(weight, counts)
    # ascending weight: the last of equal positions is the largest
    key = row.astype(np.int64) * has.shape[1] + column
    order = np.lexsort((value, key))
    key, value = key[order], value[order]
    last = np.append(key[1:] != key[:-1], True) if len(key) else np.zeros(0, bool)
    key, value = key[last], value[last]
    return csr_array((value, (key // has.shape[1], key % has.shape[1])), shape=(rows, has.shape[1]))
