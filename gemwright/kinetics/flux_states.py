"""Flux states to build kinetic models around: parsimonious, loopless, in given directions."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gemwright.arrays import FloatArray, IndexArray
from gemwright.config.physiologies import FluxOptions
from gemwright.errors import InputError
from gemwright.gem.model import MetabolicModel
from gemwright.kinetics.chemical_potentials import find_loop
from gemwright.kinetics.flux_network import FluxNetwork, FluxState, balanced, flux_network

logger = logging.getLogger(__name__)

# mmol/gDW/h; less is what solvers leave of nothing. Biomass drains cofactors at 1e-7
_NOISE = 1e-8
_MOST_LOOPS = 200
# makes the cheapest flux distribution the only one: a reaction's cost is at most this much more
_PREFERENCE = 1e-3


def flux_state(
    model: MetabolicModel,
    directions: Mapping[str, int] | None = None,
    bounds: Mapping[str, Sequence[float]] | None = None,
    growth_fraction: float = FluxOptions.growth_fraction,
    minimum_flux: float = FluxOptions.minimum_flux,
    unused: Sequence[str] = (),
    name: str = "",
    costs: Mapping[str, float] | None = None,
) -> FluxState:
    """Find the parsimonious loopless flux state in which wanted reactions run the wanted way.

    First the objective is maximised, then the cost of all absolute fluxes is minimised at
    `growth_fraction` of it (parsimonious FBA). Costs also differ by a thousandth from reaction to
    reaction, by the order of their names, so that one distribution is the cheapest. Where the
    wanted directions force a loop, it is cut by whole-number programming, and the search goes on.

    Parameters
    ----------
    model : MetabolicModel
        Its medium is its bounds.
    directions : mapping of str to int, optional
        Reactions that must run at `minimum_flux` or more: +1 forward, -1 backward. What is not
        named may run or not, within its bounds.
    bounds : mapping of str to (float, float), optional
        Bounds (mmol/gDW/h) that replace the model's.
    growth_fraction : float
        Share of the largest objective that is kept, 0 to 1.
    minimum_flux : float
        mmol/gDW/h.
    unused : sequence of str
        Reactions that must not run.
    name : str
        What the state is called in messages; the model's id by default.
    costs : mapping of str to float, optional
        Reaction to the cost of one unit of its flux, see `gemwright.gem.parsimony`; 1 for those
        that are missing.

    Returns
    -------
    FluxState
        Balanced to rounding.

    Raises
    ------
    InputError
        If a reaction is not in the model, a direction is against its bounds, there is no such
        steady state, or only ones with a loop.
    """
    source = name or model.identifier
    network = flux_network(model)
    place = {reaction: column for column, reaction in enumerate(network.reactions)}
    wanted = dict(directions or {})
    for reaction in [*wanted, *(bounds or {}), *unused]:
        if reaction not in place:
            raise InputError(
                f"{source}, reaction {reaction!r}",
                f"the model {model.identifier} has no such reaction",
                "write it as the model does",
            )
    for reaction, pair in (bounds or {}).items():
        network.lower[place[reaction]], network.upper[place[reaction]] = pair
    for reaction in unused:
        network.lower[place[reaction]] = network.upper[place[reaction]] = 0.0
    best = _largest_objective(network, source)
    if network.objective:
        column = place[network.objective]
        network.lower[column] = max(network.lower[column], growth_fraction * best)
    demanded = replace(network, lower=network.lower.copy(), upper=network.upper.copy())
    _demand(demanded, wanted, minimum_flux, source)
    fluxes = _parsimonious(demanded, source, costs or {})
    if fluxes is None:
        raise InputError(
            source,
            f"there is no steady state in which {len(wanted)} reactions run as asked at"
            f" {growth_fraction:.0%} of the largest growth"
            f"{_culprits(network, wanted, minimum_flux)}",
            "lower the growth fraction or the minimum flux, turn a direction, or open bounds",
        )
    running = np.abs(fluxes) > _NOISE
    fluxes = balanced(network.matrix, np.where(running, fluxes, 0.0), source)
    return FluxState(
        source,
        {network.reactions[column]: float(fluxes[column]) for column in running.nonzero()[0]},
    )


def _demand(
    network: FluxNetwork, wanted: Mapping[str, int], minimum_flux: float, source: str
) -> None:
    """Set the bounds that make wanted reactions run."""
    for reaction, sign in wanted.items():
        column = network.reactions.index(reaction)
        if sign not in (1, -1):
            raise InputError(
                f"{source}, reaction {reaction}",
                f"its direction is {sign!r}",
                "give 1 (forward) or -1 (backward)",
            )
        side = network.upper if sign > 0 else -network.lower
        if side[column] < minimum_flux:
            raise InputError(
                f"{source}, reaction {reaction}",
                f"it is to run {'forward' if sign > 0 else 'backward'} at {minimum_flux:g}"
                f" mmol/gDW/h, and its bounds are {network.lower[column]:g} to"
                f" {network.upper[column]:g}",
                "turn its direction, or widen its bounds",
            )
        if sign > 0:
            network.lower[column] = max(network.lower[column], minimum_flux)
        else:
            network.upper[column] = min(network.upper[column], -minimum_flux)


def _largest_objective(network: FluxNetwork, source: str) -> float:
    if not network.objective:
        return 0.0
    gain = np.zeros(len(network.reactions))
    gain[network.reactions.index(network.objective)] = -1.0
    found = _solve(network, gain)
    if found is None:
        raise InputError(
            source,
            "the model has no steady state within its bounds",
            "check the bounds of its exchange reactions and of its maintenance",
        )
    return -float(gain @ found)


def _parsimonious(
    network: FluxNetwork, source: str, costs: Mapping[str, float]
) -> FloatArray | None:
    """Loopless fluxes of the least cost, or None if there are none with or without a loop."""
    cuts: list[tuple[IndexArray, FloatArray]] = []
    internal = np.flatnonzero(network.internal)
    matrix = network.matrix[:, internal].toarray()
    by_name = np.argsort(np.argsort(np.array(network.reactions)))
    cost = np.array([costs.get(reaction, 1.0) for reaction in network.reactions])
    cost *= 1.0 + _PREFERENCE * by_name / len(by_name)
    for _ in range(_MOST_LOOPS):
        fluxes = _solve(network, cost, absolute=True, cuts=cuts)
        if fluxes is None and cuts:
            steps = ", ".join(network.reactions[column] for column in cuts[0][0])
            raise InputError(
                source,
                "the directions asked for leave no steady state without a loop, which no energy"
                f" can drive ({steps})",
                "turn or leave out one of these reactions",
            )
        if fluxes is None:
            return None
        loop = find_loop(matrix, np.where(np.abs(fluxes) > _NOISE, fluxes, 0.0)[internal])
        if loop is None:
            return fluxes
        cuts.append((internal[loop[0]], np.sign(loop[1])))
    raise RuntimeError(f"{source}: {_MOST_LOOPS} loops were cut, and there are more")


def _culprits(network: FluxNetwork, wanted: Mapping[str, int], minimum_flux: float) -> str:
    """Wanted reactions that fall short when all may fall short as little as possible.

    The bounds of the network are those before anything was demanded but the objective.
    """
    columns = np.array([network.reactions.index(reaction) for reaction in wanted], np.intp)
    signs = np.array(list(wanted.values()), float)
    short = (columns, signs, np.full(len(columns), minimum_flux))
    fluxes = _solve(network, np.zeros(len(network.reactions)), short=short)
    if fluxes is None:
        return ""
    lacking = signs * fluxes[columns] < minimum_flux - _NOISE
    names = [name for name, falls in zip(wanted, lacking, strict=True) if falls]
    return f" (these cannot: {', '.join(names)})" if names else ""


def _solve(
    network: FluxNetwork,
    cost: FloatArray,
    absolute: bool = False,
    cuts: Sequence[tuple[IndexArray, FloatArray]] = (),
    short: tuple[IndexArray, FloatArray, FloatArray] | None = None,
) -> FloatArray | None:
    """Fluxes of least cost, or None if there are none.

    The variables are forward and backward fluxes; one binary for each direction of each reaction
    of a cut loop, 1 where it runs so; and how far each reaction of `short` falls short.
    """
    import scipy.sparse as sparse
    from scipy.optimize import linprog

    size = len(cost)
    costs = [cost, cost if absolute else -cost]
    bounds = [
        *zip(network.lower.clip(0), network.upper.clip(0), strict=True),
        *zip((-network.upper).clip(0), (-network.lower).clip(0), strict=True),
    ]
    directed = list(
        dict.fromkeys(
            (int(column), bool(sign > 0))
            for loop, signs in cuts
            for column, sign in zip(loop, signs, strict=True)
        )
    )
    lacking = 0 if short is None else len(short[0])
    rows: list[Any] = []
    limits: list[float] = []
    width = 2 * size + len(directed) + lacking

    def add(places: Sequence[int], numbers: Sequence[float], limit: float) -> None:
        rows.append(sparse.csr_array((numbers, ([0] * len(places), places)), shape=(1, width)))
        limits.append(limit)

    for number, (column, forward) in enumerate(directed):
        place = column + (0 if forward else size)
        add([place, 2 * size + number], [1.0, -max(bounds[place][1], 0.0)], 0.0)
    # of each loop, at least one reaction does not run its way
    for loop, signs in cuts:
        places = [
            2 * size + directed.index((int(column), bool(sign > 0)))
            for column, sign in zip(loop, signs, strict=True)
        ]
        add(places, [1.0] * len(places), len(places) - 1.0)
    if short is not None:
        for number, (column, sign, asked) in enumerate(zip(*short, strict=True)):
            lack = 2 * size + len(directed) + number
            add([column, size + column, lack], [-sign, sign, -1.0], -asked)
    found = linprog(
        np.concatenate([*costs, np.zeros(len(directed)), np.ones(lacking)]),
        A_eq=sparse.hstack(
            [
                network.matrix,
                -network.matrix,
                sparse.csr_array((network.matrix.shape[0], width - 2 * size)),
            ]
        ),
        b_eq=np.zeros(network.matrix.shape[0]),
        A_ub=sparse.vstack(rows) if rows else None,
        b_ub=limits if rows else None,
        bounds=[*bounds, *[(0, 1)] * len(directed), *[(0, None)] * lacking],
        method="highs",
        integrality=np.concatenate([np.zeros(2 * size), np.ones(len(directed)), np.zeros(lacking)])
        if directed
        else None,
        options={} if directed else {"primal_feasibility_tolerance": 1e-9},
    )
    if found.status == 2:
        return None
    if found.status != 0:
        raise RuntimeError(f"the search for a flux state ended with: {found.message}")
    return np.asarray(found.x[:size] - found.x[size : 2 * size])
