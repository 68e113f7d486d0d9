"""The files of a universe."""

from pathlib import Path

from gemwright.gem.sbml_writer import write_sbml
from gemwright.io.tables import write_delimited, write_parquet
from gemwright.universe.build import BuiltUniverse


def write_universe(
    universe: BuiltUniverse,
    *,
    model: str | Path,
    changes: str | Path,
    merged: str | Path,
    weights: str | Path,
    sealed: str | Path,
    leaks: str | Path,
) -> None:
    """Write a universe; the model comes last, so that it never stands without its tables.

    Parameters
    ----------
    universe : BuiltUniverse
        From `gemwright.universe.build.build_universe`.
    model : str or Path
        SBML L3 with fbc v2.
    merged, weights : str or Path
        Parquet.
    changes, sealed, leaks : str or Path
        CSV.
    """
    write_delimited(universe.changes, changes)
    write_parquet(universe.merged, merged)
    write_parquet(universe.weights, weights)
    write_delimited(universe.sealed, sealed)
    write_delimited(universe.leaks, leaks)
    write_sbml(universe.model, model)
