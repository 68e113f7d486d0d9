"""The one loader of models, whatever they are handed in as."""

from pathlib import Path
from typing import Any

from gemwright.errors import InputError
from gemwright.gem.cobra import from_cobra
from gemwright.gem.json_reader import read_json
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml_document import UNREADABLE, open_model
from gemwright.gem.sbml_reader import read_sbml


def read_model(source: Any) -> MetabolicModel:
    """Read a model.

    Parameters
    ----------
    source : str, Path, cobra.Model or MetabolicModel
        A file of SBML (level 2 or 3, with fbc or without) or of cobra's JSON, packed by gzip,
        bzip2 or xz or not, or a model in memory. The content says what it is, not the name.

    Raises
    ------
    InputError
        If the file is missing or no such model.
    TypeError
        If the source is of another kind.
    """
    if isinstance(source, MetabolicModel):
        return source
    if isinstance(source, str | Path):
        return read_json(source) if _is_json(source) else read_sbml(source)
    if not hasattr(source, "metabolites"):
        raise TypeError(f"a model is a path, a cobra.Model or a MetabolicModel, not {source!r}")
    return from_cobra(source)


def _is_json(path: str | Path) -> bool:
    try:
        with open_model(path) as handle:
            start = handle.read(1000)
    except UNREADABLE as error:
        raise InputError(str(path), f"is cut off ({error})", "check the file") from error
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
