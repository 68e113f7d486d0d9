"""Gap-filling: the cheapest reactions that let the draft grow, eqs. (11) and (12).

The mixed-integer problem is given a good start by a linear one whose weights are adapted
(|v| / (|v_before| + eps) counts reactions rather than flux), and its result is pruned one
reaction at a time, so that what is added is always irreducible: without any single one of the
added reactions the model does not reach the target.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.errors import InputError
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.medium import medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import is_exchange, restrict
from gemwright.reconstruction.gap_problem import GapProblem

logger = logging.getLogger(__name__)

# times the target: enough growth, and so far above it that rounding decides nothing
_ENOUGH = 1.01


@dataclass(frozen=True)
class GapFilling:
    """What gap-filling added and how sure it is that this is the cheapest set.

    Attributes
    ----------
    added : pandas.DataFrame
        reaction, medium, alpha; sorted by medium's order, then reaction.
    media : pandas.DataFrame
        medium, growth_before, growth_after (1/h), added, penalty (sum of alpha), bound (lower
        bound of the penalty within the big M), gap, status, protocol of the media; in the order of
        the media.
    """

    added: pd.DataFrame
    media: pd.DataFrame


def fill_gaps(
    universe: MetabolicModel,
    draft: Collection[str],
    alpha: Mapping[str, float],
    media: Mapping[str, Collection[str]],
    options: ReconstructionOptions | None = None,
) -> GapFilling:
    """Add reactions of the universe until the draft grows on every medium.

    Media are filled one after the other; what one needed is there for the next. Exchange
    reactions cost nothing, since the medium says what they may take up.

    Parameters
    ----------
    universe : MetabolicModel
        Curated universe with bounds and biomass objective.
    draft : collection of str
        Reactions of the draft that are in the universe.
    alpha : mapping of str to float
        Penalty of each reaction, eq. (12); 1 for those that are missing.
    media : mapping of str to collection of str, or to mapping of str to float
        Medium to its compounds (BiGG ids), in order.
    options : ReconstructionOptions, optional
        Target growth, protocol of the media, node limit and gap.

    Returns
    -------
    GapFilling
        The added reactions and a line for each medium.

    Raises
    ------
    InputError
        If the whole universe cannot grow on a medium; the message names the biomass precursors
        that cannot be made.
    RuntimeError
        If the model with the added reactions only does not grow after all.
    """
    options = options or ReconstructionOptions()
    present = set(draft)
    rows: list[tuple[str, str, float]] = []
    lines = []
    for name, compounds in media.items():
        new, line = _fill_one(universe, present, alpha, name, compounds, options)
        present |= set(new)
        rows.extend((reaction, name, alpha.get(reaction, 1.0)) for reaction in new)
        lines.append(line)
    added = pd.DataFrame(rows, columns=["reaction", "medium", "alpha"])
    return GapFilling(added, pd.DataFrame(lines).assign(protocol=options.protocol.protocol))


def _fill_one(
    universe: MetabolicModel,
    present: set[str],
    alpha: Mapping[str, float],
    name: str,
    compounds: Collection[str],
    options: ReconstructionOptions,
) -> tuple[list[str], dict[str, object]]:
    target = options.target_growth
    model = FluxModel.of(universe)
    model.set_bounds(medium_bounds(universe, compounds, options.protocol))
    reactions = universe.reactions["reaction"]
    outside = sorted(set(reactions[~is_exchange(reactions)]) - present)
    off = dict.fromkeys(outside, (0.0, 0.0))
    with model.bounds(off):
        before = model.growth()
    if before >= target:
        return [], _line(name, before, before, 0, 0.0, 0.0, "nothing to add")
    if model.growth() < target:
        raise _cannot_grow(model, universe, name)

    dead = set(model.blocked_reactions())
    candidates = [reaction for reaction in outside if reaction not in dead]
    weights = np.array([alpha.get(reaction, 1.0) for reaction in candidates])
    model.set_bounds({reaction: (0.0, 0.0) for reaction in dead})
    problem = GapProblem(model, universe, candidates, target)

    start = _prune(model, candidates, alpha, problem.reweighted(weights), target)
    cost = _cost(start, alpha)
    status, bound = "linear start only", float("nan")
    chosen = start
    if options.mip_nodes > 0:
        # a candidate that the whole universe cannot do without is in every solution
        with model.bounds(_just_growing(model, target)):
            needed = [r for r in start if not _grows_without(model, r, target)]
        found, bound, status = problem.mixed_integer(weights, start, needed, options)
        better = _prune(model, candidates, alpha, found, target) if found else start
        if _cost(better, alpha) < cost - 1e-9:
            chosen, cost = better, _cost(better, alpha)

    # the proof: a fresh problem that holds the draft and the added reactions, nothing else
    after = growth_with(universe, present | set(chosen), compounds, options.protocol)
    if after < target - FLUX_TOLERANCE:
        raise RuntimeError(
            f"gap-filling on {name!r} promised {target} /h but the model grows at {after:.6f} /h"
        )
    return chosen, _line(name, before, after, len(chosen), cost, bound, status)


def _line(
    name: str, before: float, after: float, added: int, cost: float, bound: float, status: str
) -> dict[str, object]:
    gap = (cost - bound) / cost if cost > 0 else 0.0
    return {
        "medium": name,
        "growth_before": before,
        "growth_after": after,
        "added": added,
        "penalty": cost,
        "bound": bound,
        "gap": max(gap, 0.0) if gap == gap else gap,
        "status": status,
    }


def _cost(reactions: Collection[str], alpha: Mapping[str, float]) -> float:
    return float(sum(alpha.get(reaction, 1.0) for reaction in sorted(reactions)))


def growth_with(
    universe: MetabolicModel,
    reactions: Collection[str],
    compounds: Collection[str],
    protocol: MediumOptions | None = None,
) -> float:
    """Growth (1/h) of a set of the universe's reactions on a medium, all exchanges at hand."""
    table = universe.reactions
    kept = table[table["reaction"].isin(set(reactions)) | is_exchange(table["reaction"])]
    model = FluxModel(kept, restrict(universe.stoichiometry, kept["reaction"]), universe.objective)
    model.set_bounds(medium_bounds(universe, compounds, protocol))
    return model.growth()


