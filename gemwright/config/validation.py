"""The section ``validation``: phenotypes and essentiality."""

from gemwright.config.section import Positive, Section


class ValidationSettings(Section):
    """Phenotypes and essentiality."""

    #: Growth rate that counts as growth, 1/h.
    growth_threshold: Positive = 0.01
