"""The section ``rekindle.analysis``: sizes of the analyses of Fig. 3."""

from typing import Annotated, ClassVar

from pydantic import Field

from gemwright.config.section import Natural, Section


class AnalysisOptions(Section):
    """Sizes of the analyses of Fig. 3."""

    not_keys: ClassVar = ("seed",)

    #: Sets of each class that rank the parameters (2,000 in the paper).
    ranked: Annotated[int, Field(ge=100)] = 1000
    #: Unstable sets in which parameters are constrained (100 in the paper).
    constrained: Annotated[int, Field(ge=10)] = 50
    #: Sets of each source that are projected.
    projected: Annotated[int, Field(ge=50)] = 500
    #: Project by UMAP beside PCA.
    umap: bool = False
    #: Of everything random.
    seed: Natural = 0
