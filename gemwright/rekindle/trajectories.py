"""Principal components of simulated time courses (Fig. 2e, left)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray, FloatArray, IndexArray
from gemwright.errors import InputError

Scale = Literal["absolute", "relative", "logarithm"]


@dataclass(frozen=True)
class TrajectoryComponents:
    """Principal components of time courses.

    Parameters
    ----------
    explained : numpy.ndarray, shape (components,)
        Shares of the variance.
    components : numpy.ndarray, shape (components, species)
        Directions.
    scores : numpy.ndarray, shape (runs, times, components)
        Time courses in them; not a number where the solver failed.
    reference : numpy.ndarray, shape (components,)
        The reference state in them.
    runs_left_out : int
        Runs that the solver did not finish.
    """

    explained: FloatArray
    components: FloatArray
    scores: FloatArray
    reference: FloatArray
    runs_left_out: int


def trajectory_components(
    concentrations: FloatArray,
    reference: FloatArray,
    scale: Scale = "relative",
    components: int = 2,
) -> TrajectoryComponents:
    """Fit principal components to the time courses of all runs together.

    Parameters
    ----------
    concentrations : numpy.ndarray, shape (runs, times, species)
        uM; not a number from the time on at which the solver failed.
    reference : numpy.ndarray, shape (species,)
        Reference concentrations, uM.
    scale : str
        ``relative``: x / x_ref - 1; ``absolute``: x - x_ref, in which the large pools decide;
        ``logarithm``: ln(x / x_ref).
    components : int
        How many.

    Returns
    -------
    TrajectoryComponents

    Raises
    ------
    InputError
        If no run was finished, or the shapes do not fit.
    """
    from sklearn.decomposition import PCA

    if concentrations.ndim != 3 or concentrations.shape[2] != len(reference):
        raise InputError(
            "time courses",
            f"an array of shape {concentrations.shape} does not fit {len(reference)} species",
            "give runs x times x species",
        )
    finished = np.isfinite(concentrations).all(axis=(1, 2))
    if not finished.any():
        raise InputError("time courses", "no run was finished", "look at the solver's settings")
    if scale == "absolute":
        scaled = concentrations - reference
    elif scale == "relative":
        scaled = concentrations / reference - 1.0
    else:
        # a solver may undershoot zero by its tolerance
        scaled = np.log(np.maximum(concentrations / reference, 1e-12))
    model = PCA(components, svd_solver="full")
    model.fit(scaled[finished].reshape(-1, len(reference)))
    return TrajectoryComponents(
        np.asarray(model.explained_variance_ratio_),
        np.asarray(model.components_),
        np.asarray((scaled - model.mean_) @ model.components_.T),
        np.asarray(-model.mean_ @ model.components_.T),
        int((~finished).sum()),
    )


def choose_runs(
    returned: BoolArray,
    finished: BoolArray,
    seed: int,
    returning: int = 5,
    escaping: int = 1,
) -> IndexArray:
    """Choose runs to be drawn: some that return and some that escape, as far as there are any.

    Parameters
    ----------
    returned, finished : numpy.ndarray of bool, shape (runs,)
        Whether each returned to the reference state, and whether its solver finished.
    seed : int
        Of the choice.
    returning, escaping : int
        How many of each.
    """
    rng = np.random.default_rng(seed)
    chosen = []
    for mask, number in ((returned & finished, returning), (~returned & finished, escaping)):
        rows = np.flatnonzero(mask)
        chosen.append(np.sort(rng.choice(rows, min(number, len(rows)), replace=False)))
    return np.asarray(np.concatenate(chosen), dtype=np.intp)


def trajectory_table(
    fitted: TrajectoryComponents,
    runs: IndexArray,
    times: FloatArray,
    returned: BoolArray,
) -> pd.DataFrame:
    """Chosen time courses in the first two components.

    Returns
    -------
    pandas.DataFrame
        run, returned, time (as given), component_1, component_2.
    """
    return pd.DataFrame(
        {
            "run": np.repeat(runs, len(times)),
            "returned": np.repeat(returned[runs], len(times)),
            "time": np.tile(times, len(runs)),
            "component_1": fitted.scores[runs, :, 0].ravel(),
            "component_2": fitted.scores[runs, :, 1].ravel(),
        }
    )
