"""Local search over single deletions and re-additions, led by the target's shadow price.

Hold the target's export at zero and maximise growth: the dual then gives what the first unit
exported would cost in growth. Where that is negative, export lets the strain grow faster, and at
the largest growth it has to produce. The search deletes or re-adds one gene at a time and goes
where export costs least, also uphill, never back to genes it has just changed (tabu).
"""

import numpy as np

from gemwright.arrays import BoolArray
from gemwright.strain_design.strain import StrainModel

# neighbours looked at in each step (a wide look is greedier; runs take turns), and steps for
# which a changed gene is left alone
_NEIGHBOURS = (20, 60)
_TABU = 8
# gain in growth (1/h) for each unit exported that is more than rounding
_GAIN = 1e-7


def export_gain(strain: StrainModel, target: str, deleted: BoolArray) -> float:
    """Growth (1/h) gained by the first unit (mmol/gDW/h) of a target's export.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        Deleted genes.

    Returns
    -------
    float
        Negative where export costs growth; inf where the strain grows with export only; -inf
        where it does not grow at all.
    """
    production = strain.production_reaction(target)
    least = strain.thresholds.growth
    with strain.flux.closed(strain.lost_columns(deleted)):
        with strain.flux.bounds({production: (0.0, 0.0)}):
            without = strain.flux.optimise()
            if without.optimal and without.value >= least:
                return float(strain.flux.reduced_costs()[strain.flux.index[production]])
        with strain.exporting(target):
            return np.inf if strain.flux.growth() >= least else -np.inf


def local_search(
    strain: StrainModel,
    target: str,
    start: BoolArray,
    *,
    steps: int = 30,
    restarts: int = 1,
    seed: int = 1,
) -> BoolArray | None:
    """Look for a coupled strain near a given one.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    start : numpy.ndarray of bool, shape (n_genes,)
        Deleted genes of a strain that grows; with others no step may be found.
    steps : int
        Changes of the strain in one run.
    restarts : int
        Runs, which differ in the neighbours that are looked at; every other one starts with one
        more gene deleted.
    seed : int
        Seed of the choice of neighbours.

    Returns
    -------
    numpy.ndarray of bool, shape (n_genes,), or None
        Deleted genes of a coupled strain, neither minimal nor maximal.
    """
    candidates = np.flatnonzero(~strain.needed_genes)
    shuffled = np.random.default_rng(seed).permutation(candidates)
    gains: dict[bytes, float] = {}
    for run in range(restarts):
        generator = np.random.default_rng((seed, run))
        current = start.copy()
        if run % 2:
            current[shuffled[run // 2 % len(shuffled)]] = True
        free_again = np.zeros(len(current), np.int64)
        for step in range(steps):
            state = strain.states.on(~current)
            best: tuple[float, int] | None = None
            size = min(_NEIGHBOURS[run // 2 % 2], len(candidates))
            for gene in generator.choice(candidates, size, replace=False):
                if free_again[gene] > step:
                    continue
                current[gene] = ~current[gene]
                changed = strain.states.on(~current)
                if np.array_equal(changed, state):
                    # no reaction hangs on it: gone, so that its isozymes come into play
                    current[gene] = True
                    continue
                key = changed.tobytes()
                if key not in gains:
                    gains[key] = export_gain(strain, target, current)
                    if gains[key] > _GAIN and strain.judge(target, current).coupled:
                        return current
                if best is None or gains[key] > best[0]:
                    best = gains[key], int(gene)
                current[gene] = ~current[gene]
            if best is None or best[0] == -np.inf:
                continue
            current[best[1]] = ~current[best[1]]
            free_again[best[1]] = step + _TABU
    return None
