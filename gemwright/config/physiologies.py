"""Entries of ``kinetics.physiologies``: of a GEM, of the authors' files, or of a model's file."""

import math
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from gemwright.config.section import Listed, Natural, NotNegative, Pair, Positive, Section, Share


class FluxOptions(Section):
    """Which flux state of a GEM is taken."""

    #: Reactions that must run, forward (``1``) or backward (``-1``); the rest follows by
    #: parsimonious FBA.
    directions: dict[str, Literal[1, -1]] = field(default_factory=dict)
    #: Bounds that replace the model's, mmol/gDW/h.
    bounds: dict[str, Pair[float]] = field(default_factory=dict)
    #: Share of the largest growth that is kept.
    growth_fraction: Share = 0.9
    #: Least flux of the reactions in ``directions``, mmol/gDW/h.
    minimum_flux: Positive = 0.1
    #: Reactions that must not run.
    unused: Listed[str] = ()


class ReferenceKeys(Section):
    """Where the numbers of a reference state come from."""

    #: Your own energies: a table with ``reaction`` and ``dG`` (kcal/mol) or ``K_eq``; sampled
    #: otherwise.
    energies: str | None = None
    #: Your own concentrations: a table with ``species`` and ``concentration`` (M); sampled
    #: otherwise.
    concentrations: str | None = None
    #: Smallest and largest absolute dG that is sampled, kcal/mol.
    energy_window: Pair[NotNegative] = (0.1, 5.0)
    #: Standard deviation of ln c of sampled concentrations (a factor of two either way).
    concentration_spread: Positive = math.log(2)
    #: Medians (M) of sampled intracellular concentrations, by metabolite (such as ``atp``), over
    #: the built-in ones.
    concentration_centres: dict[str, Positive] = field(default_factory=dict)
    #: Reactions taken as lumped beside biomass and maintenance.
    irreversible: Listed[str] = ()


class ReferenceOptions(ReferenceKeys):
    """Where the numbers of a reference state come from, and by what seed the rest is sampled."""

    #: Seed of what is sampled.
    seed: Natural = 1


class _OfGem(Section):
    """What is made kinetic."""

    #: A model of ``strain_design.sources`` (``e_coli_core``, or an organism of yours).
    gem: str
    #: Your own flux state, instead of the keys from ``directions`` to ``unused``: a table with
    #: ``reaction`` and ``flux`` (mmol/gDW/h).
    fluxes: str | None = None


class GemPhysiology(ReferenceKeys, FluxOptions, _OfGem):
    """A flux state of a GEM, made kinetic."""

    complete: ClassVar = False

    #: Seed of what is sampled; that of the configuration if there is none.
    seed: Natural | None = None


class PaperPhysiology(Section):
    """A physiology of the paper."""

    complete: ClassVar = False

    #: ``1`` to ``4``: the paper's physiologies, with the live sources.
    rekindle: Annotated[int, Field(ge=1, le=4)]


class FilePhysiology(Section):
    """A kinetic model of yours."""

    complete: ClassVar = False

    #: SKiMpy's YAML, with ``steady_state``, or SBML with kinetic laws.
    model: str
    #: Table with the fluxes and the columns ``DG_`` and ``LC_`` for a YAML.
    steady_state: str | None = None


KINDS = {"gem": GemPhysiology, "rekindle": PaperPhysiology, "model": FilePhysiology}


def source_of(definition: Any) -> str | None:
    """Which of `KINDS` an entry is of: the first key that names a source."""
    held = definition if isinstance(definition, Mapping) else ()
    return next((key for key in KINDS if key in held), None)


Physiology = Annotated[
    Annotated[GemPhysiology, Tag("gem")]
    | Annotated[PaperPhysiology, Tag("rekindle")]
    | Annotated[FilePhysiology, Tag("model")],
    Discriminator(
        source_of,
        custom_error_type="source",
        custom_error_message="Input should name one source: 'gem', 'rekindle' or 'model'",
    ),
]
