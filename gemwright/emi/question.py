"""The pairs that predictors of interactions are asked about, and what they may use."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from gemwright.arrays import IndexArray, SingleArray
from gemwright.embedding.protocol import Embeddings
from gemwright.emi.homologues import VoteOptions, homologue_votes
from gemwright.errors import InputError


@dataclass(frozen=True)
class Question:
    """All pairs of some enzymes with some metabolites, and what may be used to score them.

    Attributes
    ----------
    enzymes : Embeddings
        The enzymes asked about, n of them.
    metabolites : Embeddings
        The metabolites asked about, m of them.
    hits : pandas.DataFrame
        Search of `enzymes` (query) against known enzymes (subject).
    known : pandas.DataFrame
        enzyme, metabolite: interactions that may be used.
    """

    enzymes: Embeddings
    metabolites: Embeddings
    hits: pd.DataFrame
    known: pd.DataFrame
    _votes: dict[VoteOptions, csr_array] = field(default_factory=dict, init=False, repr=False)

    def votes(
        self, metabolites: pd.Index | None = None, options: VoteOptions | None = None
    ) -> csr_array:
        """Votes of homologues, see `gemwright.emi.homologues.homologue_votes`.

        Parameters
        ----------
        metabolites : pandas.Index, optional
            Those that are voted over; those asked about by default.
        options : VoteOptions, optional
            How homologues vote.

        Returns
        -------
        scipy.sparse.csr_array of float32, shape (n, len(metabolites))
        """
        options = options or VoteOptions()
        # nothing else gets a vote
        known = pd.Index(self.known["metabolite"].astype(object).unique())
        if options not in self._votes:
            self._votes[options] = homologue_votes(
                self.enzymes.ids, known, self.hits, self.known, options
            )
        wanted = self.metabolites.ids if metabolites is None else metabolites
        row = known.get_indexer(wanted)
        column = np.flatnonzero(row >= 0)
        one = np.ones(len(column), np.float32)
        chosen = csr_array((one, (row[column], column)), shape=(len(known), len(wanted)))
        return csr_array(self._votes[options] @ chosen)

    @cached_property
    def popularity(self) -> SingleArray:
        """Share of known enzymes that act on each metabolite; shape (m,)."""
        pairs = self.known[["enzyme", "metabolite"]].drop_duplicates()
        counts = pairs["metabolite"].value_counts().reindex(self.metabolites.ids, fill_value=0)
        return (counts.to_numpy() / max(pairs["enzyme"].nunique(), 1)).astype(np.float32)

    def positions(self, pairs: pd.DataFrame) -> tuple[IndexArray, IndexArray]:
        """Row and column, in an array of all pairs, of each of some pairs.

        Raises
        ------
        InputError
            If an enzyme or metabolite is not asked about.
        """
        row = self.enzymes.ids.get_indexer(pd.Index(pairs["enzyme"].astype(object)))
        column = self.metabolites.ids.get_indexer(pd.Index(pairs["metabolite"].astype(object)))
        for what, position in (("enzyme", row), ("metabolite", column)):
            if (position < 0).any():
                lost = pairs[what].to_numpy()[position < 0][0]
                raise InputError("pairs", f"{what} {lost!r} was not scored", "embed it as well")
        return row, column
