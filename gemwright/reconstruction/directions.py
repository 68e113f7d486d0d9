"""Directions of a model that its universe has closed, and that genera agree on.

A universe keeps directions closed so that nothing of it charges energy. A model, which is a small
part of it, may run more of them: enzymes that all genera run that way, one at a time while the
model stays sealed, and pure transports, by which what a cell ferments leaves it. Transports are
opened together and the model is sealed anew at the least cost, because the order in which they
were tried would decide otherwise.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gemwright.gem.carriers import IMPORTS
from gemwright.gem.charging import (
    BACKWARDS,
    FORWARDS,
    ChargingProgram,
    Direction,
    boundary_species,
    equation,
)
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sealing import seal
from gemwright.gem.species import split_species
from gemwright.universe.weights import as_prices

logger = logging.getLogger(__name__)

OPENED, REFUSED, CLOSED = "opened", "left closed", "closed"
#: Genera that must agree on an enzyme, and on a transport.
ENZYME_GENERA, TRANSPORT_GENERA = 3, 2
_MOST = 0.5
_RIDERS = ("h", "na1")
# dearer than any set of directions that are opened
_SPARED = 1e3


@dataclass(frozen=True)
class Directions:
    """A model with the directions that genera agree on.

    Attributes
    ----------
    model : MetabolicModel
        The model; it charges nothing, if the one that was given did not.
    table : pandas.DataFrame
        reaction, direction, change (``opened``; ``left closed``, though genera agree; ``closed``,
        which was open before), why, genera (that have the reaction), running (how many of them run
        the direction; shares of a genus' models add up), equation as the direction runs; sorted.
    """

    model: MetabolicModel
    table: pd.DataFrame


def no_weights() -> pd.DataFrame:
    """Make the table of no weights, with which no direction is opened."""
    columns = ["reaction", "direction", "weight", "genera", "running", "balanced"]
    kinds = dict(zip(columns, (str, str, float, int, float, bool), strict=True))
    return pd.DataFrame(columns=columns).astype(kinds)


def settle_directions(
    model: MetabolicModel,
    weights: pd.DataFrame,
    maintenance: str = "ATPM",
    *,
    enzymes: bool = True,
    transports: bool = True,
    grows: Callable[[MetabolicModel], bool] | None = None,
) -> Directions:
    """Open the directions of a sealed model that genera agree on, and seal it anew.

    Parameters
    ----------
    model : MetabolicModel
        A model. One that charges something is left as it is.
    weights : pandas.DataFrame
        reaction, direction, weight, genera, running, balanced of its universe's directions, see
        `direction_weights`. Reactions without a weight are neither opened nor closed.
    maintenance : str
        The ATP hydrolysis reaction.
    enzymes, transports : bool
        Whether to open those of either kind.
    grows : callable, optional
        Whether a model still grows where it must. If it does not after the sealing, only
        directions that were opened are closed.
    """
    shut = _shut(model, weights, {model.objective, maintenance})
    whys: dict[Direction, tuple[str, str]] = {}
    agreed = _agreed_enzymes(shut, model) if enzymes else {}
    moved = _agreed_transports(shut, model) if transports else {}
    if agreed or moved:
        program = ChargingProgram(_opened(model, [*agreed, *moved]), IMPORTS["all inorganics"])
        _set_closed(program, [*agreed, *moved], True)
        if (cycle := program.cheapest()) is not None:
            logger.warning(
                "%s: charges %s: no direction is opened", model.identifier, _list(cycle.carriers)
            )
            moved, agreed = {}, {}
        model = _opened(model, _without_leak(program, agreed, whys))
    if moved:
        model = _open_transports(model, moved, weights, maintenance, grows, whys)
    rows = [(*direction, *change) for direction, change in sorted(whys.items())]
    table = pd.DataFrame(rows, columns=["reaction", "direction", "change", "why"])
    facts = weights[["reaction", "direction", "genera", "running"]]
    table = table.merge(facts, on=["reaction", "direction"], how="left")
    pairs = zip(table["reaction"], table["direction"], strict=True)
    return Directions(
        model, table.assign(equation=[equation(model.stoichiometry, pair) for pair in pairs])
    )


def pure_transports(stoichiometry: pd.DataFrame) -> set[str]:
    """Reactions across a membrane that leave each compound as it is, but for H+ and Na+.

    Parameters
    ----------
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient.
    """
    rows = stoichiometry[["reaction", "coefficient"]].join(split_species(stoichiometry["species"]))
    several = rows.groupby("reaction")["compartment"].nunique() > 1
    cargo = rows[~rows["metabolite"].isin(_RIDERS)]
    net = cargo.groupby(["reaction", "metabolite"])["coefficient"].sum().abs()
    same = net.groupby("reaction").max() < 1e-9
    return set(same.index[same & several.reindex(same.index)])


def _within_one_compartment(stoichiometry: pd.DataFrame) -> set[str]:
    compartment = split_species(stoichiometry["species"])["compartment"]
    counts = compartment.groupby(stoichiometry["reaction"]).nunique()
    return set(counts.index[counts == 1])


def _shut(model: MetabolicModel, weights: pd.DataFrame, aside: Collection[str]) -> pd.DataFrame:
    """Rows of `weights` whose direction the model has closed; no boundary reactions."""
    bounds = model.reactions.set_index("reaction")
    table = weights[weights["reaction"].isin(bounds.index)]
    forwards = table["reaction"].map(bounds["upper_bound"]) > 0
    backwards = table["reaction"].map(bounds["lower_bound"]) < 0
    shut = ~forwards.where(table["direction"] == FORWARDS, backwards)
    apart = {*boundary_species(model.stoichiometry), *aside}
    return table[shut & ~table["reaction"].isin(apart)]


def _agreed_enzymes(shut: pd.DataFrame, model: MetabolicModel) -> dict[Direction, int]:
    return _directions(
        shut[
            (shut["running"] >= shut["genera"] - 1e-9)
            & (shut["genera"] >= ENZYME_GENERA)
            & shut["balanced"]
            & shut["reaction"].isin(_within_one_compartment(model.stoichiometry))
        ]
    )


def _agreed_transports(shut: pd.DataFrame, model: MetabolicModel) -> dict[Direction, int]:
    return _directions(
        shut[
            (shut["running"] > _MOST * shut["genera"])
            & (shut["genera"] >= TRANSPORT_GENERA)
            & shut["reaction"].isin(pure_transports(model.stoichiometry))
        ]
    )


def _directions(table: pd.DataFrame) -> dict[Direction, int]:
    """Directions and their genera, those that cost most to close first."""
    table = table.sort_values(["weight", "reaction", "direction"], ascending=[False, True, True])
    pairs = zip(table["reaction"], table["direction"], strict=True)
    return dict(zip(pairs, table["genera"].astype(int), strict=True))


def _opened(model: MetabolicModel, directions: Collection[Direction]) -> MetabolicModel:
    table = model.reactions.copy()
    for way, column, limit in (
        (FORWARDS, "upper_bound", 1000.0),
        (BACKWARDS, "lower_bound", -1000.0),
    ):
        names = {reaction for reaction, direction in directions if direction == way}
        table.loc[table["reaction"].isin(names), column] = limit
    return replace(model, reactions=table)


def _set_closed(program: ChargingProgram, directions: Collection[Direction], closed: bool) -> None:
    place = {direction: column for column, direction in enumerate(program.directions)}
    program.set_closed(np.array([place[direction] for direction in directions], int), closed)


def _list(carriers: Collection[str]) -> str:
    return ", ".join(carriers)


def _without_leak(
    program: ChargingProgram,
    wanted: Mapping[Direction, int],
    whys: dict[Direction, tuple[str, str]],
) -> list[Direction]:
    """Directions that charge nothing, each tried with those before it."""
    opened = []
    for direction, genera in wanted.items():
        why = f"all {genera} genera run this way"
        _set_closed(program, [direction], False)
        cycle = program.cheapest()
        if cycle is None:
            opened.append(direction)
            whys[direction] = OPENED, why
        else:
            _set_closed(program, [direction], True)
            whys[direction] = REFUSED, f"{why}; it would charge {_list(cycle.carriers)}"
    return opened


def _open_transports(
    model: MetabolicModel,
    wanted: Mapping[Direction, int],
    weights: pd.DataFrame,
    maintenance: str,
    grows: Callable[[MetabolicModel], bool] | None,
    whys: dict[Direction, tuple[str, str]],
) -> MetabolicModel:
    """Open transports, and close what costs least."""
    prices = as_prices(weights)
    keep = set(model.reactions["reaction"]) - set(weights["reaction"])
    wider = _opened(model, wanted)
    sealing = seal(wider, prices, keep, maintenance)
    if grows is not None and not grows(sealing.model):
        spared = {
            direction: price if direction in wanted else price + _SPARED
            for direction, price in prices.items()
        }
        sealing = seal(wider, spared, keep, maintenance)
    closed = set(zip(sealing.closed["reaction"], sealing.closed["direction"], strict=True))
    for direction, genera in wanted.items():
        why = f"a transport that most of {genera} genera run this way"
        if direction in closed:
            whys[direction] = REFUSED, f"{why}; it costs least to close it to stay sealed"
        else:
            whys[direction] = OPENED, why
    for direction in closed - wanted.keys():
        change = REFUSED if direction in whys else CLOSED
        whys[direction] = change, "with the transports that were opened it would charge energy"
    return sealing.model
