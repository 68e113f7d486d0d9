"""Options of a reconstruction; every default is stated with its reason."""

from dataclasses import dataclass

from gemwright.errors import InputError

_CHOICES = {
    "enzymes": ("top_k", "all_homologues"),
    "transport": ("homology", "selected", "none"),
    "gpr_source": ("nearest_model", "all_models"),
}


@dataclass(frozen=True)
class ReconstructionOptions:
    """Options of `gemwright.reconstruction.pipeline.reconstruct`.

    Attributes
    ----------
    enzymes : str
        ``top_k``: enzymes selected for the observed metabolites (eq. 9); ``all_homologues``:
        every protein with a BiGG homologue, the control without any selection.
    top_k : int
        Enzymes selected for each metabolite.
    diversity_penalty : float
        lambda of eq. (9).
    include_probability : float
        With ``top_k``: reactions outside E_pred whose P (eq. 12) reaches this value enter the
        draft as *supported*; 1 leaves them out, as the paper does.
    transport : str
        ``homology``: transporters with a homologue in the proteome, if what they carry is in
        the draft or observed; ``selected``: only those of selected enzymes; ``none``.
    min_identity, min_coverage : float
        Smallest identity, and coverage of the shorter-covered protein, of a hit.
    query_top : float
        Within each BiGG model, a protein keeps the hits whose bit score is at least this share
        of its best one.
    subject_top : float
        A BiGG protein is represented by the organism's proteins whose bit score against it is at
        least this share of the best.
    min_confidence : float
        Smallest homology confidence of a complex in the draft.
    candidate_confidence : float
        Smallest homology confidence of a complex that supports a reaction in gap-filling and
        becomes the rule of a gap-filled one.
    subunit_share : float
        Share of a complex's subunits that must have a homologue.
    gpr_source : str
        ``nearest_model``: the rule of a reaction is taken from the BiGG model whose complexes
        fit best; ``all_models``: from all models at once, which turns subunits into isozymes
        wherever one model leaves them out.
    exclude_models : tuple of str
        BiGG models not to learn rules from, for example the organism's own.
    evidence_prior : float
        Share of the homology confidence that a reaction keeps in P when none of its
        metabolites was scored with its enzymes.
    min_alpha : float
        Smallest penalty, so that no reaction is added without cost.
    target_growth : float
        v_target of eq. (11), 1/h.
    max_uptake : float
        mmol/gDW/h, for every compound of a medium.
    mip_nodes : int
        Node limit of the gap-filling; 0 leaves the mixed-integer step out. A limit in seconds
        would make the result depend on the machine.
    mip_gap : float
        Relative gap at which the mixed-integer step stops.
    """

    enzymes: str = "top_k"
    top_k: int = 2
    diversity_penalty: float = 0.2
    include_probability: float = 1.0
    transport: str = "homology"
    min_identity: float = 0.25
    min_coverage: float = 0.5
    query_top: float = 0.75
    subject_top: float = 0.9
    min_confidence: float = 0.3
    candidate_confidence: float = 0.2
    subunit_share: float = 0.5
    gpr_source: str = "nearest_model"
    exclude_models: tuple[str, ...] = ()
    evidence_prior: float = 0.5
    min_alpha: float = 0.01
    target_growth: float = 0.1
    max_uptake: float = 10.0
    mip_nodes: int = 100
    mip_gap: float = 0.01

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            value = getattr(self, name)
            if value not in allowed:
                raise InputError(
                    f"reconstruction option {name!r}",
                    f"{value!r} is not a choice",
                    f"use one of {', '.join(allowed)}",
                )
        if self.top_k < 1:
            raise InputError("reconstruction option 'top_k'", "is below 1", "use 1 or more")
