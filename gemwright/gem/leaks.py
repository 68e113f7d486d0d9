"""The leak test: which energy carriers a network charges from nothing."""

import logging
from collections.abc import Mapping

import numpy as np
import pandas as pd

from gemwright.gem.carriers import DISSIPATIONS, IMPORTS
from gemwright.gem.charging import ChargingProgram, closed_reactions, missing_species
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.model import MetabolicModel
from gemwright.io.tables import object_column

logger = logging.getLogger(__name__)

TIGHT, LEAKS, MISSING = "tight", "leaks", "missing"
_FLOW = (0.0, 1000.0)


def find_leaks(model: MetabolicModel, cycles: bool = True) -> pd.DataFrame:
    """Charge every energy carrier from every set of imports.

    Parameters
    ----------
    model : MetabolicModel
        A universe or any model with BiGG identifiers.
    cycles : bool
        Look for the cycle of each leak, too.

    Returns
    -------
    pandas.DataFrame
        imports, carrier (in the order of `gemwright.gem.carriers`), state (``tight``, ``leaks``,
        or ``missing`` where the model lacks the carrier), dissipation (largest, mmol/gDW/h with
        bounds of 1000; NaN where missing), missing (tuple of the species that are not there),
        cycle (tuple of lines, flux, reaction and equation: the parsimonious cycle of a leak).

    Raises
    ------
    InputError
        If the model has none of the carriers.
    """
    missing = missing_species(model)
    found = _dissipations(model, [carrier for carrier in DISSIPATIONS if carrier not in missing])
    rows = []
    for imports, largest in found.items():
        leaking = {carrier for carrier, value in largest.items() if value > FLUX_TOLERANCE}
        wanted = leaking if cycles else set()
        program = ChargingProgram(model, IMPORTS[imports]) if wanted else None
        for carrier in DISSIPATIONS:
            lines: tuple[str, ...] = ()
            if program is not None and carrier in wanted:
                cycle = program.cheapest(carrier)
                lines = tuple(cycle.lines(model.stoichiometry)) if cycle else ()
            state = MISSING if carrier in missing else LEAKS if carrier in leaking else TIGHT
            value = largest.get(carrier, float("nan"))
            rows.append((imports, carrier, state, value, missing.get(carrier, ()), lines))
    table = pd.DataFrame(
        rows, columns=["imports", "carrier", "state", "dissipation", "missing", "cycle"]
    )
    return table.assign(
        missing=object_column(table["missing"]), cycle=object_column(table["cycle"])
    )


def charged(leaks: pd.DataFrame) -> dict[str, list[str]]:
    """Set of imports to the carriers that leak with them, of a table of `find_leaks`."""
    leaking = leaks[leaks["state"] == LEAKS]
    return {
        imports: leaking.loc[leaking["imports"] == imports, "carrier"].tolist()
        for imports in IMPORTS
    }


def warn_of_leaks(leaks: pd.DataFrame, where: str) -> None:
    """Log what leaks with the least imports, each carrier with its cycle.

    Parameters
    ----------
    leaks : pandas.DataFrame
        The table of `find_leaks`.
    where : str
        What the model is called.
    """
    leaking = leaks[leaks["state"] == LEAKS].drop_duplicates("carrier")
    for row in leaking.to_dict("records"):
        logger.warning(
            "%s: charges %s from %s:\n  %s",
            where, row["carrier"], row["imports"], "\n  ".join(row["cycle"]),
        )  # fmt: skip


def _dissipations(model: MetabolicModel, carriers: list[str]) -> dict[str, dict[str, float]]:
    """Largest dissipation of each carrier with each set of imports."""
    columns = {carrier: f"dissipation of {carrier}" for carrier in carriers}
    added = pd.DataFrame(
        [
            (columns[carrier], species, number)
            for carrier in carriers
            for species, number in DISSIPATIONS[carrier].items()
        ],
        columns=["reaction", "species", "coefficient"],
    )
    closed = pd.DataFrame(
        {"reaction": list(columns.values()), "lower_bound": 0.0, "upper_bound": 0.0}
    )
    most = max(IMPORTS, key=lambda name: len(IMPORTS[name]))
    widest = closed_reactions(model, IMPORTS[most])
    flux = FluxModel(
        pd.concat([widest, closed], ignore_index=True),
        pd.concat([model.stoichiometry, added], ignore_index=True),
    )
    found = {most: _largest(flux, columns)}
    for name in sorted(IMPORTS, key=lambda name: -len(IMPORTS[name])):
        wider = next(n for n in reversed(found) if set(IMPORTS[name]) <= set(IMPORTS[n]))
        # what is tight with more imports is tight with fewer
        open_ = {c: columns[c] for c, value in found[wider].items() if value > FLUX_TOLERANCE}
        if name != wider and open_:
            table = closed_reactions(model, IMPORTS[name])
            changed = np.flatnonzero(
                (table["lower_bound"] != widest["lower_bound"])
                | (table["upper_bound"] != widest["upper_bound"])
            )
            bounds = table.iloc[changed].set_index("reaction")
            with flux.bounds({r: (low, up) for r, low, up in bounds.itertuples(name=None)}):
                found[name] = found[wider] | _largest(flux, open_)
        found.setdefault(name, found[wider])
    return {name: found[name] for name in IMPORTS}


def _largest(flux: FluxModel, columns: Mapping[str, str]) -> dict[str, float]:
    with flux.bounds(dict.fromkeys(columns.values(), _FLOW)):
        together = flux.optimise(dict.fromkeys(columns.values(), 1.0))
    if together.optimal and together.value <= FLUX_TOLERANCE:
        return dict.fromkeys(columns, max(together.value, 0.0))
    found = {}
    for carrier, column in columns.items():
        with flux.bounds({column: _FLOW}):
            solution = flux.optimise(column)
        if not solution.optimal:
            raise RuntimeError(f"the leak test of {carrier} ended {solution.status}")
        found[carrier] = max(solution.value, 0.0)
    return found
