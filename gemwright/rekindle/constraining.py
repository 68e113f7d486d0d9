"""Does the ranking steer? Constrain the top parameters of unstable sets and label them again.

The paper's experiment (Fig. 3 b, c), with controls that it lacks: as many random parameters, and
as many inert ones, which must change nothing at all.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray, IndexArray, IntArray
from gemwright.errors import InputError
from gemwright.kinetics.labelling import RELEVANT_BELOW


def sets_to_constrain(
    saturations: FloatArray, eigenvalues: FloatArray, n_sets: int, seed: int
) -> FloatArray:
    """Choose unstable sets (largest eigenvalue >= 0) at random.

    Parameters
    ----------
    saturations : numpy.ndarray, shape (sets, terms)
        All sets.
    eigenvalues : numpy.ndarray, shape (sets,)
        Their largest eigenvalues, 1/h.
    n_sets : int
        How many to choose; the paper's 100.
    seed : int
        Of the choice.

    Raises
    ------
    InputError
        If there are fewer.
    """
    rows = np.flatnonzero(~(eigenvalues < 0.0))
    if len(rows) < n_sets:
        raise InputError(
            "unstable sets",
            f"there are {len(rows)} of {len(eigenvalues)}, and {n_sets} are asked for",
            "label more sets, or ask for fewer",
        )
    chosen = np.random.default_rng(seed).choice(rows, n_sets, replace=False)
    return np.asarray(saturations[chosen])


def constrain(
    saturations: FloatArray,
    reference: FloatArray,
    positions: IndexArray,
    directions: IntArray,
    share: float,
    rng: np.random.Generator,
) -> FloatArray:
    """Replace some parameters by values from the favourable end of their distribution.

    Parameters
    ----------
    saturations : numpy.ndarray, shape (sets, terms)
        Left as they are.
    reference : numpy.ndarray, shape (other sets, terms)
        Sets whose values are drawn from, each parameter by itself.
    positions : numpy.ndarray of int, shape (k,)
        Parameters to constrain.
    directions : numpy.ndarray of int, shape (k,)
        +1 for the largest, -1 for the smallest values.
    share : float
        Of the reference's values that count as the end, for example 0.1.
    rng : numpy.random.Generator
        Of the draws.

    Returns
    -------
    numpy.ndarray, shape (sets, terms)
    """
    size = max(1, int(np.ceil(share * len(reference))))
    constrained = saturations.copy()
    for position, direction in zip(positions, directions, strict=True):
        ordered = np.sort(reference[:, position])
        end = ordered[-size:] if direction > 0 else ordered[:size]
        constrained[:, position] = rng.choice(end, len(saturations))
    return constrained


def constraining_experiment(
    saturations: FloatArray,
    reference: FloatArray,
    ranking: pd.DataFrame,
    largest_eigenvalues: Callable[[FloatArray], FloatArray],
    *,
    top: int = 10,
    share: float = 0.1,
    repeats: int = 5,
    seed: int = 0,
    relevant_below: float = RELEVANT_BELOW,
) -> pd.DataFrame:
    """Constrain 1 to `top` parameters of unwanted sets and count what becomes of them.

    Parameters
    ----------
    saturations : numpy.ndarray, shape (sets, terms)
        Sets to constrain; see `sets_to_constrain`.
    reference : numpy.ndarray, shape (other sets, terms)
        Sets of all classes, whose ends are drawn from.
    ranking : pandas.DataFrame
        From `gemwright.rekindle.ranking.rank_parameters`, made of saturations.
    largest_eigenvalues : callable
        The labeller.
    top : int
        Largest number of parameters.
    share : float
        Of the values that count as the end.
    repeats : int
        Draws; also choices of the random parameters.
    seed : int
        Of everything random.
    relevant_below : float
        1/h.

    Returns
    -------
    pandas.DataFrame
        kind, k, repeat, sets, relevant, slow, unstable, stable (shares). Kinds: ``none`` (as they
        are, k = 0); ``top`` (the first k of the ranking); ``alone`` (the k-th only); ``random`` (k
        that are neither among the top nor inert, each toward its own favourable end);
        ``inert`` (k inert ones, as far as there are as many).
    """
    position = ranking["position"].to_numpy(np.intp)
    direction = ranking["direction"].to_numpy(np.int64)
    inert = ranking["inert"].to_numpy(bool)
    places = np.arange(len(ranking))
    others = places[top:][~inert[top:]]

    def row(kind: str, k: int, repeat: int, sets: FloatArray) -> dict[str, object]:
        shares = _dynamics_shares(largest_eigenvalues(sets), relevant_below)
        return {"kind": kind, "k": k, "repeat": repeat, "sets": len(sets), **shares}

    def rows(repeat: int) -> Iterator[dict[str, object]]:
        rng = np.random.default_rng((seed, repeat))
        orders = {
            "top": places[:top],
            "random": rng.permutation(others)[:top],
            "inert": places[inert][:top],
        }
        for kind, order in orders.items():
            # values are drawn once, so that k + 1 differs from k in one parameter only
            drawn = constrain(saturations, reference, position[order], direction[order], share, rng)
            for k in range(1, len(order) + 1):
                changed = saturations.copy()
                changed[:, position[order[:k]]] = drawn[:, position[order[:k]]]
                yield row(kind, k, repeat, changed)
                if kind == "top":
                    single = saturations.copy()
                    single[:, position[order[k - 1]]] = drawn[:, position[order[k - 1]]]
                    yield row("alone", k, repeat, single)

    table = pd.DataFrame(
        [row("none", 0, 0, saturations), *(each for n in range(repeats) for each in rows(n))]
    )
    return table.sort_values(["kind", "k", "repeat"], kind="stable", ignore_index=True)


def _dynamics_shares(
    eigenvalues: FloatArray, relevant_below: float = RELEVANT_BELOW
) -> dict[str, float]:
    """Shares of relevant, slow, unstable and (relevant or slow) stable sets.

    Parameters
    ----------
    eigenvalues : numpy.ndarray, shape (sets,)
        Largest real parts, 1/h. What is not a number counts as unstable.
    relevant_below : float
        1/h.
    """
    if len(eigenvalues) == 0:
        return dict.fromkeys(("relevant", "slow", "unstable", "stable"), float("nan"))
    relevant = float(np.mean(eigenvalues < relevant_below))
    stable = float(np.mean(eigenvalues < 0))
    return {
        "relevant": relevant,
        "slow": stable - relevant,
        "unstable": 1.0 - stable,
        "stable": stable,
    }


def constraining_summary(table: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over the repeats of `constraining_experiment`.

    Returns
    -------
    pandas.DataFrame
        kind, k, sets, repeats, relevant, relevant_sd, stable, stable_sd.
    """
    groups = table.groupby(["kind", "k"], sort=False)
    return groups.agg(
        sets=("sets", "first"),
        repeats=("repeat", "size"),
        relevant=("relevant", "mean"),
        relevant_sd=("relevant", "std"),
        stable=("stable", "mean"),
        stable_sd=("stable", "std"),
    ).reset_index()
