"""The sealing of a universe, which is shipped where it is the one that is known."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gemwright.gem.carriers import DISSIPATIONS, IMPORTS
from gemwright.gem.charging import Direction, equation
from gemwright.gem.leaks import charged, find_leaks
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sealing import close, seal
from gemwright.io.tables import object_column
from gemwright.io.user_tables import read_delimited
from gemwright.universe.weights import as_prices

RESOURCES = Path(__file__).parents[1] / "resources"
DIRECTIONS = RESOURCES / "sealed_directions.tsv"
CHARGED = RESOURCES / "unsealed_leaks.tsv"
CLOSED = ["reaction", "direction", "weight", "genera", "equation", "cycle"]


@dataclass(frozen=True)
class SealedUniverse:
    """A sealed universe.

    Attributes
    ----------
    model : MetabolicModel
        With the directions closed.
    closed : pandas.DataFrame
        reaction, direction, weight, genera (that have the reaction), equation (as the direction
        runs), cycle (tuple of lines: the smallest one that no other closed direction breaks).
    charged : dict of str to list of str
        Set of imports to the energy carriers that the universe charged before.
    digest : str
        Of the problem, see `problem_digest`.
    shipped : bool
        Whether the directions were shipped, and not computed.
    """

    model: MetabolicModel
    closed: pd.DataFrame
    charged: dict[str, list[str]]
    digest: str
    shipped: bool


def seal_universe(
    model: MetabolicModel,
    weights: pd.DataFrame,
    keep: Collection[str] = (),
    shipped: bool = True,
) -> SealedUniverse:
    """Close the directions of least weight after which nothing is charged.

    Parameters
    ----------
    model : MetabolicModel
        The universe.
    weights : pandas.DataFrame
        The table of `weights.direction_weights`.
    keep : collection of str
        Reactions that may not be closed, besides those of `gemwright.gem.sealing.seal`.
    shipped : bool
        Take the directions that are shipped, where they are those of the very same problem.

    Raises
    ------
    InputError
        As `gemwright.gem.sealing.seal`.
    """
    prices = as_prices(weights)
    digest = problem_digest(model, prices, keep)
    known = _shipped(digest) if shipped else None
    if known is not None:
        closed, before = known
    else:
        closed = seal(model, prices, keep).closed[["reaction", "direction", "cycle"]]
        before = charged(find_leaks(model, cycles=False))
    directions = list(zip(closed["reaction"], closed["direction"], strict=True))
    facts = weights[["reaction", "direction", "weight", "genera"]]
    closed = closed.merge(facts, on=["reaction", "direction"], how="left", validate="1:1")
    rows = model.stoichiometry[model.stoichiometry["reaction"].isin(set(closed["reaction"]))]
    closed["equation"] = [equation(rows, direction) for direction in directions]
    return SealedUniverse(
        close(model, directions), closed[CLOSED], before, digest, known is not None
    )


def problem_digest(
    model: MetabolicModel, prices: Mapping[Direction, float], keep: Collection[str] = ()
) -> str:
    """Digest of everything that decides which directions are closed.

    Parameters
    ----------
    model : MetabolicModel
        Its stoichiometry, open directions and objective count; names and bounds do not.
    prices : mapping of Direction to float
        To nine digits, in which libraries of mathematics agree.
    keep : collection of str
        Reactions that may not be closed.
    """
    table = model.reactions
    facts = [
        sorted(
            f"{reaction} {species} {number:.9g}"
            for reaction, species, number in model.stoichiometry[
                ["reaction", "species", "coefficient"]
            ].itertuples(index=False, name=None)
        ),
        sorted(
            f"{reaction} {low < 0} {high > 0}"
            for reaction, low, high in zip(
                table["reaction"], table["lower_bound"], table["upper_bound"], strict=True
            )
        ),
        sorted(f"{' '.join(direction)} {price:.9g}" for direction, price in prices.items()),
        sorted(keep),
        sorted({model.objective, *model.objective_terms}),
        [f"{carrier} {sides}" for carrier, sides in DISSIPATIONS.items()],
        [f"{name} {compounds}" for name, compounds in IMPORTS.items()],
    ]
    text = "\0".join("\n".join(part) for part in facts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _shipped(digest: str) -> tuple[pd.DataFrame, dict[str, list[str]]] | None:
    """Directions with their cycles, and what leaked before; None if the problem is another one."""
    before = read_delimited(CHARGED, ("digest", "universe", "imports", "carrier"))
    before = before[before["digest"] == digest]
    lines = read_delimited(
        DIRECTIONS, ("digest", "universe", "reaction", "direction", "number", "line")
    )
    lines = lines[lines["digest"] == digest]
    if before.empty or lines.empty:
        return None
    cycles = lines.groupby(["reaction", "direction"])["line"].agg(tuple)
    closed = cycles.rename("cycle").reset_index()
    carriers = before.groupby("imports")["carrier"].agg(list).to_dict()
    return (
        closed.assign(cycle=object_column(closed["cycle"])),
        {imports: carriers.get(imports, []) for imports in IMPORTS},
    )


def shipped_tables(universes: Mapping[str, SealedUniverse]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables to ship, of sealed universes by name: directions line by line, and leaks before.

    Returns
    -------
    directions : pandas.DataFrame
        digest, universe, reaction, direction, number, line (of the cycle).
    charged : pandas.DataFrame
        digest, universe, imports, carrier.
    """
    directions = [
        (sealed.digest, name, row["reaction"], row["direction"], number, line)
        for name, sealed in universes.items()
        for row in sealed.closed.to_dict("records")
        for number, line in enumerate(row["cycle"])
    ]
    leaks = [
        (sealed.digest, name, imports, carrier)
        for name, sealed in universes.items()
        for imports, carriers in sealed.charged.items()
        for carrier in carriers
    ]
    return (
        pd.DataFrame(
            directions,
            columns=["digest", "universe", "reaction", "direction", "number", "line"],
        ),
        pd.DataFrame(leaks, columns=["digest", "universe", "imports", "carrier"]),
    )
