"""The section ``negatives``: how negatives are chosen."""

from typing import ClassVar, Literal

from gemwright.config.section import Count, Natural, Section, Share, section

Kind = Literal["hard", "popularity", "random"]


@section
class NegativeOptions(Section):
    """Pairs that are taken as not interacting.

    Attributes
    ----------
    kind
        Look-alikes of the true substrate, metabolites drawn as often as they are positives, or any
        metabolites of the pool.
    ratio
        Negatives for each positive (30 in the paper).
    epsilon
        Least Tanimoto similarity of a hard negative to the true substrate (eq. 5; the paper prints
        no value).
    selection
        Hard negatives drawn at random above epsilon, or the most similar ones.
    seed
        Seed of the draw.
    """

    not_keys: ClassVar = ("kind", "seed")

    kind: Kind = "hard"
    ratio: Count = 30
    epsilon: Share = 0.3
    selection: Literal["sample", "top"] = "sample"
    seed: Natural = 0
