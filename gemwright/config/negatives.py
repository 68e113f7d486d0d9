"""The section ``negatives``: how negatives are chosen."""

from typing import ClassVar, Literal

from gemwright.config.section import Count, Natural, Section, Share

Kind = Literal["hard", "popularity", "random"]


class NegativeOptions(Section):
    """Pairs that are taken as not interacting."""

    not_keys: ClassVar = ("kind", "seed")

    #: Look-alikes of the true substrate, metabolites drawn as often as they are positives, or any
    #: metabolites of the pool.
    kind: Kind = "hard"
    #: Negatives for each positive (30 in the paper).
    ratio: Count = 30
    #: Least Tanimoto similarity of a hard negative to the true substrate (eq. 5; the paper prints
    #: no value).
    epsilon: Share = 0.3
    #: Hard negatives drawn at random above epsilon, or the most similar ones.
    selection: Literal["sample", "top"] = "sample"
    #: Seed of the draw.
    seed: Natural = 0
