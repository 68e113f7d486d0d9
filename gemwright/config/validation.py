"""The section ``validation``: phenotypes and essentiality."""

from typing import Literal

from gemwright.config.section import Positive, Section


class ValidationSettings(Section):
    """Phenotypes and essentiality."""

    #: Growth rate that counts as growth, 1/h.
    growth_threshold: Positive = 0.01
    #: What may stand in for a gene that is knocked out: with ``evidence`` no enzyme that is much
    #: less sure than the one that is lost; with ``plain`` anything. Tables show both; this one is a
    #: method's own line.
    knock_outs: Literal["evidence", "plain"] = "evidence"
    #: Count growth on a phosphomonoester as the source of phosphorus where the proteome has an
    #: alkaline phosphatase and the model grows on phosphate. Tables show both; this one is a
    #: method's own line.
    phosphatase: bool = True
