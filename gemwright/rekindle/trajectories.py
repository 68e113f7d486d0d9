"""Principal components of simulated time courses (Fig. 2e, left)."""

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray, FloatArray, IndexArray


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
    concentrations: FloatArray,
    reference: FloatArray,
    runs: IndexArray,
    times: FloatArray,
    returned: BoolArray,
) -> pd.DataFrame:
    """Chosen time courses in the first two principal components of all runs together.

    The components are those of ln(x / x_ref): escaping runs are orders of magnitude away, and
    components of the concentrations themselves would show them alone.

    Parameters
    ----------
    concentrations : numpy.ndarray, shape (runs, times, species)
        uM; not a number from the time on at which the solver failed. One run at least is whole.
    reference : numpy.ndarray, shape (species,)
        Reference concentrations, uM.
    runs : numpy.ndarray of int
        Those to be drawn.
    times : numpy.ndarray, shape (times,)
        h.
    returned : numpy.ndarray of bool, shape (runs,)
        Whether each returned to the reference state.

    Returns
    -------
    pandas.DataFrame
        run, returned, time (as given), component_1, component_2, explained_1, explained_2 (shares
        of the variance, the same in every row).
    """
    from sklearn.decomposition import PCA

    finished = np.isfinite(concentrations).all(axis=(1, 2))
    # a solver may undershoot zero by its tolerance
    scaled = np.log(np.maximum(concentrations / reference, 1e-12))
    model = PCA(2, svd_solver="full")
    model.fit(scaled[finished].reshape(-1, len(reference)))
    scores = (scaled - model.mean_) @ model.components_.T
    return pd.DataFrame(
        {
            "run": np.repeat(runs, len(times)),
            "returned": np.repeat(returned[runs], len(times)),
            "time": np.tile(times, len(runs)),
            "component_1": scores[runs, :, 0].ravel(),
            "component_2": scores[runs, :, 1].ravel(),
            "explained_1": model.explained_variance_ratio_[0],
            "explained_2": model.explained_variance_ratio_[1],
        }
    )
