"""Kinetic models as files that other tools open: Parquet, SKiMpy's HDF5 and YAML, SBML."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray, IndexArray
from gemwright.errors import MAKE_AGAIN, InputError
from gemwright.io.tables import write_delimited, write_parquet
from gemwright.kinetics.labelling import time_constants
from gemwright.kinetics.parameters import (
    maximal_velocities,
    michaelis_constants,
    parameter_names,
    parameter_vectors,
)
from gemwright.kinetics.physiology import ParameterSets, Physiology
from gemwright.kinetics.sbml_export import write_sbml
from gemwright.kinetics.skimpy_sets import read_parameter_sets, write_parameter_sets
from gemwright.kinetics.skimpy_yaml import write_skimpy_yaml


def export_models(
    physiology: Physiology, sets: ParameterSets, n_models: int, folder: str | Path
) -> pd.DataFrame:
    """Write the first relevant sets as kinetic models, and check each SBML file in libroadrunner.

    Parameters
    ----------
    physiology : Physiology
        Whose sets they are.
    sets : ParameterSets
        Labelled ones.
    n_models : int
        How many of the relevant ones.
    folder : str or Path
        Gets ``parameters.parquet`` (saturation, ln K_M and V_max of each set, eigenvalue, time
        constant, label), ``parameter_sets.h5`` (SKiMpy's population), ``model.yml`` (SKiMpy's
        model with the first set's parameters), ``model_<k>.xml`` (SBML) and ``models.csv``.

    Returns
    -------
    pandas.DataFrame
        Of each model: file, set (row), largest_eigenvalue and roadrunner_eigenvalue (1/h),
        time_constant (minutes).

    Raises
    ------
    InputError
        If libroadrunner finds another eigenvalue in a file.
    """
    rows = np.flatnonzero(sets.relevant)[:n_models]
    if not len(rows):
        logger.warning("no set of %s is relevant: no model is written", physiology.name)
    model, state = physiology.model, physiology.state
    target, chosen = Path(folder), sets.saturations[rows]
    target.mkdir(parents=True, exist_ok=True)
    write_parquet(_parameter_table(physiology, sets, rows), target / "parameters.parquet")
    names, vectors = parameter_names(model), parameter_vectors(model, state, chosen)
    write_parameter_sets(target / "parameter_sets.h5", names, vectors)
    if len(rows):
        _require_same(target / "parameter_sets.h5", names, vectors)
    first = dict(zip(names, vectors[0].tolist(), strict=True)) if len(rows) else None
    write_skimpy_yaml(model, target / "model.yml", state, first)
    found = []
    for number, (row, saturations) in enumerate(zip(rows, chosen, strict=True), 1):
        path = target / f"model_{number}.xml"
        write_sbml(model, state, saturations, path)
        found.append((path.name, int(row), sets.largest[row], roadrunner_eigenvalue(path)))
    table = pd.DataFrame(
        found, columns=["file", "set", "largest_eigenvalue", "roadrunner_eigenvalue"]
    )
    table["time_constant"] = time_constants(table["largest_eigenvalue"].to_numpy())
    off = (table["roadrunner_eigenvalue"] / table["largest_eigenvalue"] - 1).abs()
    differs = ~(off <= _AGREEMENT)  # also where one of them is no number
    if differs.any():
        worst = table.loc[off.fillna(np.inf).idxmax()]
        raise InputError(
            str(target / worst["file"]),
            f"libroadrunner finds {worst['roadrunner_eigenvalue']:g} /h as the largest eigenvalue,"
            f" and we find {worst['largest_eigenvalue']:g}",
            "report this model to the developers of gemwright",
        )
    write_delimited(table, target / "models.csv")
    return table


def _require_same(path: Path, names: Sequence[str], vectors: FloatArray) -> None:
    """Read a file back before it counts."""
    found, values = read_parameter_sets(path)
    if found != tuple(names) or not np.array_equal(values, vectors):
        raise InputError(str(path), "holds something else than was written", MAKE_AGAIN)


# roadrunner takes its Jacobian by finite differences
_AGREEMENT = 1e-3
logger = logging.getLogger(__name__)


def roadrunner_eigenvalue(path: str | Path) -> float:
    """Largest real part of the reduced Jacobian's eigenvalues, as libroadrunner computes it.

    Not a number if it computes none.
    """
    import roadrunner

    roadrunner.Config.setValue(roadrunner.Config.ROADRUNNER_JACOBIAN_MODE, 1)
    runner = roadrunner.RoadRunner(str(path))
    runner.conservedMoietyAnalysis = True
    jacobian = np.array(runner.getReducedJacobian())
    if jacobian.size == 0 or not np.isfinite(jacobian).all():
        return float("nan")
    return float(np.linalg.eigvals(jacobian).real.max())


def _parameter_table(physiology: Physiology, sets: ParameterSets, rows: IndexArray) -> pd.DataFrame:
    model, state, chosen = physiology.model, physiology.state, sets.saturations[rows]
    blocks: list[tuple[list[str], FloatArray]] = [
        ([f"saturation.{name}" for name in model.km_names], chosen),
        (
            [f"ln_{name}" for name in model.km_names],
            np.log(michaelis_constants(model, state, chosen)),
        ),
        (
            [f"vmax_forward_{reaction.name}" for reaction in model.reactions],
            maximal_velocities(model, state, chosen),
        ),
    ]
    names = [name for labels, _ in blocks for name in labels]
    table = pd.DataFrame(np.concatenate([values for _, values in blocks], axis=1), columns=names)
    return table.assign(
        largest_eigenvalue=sets.largest[rows],
        time_constant=time_constants(sets.largest[rows]),
        relevant=sets.relevant[rows],
    )
