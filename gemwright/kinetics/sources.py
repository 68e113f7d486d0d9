"""Kinetic models and states from what the config names: a GEM, SKiMpy's files, or SBML."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gemwright.config.physiologies import (
    FluxOptions,
    GemPhysiology,
    ReferenceKeys,
    ReferenceOptions,
)
from gemwright.config.section import Section
from gemwright.errors import InputError
from gemwright.gem.load import read_model
from gemwright.gem.parsimony import confidence_costs
from gemwright.io.compressed import reading
from gemwright.io.tables import read_parquet
from gemwright.kinetics.chemical_potentials import check_no_loop
from gemwright.kinetics.flux_states import flux_state
from gemwright.kinetics.from_cobra import kinetic_model_from_cobra, require_moieties
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.physiology import Physiology
from gemwright.kinetics.sbml_import import read_sbml
from gemwright.kinetics.skimpy_yaml import model_of_document, read_document, read_skimpy_yaml
from gemwright.kinetics.state import KineticState, state_of_sample
from gemwright.kinetics.yaml_patches import REKINDLE_PATCH, apply_patch


def prepare_physiology(
    name: str,
    definition: Mapping[str, Any],
    files: Mapping[str, str | Path],
    seed: int,
) -> Physiology:
    """Make the kinetic model and reference state of a physiology.

    Parameters
    ----------
    name : str
        Its name in the config.
    definition : mapping
        What the config says of it: ``gem`` with options of the flux state and of the sampled
        reference, ``rekindle`` (1 to 4) for the paper's, or ``model`` (SKiMpy's YAML, with
        ``steady_state``, or SBML with kinetic laws).
    files : mapping of str to path
        ``model``: the GEM, YAML or SBML; ``steady_state``: the sample that belongs to a YAML;
        ``patch``: of the paper's model, the shipped one if not given; ``provenance``: of a GEM of
        ours, whose parsimonious fluxes then cost by confidence.
    seed : int
        Seed of what is sampled for a GEM, unless the definition has its own.

    Returns
    -------
    Physiology
        Checked.

    Raises
    ------
    InputError
        If a file does not fit, the state does not balance, holds a loop, or nothing is conserved.
    """
    path = files["model"]
    if "gem" in definition:
        model, state = _from_gem(name, definition, files, seed)
    elif "rekindle" in definition:
        patch = Path(files.get("patch", REKINDLE_PATCH))
        document = apply_patch(read_document(path), read_document(patch), patch.name)
        model = model_of_document(document, Path(path).name)
        state = _sampled_state(model, files["steady_state"])
    elif Path(path).suffix.lower() in (".yml", ".yaml"):
        model = read_skimpy_yaml(path)
        if "steady_state" not in files:
            raise InputError(
                f"kinetics.physiologies.{name}",
                "a model of SKiMpy needs a steady state",
                "name a table with its fluxes, DG_ and LC_ columns under 'steady_state'",
            )
        state = _sampled_state(model, files["steady_state"])
    else:
        model, state, _ = read_sbml(path)
    require_moieties(model, str(path))
    driven = np.array([reaction.reversible for reaction in model.reactions])
    names = [reaction.name for reaction in model.reactions if reaction.reversible]
    check_no_loop(names, model.stoichiometry[:, driven], state.fluxes[driven], str(path))
    return Physiology(name, model, state)


def _sampled_state(model: KineticModel, path: str | Path) -> KineticState:
    return state_of_sample(model, read_sample(path), str(path))


def _from_gem(
    name: str, definition: Mapping[str, Any], files: Mapping[str, str | Path], seed: int
) -> tuple[KineticModel, KineticState]:
    model = read_model(files["model"])
    source = f"kinetics.physiologies.{name}"
    found = GemPhysiology(**definition)
    costs = None
    if "provenance" in files:
        costs = confidence_costs(read_parquet(files["provenance"], ["reaction", "confidence"]))
    wanted = _part(found, FluxOptions)
    fluxes = found.fluxes or flux_state(model, name=source, costs=costs, **wanted)
    own = _part(found, ReferenceKeys)
    options = ReferenceOptions(**own, seed=seed if found.seed is None else found.seed)
    return kinetic_model_from_cobra(model, fluxes, options, name)


def _part(found: GemPhysiology, kind: type[Section]) -> dict[str, Any]:
    """Options of a class that the entry's own class has, too."""
    return {item.name: getattr(found, item.name) for item in fields(kind)}


def read_sample(path: str | Path) -> dict[str, float]:
    """Read the first row of a thermodynamic flux sample (CSV, as pyTFA writes it).

    Raises
    ------
    InputError
        If the file is missing, has no row or a column twice, or holds what is no number.
    """
    if not Path(path).is_file():
        raise InputError(str(path), "there is no such file", "check the path")
    try:
        with reading(path) as handle:
            names = next(csv.reader(handle), [])
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise InputError(
                str(path), f"it has two columns called {twice[0]!r}", "keep one of them"
            )
        with reading(path) as handle:
            frame = pd.read_csv(handle, index_col=0, nrows=1)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, csv.Error, OverflowError) as error:
        raise InputError(
            str(path), f"it cannot be read as a table ({error})", "give a CSV table"
        ) from None
    if frame.empty:
        raise InputError(str(path), "it has no row", "give a table with a steady state in a row")
    found = {}
    for column, value in frame.iloc[0].items():
        try:
            found[str(column)] = float(value)
        except (TypeError, ValueError):
            raise InputError(
                f"{path}, column {column!r}", f"{value!r} is no number", "give a number"
            ) from None
    return found
