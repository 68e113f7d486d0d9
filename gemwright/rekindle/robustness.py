"""Do models come back? Perturbation runs of relevant sets, and their time courses (Fig. 2e)."""

import logging

import numpy as np
import pandas as pd

from gemwright.config.rekindle_perturbation import RobustnessOptions
from gemwright.kinetics.perturbation import perturb_models
from gemwright.kinetics.physiology import ParameterSets, Physiology
from gemwright.kinetics.simulation import Integration
from gemwright.rekindle.trajectories import choose_runs, trajectory_table

logger = logging.getLogger(__name__)
_COURSE_COLUMNS = [
    *("run", "returned", "time", "component_1", "component_2"),
    *("explained_1", "explained_2"),
]
_KEPT = 10  # models whose time courses are projected


def perturb_relevant_sets(
    physiology: Physiology, sets: ParameterSets, options: RobustnessOptions, threads: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Perturb relevant sets chosen at random.

    Parameters
    ----------
    physiology : Physiology
        Whose sets they are.
    sets : ParameterSets
        Labelled ones.
    options : RobustnessOptions
        Sizes and limits.
    threads : int
        Processes; the result does not depend on it.

    Returns
    -------
    runs : pandas.DataFrame
        model (row of the set), perturbation, distance, returned, failed, message.
    courses : pandas.DataFrame
        Some time courses in their first two principal components; see `trajectory_table`. Both are
        empty if no set is relevant, the second also if the solver finished none of these runs.
    """
    relevant = np.flatnonzero(sets.relevant)
    if not len(relevant):
        logger.warning("no set of %s is relevant: there is nothing to perturb", physiology.name)
    rng = np.random.default_rng(options.seed)
    chosen = np.sort(rng.permutation(relevant)[: options.models])
    found = perturb_models(
        physiology.model,
        physiology.state,
        sets.saturations[chosen],
        options.perturbations,
        options.seed,
        options.low,
        options.high,
        options.end_time,
        integration=Integration(options.integrator),
        keep=range(min(_KEPT, len(chosen))),
        threads=threads,
    )
    runs = found.table.assign(model=chosen[found.table["model"]])
    kept = found.table["model"].isin(found.kept).to_numpy()
    returned = found.table["returned"].to_numpy()[kept]
    finished = ~found.table["failed"].to_numpy()[kept]
    if not finished.any():
        return runs, pd.DataFrame(columns=_COURSE_COLUMNS, dtype=float)
    courses = found.courses.reshape(-1, *found.courses.shape[2:])
    reference = physiology.state.concentrations[: len(physiology.model.dynamic)]
    shown = choose_runs(returned, finished, options.seed)
    return runs, trajectory_table(courses, reference, shown, found.times, returned)
