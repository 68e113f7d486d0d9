"""The section ``rekindle.analysis``: sizes of the analyses of Fig. 3."""

from typing import Annotated, ClassVar

from pydantic import Field

from gemwright.config.section import Natural, Section, section


@section
class AnalysisOptions(Section):
    """Sizes of the analyses of Fig. 3.

    Attributes
    ----------
    ranked
        Sets of each class that rank the parameters (2,000 in the paper).
    constrained
        Unstable sets in which parameters are constrained (100 in the paper).
    projected
        Sets of each source that are projected.
    umap
        Project by UMAP beside PCA.
    seed
        Of everything random.
    """

    not_keys: ClassVar = ("seed",)

    ranked: Annotated[int, Field(ge=100)] = 2000
    constrained: Annotated[int, Field(ge=10)] = 100
    projected: Annotated[int, Field(ge=50)] = 1000
    umap: bool = False
    seed: Natural = 0
