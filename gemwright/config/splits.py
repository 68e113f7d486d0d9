"""The sections ``splits`` and ``ladder``: training, validation and test parts."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gemwright.config.section import Natural, Section, Some, section

Identity = Annotated[float, Field(gt=0, le=1)]
PartShare = Annotated[float, Field(gt=0, le=0.5)]


@section
class SplitOptions(Section):
    """One split of the enzymes by sequence cluster.

    Attributes
    ----------
    method
        CD-HIT clusters, or connected components of an all-against-all search (no homologue above
        the threshold crosses).
    identity
        Sequence identity of the clusters.
    test_fraction
        Share of enzymes in the test part (0.2 in the paper); 0 only trains.
    validation_fraction
        Share of enzymes that stops training, sets thresholds and fits the stack.
    seed
        Seed of the shuffle of clusters.
    """

    not_keys: ClassVar = ("seed",)

    method: Literal["cdhit", "components"] = "cdhit"
    identity: Identity = 0.4
    test_fraction: Annotated[float, Field(ge=0, le=0.5)] = 0.2
    validation_fraction: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    seed: Natural = 0


@section
class LadderSettings(Section):
    """Leakage of splits at several thresholds.

    Attributes
    ----------
    identities
        Thresholds of the target ``split_ladder``; below 0.4 only components, since CD-HIT stops
        there.
    seeds
        Seeds of its splits.
    test_fraction
        Share of the enzymes in its test parts (8:2 in the paper).
    """

    identities: Some[Identity] = (0.3, 0.4, 0.5, 0.7, 0.9)
    seeds: Some[Natural] = (1, 2, 3)
    test_fraction: PartShare = 0.2
