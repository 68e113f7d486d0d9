"""Kinetic models and states from what the config names: a GEM, SKiMpy's files, or SBML."""

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
from gemwright.io.tables import read_parquet
from gemwright.io.user_tables import read_user_table
from gemwright.kinetics.chemical_potentials import check_no_loop
from gemwright.kinetics.flux_states import flux_state
from gemwright.kinetics.from_cobra import kinetic_model_from_cobra, require_moieties
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.physiology import Physiology
from gemwright.kinetics.sbml_import import read_sbml
from gemwright.kinetics.skimpy_yaml import model_of_document, read_document, read_skimpy_yaml
from gemwright.kinetics.state import KineticState, state_of_sample
from gemwright.kinetics.yaml_patches import REKINDLE_PATCH, apply_patch

_EMPTY = ("", "na", "nan")


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

    Parameters
    ----------
    path : str or Path
        As of `gemwright.io.user_tables.read_user_table`; the first column labels the rows.

    Returns
    -------
    dict of str to float
        Column to number, NaN where the cell is empty.

    Raises
    ------
    InputError
        If the file is missing, has no row or a column twice, or holds what is no number.
    """
    tabs = Path(path).suffix.lower() in (".tsv", ".tab")
    table = read_user_table(path, (), "\t" if tabs else ",", "flux sample", labelled=True)
    if table.frame.empty:
        raise InputError(str(path), "it has no row", "give a table with a steady state in a row")
    texts = table.frame.iloc[0]
    # pandas rounds as it does in a table that it reads itself: to 1e-12, not as `float` does
    found = pd.to_numeric(texts, errors="coerce").astype(float)
    for column, text in texts[found.isna()].items():
        if text.lower() not in _EMPTY:
            raise InputError(
                f"{table.where(0)}, column {column!r}", f"{text!r} is no number", "give a number"
            )
    return {str(column): float(value) for column, value in found.items()}
