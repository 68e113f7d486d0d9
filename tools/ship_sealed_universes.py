"""Write what is shipped of the sealed universes, with the default options.

Run it after a change of the universes, of their weights or of the options' defaults. Universes are
sealed from the start; what is shipped is not looked at.

    PYTHONPATH=. python tools/ship_sealed_universes.py
"""

import pandas as pd

from gemwright.config.universe import UniverseOptions
from gemwright.io.tables import write_delimited
from gemwright.sources.bigg_snapshot import UNIVERSES
from gemwright.universe.build import unsealed_universe
from gemwright.universe.sealed import CHARGED, DIRECTIONS, seal_universe, shipped_tables
from gemwright.universe.snapshot import Snapshot


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Seal every universe from the start: closed directions, and what leaked before."""
    snapshot = Snapshot.embedded()
    sealed = {}
    for name in sorted(UNIVERSES):
        universe = unsealed_universe(name, UniverseOptions(), snapshot)
        sealed[name] = seal_universe(universe.model, universe.weights, universe.keep, shipped=False)
    return shipped_tables(sealed)


if __name__ == "__main__":
    for table, path in zip(tables(), (DIRECTIONS, CHARGED), strict=True):
        write_delimited(table, path)
