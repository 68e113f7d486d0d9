"""The leak test: which energy carriers a network charges from nothing."""

import pandas as pd

from gemwright.gem.carriers import DISSIPATIONS, IMPORTS
from gemwright.gem.charging import ChargingProgram, closed_reactions, missing_species
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.model import MetabolicModel
from gemwright.io.tables import object_column

TIGHT, LEAKS, MISSING = "tight", "leaks", "missing"


def find_leaks(model: MetabolicModel) -> pd.DataFrame:
    """Charge every energy carrier from every set of imports.

    Parameters
    ----------
    model : MetabolicModel
        A universe or any model with BiGG identifiers.

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
    rows = []
    for name, imports in IMPORTS.items():
        largest = _dissipations(model, imports, [c for c in DISSIPATIONS if c not in missing])
        leaking = {carrier for carrier, value in largest.items() if value > FLUX_TOLERANCE}
        program = ChargingProgram(model, imports) if leaking else None
        for carrier in DISSIPATIONS:
            cycle: tuple[str, ...] = ()
            if program is not None and carrier in leaking:
                found = program.cheapest(carrier)
                cycle = tuple(found.lines(model.stoichiometry)) if found else ()
            state = MISSING if carrier in missing else LEAKS if carrier in leaking else TIGHT
            value = largest.get(carrier, float("nan"))
            rows.append((name, carrier, state, value, missing.get(carrier, ()), cycle))
    table = pd.DataFrame(
        rows, columns=["imports", "carrier", "state", "dissipation", "missing", "cycle"]
    )
    return table.assign(
        missing=object_column(table["missing"]), cycle=object_column(table["cycle"])
    )


def _dissipations(
    model: MetabolicModel, imports: tuple[str, ...], carriers: list[str]
) -> dict[str, float]:
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
    flux = FluxModel(
        pd.concat([closed_reactions(model, imports), closed], ignore_index=True),
        pd.concat([model.stoichiometry, added], ignore_index=True),
    )
    with flux.bounds(dict.fromkeys(columns.values(), (0.0, 1000.0))):
        together = flux.optimise(dict.fromkeys(columns.values(), 1.0))
    if together.optimal and together.value <= FLUX_TOLERANCE:
        return dict.fromkeys(carriers, max(together.value, 0.0))
    found = {}
    for carrier, column in columns.items():
        with flux.bounds({column: (0.0, 1000.0)}):
            solution = flux.optimise(column)
        if not solution.optimal:
            raise RuntimeError(f"the leak test of {carrier} ended {solution.status}")
        found[carrier] = max(solution.value, 0.0)
    return found
