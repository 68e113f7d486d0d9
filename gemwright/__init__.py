"""gemwright: genome-scale metabolic models from a proteome and observed metabolites.

The public face; everything is loaded when it is first used::

    model = gemwright.reconstruct("proteome.faa", "gramneg", ["M9"]).model
    gemwright.write_model(model, "model.xml")
    cobra_model = gemwright.to_cobra(model)

The library knows nothing of Snakemake: every public function takes paths or tables and returns
tables, or writes files atomically. The workflow in ``workflow/`` says what depends on what.
"""

import importlib
from typing import Any

from gemwright.version import __version__ as __version__

_PUBLIC = {
    "InputError": "gemwright.errors",
    # models
    "MetabolicModel": "gemwright.gem.model",
    "FluxModel": "gemwright.gem.flux",
    "read_model": "gemwright.gem.load",
    "write_model": "gemwright.gem.sbml_writer:write_sbml",
    "from_cobra": "gemwright.gem.cobra",
    "to_cobra": "gemwright.gem.cobra",
    # from a proteome to a model, and what it is worth
    "Reconstruction": "gemwright.reconstruction.pipeline",
    "ReconstructionOptions": "gemwright.config.reconstruction",
    "UniverseOptions": "gemwright.config.universe",
    "build_universe": "gemwright.universe.build",
    "find_leaks": "gemwright.gem.leaks",
    "reconstruct": "gemwright.reconstruction.from_proteome",
    "validate": "gemwright.validation.validate",
    "MediumOptions": "gemwright.config.medium",
    "read_medium": "gemwright.inputs.media",
    "measure_physiology": "gemwright.physiology.measure",
    # strains
    "StrainModel": "gemwright.strain_design.strain",
    "Thresholds": "gemwright.strain_design.strain",
    "find_strategies": "gemwright.strain_design.strategies",
    # kinetic models
    "KineticModel": "gemwright.kinetics.network",
    "Physiology": "gemwright.kinetics.physiology",
    "prepare_physiology": "gemwright.kinetics.sources",
    "read_physiology": "gemwright.kinetics.physiology",
    "sample_labelled_sets": "gemwright.kinetics.sampled_sets",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'gemwright' has no attribute {name!r}")
    module, _, inside = _PUBLIC[name].partition(":")
    value = getattr(importlib.import_module(module), inside or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
