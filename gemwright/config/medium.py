"""The section ``medium``: how much of each compound of a medium may be taken up."""

from typing import Literal

from gemwright.config.section import Positive, Section


class MediumOptions(Section):
    """How much of each compound of a medium may be taken up.

    Limits of a medium's own (column ``uptake``) come first.
    """

    #: ``carbon_limited``: what feeds carbon is limited, everything else is open (1000), but for
    #: vitamins and sulfate; ``all_limited``: everything is limited, oxygen and salts too, as up to
    #: version 0.2.0.
    protocol: Literal["carbon_limited", "all_limited"] = "carbon_limited"
    #: Largest uptake of each carbon source, of each tested source of phenotypes and, with
    #: ``all_limited``, of every compound, mmol/gDW/h.
    max_uptake: Positive = 10.0
    #: Largest uptake of each vitamin with ``carbon_limited``, mmol/gDW/h.
    vitamin_uptake: Positive = 0.01
    #: Largest uptake of sulfate, and of hydrogen sulfide, with ``carbon_limited``, mmol/gDW/h:
    #: enough to grow, too little to breathe or burn. A medium in which they are says so by limits
    #: of its own.
    sulfate_uptake: Positive = 1.0
