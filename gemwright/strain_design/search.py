"""Gene deletion strategies from a model alone, without any known strategy.

Flux modes that make the target with few genes are computed by linear programs; all genes that a
mode does without are deleted, and the strain is judged. How a strain goes past the target makes
the genes it uses for that dearer in the next mode. Nothing is random beyond the seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gemwright.arrays import BoolArray, FloatArray
from gemwright.strain_design.local_search import local_search
from gemwright.strain_design.reduction import extend_to_maximal
from gemwright.strain_design.steering import GRID, Steering
from gemwright.strain_design.strain import StrainModel

# modes tried with one demand and one start of the prices
_ROUNDS = 5
# a mode of a large network takes longer: work (modes times reactions) of the default effort
_WORK = 400_000
# reactions of a model that is given one run of the local search
_WALKED = 1650


@dataclass(frozen=True)
class SearchOptions:
    """How hard `find_strategy` tries.

    Attributes
    ----------
    effort : float
        Modes tried, in units of 400,000 divided by the model's reactions (about 150 for
        iML1515, 4,200 for e_coli_core).
    seed : int
        Seed of the prices after the first, fixed demands.
    """

    effort: float = 1.0
    seed: int = 1


def _attempts(
    size: int, seed: int, *, fixed: bool
) -> Iterator[tuple[tuple[float, float], FloatArray, float]]:
    """Demands (fractions), first prices of the genes and share of common genes.

    Parameters
    ----------
    size : int
        Number of genes.
    seed : int
        Seed of what is drawn.
    fixed : bool
        The demands of `GRID`, with prices nearly the same; if False, drawn ones without end.
    """
    generator = np.random.default_rng((seed, fixed))
    if fixed:
        for fractions in GRID:
            yield fractions, np.exp(0.05 * generator.standard_normal(size)), 0.2
        return
    while True:
        growth, production = 10.0 ** generator.uniform((-2.0, -2.5), (-0.1, -1e-3))
        spread = generator.choice([0.3, 1.0, 2.0])
        common = float(generator.choice([0.0, 0.2, 0.5]))
        prices = np.exp(spread * generator.standard_normal(size))
        yield (float(growth), float(production)), prices, common


def find_strategy(
    strain: StrainModel, target: str, options: SearchOptions | None = None
) -> BoolArray | None:
    """Search a maximal strategy for a target.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    options : SearchOptions, optional
        Effort and seed.

    Returns
    -------
    numpy.ndarray of bool, shape (n_genes,), or None
        Deleted genes: coupled (verified from a fresh solve), and no further gene can be deleted
        alone. None if none was found, which proves nothing.
    """
    options = options or SearchOptions()
    steering = Steering(strain, target)
    if not steering.possible:
        return None
    found = _search_modes(steering, options, fixed=True)
    if found is None:
        # a network of a hundred reactions is walked through in seconds, a genome's in hours
        restarts = int(options.effort * (_WALKED / len(strain.states.reactions)) ** 2)
        nothing = np.zeros(len(strain.genes), np.bool_)
        found = local_search(strain, target, nothing, restarts=restarts, seed=options.seed)
    if found is None:
        found = _search_modes(steering, options, fixed=False)
    return None if found is None else extend_to_maximal(strain, target, found)


def _search_modes(steering: Steering, options: SearchOptions, *, fixed: bool) -> BoolArray | None:
    """First coupled strain of a series of modes, not yet maximal; see `_attempts`."""
    strain = steering.strain
    limit = options.effort * _WORK / len(strain.states.reactions)
    start = ~strain.needed_genes
    for fractions, prices, common in _attempts(len(start), options.seed, fixed=fixed):
        demand = steering.demand(*fractions)
        found = steering.steer(demand, start, prices, _ROUNDS, common)
        if found is not None or steering.judged > limit:
            return found
    return None
