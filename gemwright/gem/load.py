"""The one loader of models, whatever they are handed in as."""

from pathlib import Path
from typing import Any

from gemwright.gem.cobra import from_cobra
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml_reader import read_sbml


def read_model(source: Any) -> MetabolicModel:
    """Read a model.

    Parameters
    ----------
    source : str, Path, cobra.Model or MetabolicModel
        An SBML file (level 3 version 1 with fbc 2, gzipped or not), or a model in memory.

    Raises
    ------
    InputError
        If the file is missing or no such SBML.
    TypeError
        If the source is of another kind.
    """
    if isinstance(source, MetabolicModel):
        return source
    if isinstance(source, str | Path):
        return read_sbml(source)
    if not hasattr(source, "metabolites"):
        raise TypeError(f"a model is a path, a cobra.Model or a MetabolicModel, not {source!r}")
    return from_cobra(source)
