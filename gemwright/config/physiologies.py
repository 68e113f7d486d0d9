"""Entries of ``kinetics.physiologies``: of a GEM, of the authors' files, or of a model's file."""

import math
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from gemwright.config.section import (
    File,
    Listed,
    Natural,
    NotNegative,
    Pair,
    Positive,
    Section,
    Share,
    section,
)


@section
class FluxOptions(Section):
    """Which flux state of a GEM is taken.

    Attributes
    ----------
    directions
        Reactions that must run, forward (``1``) or backward (``-1``); the rest follows by
        parsimonious FBA.
    bounds
        Bounds that replace the model's, mmol/gDW/h.
    growth_fraction
        Share of the largest growth that is kept.
    minimum_flux
        Least flux of the reactions in ``directions``, mmol/gDW/h.
    unused
        Reactions that must not run.
    """

    directions: dict[str, Literal[1, -1]] = field(default_factory=dict)
    bounds: dict[str, Pair[float]] = field(default_factory=dict)
    growth_fraction: Share = 0.9
    minimum_flux: Positive = 0.1
    unused: Listed[str] = ()


@section
class ReferenceKeys(Section):
    """Where the numbers of a reference state come from.

    Attributes
    ----------
    energies
        Your own energies: a table with ``reaction`` and ``dG`` (kcal/mol) or ``K_eq``; sampled
        otherwise.
    concentrations
        Your own concentrations: a table with ``species`` and ``concentration`` (M); sampled
        otherwise.
    energy_window
        Smallest and largest absolute dG that is sampled, kcal/mol.
    concentration_spread
        Standard deviation of ln c of sampled concentrations (a factor of two either way).
    concentration_centres
        Medians (M) of sampled intracellular concentrations, by metabolite (such as ``atp``), over
        the built-in ones.
    irreversible
        Reactions taken as lumped beside biomass and maintenance.
    """

    energies: File | None = None
    concentrations: File | None = None
    energy_window: Pair[NotNegative] = (0.1, 5.0)
    concentration_spread: Positive = math.log(2)
    concentration_centres: dict[str, Positive] = field(default_factory=dict)
    irreversible: Listed[str] = ()


@section
class ReferenceOptions(ReferenceKeys):
    """Where the numbers of a reference state come from, and by what seed the rest is sampled.

    Attributes
    ----------
    seed
        Seed of what is sampled.
    """

    seed: Natural = 1


@section
class _OfGem(Section):
    """What is made kinetic.

    Attributes
    ----------
    gem
        A model of ``strain_design.sources`` (``e_coli_core``, or an organism of yours).
    fluxes
        Your own flux state, instead of the keys from ``directions`` to ``unused``: a table with
        ``reaction`` and ``flux`` (mmol/gDW/h).
    """

    gem: str
    fluxes: str | None = None


@section
class GemPhysiology(ReferenceKeys, FluxOptions, _OfGem):
    """A flux state of a GEM, made kinetic.

    Attributes
    ----------
    seed
        Seed of what is sampled; that of the configuration if there is none.
    """

    complete: ClassVar = False

    seed: Natural | None = None


@section
class PaperPhysiology(Section):
    """A physiology of the paper.

    Attributes
    ----------
    rekindle
        ``1`` to ``4``: the paper's physiologies, with the live sources.
    """

    complete: ClassVar = False

    rekindle: Annotated[int, Field(ge=1, le=4)]


@section
class FilePhysiology(Section):
    """A kinetic model of yours.

    Attributes
    ----------
    model
        SKiMpy's YAML, with ``steady_state``, or SBML with kinetic laws.
    steady_state
        Table with the fluxes and the columns ``DG_`` and ``LC_`` for a YAML.
    """

    complete: ClassVar = False

    model: str
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
