"""The section ``validation``: phenotypes and essentiality."""

from gemwright.config.section import Positive, Section, section


@section
class ValidationSettings(Section):
    """Phenotypes and essentiality.

    Attributes
    ----------
    growth_threshold
        Growth rate that counts as growth, 1/h.
    max_uptake
        Largest uptake of every compound, mmol/gDW/h.
    """

    growth_threshold: Positive = 0.01
    max_uptake: Positive = 10.0