def _just_growing(model: FluxModel, target: float) -> dict[str, tuple[float, float]]:
    """Bounds with which growth ends a little above the target.

    Whether it gets there is all that is asked; the way on to the largest takes most of a solve.
    """
    goal = str(model.objective)
    return {goal: (float(model.lower[model.index[goal]]), _ENOUGH * target)}


def _grows_without(model: FluxModel, reaction: str, target: float) -> bool:
    with model.bounds({reaction: (0.0, 0.0)}):
        return model.growth() >= target


def _prune(
    model: FluxModel,
    candidates: Sequence[str],
    alpha: Mapping[str, float],
    start: Collection[str],
    target: float,
) -> list[str]:
    # dearest first, ties by id; what can go goes
    kept = set(start)
    closed = {reaction: (0.0, 0.0) for reaction in candidates if reaction not in kept}
    with model.bounds({**closed, **_just_growing(model, target)}):
        if model.growth() < target:
            raise RuntimeError("the start of gap-filling does not grow: numerical trouble")
        removed: dict[str, tuple[float, float]] = {}
        for reaction in sorted(kept, key=lambda r: (-alpha.get(r, 1.0), r)):
            with model.bounds({**removed, reaction: (0.0, 0.0)}):
                if model.growth() >= target:
                    removed[reaction] = (0.0, 0.0)
    return sorted(kept - removed.keys())


def missing_precursors(model: FluxModel, universe: MetabolicModel) -> list[str]:
    """Biomass precursors that cannot be made under the model's present bounds, sorted.

    Each substrate of the biomass reaction is tested on its own, with a demand of its own.
    """
    biomass = universe.stoichiometry[universe.stoichiometry["reaction"] == universe.objective]
    precursors = sorted(biomass.loc[biomass["coefficient"] < 0, "species"])
    missing = []
    for species, demand in zip(precursors, model.add_demands(precursors), strict=True):
        with model.bounds({demand: (0.0, 1000.0)}):
            solution = model.optimise(demand)
        if not solution.optimal or solution.value <= FLUX_TOLERANCE:
            missing.append(species)
    return missing


def _cannot_grow(model: FluxModel, universe: MetabolicModel, name: str) -> InputError:
    missing = missing_precursors(model, universe)
    what = (
        f"biomass precursor(s) that cannot be made: {', '.join(missing)}"
        if missing
        else "every precursor can be made alone, but not all at once"
    )
    return InputError(
        f"medium {name!r}",
        f"even the whole universe cannot grow on it; {what}",
        "add a source of them to the medium, or choose another universe",
    )


def needed_precursors(
    model: MetabolicModel,
    universe: MetabolicModel,
    added: pd.DataFrame,
    media: Mapping[str, Collection[str]],
    options: ReconstructionOptions,
) -> dict[str, str]:
    """Biomass precursors that run short without each gap-filled reaction.

    One problem for each reaction: demands of all precursors, each capped at what the target
    growth needs, are maximised together with the reaction closed.

    Parameters
    ----------
    model : MetabolicModel
        The finished model.
    universe : MetabolicModel
        Its universe, for the biomass reaction.
    added : pandas.DataFrame
        reaction, medium.
    media : mapping of str to collection of str, or to mapping of str to float
        Medium to compounds.
    options : ReconstructionOptions
        Target growth and protocol of the media.

    Returns
    -------
    dict of str to str
        Reaction to species joined by ``;`` (``""`` if each can be made, but not all at once).
    """
    biomass = universe.stoichiometry[universe.stoichiometry["reaction"] == universe.objective]
    biomass = biomass[biomass["coefficient"] < 0].sort_values("species")
    needs = (-biomass["coefficient"] * options.target_growth).tolist()
    result: dict[str, str] = {}
    for medium, group in added.groupby("medium", sort=False):
        flux = FluxModel.of(model)
        flux.set_bounds(medium_bounds(model, media[str(medium)], options.protocol))
        demands = flux.add_demands(biomass["species"].tolist())
        flux.set_bounds({name: (0.0, need) for name, need in zip(demands, needs, strict=True)})
        weights = {name: 1 / need for name, need in zip(demands, needs, strict=True)}
        columns = [flux.index[name] for name in demands]
        for reaction in group["reaction"]:
            with flux.bounds({reaction: (0.0, 0.0)}):
                solution = flux.optimise(weights)
            made = solution.fluxes[columns] if solution.optimal else np.zeros(len(columns))
            short = made < 0.5 * np.array(needs)
            result[reaction] = ";".join(biomass["species"].to_numpy()[short])
    return result
