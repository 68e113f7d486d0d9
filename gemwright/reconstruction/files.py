"""The files of a reconstruction: what it is made of, and what it is when finished."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from gemwright.gem.sbml_writer import write_sbml
from gemwright.io.tables import read_parquet, write_delimited, write_parquet
from gemwright.reconstruction.pipeline import Reconstruction
from gemwright.universe.merging import pool_bounds, pool_genes


def read_evidence(files: Mapping[str, str | Path]) -> dict[str, pd.DataFrame]:
    """Read the tables that an organism's model is made of.

    Parameters
    ----------
    files : mapping of str to str or Path
        Name to Parquet; other files, and names without one, are left out. ``gprs`` and
        ``model_bounds`` are pooled as ``merged`` says.

    Returns
    -------
    dict of str to pandas.DataFrame
        With an empty table ``scores`` where none were made.
    """
    none = {"scores": pd.DataFrame(columns=["protein", "metabolite", "score"])}
    tables = {name: path for name, path in files.items() if str(path).endswith(".parquet")}
    found = none | {name: read_parquet(path) for name, path in tables.items()}
    pooled = {"gprs": pool_genes, "model_bounds": pool_bounds}
    return found | {name: pool(found[name], found["merged"]) for name, pool in pooled.items()}


def write_reconstruction(
    reconstruction: Reconstruction,
    changes: pd.DataFrame,
    *,
    model: str | Path,
    selected: str | Path,
    provenance: str | Path,
    provenance_csv: str | Path,
    statistics: str | Path,
    gaps: str | Path,
    directions: str | Path,
    biomass: str | Path,
) -> None:
    """Write a reconstruction; the model comes last, so that it never stands without its tables.

    Parameters
    ----------
    reconstruction : Reconstruction
        From `gemwright.reconstruction.pipeline.reconstruct_from_tables`.
    changes : pandas.DataFrame
        What was changed in the universe's growth and maintenance, see `defaults.chosen_ground`.
    model : str or Path
        SBML L3 with fbc v2.
    selected, provenance : str or Path
        Parquet.
    provenance_csv, statistics, gaps : str or Path
        CSV; `gaps` is the line for each medium of `gapfill.GapFilling`.
    directions : str or Path
        CSV: the table of `directions.Directions`.
    biomass : str or Path
        CSV: `changes`.
    """
    write_parquet(reconstruction.selected, selected)
    write_parquet(reconstruction.provenance, provenance)
    write_delimited(reconstruction.provenance, provenance_csv)
    write_delimited(reconstruction.statistics, statistics)
    write_delimited(reconstruction.gap_filling.media, gaps)
    write_delimited(reconstruction.directions, directions)
    write_delimited(changes, biomass)
    write_sbml(reconstruction.model, model)
