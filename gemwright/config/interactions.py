"""The section ``interactions``: which enzyme-metabolite pairs are learned from."""

from typing import Literal

from gemwright.config.section import Section, Some

DEMO_MODELS = ("iML1515", "iYO844", "iJN1463", "iYL1228", "iYS854", "iCN718")
"""Six bacterial models for runs that have to be short (about 4,500 enzymes).

The first three are the reconstructed organisms or, for *P. aeruginosa*, its nearest relative
(*P. putida*). The others were taken one by one, each time the model that most raised, for those
three, the share of metabolites known from another model and the share of enzymes with a homologue
of at least 40 % identity in one: (.740, .797, .680) and (.503, .451, .536) before,
(.892, .860, .758) and (.819, .682, .674) with all three. The seven models that would come next
add .02 on average for 3,400 more enzymes. Strains of *E. coli* and *Shigella* repeat iML1515.
"""


class InteractionOptions(Section):
    """Which enzyme-metabolite pairs are learned from."""

    #: Where the pairs to learn from come from: the gene rules of the embedded models, or MetaGEM-DB
    #: by a route of the live sources (with which ``models``, ``include_transport`` and
    #: ``directions`` have no meaning).
    route: Literal["embedded", "bigg_rhea", "ec"] = "embedded"
    #: BiGG models whose gene associations make the enzyme-metabolite pairs; ``null`` takes all 31
    #: (``full.yaml``).
    models: Some[str] | None = DEMO_MODELS
    #: Keep currency metabolites (ATP, water, NADH ...): they reward popularity, not specificity.
    include_currency: bool = False
    #: Keep reactions that move a metabolite between compartments.
    include_transport: bool = False
    #: Substrates by each model's own flux bounds, or every participant of a reaction.
    directions: Literal["model_bounds", "both_sides"] = "model_bounds"
