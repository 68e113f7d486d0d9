"""The section ``reconstruction``: from scores to a model."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gemwright.config.medium import MediumOptions
from gemwright.config.section import Count, Listed, Natural, NotNegative, Positive, Section, Share

PositiveShare = Annotated[float, Field(gt=0, le=1)]
Method = Literal["fused", "homology", "emi"]


class ReconstructionOptions(Section):
    """From scores to a model (eqs. 9-12)."""

    not_keys: ClassVar = ("protocol",)

    #: How reactions are chosen: ``homology`` takes those of every protein with a homologue;
    #: ``fused`` the same, and weighs all that speaks for each, the interaction scores as well;
    #: ``emi`` is the paper's way, enzymes chosen by their scores with the observed metabolites (eq.
    #: 9). Without observed metabolites each of them is ``homology``.
    method: Method = "fused"
    #: With ``emi``: enzymes for each observed metabolite.
    top_k: Count = 2
    #: lambda of eq. 9.
    diversity_penalty: NotNegative = 0.2
    #: Transporters: with a homologue in the proteome, if what they carry is in the draft or
    #: observed; only those of chosen enzymes; none.
    transport: Literal["homology", "selected", "none"] = "homology"
    #: Least identity of a homologue.
    min_identity: Share = 0.25
    #: Least coverage of both proteins.
    min_coverage: Share = 0.5
    #: Hits kept of a protein in each BiGG model, as share of its best bit score there.
    query_top: PositiveShare = 0.75
    #: Proteins that represent a BiGG protein, as share of the best bit score against it.
    subject_top: PositiveShare = 0.7
    #: Least homology confidence of a complex that only supports gap-filling, and becomes the rule
    #: of a gap-filled reaction.
    candidate_confidence: Share = 0.2
    #: With ``emi``: reactions outside the chosen enzymes enter the draft from this probability
    #: (eq. 12) on; 1 keeps to the paper.
    include_probability: Share = 1.0
    #: Least homology confidence of a complex.
    min_confidence: Share = 0.3
    #: Share of a complex's subunits that must have a homologue.
    subunit_share: Share = 0.5
    #: Whose gene rules a reaction takes: those of the BiGG model whose complexes fit best, or of
    #: all at once, which turns subunits into isozymes wherever a model leaves them out.
    gpr_source: Literal["nearest_model", "all_models"] = "nearest_model"
    #: BiGG models not to learn gene rules from, for example the organism's own.
    exclude_models: Listed[str] = ()
    #: Give every draft what needs no gene (import of ions, pool of quinones, ways out of what
    #: syntheses leave over), and to steps without oxygen the genes of their counterparts with it.
    free_reactions: bool = True
    #: With ``emi``: share of the homology confidence that P(reaction) keeps when no pair of it was
    #: scored.
    evidence_prior: Share = 0.5
    #: Least penalty of a gap-filled reaction (eq. 12), so that none is added without cost.
    min_alpha: PositiveShare = 0.01
    #: Open directions of enzymes that all of at least three genera run and the universe has closed,
    #: one at a time while the model charges no energy carrier.
    open_directions: bool = True
    #: Open pure transports that most of at least two genera run, and seal the model anew.
    transport_directions: bool = True
    #: v_target of eq. 11, 1/h.
    target_growth: Positive = 0.1
    #: Node limit of the gap-filling, 0 leaves the mixed-integer step out; a limit in seconds would
    #: make results depend on the machine.
    mip_nodes: Natural = 100
    #: Relative gap at which gap-filling stops.
    mip_gap: NotNegative = 0.01
    #: How much of each compound of a medium may be taken up; the section ``medium``.
    protocol: MediumOptions = MediumOptions()
