"""What predictors of interactions learn from: one split and its labelled pairs, read from files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from gemwright.config.negatives import Kind
from gemwright.embedding.protocol import Embeddings, read_embeddings
from gemwright.emi.question import Question
from gemwright.emi.splits import interactions_of
from gemwright.errors import InputError
from gemwright.io.tables import read_parquet

DATA_FILES = ("interactions", "split", "pairs", "enzymes", "metabolites", "homologies")


@dataclass(frozen=True)
class EmiData:
    """What training and evaluation share.

    Attributes
    ----------
    interactions : pandas.DataFrame
        enzyme, metabolite.
    split : pandas.DataFrame
        enzyme, cluster, part.
    labelled : pandas.DataFrame
        From `gemwright.emi.labelling.label_parts`.
    enzymes, metabolites : Embeddings
        Vectors of all enzymes of the split and of the internal pool.
    hits : pandas.DataFrame
        All-against-all search of the enzymes.
    """

    interactions: pd.DataFrame
    split: pd.DataFrame
    labelled: pd.DataFrame
    enzymes: Embeddings
    metabolites: Embeddings
    hits: pd.DataFrame

    def known(self, *parts: str) -> pd.DataFrame:
        """Interactions of the enzymes of some parts."""
        return interactions_of(self.interactions, self.split, parts)

    def pairs(self, part: str, negatives: Kind = "hard") -> pd.DataFrame:
        """Labelled pairs of one part with one kind of negatives."""
        chosen = (self.labelled["part"] == part) & (self.labelled["negatives"] == negatives)
        return self.labelled[chosen]

    def question(self, part: str, *known: str) -> Question:
        """All enzymes of a part with the pool, given the interactions of some parts."""
        names = pd.Index(sorted(self.pairs(part)["enzyme"].unique()), dtype=object)
        return Question(self.enzymes.select(names), self.metabolites, self.hits, self.known(*known))

    def without_test(self) -> "EmiData":
        """Return the same without all that tells of the test part: what predictors are fitted on.

        Raises
        ------
        InputError
            If there is no validation part.
        """
        if not (self.split["part"] == "validation").any():
            raise InputError("split", "has no validation part", "set a validation fraction above 0")
        split = self.split[self.split["part"] != "test"]
        return replace(
            self,
            interactions=interactions_of(self.interactions, split, ("train", "validation")),
            split=split,
            labelled=self.labelled[self.labelled["part"] != "test"],
            enzymes=self.enzymes.select(list(split["enzyme"])),
        )


def read_emi_data(paths: Mapping[str, str | Path]) -> EmiData:
    """Read what training and evaluation share.

    Parameters
    ----------
    paths : mapping of str to path
        Those of `DATA_FILES`; metabolites and enzymes are vectors.

    Returns
    -------
    EmiData
        Its metabolites are the internal pool: those of the interactions, sorted.
    """
    interactions = read_parquet(paths["interactions"], ["enzyme", "metabolite"])
    pool = sorted(interactions["metabolite"].unique())
    return EmiData(
        interactions,
        read_parquet(paths["split"]),
        read_parquet(paths["pairs"]),
        read_embeddings(paths["enzymes"]),
        read_embeddings(paths["metabolites"]).select(pool),
        read_parquet(paths["homologies"]),
    )
