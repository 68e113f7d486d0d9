"""The section ``reconstruction``: from scores to a model."""

from typing import Annotated, Literal

from pydantic import Field

from gemwright.config.section import (
    Count,
    Listed,
    Natural,
    NotNegative,
    Positive,
    Section,
    Share,
    section,
)

PositiveShare = Annotated[float, Field(gt=0, le=1)]


@section
class ReconstructionOptions(Section):
    """From scores to a model (eqs. 9-12).

    Attributes
    ----------
    enzymes
        Enzymes chosen for the observed metabolites (eq. 9), or every protein with a homologue, the
        control without any choice.
    top_k
        Enzymes for each observed metabolite.
    diversity_penalty
        lambda of eq. 9.
    transport
        Transporters: with a homologue in the proteome, if what they carry is in the draft or
        observed; only those of chosen enzymes; none.
    min_identity
        Least identity of a homologue.
    min_coverage
        Least coverage of both proteins.
    query_top
        Hits kept of a protein in each BiGG model, as share of its best bit score there.
    subject_top
        Proteins that represent a BiGG protein, as share of the best bit score against it.
    candidate_confidence
        Least homology confidence of a complex that only supports gap-filling, and becomes the rule
        of a gap-filled reaction.
    include_probability
        With ``top_k``: reactions outside the chosen enzymes enter the draft from this probability
        (eq. 12) on; 1 keeps to the paper.
    min_confidence
        Least homology confidence of a complex.
    subunit_share
        Share of a complex's subunits that must have a homologue.
    gpr_source
        Whose gene rules a reaction takes: those of the BiGG model whose complexes fit best, or of
        all at once, which turns subunits into isozymes wherever a model leaves them out.
    exclude_models
        BiGG models not to learn gene rules from, for example the organism's own.
    evidence_prior
        Share of the homology confidence that P(reaction) keeps when no pair of it was scored.
    min_alpha
        Least penalty of a gap-filled reaction (eq. 12), so that none is added without cost.
    target_growth
        v_target of eq. 11, 1/h.
    max_uptake
        Largest uptake of a medium's compound while gap-filling, mmol/gDW/h.
    mip_nodes
        Node limit of the gap-filling, 0 leaves the mixed-integer step out; a limit in seconds would
        make results depend on the machine.
    mip_gap
        Relative gap at which gap-filling stops.
    """

    enzymes: Literal["top_k", "all_homologues"] = "top_k"
    top_k: Count = 2
    diversity_penalty: NotNegative = 0.2
    transport: Literal["homology", "selected", "none"] = "homology"
    min_identity: Share = 0.25
    min_coverage: Share = 0.5
    query_top: PositiveShare = 0.75
    subject_top: PositiveShare = 0.9
    candidate_confidence: Share = 0.2
    include_probability: Share = 1.0
    min_confidence: Share = 0.3
    subunit_share: Share = 0.5
    gpr_source: Literal["nearest_model", "all_models"] = "nearest_model"
    exclude_models: Listed[str] = ()
    evidence_prior: Share = 0.5
    min_alpha: PositiveShare = 0.01
    target_growth: Positive = 0.1
    max_uptake: Positive = 10.0
    mip_nodes: Natural = 100
    mip_gap: NotNegative = 0.01
