"""The section ``strain_design``: gene deletion strategies for growth-coupled production."""

from dataclasses import field
from typing import Literal

from gemwright.config.names import Name
from gemwright.config.section import Count, Positive, Section, Some


class StrainDesignSettings(Section):
    """Gene deletion strategies for growth-coupled production."""

    #: Models to design strains of, and where each comes from: ``bundled`` (e_coli_core, with the
    #: package cobra), ``bigg`` (a model of BiGG, with the live sources), ``reconstruction`` (of the
    #: organism of that id), or a path to SBML.
    sources: dict[Name, str] = field(
        default_factory=lambda: {"e_coli_core": "bundled", "ecol": "reconstruction"}
    )
    #: Growth rate from which on a strain counts as growing, 1/h (0.001 in the paper).
    growth_threshold: Positive = 0.001
    #: Production rate from which on it counts as producing, at its largest growth and in the worst
    #: case, mmol/gDW/h (0.001 in the paper).
    production_threshold: Positive = 0.001
    #: Known strategies to learn from: computed by us from the model alone, or those of DeepGDel's
    #: authors (with the live sources).
    strategies: Literal["computed", "deepgdel"] = "computed"
    #: Targets for which strategies are computed at most, drawn by the seed from the feasible ones.
    computed_targets: Count = 100
    #: Targets (species with compartment) for which strains are designed, by model.
    targets: dict[str, Some[str]] = field(
        default_factory=lambda: {
            "e_coli_core": ("succ_e", "etoh_e", "lac__D_e"),
            "ecol": ("succ_e", "etoh_e"),
        }
    )
    #: Your own strategies to judge, by model: a table with the columns ``target`` and ``deleted``
    #: (genes joined by ``;``).
    own_strategies: dict[str, str] = field(default_factory=dict)
