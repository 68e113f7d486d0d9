"""The sections ``splits`` and ``ladder``: training, validation and test parts."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gemwright.config.section import Natural, Section, Some

Identity = Annotated[float, Field(gt=0, le=1)]
PartShare = Annotated[float, Field(gt=0, le=0.5)]


class SplitOptions(Section):
    """One split of the enzymes by sequence cluster."""

    not_keys: ClassVar = ("seed",)

    #: CD-HIT clusters, or connected components of an all-against-all search (no homologue above the
    #: threshold crosses).
    method: Literal["cdhit", "components"] = "cdhit"
    #: Sequence identity of the clusters.
    identity: Identity = 0.4
    #: Share of enzymes in the test part (0.2 in the paper); 0 only trains.
    test_fraction: Annotated[float, Field(ge=0, le=0.5)] = 0.2
    #: Share of enzymes that stops training, sets thresholds and fits the stack.
    validation_fraction: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    #: Seed of the shuffle of clusters.
    seed: Natural = 0


class LadderSettings(Section):
    """Leakage of splits at several thresholds."""

    #: Thresholds of the target ``split_ladder``; below 0.4 only components, since CD-HIT stops
    #: there.
    identities: Some[Identity] = (0.3, 0.4, 0.5, 0.7, 0.9)
    #: Seeds of its splits.
    seeds: Some[Natural] = (1, 2, 3)
    #: Share of the enzymes in its test parts (8:2 in the paper).
    test_fraction: PartShare = 0.2
