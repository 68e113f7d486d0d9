"""The section ``inputs``: how much of a user's tables has to be known."""

from gemwright.config.section import Section, Share


class InputOptions(Section):
    """Share of the names in users' tables that have to be known; the others are left out."""

    #: Rows of a table of observed metabolites, and of a medium, whose metabolite is known.
    known_metabolites: Share = 1.0
    #: Rows of a phenotype table whose compound is known.
    known_sources: Share = 0.5
    #: Rows of an essentiality table whose gene is in the proteome.
    known_genes: Share = 0.5
